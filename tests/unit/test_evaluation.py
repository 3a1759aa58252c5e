"""The numbers and the page of `make eval`, reckoned by hand."""

from __future__ import annotations

import re

import pytest

from tests.evaluation.measure import (
    Measured,
    confusion,
    coverage_and_risk,
    recall_by_rank,
    reliability,
    worst,
    wrongly_sure,
)
from tests.evaluation.page import page


def one(name: str, wanted: str, found: str, probability: float = 0.9) -> Measured:
    """Return a question with the sections wanted and found, each a word."""
    return Measured(name, f"Question {name}?", tuple(wanted.split()), tuple(found.split()), probability, 0.5)


FIRST = one("a", "x/1 y/1", "y/1 x/1", 0.95)
SECOND = one("b", "x/2", "y/2 x/2", 0.65)
MISSED = one("c", "x/3", "y/3 y/4", 0.25)
OTHER = one("d", "", "x/1", 0.85)
ALL = [FIRST, SECOND, MISSED, OTHER]


def test_recall_counts_covered_questions_with_an_accepted_section_so_far() -> None:
    assert recall_by_rank(ALL)[:3] == pytest.approx([1 / 3, 2 / 3, 2 / 3])


def test_risk_is_the_share_answered_wrongly_among_the_surest() -> None:
    """Surest first: right, not covered, second, missed."""
    assert coverage_and_risk(ALL) == [(0.25, 0.0), (0.5, 0.5), (0.75, pytest.approx(2 / 3)), (1.0, 0.75)]


def test_reliability_compares_what_was_said_with_what_was_so() -> None:
    said = reliability([FIRST, one("e", "", "x/1", 0.97), MISSED])

    assert said == [(0.25, 1.0, 1), (pytest.approx(0.96), 0.5, 2)]


def test_an_accepted_section_is_not_confused_with_the_one_wanted_most() -> None:
    assert confusion(ALL) == {("x", "x"): 1, ("x", "y"): 2}


def test_the_worst_are_those_furthest_off() -> None:
    assert worst(ALL) == [MISSED, SECOND]


def test_what_is_not_covered_and_would_be_answered_is_listed() -> None:
    assert (wrongly_sure(ALL, 0.8), wrongly_sure(ALL, 0.9)) == ([OTHER], [])


def test_the_page_holds_everything_and_asks_nothing_of_anybody() -> None:
    html = page({"right <first>": 0.5, "danger": None}, ALL, 0.8)

    assert html.count("<svg") == 4
    assert "right &lt;first&gt;" in html
    assert "none asked" in html
    assert [text for each in ALL if (text := each.text) not in html] == []
    assert re.findall(r"(?:src|href)=|https?://|<script", html) == []


def test_the_page_can_be_drawn_of_nothing() -> None:
    assert "None." in page({}, [], 0.5)
