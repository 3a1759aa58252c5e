"""The kept texts: every section as each edition published it, so that an old link can always show what was quoted.

The file is never changed in place: `ingest` writes a new one beside it and swaps it in. So readers need no lock and no
right to write, and what was forgotten lies in no free page of it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from app.guide.errors import LibraryError

TABLES = """
CREATE TABLE IF NOT EXISTS texts (hash TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS published (
    edition TEXT NOT NULL, slug TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (edition, slug)
);
CREATE TABLE IF NOT EXISTS forgotten (link TEXT PRIMARY KEY);
"""


def kept_record(path: Path, edition_id: str, slug: str) -> str:
    """Return a section's record as an edition published it, or nothing; raises `LibraryError` for a damaged file."""
    query = "SELECT record, hash FROM texts JOIN published USING (hash) WHERE edition = ? AND slug = ?"
    row = _first(path, query, edition_id, slug)
    if row and hashlib.sha256(row[0].encode()).hexdigest() != row[1]:
        raise LibraryError(f"The kept texts at {path} are damaged. {MEND}")
    return row[0] if row else ""


def is_forgotten(path: Path, edition_id: str, slug: str) -> bool:
    """Return whether that edition published such a section and an editor had it forgotten."""
    return bool(_first(path, "SELECT link FROM forgotten WHERE link = ?", forgotten_link(edition_id, slug)))


def forgotten_link(edition_id: str, slug: str) -> str:
    """Return what stands for a link that leads nowhere any more; a slug can say too much, so it is hashed."""
    return hashlib.sha256(f"{edition_id} {slug}".encode()).hexdigest()


def _first(path: Path, query: str, *values: str) -> tuple[str, ...] | None:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as kept:
            row: tuple[str, ...] | None = kept.execute(query, values).fetchone()
            return row
    except sqlite3.Error as error:
        raise LibraryError(f"The kept texts at {path} cannot be read. {MEND}") from error


MEND = "Restore the file from a backup; or move it away, and links to editions that are no longer kept will not open."
