"""One plain spelling for what people type."""

from __future__ import annotations

import pytest

from app.guide.care.wording import plain, sentences


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("I DON\u2019T want 2 die", "i do not want 2 die"),
        ("im gonna kms", "i am going to kill myself"),
        ("he wont let me", "he will not let me"),
        ("hes my bf", "he is my boyfriend"),
        ("sooooo tired", "so tired"),
        ("he killlled it", "he killed it"),
        ("u dont know", "you do not know"),
        ("k\u200bill", "kill"),
        ("su1cide", "suicide"),
    ],
)
def test_chat_spelling_becomes_plain(typed: str, meant: str) -> None:
    """Apostrophes, chat words, stretched letters and hidden characters make no difference."""
    assert sentences(typed) == (meant,)


def test_he_will_is_read_without_its_apostrophe() -> None:
    """'hell' is 'he will' where a person would put one, and stays hell elsewhere."""
    assert plain("if i leave hell kill me") == "if i leave he will kill me"
    assert plain("it was hell for us") == "it was hell for us"


def test_sentences_end_at_marks_and_line_breaks() -> None:
    """Each sentence is judged by itself."""
    assert sentences("He left. I cried!\nWhat now?") == ("he left", "i cried", "what now")
