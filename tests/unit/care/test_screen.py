"""What is noticed in a message, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from app.guide.care import Category, Strength, Verdict, screen
from app.guide.care.screen import UNDER_18, says_under_18

TABLE: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "verdicts.yaml").read_text(encoding="utf-8"))
MESSAGES = [(message, expected) for expected, messages in TABLE.items() for message in messages]
SPELLINGS = {
    "capitals": str.upper,
    "small letters": str.lower,
    "no apostrophes": lambda text: text.replace("'", ""),
    "curly apostrophes": lambda text: text.replace("'", "\u2019"),
    "an emoji at the end": lambda text: text + " \U0001f614",
    "zero-width characters": lambda text: text.replace("e", "e\u200b"),
    "many marks": lambda text: text.rstrip(".?") + "?!!",
}


def _named(verdict: Verdict | None) -> str:
    """The verdict as the table writes it; doubt (MAYBE) shows no card, so it is none there."""
    if verdict is None or verdict.strength is Strength.MAYBE:
        return "none"
    return f"{verdict.category} {verdict.strength}"


def test_the_table_is_large_enough_to_mean_something() -> None:
    """At least 120 messages, of which at least a third are harmless."""
    assert len(MESSAGES) >= 120
    assert len(TABLE["none"]) >= len(MESSAGES) / 3


@pytest.mark.parametrize(("message", "expected"), MESSAGES)
def test_each_message_gets_its_verdict(message: str, expected: str) -> None:
    """Every message of verdicts.yaml is judged as the table says."""
    assert _named(screen(message)) == expected


@pytest.mark.parametrize("change", SPELLINGS.values(), ids=SPELLINGS)
def test_spelling_changes_no_verdict(change) -> None:  # type: ignore[no-untyped-def]
    """Case, apostrophes, emoji, invisible characters and punctuation leave every verdict as it is."""
    changed = {message: _named(screen(change(message))) for message, _ in MESSAGES}

    assert changed == dict(MESSAGES)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "   \n",
        "\x00\x01\u200b\u202e",
        "\U0001f600" * 500,
        "a" * 20_000,
        "he said no. " * 1_600,
        "<b>**$x$**</b>",
        "\ud800",
    ],
    ids=["empty", "blank", "control", "emoji", "one word", "long", "markup", "half a character"],
)
def test_never_raises_on_any_text(message: str) -> None:
    """Odd text gets a verdict or none, like any other."""
    assert screen(message) in (None, screen(message))


@pytest.mark.parametrize("message", ["", "   \n", "\x00\x01\u200b\u202e", "\U0001f600" * 500])
def test_a_message_without_words_signals_nothing(message: str) -> None:
    """No words, no verdict, and the model is not asked."""
    assert screen(message) is None


def test_danger_in_the_fourth_sentence_is_noticed() -> None:
    """A long calm message does not hide one plain sentence."""
    calm = "We met at university. He makes me laugh. We have a cat and a mortgage. "

    verdict = screen(calm + "Last week he grabbed me by the throat. " + calm)

    assert verdict == Verdict(Category.PARTNER_VIOLENCE, Strength.NOW, (Category.MEDICAL,))


def test_a_threat_of_suicide_that_keeps_someone_is_partner_violence_and_names_both() -> None:
    """The card shows a line for each danger."""
    verdict = screen("If I leave he says he'll kill himself")

    assert verdict is not None
    assert verdict.category is Category.PARTNER_VIOLENCE
    assert Category.SELF_HARM in verdict.also


def test_a_child_comes_before_everything_else() -> None:
    """Where a child and the writer are both hurt, the child names the verdict."""
    verdict = screen("He hits me. Last night he beat our son too.")

    assert verdict == Verdict(Category.CHILD_ABUSE, Strength.NOW, (Category.PARTNER_VIOLENCE,))


def test_violence_against_a_minor_is_child_abuse() -> None:
    """A stated age under 18 turns partner violence into harm to a child."""
    verdict = screen("I'm 15 and my boyfriend hits me")

    assert verdict == Verdict(Category.CHILD_ABUSE, Strength.NOW, (Category.PARTNER_VIOLENCE,), minor=True)


def test_an_age_given_earlier_still_holds() -> None:
    """The person need not repeat how old they are."""
    verdict = screen("he hit me again", earlier=["hi im 13", "can I ask something"])

    assert verdict is not None
    assert verdict.minor


def test_a_follow_up_that_leans_on_danger_is_danger() -> None:
    """'It happened again' means what was said before it."""
    assert screen("yes, it happened again", earlier=["my husband hits me"]) is not None


def test_a_new_question_after_danger_is_judged_by_itself() -> None:
    """That the talk stays careful is kept by the talk, not by this judgement."""
    assert screen("how do I make pancakes", earlier=["my husband hits me"]) is None


@pytest.mark.parametrize("message", ["I'm 16", "im in year 9 and need advice", "I am 17, nearly 18", "i'm twelve"])
def test_a_stated_age_under_18_is_heard(message: str) -> None:
    """Digits, words and school years count."""
    assert says_under_18(message)


@pytest.mark.parametrize(
    "message",
    [
        "explain it like I'm 12",
        "I'm 12 weeks pregnant",
        "I am 15 years older than her",
        "when I was 16 I loved him",
        "I'm 41",
    ],
)
def test_other_numbers_are_not_an_age_under_18(message: str) -> None:
    """Weeks, differences and memories are no age."""
    assert not says_under_18(message)


def test_somebody_under_18_is_noticed_without_any_danger() -> None:
    """Children's lines stand above the answer, and nothing goes to a language model; also later in the talk."""
    assert screen("I am 15, how do I get closer to my girlfriend") == UNDER_18
    assert screen("how do we talk more", ["I am 15, how do I get closer to my girlfriend"]) == UNDER_18
