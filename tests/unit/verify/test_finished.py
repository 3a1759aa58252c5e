"""Sentences come out of a stream as soon as they are finished, with their markers."""

from __future__ import annotations

import pytest

from app.guide.verify.finished import LONGEST, finished


def sentences(*pieces: str) -> list[str]:
    """Return the finished sentences, trimmed."""
    return [sentence.strip() for sentence in finished(pieces) if sentence]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trust grows [1]. Keep it [2].", ["Trust grows [1].", "Keep it [2]."]),
        ("Trust grows. [1] Keep it. [2]", ["Trust grows. [1]", "Keep it. [2]"]),
        ("Trust grows [1][2]. Keep it [1, 3].", ["Trust grows [1][2].", "Keep it [1, 3]."]),
        ("Trust grows [1] Keep it [2]", ["Trust grows [1]", "Keep it [2]"]),
        ("- Trust grows [1]\n- Keep it [2]\n", ["- Trust grows [1]", "- Keep it [2]"]),
        ("1. Trust grows [1].\n2. Keep it [2].", ["1. Trust grows [1].", "2. Keep it [2]."]),
        (
            'Say "I am sorry. I was late." first [1]. Wait [2].',
            ['Say "I am sorry. I was late." first [1].', "Wait [2]."],
        ),
        ('Ask "Did I get it?" and wait [1].', ['Ask "Did I get it?" and wait [1].']),
        ("Does it? It does [1].", ["Does it?", "It does [1]."]),
        ("<think>Trust. Hm.\n\nYes.</think>\n\nTrust grows [1].", ["Trust grows [1]."]),
        ("\n\n***\n", []),
        ("", []),
    ],
)
def test_a_text_is_parted_into_sentences_however_it_comes(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected
    assert sentences(*text) == expected


def test_a_sentence_comes_as_soon_as_the_next_begins() -> None:
    told = finished(iter(["Trust grows", " [1].", " Ke", "ep it"]))

    assert [next(told) for _ in range(3)] == ["", "", "Trust grows [1]."]


def test_what_never_ends_is_cut() -> None:
    told = finished("word " for _ in range(LONGEST))

    assert max(map(len, told)) < 2 * LONGEST


def test_a_thought_without_an_end_is_no_answer() -> None:
    assert sentences("<think>Trust grows [1]. ", "Keep it [2]. Wait") == []
