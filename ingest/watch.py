"""Watch a corpus and publish a moment after the last save.

It is looked at again and again rather than asked of the operating system, whose notices do not come from network
folders and containers. Deletions and renames show in what is there as well as saves do.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from app.guide.errors import AttuneError, LibraryBusy, LibraryError

EVERY = 0.5
# An editor saves a file in several steps, and several files at once: publish when nothing moved for so long.
QUIET = 1.0

State = frozenset[tuple[str, int, int]]


def watch(
    corpus: Path,
    publish: Callable[[], None],
    tell: Callable[[AttuneError], None],
    *,
    with_parent: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Call `publish` now and after every change; what goes wrong is told, and watching goes on.

    A library that another process is writing to, or that cannot be written to, is tried again. Ends with the process
    that started this one, if so wished; else only by an interrupt.
    """
    parent = os.getppid()
    published: State | None = None
    while not with_parent or os.getppid() == parent:
        seen = state_of(corpus)
        if seen == published:
            wait(EVERY)
            continue
        wait(QUIET)
        if state_of(corpus) != seen:
            continue
        published = seen
        try:
            publish()
        except (LibraryBusy, LibraryError) as error:
            tell(error)
            published = None
            wait(10 * EVERY)
        except AttuneError as error:
            tell(error)


def state_of(corpus: Path) -> State:
    """Return the files of a corpus with their times and sizes; of a corpus that is not there, nothing."""
    found = set()
    for path in corpus.rglob("*"):
        try:
            if path.is_file():
                seen = path.stat()
                found.add((path.relative_to(corpus).as_posix(), seen.st_mtime_ns, seen.st_size))
        except OSError:  # it went while it was looked at
            continue
    return frozenset(found)
