"""Links to a passage, opened after the guide has changed."""

from __future__ import annotations

import pytest

from app.guide.links import place_of, range_of


@pytest.mark.parametrize(
    ("quoted", "now", "place"),
    [
        ((5, 9), "One. Two. Three.", (5, 9)),
        ((5, 9), "Before one. One. Two. Three.", (17, 21)),
        ((5, 9), "Two. And One. Two. And then Two.", (0, 4)),
        ((5, 9), "One. Three.", None),
        ((0, 16), "One. Two. Three.", (0, 16)),
        ((5, 9), "", None),
    ],
)
def test_words_are_found_again_nearest_to_where_they_stood(
    quoted: tuple[int, int], now: str, place: tuple[int, int] | None
) -> None:
    assert place_of("One. Two. Three.", quoted, now) == place


@pytest.mark.parametrize(("at", "found"), [("0-3", (0, 3)), ("3-3", None), ("0-9", None), ("a-b", None), ("", None)])
def test_a_place_is_a_range_of_the_text_or_none(at: str, found: tuple[int, int] | None) -> None:
    assert range_of(at, "One.") == found
