"""Does the guide cover a question? A small calibrated model over the search's own signals.

Logistic regression on a few numbers, fitted when an edition is built; the edition carries it, so that what it says
belongs to its own text. Two thresholds on the probability make three verdicts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.guide.errors import LibraryError
from app.guide.nouns import Hit, Kind, Signals

# What the model looks at, in this order: the best section's best cosines, and how much of the wording it shares.
FEATURES = ("passage", "asked", "words", "best_passage", "best_asked")


def features(signals: Sequence[Signals]) -> list[float]:
    """Return the model's features for the signals of the sections found, best section first."""
    if not signals:
        return [0.0] * len(FEATURES)
    first = signals[0]
    return [
        first.passage,
        first.asked,
        math.log1p(max(0.0, first.words)),
        max(s.passage for s in signals),
        max(s.asked for s in signals),
    ]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The fitted model: a probability that the guide covers a question, and two thresholds on it."""

    intercept: float
    weights: tuple[float, ...]
    partial_from: float
    answer_from: float

    def probability(self, hits: Sequence[Hit]) -> float:
        """Return the probability, 0 to 1, that the sections found answer the question."""
        values = features([hit.signals for hit in hits])
        total = self.intercept + sum(w * x for w, x in zip(self.weights, values, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def verdict(self, hits: Sequence[Hit]) -> Kind:
        """Return `answer`, `partial` or `not_covered`."""
        if not hits:
            return Kind.NOT_COVERED
        probability = self.probability(hits)
        if probability >= self.answer_from:
            return Kind.ANSWER
        return Kind.PARTIAL if probability >= self.partial_from else Kind.NOT_COVERED


def coverage_of(stored: Mapping[str, Any]) -> Coverage:
    """Read the model that an edition stores; raises `LibraryError` where it is not one of this program."""
    try:
        if tuple(stored["features"]) != FEATURES:
            raise LibraryError("The edition's coverage model looks at other signals. Run `python -m ingest build`.")
        return Coverage(
            intercept=float(stored["intercept"]),
            weights=tuple(float(w) for w in stored["weights"]),
            partial_from=float(stored["partial_from"]),
            answer_from=float(stored["answer_from"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LibraryError("The edition's coverage.json cannot be used. Run `python -m ingest build`.") from error
