"""Fit the coverage model of an edition: when does the guide answer a question?

Questions that it covers are its own asked-as lines, each searched as if it stood in no index; a section without such
lines is asked for by its title and its first sentence instead. Questions that it does not cover are a shipped list of
everyday questions about other things.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from app.guide.coverage import FEATURES, features
from app.guide.edition import Edition
from app.guide.encoder import Encoder, Vectors
from app.guide.lexical import WordIndex
from app.guide.nouns import Section, Signals
from app.guide.search import fuse, gather, nearest_asked, nearest_passages, weights_for, word_scores
from ingest.passages import vector_id
from ingest.words import searchable_words

FOLDS = 5
MOST_QUESTIONS = 600
SECTIONS_LOOKED_AT = 10
# Of the covered questions, this share may fall below the threshold for a whole answer; of the others, this share may
# stand above the one for a partial answer.
COVERED_LOST = 0.03
OTHERS_KEPT = 0.03


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the vector ids that must not answer it, and the fold whose asked-as lines are left out."""

    text: str
    without: frozenset[str]
    fold: int


def calibrate(edition: Edition, sections: Sequence[Section], encoder: Encoder) -> dict[str, Any]:
    """Return what coverage.json holds: the fitted model, its thresholds, and how it was found."""
    covered = _thinned(list(covered_questions(edition, sections)))
    others = [Question(line, frozenset(), FOLDS) for line in off_topic_lines()]
    questions = [*covered, *others]
    vectors = encoder.encode([question.text for question in questions])
    signals = _Signals(edition, sections)
    rows = np.array([signals.features(*pair) for pair in zip(questions, vectors, strict=True)])
    labels = np.array([1] * len(covered) + [0] * len(others))
    intercept, weights, probabilities = _fit(rows, labels)
    answer_from, partial_from = _thresholds(probabilities, labels)
    return {
        "features": list(FEATURES),
        "intercept": intercept,
        "weights": weights,
        "answer_from": answer_from,
        "partial_from": partial_from,
        "fitted_on": {"covered": len(covered), "others": len(others), "golden": 0},
        "curve": _curve(probabilities, labels),
    }


def covered_questions(edition: Edition, sections: Sequence[Section]) -> Iterator[Question]:
    """Yield questions that the guide answers, each with what has to be left out for it."""
    for section in sections:
        for number, line in enumerate(section.asked_as):
            yield Question(line, frozenset({vector_id(line)}), number % FOLDS)
        if section.asked_as or not section.sentences:
            continue
        first, *rest = edition.passages_of(section.slug)
        yield Question(section.title, frozenset({first.vector}) if rest else frozenset(), FOLDS)
        sentence = section.sentences[0]
        if rest:
            yield Question(section.text[sentence.start : sentence.end], frozenset({first.vector}), FOLDS)


def off_topic_lines() -> list[str]:
    """Return the shipped questions about other things."""
    text = (files("ingest") / "off_topic.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip()]


class _Signals:
    """The search's signals for a question, with some of the asked-as lines left out of every index."""

    def __init__(self, edition: Edition, sections: Sequence[Section]) -> None:
        self._edition = edition
        self._slugs = [section.slug for section in sections]
        self._weights = weights_for(edition.manifest.counts["asked_as"])
        self._words = [_words_without(sections, fold) for fold in range(FOLDS)] + [edition.words]

    def features(self, question: Question, vector: Vectors) -> list[float]:
        joined = gather(
            nearest_passages(self._edition, vector, question.without),
            nearest_asked(self._edition, vector, question.without),
            word_scores(self._words[question.fold], question.text, self._slugs),
        )
        found: list[Signals] = [one.signals for one in fuse(joined, self._weights)[:SECTIONS_LOOKED_AT]]
        return features(found)


def _words_without(sections: Sequence[Section], fold: int) -> WordIndex:
    kept = [[line for n, line in enumerate(section.asked_as) if n % FOLDS != fold] for section in sections]
    return WordIndex.of([searchable_words(section, lines) for section, lines in zip(sections, kept, strict=True)])


def _thinned(questions: list[Question]) -> list[Question]:
    return questions[:: -(-len(questions) // MOST_QUESTIONS)] if questions else questions


def _fit(rows: np.ndarray[Any, Any], labels: np.ndarray[Any, Any]) -> tuple[float, list[float], np.ndarray[Any, Any]]:
    """Fit on scaled features and fold the scale into the weights, so that reading needs no scaler."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(class_weight="balanced", max_iter=1000).fit((rows - mean) / spread, labels)
    weights = model.coef_[0] / spread
    probabilities = model.predict_proba((rows - mean) / spread)[:, 1]
    return float(model.intercept_[0] - weights @ mean), [float(w) for w in weights], probabilities


def _thresholds(probabilities: np.ndarray[Any, Any], labels: np.ndarray[Any, Any]) -> tuple[float, float]:
    answer_from = float(np.quantile(probabilities[labels == 1], COVERED_LOST))
    partial_from = float(np.quantile(probabilities[labels == 0], 1 - OTHERS_KEPT))
    return max(answer_from, partial_from), min(answer_from, partial_from)


def _curve(probabilities: np.ndarray[Any, Any], labels: np.ndarray[Any, Any]) -> list[dict[str, float]]:
    """How many covered and other questions stand above each probability."""
    return [
        {
            "probability": round(float(at), 2),
            "covered": round(float((probabilities[labels == 1] >= at).mean()), 4),
            "others": round(float((probabilities[labels == 0] >= at).mean()), 4),
        }
        for at in np.arange(0.05, 1.0, 0.05)
    ]
