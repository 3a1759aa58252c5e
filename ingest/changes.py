"""What changed between two editions, section by section."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from app.guide.edition import section_of, section_record
from app.guide.manifest import TEXTS
from app.guide.nouns import Section


@dataclass(frozen=True, slots=True)
class Move:
    """A section that says what it said, under another slug or in another file."""

    slug: str
    from_slug: str
    document: str
    from_document: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Slugs by what became of them; each section stands in one place only."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[Move, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def renamed(self) -> dict[str, str]:
        """Old slugs with the new ones under which their text lives on."""
        return {move.from_slug: move.slug for move in self.moved if move.from_slug != move.slug}


def compare(before: Mapping[str, Section], after: Sequence[Section]) -> Changes:
    """Compare the sections of an edition, by slug, with others in their order."""
    gone = {slug: section for slug, section in before.items() if slug not in {section.slug for section in after}}
    waiting = defaultdict(list)
    for section in gone.values():
        waiting[content_of(section)].append(section)
    added, changed, moved = [], [], []
    for section in after:
        old = before.get(section.slug)
        if old is None:
            same = waiting[content_of(section)]
            old = same.pop(0) if same else None
        if old is None:
            added.append(section.slug)
        elif content_of(old) != content_of(section):
            changed.append(section.slug)
        elif (old.slug, old.document) != (section.slug, section.document):
            moved.append(Move(section.slug, old.slug, section.document, old.document))
    still = {move.from_slug for move in moved}
    removed = tuple(slug for slug in gone if slug not in still)
    unchanged = len(after) - len(added) - len(changed) - len(moved)
    return Changes(tuple(added), tuple(changed), tuple(moved), removed, unchanged)


def content_of(section: Section) -> str:
    """Return what a section says, wherever it stands."""
    return section_record(replace(section, slug="", chapter="", document=""))


def section_hash(section: Section) -> str:
    """Return a hash over everything that a section says and where it stands."""
    return hashlib.sha256(section_record(section).encode()).hexdigest()


def sections_of(folder: Path) -> dict[str, Section]:
    """Return the sections of an edition's folder by slug, in the guide's order."""
    address = f"{(folder / TEXTS).resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as texts:
        rows = texts.execute("SELECT slug, record FROM sections ORDER BY position").fetchall()
    return {slug: section_of(record) for slug, record in rows}
