"""An edition: one sealed build of the guide on disk, opened for reading; `manifest.py` has what seals it."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from app.guide.errors import NoSuchSection
from app.guide.layer import read_layer
from app.guide.lexical import WordIndex, stems
from app.guide.manifest import COVERAGE, ENCODER, LEXICAL, TEXTS, VECTORS, Manifest, verify
from app.guide.nouns import Passage, Practice, Section
from app.guide.vectors import ChromaVectors

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


class Edition:
    """An open edition; safe to share between threads, and never written to."""

    def __init__(self, folder: Path, unsealed: Manifest | None = None) -> None:
        """Open and verify a sealed folder; raises `LibraryError` where it is damaged.

        A builder opens what it has not sealed yet with the manifest that it will seal it with.
        """
        self.folder = folder
        self.manifest = unsealed or verify(folder)
        # `immutable` keeps sqlite from making its side files beside a sealed one.
        address = f"{(folder / TEXTS).resolve().as_uri()}?mode=ro&immutable=1"
        self._texts = sqlite3.connect(address, uri=True, check_same_thread=False)
        self.vectors = ChromaVectors.read(folder / VECTORS)
        self.words = WordIndex.read(folder / LEXICAL)
        self.coverage: dict[str, Any] = json.loads((folder / COVERAGE).read_text(encoding="utf-8"))
        self.layer = read_layer(folder / ENCODER)
        rows = self._all("SELECT slug, title, chapter FROM sections ORDER BY position")
        self.headings = tuple(Heading(*row) for row in rows)
        counted = dict(self._all("SELECT slug, count(*) FROM asked_as GROUP BY slug"))
        self.asked_counts = {heading.slug: int(counted.get(heading.slug, 0)) for heading in self.headings}
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
        for vector in vectors:
            yield from ((vector, slug) for slug in self._asked_in.get(vector, ()))

    @cached_property
    def _asked_in(self) -> dict[str, list[str]]:
        """The sections of each asked-as line: a question looks at a thousand, and asking for them would be slow."""
        found: dict[str, list[str]] = defaultdict(list)
        for vector, slug in self._all("SELECT vector, slug FROM asked_as ORDER BY position"):
            found[vector].append(slug)
        return dict(found)

    def named(self, question: str) -> frozenset[str]:
        """Return the slugs of the sections that have exactly this asked-as line, or a title of the same word stems."""
        rows = self._all("SELECT slug FROM asked_as WHERE line = ? COLLATE NOCASE", question)
        return self._titled.get(tuple(stems(question)), frozenset()).union(slug for (slug,) in rows)

    @cached_property
    def _titled(self) -> dict[tuple[str, ...], frozenset[str]]:
        found: dict[tuple[str, ...], frozenset[str]] = defaultdict(frozenset)
        for heading in self.headings:
            found[tuple(stems(heading.title))] |= {heading.slug}
        return dict(found)

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
