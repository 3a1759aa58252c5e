"""Does the guide cover a question? A small calibrated model over the search's own signals.

Logistic regression on a few numbers, fitted when an edition is built; the edition carries it, so that what it says
belongs to its own text. Two thresholds on the probability make three verdicts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.guide.encoder import Vectors
from app.guide.errors import LibraryError
from app.guide.nouns import Kind, Signals

# What the model looks at, in this order: the best section's signals, the best that any section has of each, how far the
# asked-as lines prefer one section, the shares of the wording that the best section and the guide hold, how many lists
# agree on the best section, how long the question is, and what its vector alone says.
FEATURES = (
    *("passage", "asked", "words", "best_passage", "best_asked", "best_line", "margin"),
    *("held_here", "held_anywhere", "agreement", "length", "topic"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What a search saw of a question.

    `signals` are those of the best sections, best first; `held_here` and `held_anywhere` the shares, 0 to 1, of its
    words that the best section and any section hold; `length` is in words; `vector` has unit length. `named` says that
    the question is the best section's own title or asked-as line.
    """

    signals: Sequence[Signals]
    held_here: float
    held_anywhere: float
    length: int
    vector: Vectors
    named: bool = False


def features(evidence: Evidence, topic: float) -> list[float]:
    """Return the model's features; `topic` is what the question's vector alone says, as a logit."""
    if not evidence.signals:
        return [0.0] * len(FEATURES)
    signals = evidence.signals
    first = signals[0]
    asked = [s.asked for s in signals]
    return [
        first.passage,
        first.asked,
        math.log1p(max(0.0, first.words)),
        max(s.passage for s in signals),
        max(asked),
        max(s.line for s in signals),
        max(asked) - sum(asked) / len(asked),
        evidence.held_here,
        evidence.held_anywhere,
        float(sum(_is_best(first, signals, name) for name in ("passage", "asked", "words"))),
        math.log1p(evidence.length),
        topic,
    ]


def _is_best(first: Signals, signals: Sequence[Signals], name: str) -> bool:
    return all(getattr(first, name) >= getattr(other, name) for other in signals)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted logistic regression."""

    intercept: float
    weights: tuple[float, ...]

    def logit(self, values: Sequence[float] | Vectors) -> float:
        """Return the logarithm of the odds for these values; raises `ValueError` where their number is another."""
        if len(values) != len(self.weights):
            raise ValueError(f"{len(values)} values for {len(self.weights)} weights")
        return self.intercept + float(np.dot(self.weights, values))


@dataclass(frozen=True, slots=True)
class Coverage:
    """The fitted models: what a question's vector says, a probability from all features, and two thresholds on it."""

    topic: Logistic
    model: Logistic
    partial_from: float
    answer_from: float

    def probability(self, evidence: Evidence) -> float:
        """Return the probability, 0 to 1, that the sections found answer the question."""
        if evidence.named:
            return 1.0
        total = self.model.logit(features(evidence, self.topic.logit(evidence.vector)))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def verdict(self, evidence: Evidence) -> Kind:
        """Return `answer`, `partial` or `not_covered`."""
        if not evidence.signals:
            return Kind.NOT_COVERED
        probability = self.probability(evidence)
        if probability >= self.answer_from:
            return Kind.ANSWER
        return Kind.PARTIAL if probability >= self.partial_from else Kind.NOT_COVERED


def coverage_of(stored: Mapping[str, Any]) -> Coverage:
    """Read the model that an edition stores; raises `LibraryError` where it is not one of this program."""
    try:
        if tuple(stored["features"]) != FEATURES:
            raise LibraryError("The edition's coverage model looks at other signals. Run `python -m ingest build`.")
        return Coverage(
            topic=_logistic(stored["topic"]),
            model=_logistic(stored),
            partial_from=float(stored["partial_from"]),
            answer_from=float(stored["answer_from"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LibraryError("The edition's coverage.json cannot be used. Run `python -m ingest build`.") from error


def _logistic(stored: Mapping[str, Any]) -> Logistic:
    return Logistic(float(stored["intercept"]), tuple(float(w) for w in stored["weights"]))
