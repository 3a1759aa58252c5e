"""Sections to passages: runs of whole sentences that are embedded together."""

from __future__ import annotations

import hashlib
from bisect import bisect
from collections.abc import Iterator, Sequence

from app.guide.nouns import BlockKind, Passage, Role, Section, Sentence

MOST_WORDS = 60
# A paragraph of a text without roles begins a new passage where the one before has so many words already.
ENOUGH_WORDS = 30


def cut_passages(section: Section) -> Iterator[Passage]:
    """Yield runs of whole sentences under one heading, of at most `MOST_WORDS` words unless one sentence is longer."""
    headings = [block.start for block in section.blocks if block.kind is BlockKind.HEADING]
    run: list[Sentence] = []
    for sentence in section.sentences:
        if run and (
            bisect(headings, run[0].start) != bisect(headings, sentence.start)
            or _words(section, run[0].start, sentence.end) > MOST_WORDS
            or _begins_anew(section, run, sentence)
        ):
            yield _passage(section, run)
            run = []
        run.append(sentence)
    if run:
        yield _passage(section, run)


def _begins_anew(section: Section, run: Sequence[Sentence], sentence: Sentence) -> bool:
    """Return whether a paragraph opens a thought of its own; the parts of a guide's section are kept together."""
    between = section.text[run[-1].end : sentence.start]
    is_text = sentence.role is Role.TEXT and sentence.kind is BlockKind.PARAGRAPH
    return is_text and "\n" in between and _words(section, run[0].start, run[-1].end) >= ENOUGH_WORDS


def passage_text(section: Section, start: int, end: int) -> str:
    """Return what is embedded for a passage: its words under the section's title, which names their subject."""
    return f"{section.title}\n{section.text[start:end]}"


def vector_id(text: str) -> str:
    """Name the vector of a text by the text itself, so that equal texts share one and moved ones keep theirs."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _passage(section: Section, run: list[Sentence]) -> Passage:
    start, end = run[0].start, run[-1].end
    return Passage(section.slug, start, end, vector_id(passage_text(section, start, end)))


def _words(section: Section, start: int, end: int) -> int:
    return len(section.text[start:end].split())
