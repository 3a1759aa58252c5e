"""Build an edition: cut, embed what is new, index, calibrate, seal. Publishing is `ingest/publish.py`."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from app.guide import manifest as layout
from app.guide.edition import TABLES, Edition, practice_record, section_record
from app.guide.encoder import Encoder
from app.guide.errors import CorpusError
from app.guide.layer import write_layer
from app.guide.lexical import WordIndex
from app.guide.manifest import Manifest
from app.guide.nouns import Passage, Practice, Section
from app.guide.vectors import ASKED_AS, COLLECTIONS, PASSAGES, QUESTIONS, ChromaVectors, copy_folder, wipe_unused
from ingest.changes import section_hash
from ingest.documents import cut_source
from ingest.embed import embed
from ingest.examples import question_texts
from ingest.golden import Golden
from ingest.keep import BUILDING
from ingest.passages import cut_passages, passage_text, vector_id
from ingest.progress import Progress
from ingest.reader import Aside, Corpus
from ingest.tune import fit
from ingest.words import searchable_words

# Raised when the way of cutting changes, so that an unchanged corpus is built again by a newer program.
RECIPE = "5"


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
    skipped: tuple[str, ...] = ()
    left_out: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Parent:
    """A sound edition that another is built from; with `forget`, without a trace of what the other does not hold."""

    manifest: Manifest
    folder: Path
    forget: bool = False


@dataclass(frozen=True, slots=True)
class Building:
    """An edition that is written and open, and not yet sealed; `embedded` of its texts were turned into vectors."""

    folder: Path
    edition: Edition
    embedded: int

    def seal(self, report: Mapping[str, object], refused: str = "", published_anyway: str = "") -> None:
        """Write report.json and then edition.json, with what the gate said."""
        _write_json(self.folder / layout.REPORT, report)
        verdict = replace(self.edition.manifest, refused=refused, published_anyway=published_anyway)
        layout.write_manifest(self.folder, verdict)


def draft_of(corpus: Corpus, encoder: Callable[[], Encoder]) -> Draft:
    """Cut every source; the encoder is asked for only where a text without headings is cut at its topics.

    Raises `CorpusError` for the first source that cannot be used, unless the corpus allows to skip it.
    """
    sections, skipped = _cut(corpus, cache(encoder))
    passages = tuple(passage for section in sections for passage in cut_passages(section))
    by_slug = {section.slug: section for section in sections}
    texts = {
        PASSAGES: {p.vector: passage_text(by_slug[p.slug], p.start, p.end) for p in passages},
        ASKED_AS: {vector_id(line): line for section in sections for line in section.asked_as},
        QUESTIONS: {vector_id(text): text for text in question_texts(sections, corpus.golden)},
    }
    return Draft(
        corpus.title,
        fingerprint_of(corpus),
        sections,
        passages,
        tuple(practice for practice in corpus.practices if practice.section in by_slug),
        corpus.golden,
        texts,
        (*corpus.skipped, *skipped),
        corpus.left_out,
    )


def _cut(corpus: Corpus, encoder: Callable[[], Encoder]) -> tuple[tuple[Section, ...], list[str]]:
    """Return the sections of every source, and why some could not be cut."""
    sections: list[Section] = []
    skipped = []
    taken = {source.slug for source in corpus.sources}
    for source in corpus.sources:
        try:
            sections += cut_source(source, encoder, taken)
        except CorpusError as error:
            if not corpus.allow_skips:
                raise
            skipped.append(str(error))
    if not sections:
        raise CorpusError(skipped[0])
    return tuple(sections), skipped


def fingerprint_of(corpus: Corpus) -> str:
    """Return a hash over the corpus and this program's way of cutting it."""
    return hashlib.sha256(f"{RECIPE} {layout.SCHEMA_VERSION} {corpus.fingerprint}".encode()).hexdigest()


