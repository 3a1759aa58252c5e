"""Lint for an editor: what a reader or the search would stumble over, as `file:line: what, why, how to mend`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from app.guide.encoder import Encoder
from app.guide.errors import CorpusError
from app.guide.library import Library
from app.guide.manifest import VECTORS
from app.guide.nouns import Role, Section
from app.guide.vectors import ASKED_AS, ChromaVectors
from ingest.changes import sections_of
from ingest.decode import decode
from ingest.embed import embed
from ingest.folder import text_folder
from ingest.gate import Remembering
from ingest.passages import cut_passages, vector_id
from ingest.progress import Progress
from ingest.publish import live_manifest
from ingest.reader import read_corpus
from ingest.sections import HEADINGS, cut_section

FEWEST_WORDS, MOST_WORDS = 150, 350
MOST_BORROWED = 6
LONGEST_SENTENCE = 35
FEWEST_ASKED_AS = 16
# Above this cosine an asked-as line that is nearer to another section's than to its own asks for the other section.
ASKED_TOO_NEAR = 0.8
# Above this cosine two passages of different sections say the same thing.
PASSAGES_TOO_NEAR = 0.9


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend, and where."""

    file: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


@dataclass(frozen=True, slots=True)
class Page:
    """A section with the lines of the file that it was read from."""

    section: Section
    path: Path
    lines: tuple[str, ...]

    def line_of(self, text: str) -> int:
        """Return the number of the line in which a text begins, or 1."""
        wanted = _bare(text)[:40]
        return next((n for n, line in enumerate(self.lines, 1) if wanted and wanted in _bare(line)), 1)

    def finding(self, text: str, what: str) -> Finding:
        """Return a finding at the line in which a text begins."""
        return Finding(self.path, self.line_of(text), what)


def check(folder: Path, encoder: Encoder, progress: Progress) -> list[Finding]:
    """Return everything worth mending in a corpus, in the guide's order; none for a clean one.

    Raises `CorpusError` where the corpus cannot be read at all.
    """
    pages = _pages(folder)
    known = {page.section.slug for page in pages}
    references = _known_references(folder)
    rules: Sequence[Callable[[Page], Iterator[Finding]]] = (
        _headings,
        _length,
        _long_sentences,
        lambda page: _links(page, known),
        _few_asked_as,
        lambda page: _references(page, references),
    )
    found = [finding for page in pages for rule in rules for finding in rule(page)]
    return [*found, *_asked_elsewhere(pages, encoder, progress), *_said_twice(pages, encoder, progress)]


def knowing_live_lines(encoder: Encoder, library: Library) -> Encoder:
    """Return an encoder that has the vectors of asked-as lines from the live edition, so that it embeds only others."""
    live = live_manifest(library)
    if live is None or live.encoder_fingerprint != encoder.fingerprint:
        return encoder
    folder = library.folder(live.id)
    lines = [line for section in sections_of(folder).values() for line in section.asked_as]
    vectors = ChromaVectors.read(folder / VECTORS)
    try:
        found = vectors.vectors(ASKED_AS, [vector_id(line) for line in lines])
    finally:
        vectors.close()
    return Remembering(encoder, known=dict(zip(lines, found, strict=True)))


def _pages(folder: Path) -> list[Page]:
    """Return the sections that were written for this guide; other documents have no form to keep to."""
    root = text_folder(folder)
    pages = []
    for source in read_corpus(folder).sources:
        if source.is_markdown:
            path = root / source.document
            pages.append(Page(cut_section(source), path, tuple(decode(path.read_bytes()).splitlines())))
    return pages


def _headings(page: Page) -> Iterator[Finding]:
    present = {block.role for block in page.section.blocks}
    for words, role in HEADINGS.items():
        if role not in present:
            yield page.finding(
                "", f"the heading `## {words.capitalize()}` is missing, so nothing is quoted there; add it."
            )


