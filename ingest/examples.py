"""The questions that an edition is fitted on, and what its search sees of each.

Questions that the guide covers are its own asked-as lines, each searched as if it stood in no index, and the golden
questions for tuning; a section without asked-as lines is asked for by its title and its first sentence instead.
Questions that it does not cover are a shipped list about other things, and the golden ones that nothing answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.guide.coverage import Evidence
from app.guide.edition import Edition
from app.guide.encoder import Vectors
from app.guide.lexical import WordIndex
from app.guide.nouns import Passage, Section, Signals
from app.guide.search import (
    BEST_ASKED,
    NEAREST_ASKED,
    NEAREST_PASSAGES,
    evidence_of,
    fuse,
    gather,
    weights_for,
    word_scores,
)
from app.guide.vectors import ASKED_AS, PASSAGES, QUESTIONS
from ingest.golden import Golden
from ingest.passages import vector_id
from ingest.words import searchable_words

FOLDS = 5
# So many asked-as lines, or sections without any, tell enough.
MOST = 1000
T = TypeVar("T")

Joined = Mapping[str, tuple[Signals, Passage | None]]


class Source(StrEnum):
    """Where an example comes from."""

    ASKED_AS = "asked_as"
    SECTION = "section"
    GOLDEN = "golden"
    OFF_TOPIC = "off_topic"


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the sections that answer it, none where the guide does not cover it.

    `without` are ids of vectors that must not answer it. What is fitted without the examples of a `fold` is judged on
    them; the asked-as lines of a fold are left out of the words that answer each other.
    """

    text: str
    source: Source
    accepted: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    fold: int = 0

    @property
    def covered(self) -> bool:
        """Whether the guide answers it."""
        return bool(self.accepted)


def examples(edition: Edition, sections: Sequence[Section], golden: Sequence[Golden]) -> list[Example]:
    """Return every example: of the sections, of the golden questions for tuning, and off-topic ones."""
    lines = _sample([one for section in sections for one in _of_lines(section)])
    others = [Example(line, Source.OFF_TOPIC, fold=n % FOLDS) for n, line in enumerate(off_topic_lines())]
    return [*lines, *_of_bare_sections(edition, sections), *_of_golden(sections, golden), *others]


def _of_lines(section: Section) -> Iterator[Example]:
    for number, line in enumerate(section.asked_as):
        yield Example(line, Source.ASKED_AS, (section.slug,), frozenset({vector_id(line)}), number % FOLDS)


def _of_bare_sections(edition: Edition, sections: Sequence[Section]) -> Iterator[Example]:
    """Ask for sections without asked-as lines by title and first sentence, neither of which may answer itself."""
    for number, section in enumerate(_bare(sections)):
        first, *rest = edition.passages_of(section.slug)
        without = frozenset({first.vector}) if rest else frozenset()
        yield Example(section.title, Source.SECTION, (section.slug,), without, number % FOLDS)
        if rest:
            yield Example(section.first_sentence, Source.SECTION, (section.slug,), without, number % FOLDS)


def question_texts(sections: Sequence[Section], golden: Sequence[Golden]) -> Iterator[str]:
    """Yield what an edition is fitted on and judged by, and what stands in no other collection of its vectors."""
    for section in _bare(sections):
        yield from (section.title, section.first_sentence)
    yield from (one.ask for one in single(sections, golden))
    yield from off_topic_lines()


def _bare(sections: Sequence[Section]) -> Sequence[Section]:
    return _sample([one for one in sections if not one.asked_as and one.sentences])


