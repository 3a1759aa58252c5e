"""What may go to a language model: nothing that raised care, nothing after it, nothing of anybody under 18."""

from __future__ import annotations

import pytest

from app.guide.care import Category, Strength, Verdict, may_be_sent, models

QUESTION = "how do we trust each other again"
DANGER = "he hits me when he is drunk"
NOTICED = [Verdict(Category.SELF_HARM, Strength.MAYBE)]
MINOR = [Verdict(Category.SELF_HARM, Strength.CARE, minor=True)]


def test_an_ordinary_question_in_an_ordinary_talk_may() -> None:
    assert may_be_sent(QUESTION, ["what is closeness"], [])


@pytest.mark.parametrize(
    ("message", "earlier", "noticed"),
    [
        (DANGER, [], []),
        (QUESTION, [DANGER], []),
        (QUESTION, [DANGER, "thanks", QUESTION, QUESTION, QUESTION], []),
        (QUESTION, [], NOTICED),
        ("I am 16 and " + QUESTION, [], []),
        (QUESTION, ["I am 16"], []),
        (QUESTION, [], MINOR),
    ],
)
def test_what_signals_something_or_comes_after_it_may_not(
    message: str, earlier: list[str], noticed: list[Verdict]
) -> None:
    assert not may_be_sent(message, earlier, noticed)


def test_a_person_can_turn_it_on_again_after_a_card() -> None:
    assert may_be_sent(QUESTION, [DANGER], NOTICED, on_again_after=1)
    assert may_be_sent(QUESTION, [DANGER, QUESTION], NOTICED, on_again_after=1)


def test_what_is_noticed_after_that_silences_it_again() -> None:
    assert not may_be_sent(QUESTION, [QUESTION, DANGER], NOTICED, on_again_after=1)


@pytest.mark.parametrize(
    ("message", "earlier", "noticed"),
    [(DANGER, [QUESTION], NOTICED), (QUESTION, ["I am 16"], []), (QUESTION, [QUESTION], MINOR)],
)
def test_turning_it_on_again_lets_no_danger_go_and_nobody_under_18(
    message: str, earlier: list[str], noticed: list[Verdict]
) -> None:
    assert not may_be_sent(message, earlier, noticed, on_again_after=1)


@pytest.mark.parametrize("broken", ["screen", "detection_works", "says_under_18"])
def test_what_could_not_be_checked_is_not_sent(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(models, broken, breaks)

    assert not may_be_sent(QUESTION, [], [])


def test_while_the_check_does_not_work_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "detection_works", lambda: False)

    assert not may_be_sent(QUESTION, [], [])
