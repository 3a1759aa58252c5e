"""Watching a corpus: published a moment after the last save, whatever happens to a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from app.guide.errors import AttuneError, CorpusError, LibraryBusy
from ingest.watch import EVERY, QUIET, state_of, watch
from tests.fakes import write_section


class Enough(Exception):
    """Ends a watch."""


def watched(
    corpus: Path, steps: Iterable[Callable[[], object] | None], errors: Iterable[AttuneError] = ()
) -> tuple[list[list[str]], list[str]]:
    """Watch while one step is done at each look; return the files that each publication saw, and what was told."""
    published: list[list[str]] = []
    told: list[str] = []
    waiting, failing = iter(steps), iter(errors)

    def publish() -> None:
        published.append(sorted(name for name, _, _ in state_of(corpus)))
        if error := next(failing, None):
            raise error

    def wait(seconds: float) -> None:
        assert seconds >= EVERY
        try:
            step = next(waiting)
        except StopIteration:
            raise Enough from None
        if step:
            step()

    with pytest.raises(Enough):
        watch(corpus, publish, lambda error: told.append(str(error)), wait=wait)
    return published, told


def nothing() -> None:
    """Let a look pass."""


def test_what_is_there_is_published_once(corpus: Path) -> None:
    published, _ = watched(corpus, [nothing] * 5)

    assert published == [["guide/barriers/quiet.md", "guide/talk/listening.md", "guide/trust/bids.md"]]


def test_a_save_is_published_a_moment_after_the_last_one(corpus: Path) -> None:
    """While files are still being saved, nothing is published."""
    path = corpus / "guide" / "trust" / "bids.md"
    saves = [lambda n=n: path.write_text(f"---\nslug: trust/bids\n---\n\nSave {n}{'.' * n}") for n in range(3)]

    published, _ = watched(corpus, [nothing, *saves, nothing, nothing, nothing])

    assert len(published) == 2
    assert QUIET > EVERY


def test_deletions_and_renames_are_published(corpus: Path) -> None:
    guide = corpus / "guide"
    steps = [
        nothing,
        lambda: (guide / "talk" / "listening.md").unlink(),
        nothing,
        nothing,
        lambda: (guide / "trust" / "bids.md").rename(guide / "bids.md"),
        nothing,
        nothing,
    ]

    published, _ = watched(corpus, steps)

    assert published[1:] == [
        ["guide/barriers/quiet.md", "guide/trust/bids.md"],
        ["guide/barriers/quiet.md", "guide/bids.md"],
    ]


def test_a_broken_file_is_told_and_its_repair_published(corpus: Path) -> None:
    steps = [nothing, lambda: write_section(corpus, "new", "Mended."), nothing, nothing]

    published, told = watched(corpus, steps, [CorpusError("new.md is broken.")])

    assert (len(published), told) == (2, ["new.md is broken."])


def test_a_library_that_another_writes_to_is_tried_again(corpus: Path) -> None:
    published, told = watched(corpus, [nothing] * 6, [LibraryBusy("Another process is writing.")])

    assert (len(published), told) == (2, ["Another process is writing."])


def test_a_corpus_that_is_gone_for_a_while_is_waited_for(corpus: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    steps = [nothing, lambda: corpus.rename(away), nothing, nothing, lambda: away.rename(corpus), nothing, nothing]

    published, told = watched(corpus, steps, [CorpusError("first"), CorpusError("There is no guide to read.")])

    assert [bool(files) for files in published] == [True, False, True]
    assert told[1] == "There is no guide to read."
