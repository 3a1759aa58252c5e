"""Every number of a sentence must stand in the passage, with the measure that it counts."""

from __future__ import annotations

import pytest

from app.guide.verify.numbers import counts, numbers_agree

PASSAGE = (
    "Take ten minutes twice a week, and count to five. In one study of 1,740 couples, 2.5 of 10 kept on for two years."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Take 10 minutes.",
        "Take ten minutes, twice each week.",
        "Count to 5.",
        "A study of 1740 couples.",
        "One of you counts.",
        "The two of you count.",
        "Kept on for 2 years.",
        "No number at all.",
    ],
)
def test_numbers_may_be_written_in_words_or_digits(sentence: str) -> None:
    assert numbers_agree(sentence, PASSAGE)


@pytest.mark.parametrize(
    "sentence",
    [
        "Take twenty minutes.",
        "Take ten hours.",
        "Twice a day.",
        "Count to 6.",
        "A study of 740 couples.",
        "Kept on for two months.",
        "Kept on for ten years.",
        "25 of 10 kept on.",
    ],
)
def test_another_number_or_another_measure_does_not_agree(sentence: str) -> None:
    assert not numbers_agree(sentence, PASSAGE)


def test_a_number_is_read_with_what_it_counts() -> None:
    assert counts("ten minutes a day, 2.5 litres") == [(10.0, "minut"), (1.0, "day"), (2.5, "litr")]
