"""An edition: one sealed build of the guide on disk, opened for reading.

The folder holds guide.sqlite3, vectors/, lexical/, coverage.json, report.json and, written last, edition.json.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.guide.errors import LibraryError, NoSuchSection
from app.guide.lexical import WordIndex
from app.guide.nouns import Passage, Practice, Section
from app.guide.vectors import ChromaVectors

SCHEMA_VERSION = 1
MANIFEST = "edition.json"
TEXTS = "guide.sqlite3"
VECTORS = "vectors"
LEXICAL = "lexical"
COVERAGE = "coverage.json"
REPORT = "report.json"

TABLES = """
CREATE TABLE documents (document TEXT PRIMARY KEY, hash TEXT NOT NULL);
CREATE TABLE sections (
    position INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, title TEXT NOT NULL, chapter TEXT NOT NULL,
    hash TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE passages (
    position INTEGER PRIMARY KEY, slug TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, vector TEXT NOT NULL
);
CREATE TABLE asked_as (position INTEGER PRIMARY KEY, slug TEXT NOT NULL, line TEXT NOT NULL, vector TEXT NOT NULL);
CREATE TABLE practices (
    position INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, section TEXT NOT NULL, record TEXT NOT NULL
);
CREATE INDEX passages_by_vector ON passages (vector);
CREATE INDEX asked_as_by_vector ON asked_as (vector);
CREATE INDEX passages_by_slug ON passages (slug);
"""

_SECTION = TypeAdapter(Section)
_PRACTICE = TypeAdapter(Practice)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What edition.json says of the edition that it seals."""

    id: str
    schema: int
    created: str
    parent: str
    title: str
    corpus_fingerprint: str
    encoder_name: str
    encoder_fingerprint: str
    counts: dict[str, int]
    checksums: dict[str, str]


_MANIFEST = TypeAdapter(Manifest)


@dataclass(frozen=True, slots=True)
class Heading:
    """A section as a contents page lists it."""

    slug: str
    title: str
    chapter: str


def section_record(section: Section) -> str:
    """Return a section as JSON; `Edition.section` is its inverse."""
    return _SECTION.dump_json(section).decode()


def practice_record(practice: Practice) -> str:
    """Return a practice as JSON; `Edition.practices_of` is its inverse."""
    return _PRACTICE.dump_json(practice).decode()


def section_of(record: str) -> Section:
    """Return the section that `section_record` wrote."""
    return _SECTION.validate_json(record)


def read_manifest(folder: Path) -> Manifest:
    """Read edition.json; raises `LibraryError` where it is missing, damaged, or of a newer program version."""
    path = folder / MANIFEST
    try:
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        schema = int(loaded["schema"])
        if schema != SCHEMA_VERSION:
            mend = "Install the newer program" if schema > SCHEMA_VERSION else "Run `python -m ingest build`"
            raise LibraryError(
                f"The edition {folder.name} has schema {schema}, and this program reads {SCHEMA_VERSION}. {mend}, "
                "or set ATTUNE_LIBRARY to another folder."
            )
        return _MANIFEST.validate_python(loaded)
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise LibraryError(
            f"{path} cannot be read. Go back with `python -m ingest rollback`, or build the guide again."
        ) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Seal a folder: edition.json is the last file that is written to it."""
    (folder / MANIFEST).write_bytes(_MANIFEST.dump_json(manifest, indent=1))


def checksums(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file of an edition but its manifest, by path below the folder."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in paths}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(folder: Path) -> Manifest:
    """Return the manifest of a sound edition; raises `LibraryError` naming what is missing or damaged."""
    manifest = read_manifest(folder)
    found = checksums(folder)
    for name, expected in manifest.checksums.items():
        if found.get(name) != expected:
            raise LibraryError(
                f"{folder / name} is {'missing' if name not in found else 'damaged'}. Go back with "
                "`python -m ingest rollback`, or build the guide again."
            )
    return manifest


class Edition:
    """An open edition; safe to share between threads, and never written to."""

    def __init__(self, folder: Path) -> None:
        """Open and verify a sealed folder; raises `LibraryError` where it is damaged."""
        self.manifest = verify(folder)
        # `immutable` keeps sqlite from making its side files beside a sealed one.
        address = f"{(folder / TEXTS).resolve().as_uri()}?mode=ro&immutable=1"
        self._texts = sqlite3.connect(address, uri=True, check_same_thread=False)
        self.vectors = ChromaVectors.read(folder / VECTORS)
        self.words = WordIndex.read(folder / LEXICAL)
        self.coverage: dict[str, Any] = json.loads((folder / COVERAGE).read_text(encoding="utf-8"))
        rows = self._all("SELECT slug, title, chapter FROM sections ORDER BY position")
        self.headings = tuple(Heading(*row) for row in rows)
        self.section = lru_cache(maxsize=512)(self._section)

    @property
    def id(self) -> str:
        """The edition's name: UTC time and the first digits of its content's hash."""
        return self.manifest.id

    def close(self) -> None:
        """Let go of the files."""
        self.vectors.close()
        self._texts.close()

    def passages(self, vectors: Iterable[str]) -> Iterator[Passage]:
        """Yield the passages of these vector ids; equal text in two sections yields one of each."""
        for row in self._where_vector("SELECT slug, start, end, vector FROM passages", vectors):
            yield Passage(*row)

    def passages_of(self, slug: str) -> list[Passage]:
        """Return a section's passages in order."""
        rows = self._all("SELECT slug, start, end, vector FROM passages WHERE slug = ? ORDER BY position", slug)
        return [Passage(*row) for row in rows]

    def practices_of(self, slug: str) -> list[Practice]:
        """Return the practices that belong to a section."""
        rows = self._all("SELECT record FROM practices WHERE section = ? ORDER BY position", slug)
        return [_PRACTICE.validate_json(record) for (record,) in rows]

    def asked_as(self, vectors: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield pairs of vector id and slug for the asked-as lines of these vector ids."""
        yield from self._where_vector("SELECT vector, slug FROM asked_as", vectors)

    def _section(self, slug: str) -> Section:
        """Return a section; raises `NoSuchSection` where this edition has none of that slug."""
        rows = self._all("SELECT record FROM sections WHERE slug = ?", slug)
        if not rows:
            raise NoSuchSection(f"There is no section {slug!r} in this edition. `python -m app section` lists them.")
        return section_of(rows[0][0])

    def _all(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        return self._texts.execute(query, values).fetchall()

    def _where_vector(self, query: str, vectors: Iterable[str]) -> list[tuple[Any, ...]]:
        asked = list(vectors)
        return self._all(f"{query} WHERE vector IN ({','.join('?' * len(asked))}) ORDER BY position", *asked)
