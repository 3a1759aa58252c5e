"""Thumbs up and down, counted by section and kind of answer: no words, no time, nothing of the person."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.guide.errors import LibraryError
from app.guide.nouns import Answer, Kind

FILE = "feedback.sqlite3"
_TABLE = """
CREATE TABLE IF NOT EXISTS thumbs (
    section TEXT NOT NULL, kind TEXT NOT NULL, up INTEGER NOT NULL DEFAULT 0, down INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (section, kind)
)
"""
_COUNT = """
INSERT INTO thumbs VALUES (?1, ?2, max(0, ?3), max(0, ?4))
ON CONFLICT (section, kind) DO UPDATE SET up = max(0, up + ?3), down = max(0, down + ?4)
"""
# Seconds to wait for another process that is counting.
PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class Thumbs:
    """How often the answers of one kind from one section were liked and not liked."""

    section: str
    kind: Kind
    up: int
    down: int


class Feedback:
    """The counts of a library; they lie beside its editions and belong to none."""

    def __init__(self, library: Path) -> None:
        """Count in this folder; nothing is written before the first thumb."""
        self._path = library / FILE

    def count(self, answer: Answer, up: bool | None, before: bool | None = None) -> bool:
        """Count a thumb, None for one taken back, in the place of what was given `before`; return whether it is kept.

        A library that cannot be written to keeps nothing, and nothing breaks.
        """
        if not may_be_judged(answer) or up == before:
            return False
        ups, downs = (int(up is thumb) - int(before is thumb) for thumb in (True, False))
        try:
            with closing(sqlite3.connect(self._path, timeout=PATIENCE)) as counts, counts:
                counts.execute(_TABLE)
                counts.execute(_COUNT, (answer.sections[0], answer.kind.value, ups, downs))
        except sqlite3.Error as error:
            logging.getLogger("attune").warning("A thumb could not be counted (%s).", type(error).__name__)
            return False
        return True

    def counts(self) -> list[Thumbs]:
        """Return all counts by section; raises `LibraryError` where the file is damaged."""
        if not self._path.is_file():
            return []
        try:
            with closing(sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True)) as counts:
                rows = counts.execute("SELECT section, kind, up, down FROM thumbs ORDER BY section, kind").fetchall()
        except sqlite3.Error as error:
            raise LibraryError(
                f"The counts at {self._path} cannot be read. Move the file away to begin anew."
            ) from error
        return [Thumbs(section, Kind(kind), up, down) for section, kind, up, down in rows]


def may_be_judged(answer: Answer) -> bool:
    """Whether a thumb may be given: never where danger was noticed or spoken of.

    A count that grew by one would tell somebody who shares this machine that safety was asked about.
    """
    return bool(answer.citations) and not answer.care and not any(s.startswith("safety/") for s in answer.sections)
