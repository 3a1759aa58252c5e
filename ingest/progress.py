"""What a build says while it runs: a bar on a terminal, one JSON object a line for a program, plain lines otherwise."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from rich.console import Console
from rich.progress import Progress as Bar

Advance = Callable[[int], None]
T = TypeVar("T")


def unheard(done: int) -> None:
    """Tell nobody how many pieces are done."""


def each(pieces: Iterable[T], advance: Advance) -> Iterator[T]:
    """Yield pieces, and report each when the next is asked for."""
    for piece in pieces:
        yield piece
        advance(1)


class Progress(Protocol):
    """Where a build reports its steps."""

    def step(self, name: str) -> None:
        """Say that a step begins."""

    @contextmanager
    def count(self, name: str, total: int) -> Iterator[Advance]:
        """Begin a step of `total` pieces; call what is yielded with the number of pieces done since the last call."""
        yield unheard


class TerminalProgress:
    """A bar on standard error, or a line a step where that is no terminal."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)

    def step(self, name: str) -> None:
        """Say that a step begins."""
        self._console.print(f"{name} ...", style="dim")

    @contextmanager
    def count(self, name: str, total: int) -> Iterator[Advance]:
        """Show a bar of `total` pieces."""
        if not self._console.is_terminal:
            self.step(name)
            yield unheard
            return
        with Bar(console=self._console) as bar:
            task = bar.add_task(name, total=total)
            yield lambda done: bar.advance(task, done)


class JsonProgress:
    """JSON lines on standard output: {"step", "done", "total"}, for every step about a hundred at most."""

    def step(self, name: str) -> None:
        """Say that a step begins."""
        self._say(step=name)

    @contextmanager
    def count(self, name: str, total: int) -> Iterator[Advance]:
        """Say how many of `total` pieces are done, each time that another hundredth is."""
        finished = 0
        self._say(step=name, done=0, total=total)

        def advance(done: int) -> None:
            nonlocal finished
            said, finished = finished, finished + done
            if 100 * finished // total > 100 * said // total:
                self._say(step=name, done=finished, total=total)

        yield advance

    def _say(self, **fields: object) -> None:
        sys.stdout.write(json.dumps(fields) + "\n")
        sys.stdout.flush()