@contextmanager
def building(
    folder: Path, draft: Draft, parent: Parent | None, encoder: Encoder, progress: Progress, *, tune: bool = False
) -> Iterator[Building]:
    """Write everything of an edition but its report and its seal into a folder, and yield it open.

    Nothing outside the folder is touched. `Building.seal` makes it an edition. With `tune`, it learns the
    guide's own language on top of the encoder, and keeps that where it helps.
    """
    folder.mkdir(parents=True, exist_ok=True)
    same_space = parent and parent.manifest.encoder_fingerprint == encoder.fingerprint
    known = parent if same_space else None
    embedded = _write_vectors(folder / layout.VECTORS, draft, known, encoder, progress)
    _write_texts(folder / layout.TEXTS, draft)
    progress.step("indexing words")
    words = WordIndex.of([searchable_words(section) for section in draft.sections])
    words.save(folder / layout.LEXICAL)
    _write_json(folder / layout.COVERAGE, {})
    manifest = _manifest(folder.name.removeprefix(BUILDING), draft, encoder, tuned=tune)
    if known and not known.forget:
        manifest = replace(manifest, vectors_since=known.manifest.vectors_since)
    edition = Edition(folder, replace(manifest, parent=parent.manifest.id if parent else ""))
    try:
        edition.coverage, edition.layer = fit(edition, draft.sections, draft.golden, progress, tune=tune)
        _write_json(folder / layout.COVERAGE, edition.coverage)
        if edition.layer is not None:
            write_layer(folder / layout.ENCODER, edition.layer)
        yield Building(folder, edition, embedded)
    finally:
        edition.close()


def _write_vectors(folder: Path, draft: Draft, known: Parent | None, encoder: Encoder, progress: Progress) -> int:
    """Take over the vectors that are known, embed and add only what is new; return how many of the guide's were."""
    if known and not known.forget:
        copy_folder(known.folder / layout.VECTORS, folder)
    folder.mkdir(exist_ok=True)
    index = ChromaVectors(folder)
    try:
        if known and known.forget:
            _add_from(known, index, draft)
        missing = []
        for name in COLLECTIONS:
            held = index.ids(name)
            index.delete(name, held - draft.texts[name].keys())
            missing += [(name, one, text) for one, text in draft.texts[name].items() if one not in held]
        vectors = embed([text for _, _, text in missing], encoder, progress)
        for name in COLLECTIONS:
            rows = [row for row, (collection, _, _) in enumerate(missing) if collection == name]
            index.add(name, [missing[row][1] for row in rows], vectors[rows])
    finally:
        index.close()
    wipe_unused(folder)
    return sum(collection != QUESTIONS for collection, _, _ in missing)


def _add_from(parent: Parent, index: ChromaVectors, draft: Draft) -> None:
    """Add the parent's vectors that are still wanted to an index of nothing: a copy would hold traces of the others."""
    before = ChromaVectors.read(parent.folder / layout.VECTORS)
    try:
        for name in COLLECTIONS:
            wanted = sorted(before.ids(name) & draft.texts[name].keys())
            index.add(name, wanted, before.vectors(name, wanted))
    finally:
        before.close()


def _write_texts(path: Path, draft: Draft) -> None:
    with closing(sqlite3.connect(path)) as texts, texts:
        texts.executescript(TABLES)
        texts.executemany(
            "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?)",
            ((n, s.slug, s.title, s.chapter, section_hash(s), section_record(s)) for n, s in enumerate(draft.sections)),
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
            ((p.slug, p.section, practice_record(p)) for p in draft.practices),
        )
        hashes = defaultdict(list)
        for section in draft.sections:
            hashes[section.document].append(section_hash(section))
        texts.executemany(
            "INSERT INTO documents VALUES (?, ?)",
            ((document, hashlib.sha256("".join(parts).encode()).hexdigest()) for document, parts in hashes.items()),
        )


def _manifest(edition_id: str, draft: Draft, encoder: Encoder, *, tuned: bool) -> Manifest:
    return Manifest(
        id=edition_id,
        schema=layout.SCHEMA_VERSION,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        parent="",
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
        checksums={},
        vectors_since=edition_id,
        tuned=tuned,
    )


def new_edition_id(draft: Draft, editions: Path) -> str:
    """Return the time and the content's hash; a second later where an edition of this second has that name."""
    moment = datetime.now(UTC)
    while (editions / (name := f"{moment:%Y%m%dT%H%M%SZ}-{draft.fingerprint[:8]}")).exists():
        moment += timedelta(seconds=1)
    return name


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
