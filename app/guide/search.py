"""The right section for a question: dense passages, dense asked-as lines and BM25, fused on a section level.

Fusion is a convex sum of signals that are scaled to 0..1 among the candidates (Bruch, Gai and Ingber 2023, ACM TOIS 42,
"An Analysis of Fusion Functions for Hybrid Retrieval"), which beats reciprocal rank fusion when the weights are tuned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.guide.coverage import Evidence
from app.guide.edition import Edition
from app.guide.encoder import Encoder, Vectors
from app.guide.layer import apply
from app.guide.lexical import WordIndex
from app.guide.nouns import Hit, Passage, Signals
from app.guide.reranker import Reranker
from app.guide.vectors import ASKED_AS, PASSAGES

NEAREST_PASSAGES = 60
NEAREST_ASKED = 1000
BEST_WORDS = 60
BEST_ASKED = 5
# Coverage looks at so many of the best sections.
SECTIONS_SEEN = 10
# A reranker orders so many of the best sections.
RERANKED = 10


def every_section(slug: str) -> bool:
    """Let every section through."""
    return True


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal counts, once scaled to 0..1 among the candidates.

    With `half_at`, cosines stay as they are, and words count half at that BM25 score and never more than whole.
    """

    passage: float
    asked: float
    words: float
    half_at: float = 0.0


# Found by `make tune`; docs/search.md has the curves.
WITH_ASKED_AS = Weights(passage=0.1, asked=0.7, words=0.3)
# Without them words tell less, and a scale that every question stretches anew would make too much of them.
WITHOUT_ASKED_AS = Weights(passage=1.0, asked=0.0, words=0.15, half_at=10.0)


@dataclass(frozen=True, slots=True)
class Found:
    """A section's slug with its fused score, its signals and its best passage."""

    slug: str
    score: float
    signals: Signals
    passage: Passage | None


def gather(
    passages: Iterable[tuple[Passage, float]],
    asked: Iterable[tuple[str, float]],
    words: Mapping[str, float],
    asked_counts: Mapping[str, int],
) -> dict[str, tuple[Signals, Passage | None]]:
    """Join the three lists on sections.

    A section's passage signal is its best cosine, its asked signal the mean of its best five, or of all where
    `asked_counts` says that it has fewer; for one that is not in the list the least cosine of the list stands in, since
    the true one cannot be higher. A section without asked-as lines is held to its passage there too, else it could not
    be found beside those that have them.
    """
    best: dict[str, tuple[float, Passage]] = {}
    for passage, cosine in passages:
        if passage.slug not in best or cosine > best[passage.slug][0]:
            best[passage.slug] = (cosine, passage)
    lines: dict[str, list[float]] = defaultdict(list)
    for slug, cosine in asked:
        lines[slug].append(cosine)
    least_passage = min((cosine for cosine, _ in best.values()), default=0.0)
    least_asked = min((c for cosines in lines.values() for c in cosines), default=0.0)
    joined = {}
    for slug in sorted({*best, *lines, *words}):
        cosine, passage_or_none = best.get(slug, (least_passage, None))
        counted = min(BEST_ASKED, asked_counts[slug])
        best_lines = (sorted(lines[slug], reverse=True) + [least_asked] * counted)[:counted] or [cosine]
        signals = Signals(cosine, sum(best_lines) / len(best_lines), words.get(slug, 0.0), best_lines[0])
        joined[slug] = (signals, passage_or_none)
    return joined


def fuse(joined: Mapping[str, tuple[Signals, Passage | None]], weights: Weights) -> list[Found]:
    """Order sections by the weighted sum of their scaled signals, best first, ties by slug."""
    if not joined:
        return []
    raw = np.array([(s.passage, s.asked, s.words) for s, _ in joined.values()])
    shares = np.array([weights.passage, weights.asked, weights.words])
    scores = _scaled(raw, weights.half_at) @ (shares / shares.sum())
    found = [Found(slug, float(score), *joined[slug]) for slug, score in zip(joined, scores, strict=True)]
    return sorted(found, key=lambda one: (-round(one.score, 6), one.slug))


def _scaled(raw: NDArray[np.float64], half_at: float) -> NDArray[np.float64]:
    if half_at:
        return np.column_stack([raw[:, :2], raw[:, 2] / (raw[:, 2] + half_at)])
    spread = raw.max(axis=0) - raw.min(axis=0)
    return np.asarray((raw - raw.min(axis=0)) / np.where(spread > 0, spread, 1.0))


