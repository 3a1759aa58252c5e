"""The library: the folder of editions, which of them is live, and the texts of all that were ever published."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.guide.errors import LibraryError, NoSuchSection, SectionRemoved
from app.guide.kept import is_forgotten, kept_record
from app.guide.manifest import TEXTS, Manifest, flush_to_disk, read_manifest, verify

if TYPE_CHECKING:  # going back must not wait for what searching needs
    from app.guide.edition import Edition
    from app.guide.nouns import Section

EDITION_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")


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
        from app.guide.edition import Edition

        while True:
            live = self.live_id()
            try:
                return Edition(self.folder(live))
            except LibraryError:
                # It may have been replaced and removed in this moment.
                if self.live_id() == live:
                    raise

    def open_sound(self) -> tuple[Edition, str]:
        """Open the live edition; where it cannot be used, the newest sound one, with a warning that says so.

        Raises `LibraryError` where no edition can be used.
        """
        from app.guide.edition import Edition

        try:
            return self.open_live(), ""
        except LibraryError as error:
            for manifest in self.manifests():
                with suppress(LibraryError):
                    if not manifest.refused:
                        edition = Edition(self.folder(manifest.id))
                        return edition, f"{error} Until then the edition {edition.id} answers."
            raise

    def manifests(self) -> list[Manifest]:
        """Return what every edition that can be read says of itself, newest first."""
        folders = sorted((self.root / "editions").glob("[0-9]*"), reverse=True)
        return [manifest for folder in folders if (manifest := _manifest_or_none(folder))]

    def newest_sound(self, before: str = "") -> Manifest | None:
        """Return the newest sound edition that the gate let pass, or the newest before another one, if there is any."""
        for manifest in self.manifests():
            if not manifest.refused and (not before or manifest.id < before):
                with suppress(LibraryError):
                    return verify(self.folder(manifest.id))
        return None

    def kept_section(self, slug: str, edition_id: str) -> Section:
        """Return a section as an edition published it, also when that edition itself is gone.

        Raises `SectionRemoved` where an editor had it forgotten, and `NoSuchSection` where no such text was published.
        """
        from app.guide.edition import section_of

        if record := self._kept_or_sealed(slug, edition_id):
            return section_of(record)
        if self.texts_path.is_file() and is_forgotten(self.texts_path, edition_id, slug):
            raise SectionRemoved(
                "This passage was removed from the guide, and its text was not kept. The contents list all sections."
            )
        raise NoSuchSection(f"No edition {edition_id!r} with a section {slug!r} was published here.")

    def _kept_or_sealed(self, slug: str, edition_id: str) -> str:
        """Return a section's record; where the kept texts cannot be used, from the edition itself, if it is kept."""
        if not self.texts_path.is_file():
            return self._sealed_record(slug, edition_id)
        try:
            return kept_record(self.texts_path, edition_id, slug)
        except LibraryError:
            if record := self._sealed_record(slug, edition_id):
                return record
            raise

    def _sealed_record(self, slug: str, edition_id: str) -> str:
        if not EDITION_ID.fullmatch(edition_id):
            return ""
        texts = self.folder(edition_id) / TEXTS
        try:
            with closing(sqlite3.connect(f"{texts.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as sealed:
                row = sealed.execute("SELECT record, hash FROM sections WHERE slug = ?", (slug,)).fetchone()
        except sqlite3.Error:
            return ""
        return str(row[0]) if row and hashlib.sha256(row[0].encode()).hexdigest() == row[1] else ""

    def move_live(self, edition_id: str) -> None:
        """Make a sealed edition the live one, at once and in whole."""
        temporary = self.root / "LIVE.new"
        with temporary.open("w", encoding="utf-8") as file:
            file.write(edition_id + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.live_path)
        flush_to_disk(self.root)


_MEND = "`python -m ingest rollback` makes the newest sound edition live; `python -m ingest build` makes a new one."


def _manifest_or_none(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except LibraryError:
        return None
