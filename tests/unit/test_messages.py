"""A message is cleaned and checked before anything looks at it."""

from __future__ import annotations

import pytest

from app.guide.errors import UnusableInput
from app.guide.messages import LONGEST, check, clean


def refusal(message: str) -> str:
    """Return the sentence with which a message is refused."""
    with pytest.raises(UnusableInput) as caught:
        check(clean(message))
    return str(caught.value)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("  one\n\n two\tthree\u00a0four  ", "one two three four"),
        ("line one\r\nline two", "line one line two"),
        ("\n \t", ""),
        ("", ""),
        ("E\u0301toile", "\u00c9toile"),
        ("<b>*bold*</b> [x](y) $1$", "<b>*bold*</b> [x](y) $1$"),
        ("my partner\u2019s \u201cfine\u201d \U0001f642", "my partner\u2019s \u201cfine\u201d \U0001f642"),
    ],
    ids=["space", "line ends", "only space", "nothing", "composed", "markup is text", "quotation marks and emoji"],
)
def test_white_space_is_folded_and_letters_are_composed(message: str, expected: str) -> None:
    assert clean(message) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "\0", "\x07", "\x1b", "\x7f", "\x80", "\x9f", "\u00ad", "\u061c", "\u180e", "\u200b", "\u200c", "\u200d",
        "\u200e", "\u200f", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\u206f", "\ufeff", "\ufff9", "\ud800",
    ],
    ids=lambda hidden: f"U+{ord(hidden):04X}",
)  # fmt: skip
def test_what_cannot_be_seen_goes(hidden: str) -> None:
    """Control, zero-width and direction characters, and halves of characters."""
    assert clean(f"a{hidden}b") == "ab"


@pytest.mark.parametrize("message", ["e\u200b\u0301", " a\u200b ", "\u200b \u200b", "a\ud800\u0301"])
def test_cleaning_twice_changes_nothing_more(message: str) -> None:
    assert clean(clean(message)) == clean(message)


@pytest.mark.parametrize("message", ["", " \n\t ", "\u200b\u200b", "\0"])
def test_an_empty_message_is_refused(message: str) -> None:
    assert refusal(message) == "There was no question. Write what is on your mind, in your own words."


@pytest.mark.parametrize("message", ["?!", "...", "\U0001f62d", "\u2014", "<>"])
def test_a_message_without_words_is_refused(message: str) -> None:
    assert refusal(message) == "There were no words in that message. Write what is on your mind, in your own words."


def test_a_message_that_is_too_long_is_refused_with_both_lengths() -> None:
    assert refusal("a" * 20_000) == (
        "That message has 20,000 characters, and at most 8,000 can be read at once. Shorten it to what matters most."
    )


@pytest.mark.parametrize("message", ["a" * LONGEST, "7", "\u4fe1\u983c", "why"])
def test_a_message_that_can_be_read_is_let_through(message: str) -> None:
    assert check(clean(message)) is None


def test_a_refusal_never_repeats_what_was_written() -> None:
    assert "secret" not in refusal("secret " * 2000)
