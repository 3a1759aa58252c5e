"""Two texts compared word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["same", "removed", "added"]

_WORD = re.compile(r"\s+|\w+(?:['\u2019]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text that stayed, went or came."""

    op: Op
    text: str


def word_changes(before: str, after: str) -> tuple[Run, ...]:
    """Return the runs in reading order: without the added ones they spell `before`, without the removed ones `after`.

    Lines are matched first and words only inside what is left, so that long texts are compared in little time.
    """
    return tuple(_joined(_line_runs(before.splitlines(keepends=True), after.splitlines(keepends=True))))


def _line_runs(before: Sequence[str], after: Sequence[str]) -> Iterator[Run]:
    for op, a, b in _matched(before, after):
        if op == "replace":
            yield from _word_runs(_WORD.findall("".join(a)), _WORD.findall("".join(b)))
        else:
            yield from _runs(a, b, same=op == "equal")


def _word_runs(before: Sequence[str], after: Sequence[str]) -> Iterator[Run]:
    for op, a, b in _matched(before, after):
        yield from _runs(a, b, same=op == "equal")


def _matched(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    for op, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield op, before[a:b], after[c:d]


def _runs(before: Sequence[str], after: Sequence[str], *, same: bool) -> Iterator[Run]:
    if same:
        yield Run("same", "".join(before))
        return
    yield Run("removed", "".join(before))
    yield Run("added", "".join(after))


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    """Join neighbours of one kind and leave out empty ones."""
    last = Run("same", "")
    for run in runs:
        if run.op == last.op:
            last = Run(last.op, last.text + run.text)
        elif run.text:
            if last.text:
                yield last
            last = run
    if last.text:
        yield last
