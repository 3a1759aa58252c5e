"""Build an edition: read, cut, embed what is new, index, calibrate, seal. Publishing is `ingest/publish.py`."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.guide import edition as layout
from app.guide.edition import Edition, Manifest
from app.guide.encoder import Encoder
from app.guide.lexical import WordIndex
from app.guide.library import Library
from app.guide.nouns import Passage, Practice, Section
from app.guide.vectors import ASKED_AS, COLLECTIONS, PASSAGES, ChromaVectors, copy_folder
from ingest.calibrate import calibrate
from ingest.embed import embed
from ingest.golden import Golden
from ingest.passages import cut_passages, passage_text, vector_id
from ingest.progress import Progress
from ingest.reader import Corpus
from ingest.sections import cut_section
from ingest.words import searchable_words

BUILDING = ".building-"
# Raised when the way of cutting changes, so that an unchanged corpus is built again by a newer program.
RECIPE = "3"


@dataclass(frozen=True, slots=True)
class Draft:
    """A corpus, cut: everything that an edition will hold but the vectors."""

    title: str
    fingerprint: str
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    practices: tuple[Practice, ...]
    golden: tuple[Golden, ...]
    texts: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, in sections; `embedded` counts texts that were turned into vectors."""

    edition: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    embedded: int = 0
    seconds: float = 0.0


def draft_of(corpus: Corpus) -> Draft:
    """Cut every source; raises `CorpusError` for the first that cannot be used."""
    sections = tuple(cut_section(source) for source in corpus.sources)
    passages = tuple(passage for section in sections for passage in cut_passages(section))
    by_slug = {section.slug: section for section in sections}
    texts = {
        PASSAGES: {p.vector: passage_text(by_slug[p.slug], p.start, p.end) for p in passages},
        ASKED_AS: {vector_id(line): line for section in sections for line in section.asked_as},
    }
    return Draft(corpus.title, fingerprint_of(corpus), sections, passages, corpus.practices, corpus.golden, texts)


def fingerprint_of(corpus: Corpus) -> str:
    """Return a hash over the corpus and this program's way of cutting it."""
    return hashlib.sha256(f"{RECIPE} {layout.SCHEMA_VERSION} {corpus.fingerprint}".encode()).hexdigest()