def _sample(found: Sequence[T]) -> Sequence[T]:
    """Return an even sample of what may be very much."""
    return found[:: max(1, -(-len(found) // MOST))]


def _of_golden(sections: Sequence[Section], golden: Sequence[Golden]) -> Iterator[Example]:
    for number, one in enumerate(one for one in single(sections, golden) if one.split == "tune"):
        yield Example(one.ask, Source.GOLDEN, one.sections, fold=number % FOLDS)


def single(sections: Sequence[Section], golden: Sequence[Golden]) -> Iterator[Golden]:
    """Yield single questions that something here answers, or that nothing should.

    What is said in the middle of a talk, or in danger, is no example of what is covered.
    """
    here = {section.slug for section in sections}
    for one in golden:
        if one.ask and one.expect != "care" and (not one.sections or here.intersection(one.sections)):
            yield one


def off_topic_lines() -> list[str]:
    """Return the shipped questions about other things."""
    text = (files("ingest") / "off_topic.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip()]


@dataclass(frozen=True, slots=True)
class Material:
    """Examples with their vectors, one row each, and what the edition's search sees of them.

    `turned` are the vectors that are searched with, by a layer for questions or as they are.
    """

    examples: Sequence[Example]
    vectors: Vectors
    turned: Vectors
    seen: Seen

    def looks(self) -> Iterator[tuple[list[str], Evidence]]:
        """Yield for each example the sections found, best first, and what the judgement of coverage looks at."""
        for example, vector, turned in zip(self.examples, self.vectors, self.turned, strict=True):
            yield self.seen.look(example, vector, turned)

    @property
    def folds(self) -> NDArray[np.int_]:
        """The fold of each example."""
        return np.array([one.fold for one in self.examples])


def material(edition: Edition, sections: Sequence[Section], golden: Sequence[Golden]) -> Material:
    """Gather what an edition is fitted on, with the vectors that it holds of it."""
    found = examples(edition, sections, golden)
    held: dict[str, Vectors] = {}
    for collection, is_line in ((ASKED_AS, True), (QUESTIONS, False)):
        names = {vector_id(one.text) for one in found if (one.source is Source.ASKED_AS) is is_line}
        held |= zip(names, edition.vectors.vectors(collection, list(names)), strict=True)
    vectors = np.array([held[vector_id(one.text)] for one in found], dtype=np.float32)
    return Material(found, vectors, vectors, Seen(edition, sections))


class Seen:
    """What an edition's search sees of examples: every vector is looked at, which for so many questions is quicker."""

    def __init__(self, edition: Edition, sections: Sequence[Section]) -> None:
        self._words_of_all = edition.words
        self._sections = sections
        self._slugs = [section.slug for section in sections]
        self._weights = weights_for(edition.manifest.counts["asked_as"])
        self._asked_counts = edition.asked_counts
        self._passages = [passage for slug in self._slugs for passage in edition.passages_of(slug)]
        lines = [(number, vector_id(line)) for number, section in enumerate(sections) for line in section.asked_as]
        self._line_sections = np.array([number for number, _ in lines], dtype=np.intp)
        self._rows_of_line: dict[str, list[int]] = defaultdict(list)
        for row, (_, name) in enumerate(lines):
            self._rows_of_line[name].append(row)
        self._passage_vectors = edition.vectors.vectors(PASSAGES, [passage.vector for passage in self._passages])
        # Where there is no line, nothing says how wide its row would be.
        found = edition.vectors.vectors(ASKED_AS, [name for _, name in lines])
        self._line_vectors = found.reshape(-1, self._passage_vectors.shape[1])

    def joined(self, example: Example, vector: Vectors) -> Joined:
        """Return the signals of every section that was found."""
        cosines = self._passage_vectors @ vector
        passages = [
            (self._passages[row], float(cosines[row]))
            for row in np.sort(_nearest(cosines, NEAREST_PASSAGES))
            if self._passages[row].vector not in example.without
        ]
        likeness = self._line_vectors @ vector
        likeness[[row for name in example.without for row in self._rows_of_line.get(name, ())]] = -np.inf
        lines = [(self._slugs[self._line_sections[row]], float(likeness[row])) for row in self._best_lines(likeness)]
        return gather(passages, lines, word_scores(self._words(example), example.text, self._slugs), self._asked_counts)

    def look(self, example: Example, vector: Vectors, turned: Vectors) -> tuple[list[str], Evidence]:
        """Return the sections found, best first, and what the judgement of coverage looks at."""
        found = fuse(self.joined(example, turned), self._weights)
        slugs = [one.slug for one in found]
        return slugs, evidence_of(example.text, vector, found, self._words(example), self._slugs)

    def _best_lines(self, cosines: Vectors) -> NDArray[np.intp]:
        """Return of the nearest lines the best of each section, and the last, which says where the list ends."""
        nearest = _nearest(cosines, NEAREST_ASKED)
        by_section = nearest[np.argsort(self._line_sections[nearest], kind="stable")]
        own = self._line_sections[by_section]
        place = np.arange(len(own)) - np.searchsorted(own, own)
        return np.union1d(by_section[place < BEST_ASKED], nearest[-1:])

    def _words(self, example: Example) -> WordIndex:
        return self._words_without[example.fold] if example.source is Source.ASKED_AS else self._words_of_all

    @cached_property
    def _words_without(self) -> list[WordIndex]:
        return [WordIndex.of([_without(section, fold) for section in self._sections]) for fold in range(FOLDS)]


def _without(section: Section, fold: int) -> str:
    return searchable_words(section, [line for n, line in enumerate(section.asked_as) if n % FOLDS != fold])


def _nearest(cosines: Vectors, count: int) -> NDArray[np.intp]:
    """Return the numbers of the nearest rows, nearest first; what was put at minus infinity is none of them."""
    best = np.argsort(-cosines, kind="stable")[:count]
    return best[np.isfinite(cosines[best])]
