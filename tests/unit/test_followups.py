"""Does a message stand alone, or does it lean on the talk so far?"""

from __future__ import annotations

import pytest

from app.guide.followups import Reading, read_in_context
from app.guide.nouns import Speaker, Turn

QUESTION = "how do we keep a weekly ritual going"


def person(text: str) -> Turn:
    """Return a turn of the person."""
    return Turn(Speaker.PERSON, text)


def answered(*sections: str) -> Turn:
    """Return a turn of the guide that cites these sections."""
    return Turn(Speaker.GUIDE, "An answer.", sections)


TALK = [person(QUESTION), answered("shared/daily-rituals", "start/today")]


def test_the_first_message_stands_alone_whatever_it_says() -> None:
    assert read_in_context("and why is that?", []) == Reading("and why is that?")


@pytest.mark.parametrize(
    "message",
    [
        "my husband had an affair and I cannot stop thinking about it",
        "how can my mother and I become close after years of silence",
        "we argue about money every single weekend since the wedding",
    ],
)
def test_a_question_with_a_topic_of_its_own_is_left_alone(message: str) -> None:
    assert read_in_context(message, TALK) == Reading(message)


def test_a_long_message_is_left_alone_however_it_begins() -> None:
    message = (
        "but how do I rebuild trust after an affair when everything feels broken and the children have heard about all"
        " of it"
    )

    assert read_in_context(message, TALK) == Reading(message)


@pytest.mark.parametrize(
    "message",
    [
        "why?",
        "Give me an example",
        "tell me more",
        "how long does it take",
        "what if it doesn\u2019t work",
        "and then?",
        "what should I say",
    ],
)
def test_a_message_that_asks_for_more_stays_in_the_section_in_hand(message: str) -> None:
    assert read_in_context(message, TALK) == Reading(f"{QUESTION} {message}", "shared/daily-rituals")


@pytest.mark.parametrize(
    "message", ["what about my mother", "and with children?", "does that help with jealousy", "in the morning?"]
)
def test_a_message_that_leans_with_a_word_of_its_own_is_joined_with_the_question_before(message: str) -> None:
    assert read_in_context(message, TALK) == Reading(f"{QUESTION} {message}")


def test_a_chain_of_follow_ups_keeps_its_topic() -> None:
    talk = [*TALK, person("why?"), answered("shared/novelty"), person("and then?"), answered("shared/novelty")]

    assert read_in_context("tell me more", talk) == Reading(f"{QUESTION} tell me more", "shared/novelty")


def test_the_newest_question_that_stands_alone_is_the_topic() -> None:
    newer = "my wife and I argue about money every weekend"
    talk = [*TALK, person(newer), answered("conflict/repair")]

    assert read_in_context("why?", talk) == Reading(f"{newer} why?", "conflict/repair")


def test_a_follow_up_to_an_answer_without_citations_is_searched_with_its_question() -> None:
    talk = [person(QUESTION), answered()]

    assert read_in_context("why?", talk) == Reading(f"{QUESTION} why?")


def test_where_every_message_leans_the_last_one_is_the_topic() -> None:
    assert read_in_context("why?", [person("so what"), answered(), person("ok"), answered()]) == Reading("ok why?")


def test_the_words_of_the_guide_are_never_searched() -> None:
    talk = [Turn(Speaker.GUIDE, "Words of the guide.", ("start/today",))]

    assert read_in_context("why?", talk) == Reading("why?")
