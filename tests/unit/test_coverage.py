"""Does the guide cover a question: the model that an edition stores."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from app.guide.coverage import FEATURES, Coverage, Evidence, Logistic, coverage_of, features
from app.guide.errors import LibraryError
from app.guide.nouns import Kind, Signals

NOTHING = Logistic(0.0, (0.0, 0.0))
STORED = {
    "features": list(FEATURES),
    "intercept": -1,
    "weights": list(range(len(FEATURES))),
    "topic": {"intercept": 0.5, "weights": [1, 2]},
    "partial_from": 0.3,
    "answer_from": 0.7,
    "curve": [],
}


def evidence(*signals: Signals, vector: Sequence[float] = (1.0, 0.0), length: int = 0) -> Evidence:
    """Return evidence of these signals."""
    return Evidence(signals, 0.25, 0.75, length, np.array(vector, dtype=np.float32))


def seen(passage: float) -> Evidence:
    """Return evidence of one section with that signal."""
    return evidence(Signals(passage, 0.0, 0.0))


def coverage(intercept: float = 0.0, *weights: float, topic: Logistic = NOTHING) -> Coverage:
    """Return a model with these weights, zero where none is given, and thresholds at 0.4 and 0.6."""
    model = Logistic(intercept, (*weights, *[0.0] * (len(FEATURES) - len(weights))))
    return Coverage(topic, model, partial_from=0.4, answer_from=0.6)


def test_features_are_the_first_section_s_signals_the_best_of_all_and_what_the_words_say() -> None:
    found = [Signals(0.5, 0.2, math.e - 1, 0.3), Signals(0.8, 0.1, 9.0, 0.2), Signals(0.3, 0.6, 0.0, 0.7)]

    values = features(evidence(*found, length=3), topic=-2.0)

    first = [0.5, 0.2, 1.0]
    best = [0.8, 0.6, 0.7, 0.6 - 0.3]
    assert values == pytest.approx([*first, *best, 0.25, 0.75, 0.0, math.log(4), -2.0])
    assert len(values) == len(FEATURES)


def test_lists_agree_where_the_first_section_is_first_in_them() -> None:
    values = features(evidence(Signals(0.5, 0.2, 1.0), Signals(0.4, 0.3, 0.5)), topic=0.0)

    assert values[FEATURES.index("agreement")] == 2.0


def test_nothing_found_has_no_features() -> None:
    assert features(evidence(), topic=3.0) == [0.0] * len(FEATURES)


def test_what_the_vector_says_goes_into_the_probability() -> None:
    only_topic = [0.0] * (len(FEATURES) - 1) + [2.0]
    model = coverage(0.0, *only_topic, topic=Logistic(0.5, (1.0, 0.0)))

    # 2 * (0.5 + 1 * 0.6)
    found = evidence(Signals(0.0, 0.0, 0.0), vector=(0.6, 0.8))
    assert model.probability(found) == pytest.approx(1 / (1 + math.exp(-2.2)))


def test_a_vector_of_another_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="3 values for 2 weights"):
        Logistic(0.0, (1.0, 2.0)).logit([1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("passage", "probability"), [(0.0, 0.5), (math.log(3), 0.75), (-math.log(3), 0.25), (1e9, 1.0), (-1e9, 0.0)]
)
def test_the_probability_is_logistic(passage: float, probability: float) -> None:
    assert coverage(0.0, 1.0).probability(seen(passage)) == pytest.approx(probability, abs=1e-9)


@pytest.mark.parametrize(
    ("probability", "kind"),
    [
        (0.61, Kind.ANSWER),
        (0.6, Kind.ANSWER),
        (0.59, Kind.PARTIAL),
        (0.4, Kind.PARTIAL),
        (0.39, Kind.NOT_COVERED),
    ],
)
def test_two_thresholds_make_three_verdicts(probability: float, kind: Kind) -> None:
    model = coverage(math.log(probability / (1 - probability)) + 1e-12)

    assert model.verdict(seen(0.0)) is kind


def test_nothing_found_is_never_covered() -> None:
    """Whatever the model says: there would be nothing to quote."""
    assert coverage(9.0).verdict(evidence()) is Kind.NOT_COVERED


def test_a_stored_model_is_read_as_it_was_written() -> None:
    weights = tuple(float(n) for n in range(len(FEATURES)))

    assert coverage_of(STORED) == Coverage(
        Logistic(0.5, (1.0, 2.0)), Logistic(-1.0, weights), partial_from=0.3, answer_from=0.7
    )


@pytest.mark.parametrize(
    "change",
    [
        {"features": ["something", "else"]},
        {"intercept": "much"},
        {"weights": None},
        {"topic": {"intercept": 0}},
        {"partial_from": None},
    ],
)
def test_a_model_of_another_program_is_refused(change: dict) -> None:
    with pytest.raises(LibraryError, match="Run `python -m ingest build`"):
        coverage_of({**STORED, **change})


@pytest.mark.parametrize("missing", ["features", "intercept", "weights", "topic", "partial_from", "answer_from"])
def test_a_model_with_a_part_missing_is_refused(missing: str) -> None:
    with pytest.raises(LibraryError, match="Run `python -m ingest build`"):
        coverage_of({key: value for key, value in STORED.items() if key != missing})
