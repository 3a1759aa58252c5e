"""Does the guide cover a question: the model that an edition stores."""

from __future__ import annotations

import math

import pytest

from app.guide.coverage import FEATURES, Coverage, coverage_of, features
from app.guide.errors import LibraryError
from app.guide.nouns import Hit, Kind, Section, Signals

STORED = {
    "features": list(FEATURES),
    "intercept": -1,
    "weights": [1, 2, 3, 4, 5],
    "partial_from": 0.3,
    "answer_from": 0.7,
    "curve": [],
}


def hit(passage: float, asked: float = 0.0, words: float = 0.0) -> Hit:
    """Return a hit with these signals."""
    return Hit(Section("a", "A", "", "a.md", "Text."), 1.0, 0, 5, Signals(passage, asked, words))


def coverage(intercept: float = 0.0, *weights: float) -> Coverage:
    """Return a model with these weights, zero where none is given, and thresholds at 0.4 and 0.6."""
    return Coverage(intercept, (*weights, *[0.0] * (len(FEATURES) - len(weights))), 0.4, 0.6)


def test_features_are_the_first_section_s_signals_and_the_best_of_all() -> None:
    found = [Signals(0.5, 0.2, math.e - 1), Signals(0.8, 0.1, 9.0), Signals(0.3, 0.4, 0.0)]

    assert features(found) == pytest.approx([0.5, 0.2, 1.0, 0.8, 0.4])


def test_nothing_found_has_no_features() -> None:
    assert features([]) == [0.0] * len(FEATURES)


@pytest.mark.parametrize(
    ("passage", "probability"), [(0.0, 0.5), (math.log(3), 0.75), (-math.log(3), 0.25), (1e9, 1.0), (-1e9, 0.0)]
)
def test_the_probability_is_logistic(passage: float, probability: float) -> None:
    assert coverage(0.0, 1.0).probability([hit(passage)]) == pytest.approx(probability, abs=1e-9)


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

    assert model.verdict([hit(0.0)]) is kind


def test_nothing_found_is_never_covered() -> None:
    """Whatever the model says: there would be nothing to quote."""
    assert coverage(9.0).verdict([]) is Kind.NOT_COVERED


def test_a_stored_model_is_read_as_it_was_written() -> None:
    assert coverage_of(STORED) == Coverage(-1.0, (1.0, 2.0, 3.0, 4.0, 5.0), partial_from=0.3, answer_from=0.7)


@pytest.mark.parametrize(
    "change",
    [
        {"features": ["something", "else"]},
        {"intercept": "much"},
        {"weights": None},
        {"partial_from": None},
    ],
)
def test_a_model_of_another_program_is_refused(change: dict) -> None:
    with pytest.raises(LibraryError, match="Run `python -m ingest build`"):
        coverage_of({**STORED, **change})


@pytest.mark.parametrize("missing", ["features", "intercept", "weights", "partial_from", "answer_from"])
def test_a_model_with_a_part_missing_is_refused(missing: str) -> None:
    with pytest.raises(LibraryError, match="Run `python -m ingest build`"):
        coverage_of({key: value for key, value in STORED.items() if key != missing})
