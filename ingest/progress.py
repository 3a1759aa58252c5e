"""What a build says while it runs: a bar on a terminal, one JSON object a line for a program, plain lines otherwise."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import Progress as Bar


class Progress(Protocol):
    """Where a build reports its steps."""

    def step(self, name: str) -> None:
        """Say that a step begins."""

    @contextmanager
    def count(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """Begin a step of `total` pieces; call what is yielded with the number of pieces done since the last call."""
        yield lambda done: None


class TerminalProgress:
    """A bar on standard error."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)

    def step(self, name: str) -> None:
        """Say that a step begins."""
        self._console.print(f"{name} ...", style="dim")

    @contextmanager
    def count(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show a bar of `total` pieces."""
        with Bar(console=self._console, transient=not self._console.is_terminal) as bar:
            task = bar.add_task(name, total=total)
            yield lambda done: bar.advance(task, done)


class JsonProgress:
    """JSON lines on standard output: {"step", "done", "total"}."""

    def step(self, name: str) -> None:
        """Say that a step begins."""
        self._say(step=name)

    @contextmanager
    def count(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """Say how many of `total` pieces are done, each time that some are."""
        finished = 0
        self._say(step=name, done=0, total=total)

        def advance(done: int) -> None:
            nonlocal finished
            finished += done
            self._say(step=name, done=finished, total=total)

        yield advance

    def _say(self, **fields: object) -> None:
        sys.stdout.write(json.dumps(fields) + "\n")
        sys.stdout.flush()
