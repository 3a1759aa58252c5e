"""Deleted is deleted: take sections out of every edition and every kept text, and say beforehand what that costs.

An edition that holds such a section, or whose vectors were copied from one that did, is dropped: Chroma's files keep
traces of what was deleted from them. The live edition is built anew beforehand, without those traces.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.guide.edition import section_of
from app.guide.errors import LibraryError, UnusableInput
from app.guide.library import EDITION_ID, Library
from app.guide.manifest import TEXTS, read_manifest
from app.guide.nouns import Section
from ingest.changes import content_of, section_hash
from ingest.keep import Link, forget_texts, kept_rows

# Edition, slug, hash and record of a section.
Row = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is forgotten: the sections' slugs, the links that will only say so, and the editions that are dropped."""

    slugs: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    editions: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.links)


def plan_to_forget(library: Library, sections: Sequence[Section], slugs: Sequence[str] = ()) -> Plan:
    """Plan to forget the texts of all sections that are not in the guide any more, also not under another slug.

    Of the sections that `slugs` names, every text but the present one is forgotten. Raises `UnusableInput` for a slug
    that no edition ever had.
    """
    now = {section.slug: section_hash(section) for section in sections}
    still = {content_of(section) for section in sections}
    content = lru_cache(maxsize=None)(lambda record: content_of(section_of(record)))

    def goes(slug: str, found: str, record: str) -> bool:
        if slug in slugs:
            return found != now.get(slug)
        return slug not in now and content(record) not in still

    folders = [path for path in (library.root / "editions").glob("*") if EDITION_ID.fullmatch(path.name)]
    unreadable: set[str] = set()
    known = set(now)
    links: set[Link] = set()
    for edition, slug, found, record in _rows(library, folders, unreadable):
        known.add(slug)
        if goes(slug, found, record):
            links.add((edition, slug))
    for slug in slugs:
        if slug not in known:
            raise UnusableInput(f"No edition has a section {slug[:60]!r}. `python -m app section` lists the slugs.")
    holders = {edition for edition, _ in links}
    dropped = [path.name for path in folders if path.name in unreadable or _has_traces(path, holders)]
    return Plan(tuple(sorted({slug for _, slug in links})), tuple(sorted(links)), tuple(sorted(dropped)))


def forget(library: Library, plan: Plan) -> None:
    """Drop the editions and the texts of a plan; the caller holds the lock, and the live edition is none of them.

    The texts go last: while they are there, a plan that was interrupted is made again.
    """
    for folder in map(library.folder, plan.editions):
        if folder.is_dir():
            shutil.rmtree(folder)
    forget_texts(library, plan.links)


def _rows(library: Library, folders: Sequence[Path], unreadable: set[str]) -> Iterator[Row]:
    """Yield every section that the kept texts or an edition hold; names in `unreadable` what cannot be looked into."""
    yield from kept_rows(library)
    for folder in folders:
        address = f"{(folder / TEXTS).resolve().as_uri()}?mode=ro&immutable=1"
        try:
            with closing(sqlite3.connect(address, uri=True)) as texts:
                for slug, found, record in texts.execute("SELECT slug, hash, record FROM sections"):
                    yield folder.name, slug, found, record
        except sqlite3.Error:
            unreadable.add(folder.name)


def _has_traces(folder: Path, holders: set[str]) -> bool:
    """Whether an edition held what is forgotten, or may have traces of it from one whose vectors it took over."""
    try:
        since = read_manifest(folder).vectors_since
    except LibraryError:
        return True
    return any(since <= holder <= folder.name for holder in holders)