def build_edition(
    draft: Draft, library: Library, parent: Manifest | None, encoder: Encoder, progress: Progress
) -> tuple[Path, Report]:
    """Write a sealed edition into the library and return its folder; the live edition is not touched.

    The caller holds the library's lock. A build that is killed leaves a folder `.building-…` that the next one removes.
    """
    editions = library.root / "editions"
    for leftover in editions.glob(f"{BUILDING}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    edition_id = _edition_id(draft, editions)
    folder = editions / f"{BUILDING}{edition_id}"
    folder.mkdir(parents=True)

    embedded = _write_vectors(folder / layout.VECTORS, draft, library, parent, encoder, progress)
    _write_texts(folder / layout.TEXTS, draft)
    progress.step("indexing words")
    words = WordIndex.of([searchable_words(section) for section in draft.sections])
    words.save(folder / layout.LEXICAL)
    report = replace(compare(library, parent, draft.sections), edition=edition_id, embedded=embedded)
    _write_json(folder / layout.REPORT, asdict(report))
    _write_json(folder / layout.COVERAGE, {})
    _seal(folder, edition_id, draft, parent, encoder)

    progress.step("calibrating coverage")
    unsealed = Edition(folder)
    try:
        _write_json(folder / layout.COVERAGE, calibrate(unsealed, draft.sections, draft.golden, encoder, progress))
    finally:
        unsealed.close()
    _seal(folder, edition_id, draft, parent, encoder)
    final = editions / edition_id
    folder.rename(final)
    return final, report


def compare(library: Library, parent: Manifest | None, sections: Sequence[Section]) -> Report:
    """Report what changed against the parent edition, section by section."""
    before = section_hashes(library.folder(parent.id) / layout.TEXTS) if parent else {}
    after = {section.slug: section_hash(section) for section in sections}
    return Report(
        edition="",
        added=tuple(slug for slug in after if slug not in before),
        changed=tuple(slug for slug in after if slug in before and before[slug] != after[slug]),
        removed=tuple(slug for slug in before if slug not in after),
        unchanged=sum(before.get(slug) == found for slug, found in after.items()),
    )


def section_hash(section: Section) -> str:
    """Return a hash over everything that a section says."""
    return hashlib.sha256(layout.section_record(section).encode()).hexdigest()


def section_hashes(texts: Path) -> dict[str, str]:
    """Return slug and hash of every section of an edition's texts."""
    with closing(sqlite3.connect(f"{texts.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        return dict(connection.execute("SELECT slug, hash FROM sections ORDER BY position"))


def _write_vectors(
    folder: Path, draft: Draft, library: Library, parent: Manifest | None, encoder: Encoder, progress: Progress
) -> int:
    """Copy the parent's vectors, take away what went, embed and add only what is new; return how many were embedded."""
    if parent and parent.encoder_fingerprint == encoder.fingerprint:
        copy_folder(library.folder(parent.id) / layout.VECTORS, folder)
    folder.mkdir(exist_ok=True)
    index = ChromaVectors(folder)
    try:
        missing = []
        for name in COLLECTIONS:
            held = index.ids(name)
            index.delete(name, held - draft.texts[name].keys())
            missing += [(name, one, text) for one, text in draft.texts[name].items() if one not in held]
        vectors = embed([text for _, _, text in missing], encoder, progress)
        for name in COLLECTIONS:
            rows = [row for row, (collection, _, _) in enumerate(missing) if collection == name]
            index.add(name, [missing[row][1] for row in rows], vectors[rows])
        return len(missing)
    finally:
        index.close()


def _write_texts(path: Path, draft: Draft) -> None:
    with closing(sqlite3.connect(path)) as texts, texts:
        texts.executescript(layout.TABLES)
        texts.executemany(
            "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?)",
            (
                (n, s.slug, s.title, s.chapter, section_hash(s), layout.section_record(s))
                for n, s in enumerate(draft.sections)
            ),
        )
        texts.executemany(
            "INSERT INTO passages (slug, start, end, vector) VALUES (?, ?, ?, ?)",
            ((p.slug, p.start, p.end, p.vector) for p in draft.passages),
        )
        texts.executemany(
            "INSERT INTO asked_as (slug, line, vector) VALUES (?, ?, ?)",
            ((s.slug, line, vector_id(line)) for s in draft.sections for line in s.asked_as),
        )
        texts.executemany(
            "INSERT INTO practices (slug, section, record) VALUES (?, ?, ?)",
            ((p.slug, p.section, layout.practice_record(p)) for p in draft.practices),
        )
        texts.executemany(
            "INSERT INTO documents VALUES (?, ?)", ((s.document, section_hash(s)) for s in draft.sections)
        )


def _seal(folder: Path, edition_id: str, draft: Draft, parent: Manifest | None, encoder: Encoder) -> None:
    manifest = Manifest(
        id=edition_id,
        schema=layout.SCHEMA_VERSION,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        parent=parent.id if parent else "",
        title=draft.title,
        corpus_fingerprint=draft.fingerprint,
        encoder_name=encoder.name,
        encoder_fingerprint=encoder.fingerprint,
        counts={
            "sections": len(draft.sections),
            "passages": len(draft.passages),
            "asked_as": sum(len(section.asked_as) for section in draft.sections),
            "words": sum(len(section.text.split()) for section in draft.sections),
        },
        checksums=layout.checksums(folder),
    )
    layout.write_manifest(folder, manifest)


def _edition_id(draft: Draft, editions: Path) -> str:
    """Return the time and the content's hash; a second later where an edition of this second has that name."""
    moment = datetime.now(UTC)
    while (editions / (name := f"{moment:%Y%m%dT%H%M%SZ}-{draft.fingerprint[:8]}")).exists():
        moment += timedelta(seconds=1)
    return name


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