@dataclass(frozen=True, slots=True)
class Result:
    """The sections found for a question, best first, and what tells whether they answer it."""

    hits: list[Hit]
    evidence: Evidence


class Search:
    """Search over one edition's indexes."""

    def __init__(self, edition: Edition, encoder: Encoder, reranker: Reranker | None = None) -> None:
        """Search with an encoder; a reranker, where there is one, puts the best sections into its own order."""
        self._edition = edition
        self._encoder = encoder
        self._reranker = reranker
        self._slugs = [heading.slug for heading in edition.headings]
        self._weights = weights_for(edition.manifest.counts.get("asked_as", 0))

    def __call__(self, question: str, top: int = 10, allowed: Callable[[str], bool] = every_section) -> list[Hit]:
        """Return the best sections that `allowed` lets through, best first, at most `top`."""
        return self.look(question, top, allowed).hits

    def look(self, question: str, top: int = 10, allowed: Callable[[str], bool] = every_section) -> Result:
        """Return the best sections like a call, with the evidence for whether they answer the question."""
        vector = self._encoder.encode([question])
        turned = vector if self._edition.layer is None else apply(self._edition.layer, vector)
        found = [one for one in self._find(question, turned[0]) if allowed(one.slug)]
        # Whoever types a title or an asked-as line wants that section, whatever else is near.
        named = self._edition.named(question)
        found.sort(key=lambda one: one.slug not in named)
        # Coverage is judged by what it was fitted on, which no reranker has seen.
        evidence = evidence_of(question, vector[0], found, self._edition.words, self._slugs)
        evidence = replace(evidence, named=bool(found) and found[0].slug in named)
        hits = [self._hit(one) for one in found[: max(top, RERANKED)]]
        return Result((hits if evidence.named else self._reranked(question, hits))[:top], evidence)

    def _reranked(self, question: str, hits: list[Hit]) -> list[Hit]:
        """Put the best hits into the reranker's order; each keeps the score that the search gave it."""
        if self._reranker is None or len(hits) < 2:
            return hits
        best, rest = hits[:RERANKED], hits[RERANKED:]
        scores = self._reranker.scores(question, [f"{hit.section.title}\n{hit.quote}" for hit in best])
        order = sorted(range(len(best)), key=lambda place: -scores[place])
        return [best[place] for place in order] + rest

    def _find(self, question: str, vector: Vectors) -> list[Found]:
        return fuse(
            gather(
                nearest_passages(self._edition, vector),
                nearest_asked(self._edition, vector),
                word_scores(self._edition.words, question, self._slugs),
                self._edition.asked_counts,
            ),
            self._weights,
        )

    def _hit(self, found: Found) -> Hit:
        section = self._edition.section(found.slug)
        passage = found.passage or self._edition.passages_of(found.slug)[0]
        return Hit(section, found.score, passage.start, passage.end, found.signals)


def evidence_of(
    question: str, vector: Vectors, found: Sequence[Found], words: WordIndex, slugs: Sequence[str]
) -> Evidence:
    """Return what a search saw of a question, for the judgement of coverage."""
    signals = tuple(one.signals for one in found[:SECTIONS_SEEN])
    here, anywhere = words.shares(question, slugs.index(found[0].slug)) if found else (0.0, 0.0)
    return Evidence(signals, here, anywhere, len(question.split()), vector)


def weights_for(asked_as: int) -> Weights:
    """Return the weights for an edition with so many asked-as lines."""
    return WITH_ASKED_AS if asked_as else WITHOUT_ASKED_AS


def nearest_passages(edition: Edition, vector: Vectors) -> list[tuple[Passage, float]]:
    """Return the nearest passages with their cosines."""
    cosines = dict(edition.vectors.nearest(PASSAGES, vector, NEAREST_PASSAGES))
    return [(p, cosines[p.vector]) for p in edition.passages(cosines)]


def nearest_asked(edition: Edition, vector: Vectors) -> list[tuple[str, float]]:
    """Return the sections of the nearest asked-as lines with their cosines."""
    cosines = dict(edition.vectors.nearest(ASKED_AS, vector, NEAREST_ASKED))
    return [(slug, cosines[line]) for line, slug in edition.asked_as(cosines)]


def word_scores(index: WordIndex, question: str, slugs: Sequence[str]) -> dict[str, float]:
    """Return the BM25 scores of the best sections in which a word of the question stands."""
    scores = index.scores(question)
    best = np.argsort(-scores, kind="stable")[:BEST_WORDS]
    return {slugs[i]: float(scores[i]) for i in best if scores[i] > 0}
