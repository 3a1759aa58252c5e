"""What `make eval` shows, as numbers: each single judging question with what search and coverage made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.guide.coverage import coverage_of
from app.guide.edition import Edition
from app.guide.encoder import Encoder
from app.guide.search import Search
from app.guide.vectors import ASKED_AS
from ingest.golden import Golden

DEPTH = 10
BINS = 10


@dataclass(frozen=True, slots=True)
class Measured:
    """One question: the sections wanted (none where the guide covers it not) and found, best first.

    `probability` is that of being covered, `likeness` the cosine with the nearest asked-as line.
    """

    id: str
    text: str
    wanted: tuple[str, ...]
    found: tuple[str, ...]
    probability: float
    likeness: float

    @property
    def rank(self) -> int:
        """The place of the first accepted section, from 1; one more than was looked at where none is there."""
        return next((n for n, slug in enumerate(self.found, 1) if slug in self.wanted), DEPTH + 1)


def measure(edition: Edition, encoder: Encoder, golden: Sequence[Golden]) -> list[Measured]:
    """Search for every single question that is no danger, and judge whether it is covered."""
    search, coverage = Search(edition, encoder), coverage_of(edition.coverage)
    measured = []
    for one in golden:
        if one.turns or one.expect == "care":
            continue
        result = search.look(one.ask, DEPTH)
        nearest = edition.vectors.nearest(ASKED_AS, result.evidence.vector, 1)
        slugs = tuple(hit.section.slug for hit in result.hits)
        likeness = nearest[0][1] if nearest else 0.0
        probability = coverage.probability(result.evidence)
        measured.append(Measured(one.id, one.ask, one.sections, slugs, probability, likeness))
    return measured


def recall_by_rank(measured: Sequence[Measured]) -> list[float]:
    """Return for each rank from 1 the share of covered questions with an accepted section at it or before."""
    covered = [one for one in measured if one.wanted]
    return [sum(one.rank <= rank for one in covered) / max(1, len(covered)) for rank in range(1, DEPTH + 1)]


def coverage_and_risk(measured: Sequence[Measured]) -> list[tuple[float, float]]:
    """Return for each threshold the share of all questions answered, and the share of these that are answered wrongly.

    Wrong is what the guide does not cover, and what is not found first (El-Yaniv and Wiener 2010, JMLR 11).
    """
    surest = sorted(measured, key=lambda one: (-one.probability, one.id))
    wrong = 0
    points = []
    for answered, one in enumerate(surest, 1):
        wrong += one.rank != 1
        points.append((answered / len(surest), wrong / answered))
    return points


def reliability(measured: Sequence[Measured]) -> list[tuple[float, float, int]]:
    """Return for each tenth of the probability its mean, the share that was covered, and the number of questions."""
    bins: dict[int, list[Measured]] = {}
    for one in measured:
        bins.setdefault(min(BINS - 1, int(one.probability * BINS)), []).append(one)
    return [
        (sum(one.probability for one in own) / len(own), sum(bool(one.wanted) for one in own) / len(own), len(own))
        for _, own in sorted(bins.items())
    ]


def confusion(measured: Sequence[Measured]) -> Counter[tuple[str, str]]:
    """Count pairs of chapters: of the section wanted most, and of the one found first; any accepted one is right."""
    pairs: Counter[tuple[str, str]] = Counter()
    for one in measured:
        if one.wanted and one.found:
            found = one.wanted[0] if one.rank == 1 else one.found[0]
            pairs[_chapter(one.wanted[0]), _chapter(found)] += 1
    return pairs


def worst(measured: Sequence[Measured]) -> list[Measured]:
    """Return the covered questions whose section was not first, the furthest off first."""
    return sorted((one for one in measured if one.wanted and one.rank > 1), key=lambda one: (-one.rank, one.id))


def wrongly_sure(measured: Sequence[Measured], answer_from: float) -> list[Measured]:
    """Return the questions that the guide does not cover and would answer, the surest first."""
    sure = (one for one in measured if not one.wanted and one.probability >= answer_from)
    return sorted(sure, key=lambda one: (-one.probability, one.id))


def _chapter(slug: str) -> str:
    return slug.partition("/")[0]
