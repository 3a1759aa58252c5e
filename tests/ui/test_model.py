"""What a page says of a language model, and how a person turns it on again after a card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.guide.care import Category, Strength, Verdict, card_for
from app.guide.providers import ModelInUse
from app.ui.components.model import AGAIN, SILENCED, line_of, what_leaves
from tests.ui.laid_out import ANSWER, LaidOutGuide
from tests.ui.page import Page

QUESTION = "how do we trust again"
PAST = "my ex used to hit me"
NOTICED = Verdict(Category.PARTNER_VIOLENCE, Strength.CARE)
HERE, THERE = ModelInUse("ollama:llama3", ""), ModelInUse("openai:gpt", "api.openai.com")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turn a language model on."""
    monkeypatch.setenv("ATTUNE_CHAT_MODEL", "ollama:llama3")


@pytest.fixture
def noticing(laid_out: LaidOutGuide) -> LaidOutGuide:
    """A guide that notices something in one message."""
    laid_out.answers[PAST] = replace(ANSWER, care=NOTICED, card=card_for(NOTICED))
    return laid_out


def test_without_a_model_nothing_is_said_of_one(page: Page) -> None:
    assert "It answers in its own written words" in page.words
    assert "language model" not in page.ask(QUESTION).words


@pytest.mark.usefixtures("model")
def test_a_model_that_is_on_is_named_before_the_first_question(open_page: Callable[[], Page]) -> None:
    page = open_page()

    assert "A language model may write the answer; every sentence of it is checked against the guide" in page.words
    assert "own written words" not in page.words
    assert "A language model may write the answers: ollama:llama3. It runs on this machine." in page.words.replace(
        "\\", ""
    )


def test_a_model_elsewhere_is_named_with_what_it_gets_and_where() -> None:
    assert "openai:gpt. Your question goes to api.openai.com," in line_of(THERE)


@pytest.mark.parametrize(("of", "begins"), [(None, "Nothing."), (HERE, "Nothing."), (THERE, "Your questions")])
def test_the_page_on_safety_says_what_leaves(of: ModelInUse | None, begins: str) -> None:
    told = what_leaves(of)

    assert told.startswith(begins)
    assert ("never sent to a language model" in told) is (of is not None)


@pytest.mark.usefixtures("model")
def test_after_a_card_the_model_is_silent_until_the_person_lets_it_write_again(
    noticing: LaidOutGuide, open_page: Callable[[], Page]
) -> None:
    page = open_page().ask(PAST)

    assert SILENCED in page.words
    page.press(AGAIN)
    assert SILENCED not in page.words
    page.ask(QUESTION)
    assert [turn.model_again for turn in noticing.asked[-1][1]] == [False, True]


@pytest.mark.usefixtures("model")
def test_somebody_under_18_cannot_turn_it_on(laid_out: LaidOutGuide, open_page: Callable[[], Page]) -> None:
    page = open_page().ask("I am 15").ask(QUESTION)

    assert SILENCED in page.words
    assert AGAIN not in page.buttons
    assert laid_out.model == [False, True, False]


@pytest.mark.usefixtures("model")
def test_who_wrote_an_answer_stands_below_it(laid_out: LaidOutGuide, open_page: Callable[[], Page]) -> None:
    laid_out.answer = replace(ANSWER, written_by="ollama:llama3")

    assert "Written by ollama:llama3." in open_page().ask(QUESTION).messages[-1].text


@pytest.mark.usefixtures("model")
def test_why_a_model_wrote_nothing_stands_below_the_answer(
    laid_out: LaidOutGuide, open_page: Callable[[], Page]
) -> None:
    laid_out.answer = replace(ANSWER, note="The language model took too long.")

    assert "The language model took too long." in open_page().ask(QUESTION).messages[-1].text
