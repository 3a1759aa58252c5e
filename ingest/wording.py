"""Two texts compared word by word, and shown as a reader would tell the change.

A sentence that was written anew still shares its spaces and small words with the old one. What stayed by such chance is
taken into the change: where it is no longer than the changes on both its sides (the semantic clean-up of Fraser's
diff-match-patch).
"""

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
    pieces: list[tuple[str, str, str]] = []
    same = ""
    for op, a, b in _matched(before, after):
        if op == "equal":
            same = "".join(a)
        else:
            _add(pieces, same, "".join(a), "".join(b))
            same = ""
    for stayed, went, came in pieces:
        yield from (Run("same", stayed), Run("removed", went), Run("added", came))
    yield Run("same", same)


def _add(pieces: list[tuple[str, str, str]], same: str, went: str, came: str) -> None:
    """Add a change with what stayed before it, or join it with the ones before where that stayed by chance."""
    while pieces and "\n" not in same and len(same) <= min(max(map(len, pieces[-1][1:])), max(len(went), len(came))):
        earlier, gone, new = pieces.pop()
        same, went, came = earlier, gone + same + went, new + same + came
    pieces.append((same, went, came))


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
