"""Does a message stand alone, or does it lean on the talk so far?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from app.guide.coverage import FEATURES, Coverage, Evidence, Logistic
from app.guide.followups import Context, Lean, Reading, context_of, lean_of, read_in_context
from app.guide.nouns import Hit, Kind, Section, Signals, Speaker, Turn
from app.guide.search import Result

QUESTION = "how do we keep a weekly ritual going"
# The probability is that of the best passage signal alone: 0.5 at 0, more above it.
COVERAGE = Coverage(Logistic(0.0, (0.0,)), Logistic(0.0, (10.0, *[0.0] * (len(FEATURES) - 1))), 0.4, 0.6)
COVERED, DOUBTFUL, FAR = 0.5, 0.0, -1.0


def person(text: str) -> Turn:
    """Return a turn of the person."""
    return Turn(Speaker.PERSON, text)


def answered(*sections: str) -> Turn:
    """Return a turn of the guide that cites these sections."""
    return Turn(Speaker.GUIDE, "An answer.", sections)


TALK = [person(QUESTION), answered("shared/daily-rituals", "start/today")]


def found(passage: float, *sections: tuple[str, float]) -> Result:
    """Return these sections with their scores, found for a question with that signal."""
    signals = Signals(passage, 0.0, 0.0)
    hits = [Hit(Section(slug, slug, "", "", ""), score, 0, 0, signals) for slug, score in sections]
    return Result(hits, Evidence((signals,), 0.0, 0.0, 1, np.zeros(1, dtype=np.float32)))


def searching(**results: Result) -> Callable[[str], Result]:
    """Return a search that knows a message `alone`, `joined` with the question of the talk, and that `question`."""

    def look(question: str) -> Result:
        if question == QUESTION:
            return results["question"]
        return results["joined"] if question.startswith(QUESTION) else results["alone"]

    return look


def read(message: str, history: Sequence[Turn] = TALK, **results: Result) -> Reading:
    """Read a message with these results of a search."""
    return read_in_context(message, history, searching(**results), COVERAGE)


@pytest.mark.parametrize(
    "message",
    [
        "why?",
        "Give me an example",
        "tell me more",
        "how long does it take",
        "how long does that take",
        "what if it doesn\u2019t work",
        "and if that doesn't work",
        "and then?",
        "what should I say",
        "give me an example of what to say",
        "what if he says no",
        "how do I begin",
    ],
)
def test_a_message_that_asks_for_more_names_no_topic_of_its_own(message: str) -> None:
    assert lean_of(message) is Lean.WHOLLY


@pytest.mark.parametrize(
    "message",
    [
        "what about my mother",
        "and with children?",
        "does that help with jealousy",
        "in the morning?",
        "we have no sitter though",
        "what's the weather",
    ],
)
def test_a_message_that_points_back_goes_on_or_is_short_may_lean(message: str) -> None:
    assert lean_of(message) is Lean.MAYBE


@pytest.mark.parametrize(
    "message",
    [
        "how do I get red wine out of a cream carpet",
        "my husband had an affair and I cannot stop thinking about it",
        "how can my mother and I become close after years of silence",
        "we argue about money every single weekend since the wedding",
        "new question: jealousy",
        "Something else, what is a bid",
        "but how do I rebuild trust after an affair when everything feels broken and the children have heard about it",
    ],
)
def test_a_message_with_a_topic_of_its_own_stands_alone(message: str) -> None:
    assert lean_of(message) is Lean.ALONE


def test_the_first_message_stands_alone_whatever_it_says() -> None:
    alone = found(DOUBTFUL, ("a", 0.9))

    assert read("and why is that?", [], alone=alone) == Reading("and why is that?", alone)


def test_what_stands_alone_is_searched_alone() -> None:
    alone = found(FAR, ("a", 0.9))

    reading = read("what time do the shops close on Whit Monday", alone=alone)

    assert reading == Reading("what time do the shops close on Whit Monday", alone)


def test_the_words_that_open_a_new_topic_are_not_searched() -> None:
    alone = found(COVERED, ("a", 0.9))

    assert read("Another question: what is a bid", alone=alone).question == "what is a bid"


def test_a_message_that_asks_for_more_stays_in_the_section_in_hand() -> None:
    joined = found(DOUBTFUL, ("start/today", 0.9), ("shared/daily-rituals", 0.1))

    reading = read("why?", joined=joined)

    assert reading == Reading(f"{QUESTION} why?", joined, "shared/daily-rituals")


def test_without_what_was_cited_the_section_in_hand_is_found_again() -> None:
    """As in a talk that a client keeps as plain text."""
    joined, question = found(DOUBTFUL, ("b", 0.9)), found(COVERED, ("shared/daily-rituals", 0.9))

    reading = read("why?", [person(QUESTION), answered()], joined=joined, question=question)

    assert reading.section == "shared/daily-rituals"


def test_more_of_what_was_not_covered_is_not_covered() -> None:
    nothing = found(FAR, ("b", 0.9))

    reading = read("why?", [person(QUESTION), answered()], joined=nothing, question=nothing)

    assert (COVERAGE.verdict(reading.found.evidence), reading.section) == (Kind.NOT_COVERED, "")


def test_a_message_that_may_lean_stands_alone_where_it_is_covered_and_leads_elsewhere_in_the_talk_too() -> None:
    alone = found(COVERED, ("trust/jealousy", 0.9))
    joined = found(COVERED, ("trust/jealousy", 0.9), ("shared/daily-rituals", 0.8))

    assert read("what about jealousy", alone=alone, joined=joined) == Reading("what about jealousy", alone)


def test_a_message_that_may_lean_stays_where_the_talk_keeps_the_section_in_hand_first() -> None:
    joined = found(COVERED, ("shared/daily-rituals", 0.9), ("shared/novelty", 0.8))

    alone = found(COVERED, ("shared/novelty", 0.9), ("shared/daily-rituals", 0.6))

    reading = read("what if we miss a day", alone=alone, joined=joined)

    assert (reading.section, reading.found) == ("shared/daily-rituals", joined)


def test_a_topic_that_is_surely_covered_and_far_from_the_section_in_hand_is_never_dragged_back() -> None:
    joined = found(COVERED, ("shared/daily-rituals", 0.9), ("barriers/partner-wont-open-up", 0.8))
    alone = found(COVERED, ("barriers/partner-wont-open-up", 1.0), ("shared/daily-rituals", 0.2))

    assert read("what if my partner is quiet", alone=alone, joined=joined) == Reading(
        "what if my partner is quiet", alone
    )


def test_a_message_that_may_lean_has_left_the_topic_where_it_is_far_off() -> None:
    alone = found(FAR, ("b", 0.9))

    assert read("what's the weather", alone=alone) == Reading("what's the weather", alone)


def test_a_message_that_points_back_leans_even_where_the_guide_covers_it_alone() -> None:
    joined = found(DOUBTFUL, ("shared/daily-rituals", 0.9))

    reading = read("does that help with jealousy", alone=found(COVERED, ("b", 0.9)), joined=joined)

    assert reading.section == "shared/daily-rituals"


@pytest.mark.parametrize(("in_hand", "section"), [(0.8, "shared/daily-rituals"), (0.1, "situations/new-parents")])
def test_the_section_in_hand_is_left_only_for_one_that_fits_clearly_better(in_hand: float, section: str) -> None:
    joined = found(DOUBTFUL, ("situations/new-parents", 0.9), ("shared/daily-rituals", in_hand))

    reading = read("and with children?", alone=found(DOUBTFUL, ("b", 0.9)), joined=joined)

    assert reading.section == section


def test_a_chain_of_follow_ups_keeps_its_question_and_holds_the_newest_section() -> None:
    talk = [*TALK, person("why?"), answered("shared/novelty"), person("and then?"), answered("shared/novelty")]

    assert context_of(talk) == Context(QUESTION, ("why?", "and then?"), "shared/novelty")


def test_the_newest_question_that_stands_alone_is_the_one_that_stands() -> None:
    newer = "my wife and I argue about money every weekend"

    assert context_of([*TALK, person(newer), answered()]) == Context(newer)


def test_small_talk_is_nothing_to_lean_on() -> None:
    assert context_of([*TALK, person("thanks"), answered()]).standing == QUESTION


def test_where_every_message_leans_the_first_one_stands() -> None:
    assert context_of([person("so what"), answered(), person("ok"), answered()]).standing == "so what"


def test_the_words_of_the_guide_are_never_searched() -> None:
    assert context_of([Turn(Speaker.GUIDE, "Words of the guide.", ("start/today",))]) == Context()
