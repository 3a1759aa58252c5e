"""What every format becomes: a document's pieces of plain text in reading order, and what was left out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.guide.errors import CorpusError
from app.guide.messages import without_hidden
from app.guide.nouns import BlockKind, Mark

SPACE = re.compile(r"\s+")


class Unreadable(CorpusError):
    """Why a file cannot be used: the rest of a sentence that begins with the file's name, and what to do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, a paragraph or an item of a list; marks stand at offsets into its text."""

    kind: BlockKind
    text: str
    level: int = 1
    marks: tuple[Mark, ...] = ()

    def part(self, start: int, end: int) -> Piece:
        """Return the piece between two offsets, with the marks that stand wholly in it."""
        inside = (mark for mark in self.marks if start <= mark.start and mark.end <= end)
        marks = tuple(replace(mark, start=mark.start - start, end=mark.end - start) for mark in inside)
        return Piece(self.kind, self.text[start:end], self.level, marks)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of a file that is no part of its text, such as a page number, with its words."""

    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file of any format, read; `title` is empty where it names none."""

    title: str
    pieces: tuple[Piece, ...]
    left_out: tuple[LeftOut, ...] = ()


def one_line(text: str) -> str:
    """Return text as one line that can be seen: hidden characters gone, white space folded."""
    return SPACE.sub(" ", without_hidden(text)).strip()