def _length(page: Page) -> Iterator[Finding]:
    """Count sentences, not headings; of a long list of words to borrow, only the first ones count."""
    borrowed = [s for s in page.section.sentences if s.role is Role.WORDS]
    counted = [s for s in page.section.sentences if s.role is not Role.WORDS] + borrowed[:MOST_BORROWED]
    words = sum(len(page.section.text[s.start : s.end].split()) for s in counted)
    if words < FEWEST_WORDS:
        yield page.finding("", f"the section has {words} words, too few to help; write at least {FEWEST_WORDS}.")
    if words > MOST_WORDS:
        yield page.finding("", f"the section has {words} words, too many for a tired reader; cut to {MOST_WORDS}.")


def _long_sentences(page: Page) -> Iterator[Finding]:
    for sentence in page.section.sentences:
        text = page.section.text[sentence.start : sentence.end]
        words = len(text.split())
        if words > LONGEST_SENTENCE and sentence.role is not Role.WORDS:
            yield page.finding(text, f"a sentence of {words} words is hard to follow when quoted alone; split it.")


def _links(page: Page, known: set[str]) -> Iterator[Finding]:
    linked = [(slug, slug) for slug in page.section.related]
    linked += [(mark.target, page.section.text[mark.start : mark.end]) for mark in page.section.marks if mark.target]
    for slug, text in linked:
        if slug not in known:
            yield page.finding(text, f"there is no section {slug}, so the link leads nowhere; correct or remove it.")


def _few_asked_as(page: Page) -> Iterator[Finding]:
    count = len(page.section.asked_as)
    if count < FEWEST_ASKED_AS:
        yield page.finding(
            "asked_as:", f"{count} asked-as lines are too few to be found by; write at least {FEWEST_ASKED_AS}."
        )


def _references(page: Page, known: frozenset[str] | None) -> Iterator[Finding]:
    for reference in page.section.references:
        if known is not None and reference not in known:
            yield page.finding(
                reference, f"the reference {reference[:50]!r} is not in references.yaml; add it there or correct it."
            )


def _known_references(folder: Path) -> frozenset[str] | None:
    """Return the corpus's list of references, or None where it keeps none."""
    path = folder / "references.yaml"
    if not path.is_file():
        return None
    try:
        return frozenset(str(line) for line in yaml.safe_load(path.read_text(encoding="utf-8")) or ())
    except (yaml.YAMLError, UnicodeDecodeError, TypeError) as error:
        raise CorpusError(f"{path} cannot be read. Write a plain list, one reference a line.") from error


def _asked_elsewhere(pages: Sequence[Page], encoder: Encoder, progress: Progress) -> Iterator[Finding]:
    lines = [(page, line) for page in pages for line in page.section.asked_as]
    if not lines:
        return
    vectors = embed([line for _, line in lines], encoder, progress, "comparing asked-as lines")
    slugs = np.array([page.section.slug for page, _ in lines])
    for row, (page, line) in enumerate(lines):
        cosines = vectors @ vectors[row]
        cosines[row] = -1.0
        own = slugs == page.section.slug
        nearest = int(np.argmax(np.where(own, -1.0, cosines)))
        if cosines[nearest] > max(ASKED_TOO_NEAR, float(np.max(np.where(own, cosines, -1.0)))):
            yield page.finding(
                line,
                f"the asked-as line {line[:50]!r} is nearer to {slugs[nearest]} ({lines[nearest][1][:50]!r}) than to "
                "any line of its own section; reword it or move it.",
            )


def _said_twice(pages: Sequence[Page], encoder: Encoder, progress: Progress) -> Iterator[Finding]:
    passages = [(page, page.section.text[p.start : p.end]) for page in pages for p in cut_passages(page.section)]
    vectors = embed([text for _, text in passages], encoder, progress, "comparing passages")
    slugs = np.array([page.section.slug for page, _ in passages])
    for row, (page, text) in enumerate(passages):
        cosines = vectors[:row] @ vectors[row]
        cosines[slugs[:row] == page.section.slug] = -1.0
        if row and cosines.max() > PASSAGES_TOO_NEAR:
            other = passages[int(np.argmax(cosines))][0].section.slug
            yield page.finding(text, f"this passage says nearly what one in {other} says; keep it in one place.")


def _bare(text: str) -> str:
    """Return text without what Markdown and YAML put between its words."""
    return re.sub(r"[^\w]+", "", re.sub(r"\]\([^)]*\)", "", text.split("\n")[0]).lower())
