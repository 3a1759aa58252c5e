"""The library: the folder of editions, which of them is live, and the texts of all that were ever published."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from app.guide.edition import Edition, Manifest, read_manifest, section_of
from app.guide.errors import LibraryError, NoSuchSection
from app.guide.nouns import Section

EDITION_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
KEPT_TABLES = """
CREATE TABLE IF NOT EXISTS texts (hash TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS published (
    edition TEXT NOT NULL, slug TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (edition, slug)
);
"""


class Library:
    """A folder of editions. Reading needs no lock; who writes holds `lock_path`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def live_path(self) -> Path:
        """The file whose one line names the live edition."""
        return self.root / "LIVE"

    @property
    def lock_path(self) -> Path:
        """The file that a writer locks."""
        return self.root / "LOCK"

    @property
    def texts_path(self) -> Path:
        """The sections' texts of every edition ever published."""
        return self.root / "texts.sqlite3"

    def folder(self, edition_id: str) -> Path:
        """Where an edition lies; raises `LibraryError` for what is no edition's id."""
        if not EDITION_ID.fullmatch(edition_id):
            raise LibraryError(f"{edition_id[:40]!r} is no edition's name. `python -m ingest list` shows them.")
        return self.root / "editions" / edition_id

    def live_id(self) -> str:
        """Return the live edition's id; raises `LibraryError` where there is none or LIVE cannot be used."""
        try:
            edition_id = self.live_path.read_text(encoding="utf-8").strip()
        except FileNotFoundError as error:
            raise LibraryError(f"The library at {self.root} is empty. Run `python -m ingest build` first.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise LibraryError(f"{self.live_path} cannot be read. {_MEND}") from error
        if not EDITION_ID.fullmatch(edition_id):
            raise LibraryError(f"{self.live_path} does not name an edition. {_MEND}")
        if not self.folder(edition_id).is_dir():
            raise LibraryError(f"{self.live_path} names {edition_id}, which is not there. {_MEND}")
        return edition_id

    def open_live(self) -> Edition:
        """Open the live edition; raises `LibraryError` where there is none or it is damaged."""
        return Edition(self.folder(self.live_id()))

    def manifests(self) -> list[Manifest]:
        """Return what every sound edition says of itself, newest first."""
        folders = sorted((self.root / "editions").glob("[0-9]*"), reverse=True)
        return [manifest for folder in folders if (manifest := _manifest_or_none(folder))]

    def kept_section(self, slug: str, edition_id: str) -> Section:
        """Return a section as an edition published it, also when that edition itself is gone.

        Raises `NoSuchSection` where no such text was published.
        """
        record = self._kept_record(slug, edition_id) if self.texts_path.is_file() else ""
        if record:
            return section_of(record)
        raise NoSuchSection(f"No edition {edition_id!r} with a section {slug!r} was published here.")

    def _kept_record(self, slug: str, edition_id: str) -> str:
        address = f"{self.texts_path.resolve().as_uri()}?mode=ro"
        try:
            with closing(sqlite3.connect(address, uri=True)) as kept:
                row = kept.execute(
                    "SELECT record FROM texts JOIN published USING (hash) WHERE edition = ? AND slug = ?",
                    (edition_id, slug),
                ).fetchone()
        except sqlite3.Error as error:
            raise LibraryError(f"The kept texts at {self.texts_path} cannot be read. {_MEND_TEXTS}") from error
        return str(row[0]) if row else ""

    def move_live(self, edition_id: str) -> None:
        """Make a sealed edition the live one, at once and in whole."""
        temporary = self.root / "LIVE.new"
        with temporary.open("w", encoding="utf-8") as file:
            file.write(edition_id + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.live_path)


_MEND_TEXTS = (
    "Restore the file from a backup; or move it away, and links to editions that are no longer kept will not open."
)
_MEND = "`python -m ingest rollback` makes the newest sound edition live; `python -m ingest build` makes a new one."


def _manifest_or_none(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except LibraryError:
        return None
