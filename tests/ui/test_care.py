"""The care cards as a person meets them: what they say in which order, and what can be chosen below them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.guide import care
from app.guide import open as opening
from app.guide.ask import Guide
from app.guide.care import Category, Strength, Verdict, card_for, countries
from app.guide.library import Library
from app.guide.nouns import Answer, Kind
from app.ui.components.html import card_html
from tests.conftest import Publish
from tests.fakes import CountingEncoder, write_section
from tests.ui.laid_out import ANSWER, EDITION, SHORT, LaidOutGuide
from tests.ui.markup import Drawn
from tests.ui.page import Page

QUESTION = "how do we trust again"
DESPAIR = "I want to kill myself tonight"
VIOLENCE = "He hits me when I say no"
PAST = "My ex used to hit me"
AGAIN = "I am going to kill myself"
DANGER = "a message that signals danger"
# What these messages signal; how well danger is noticed is tested elsewhere.
SIGNALS = {
    DESPAIR: Verdict(Category.SELF_HARM, Strength.NOW),
    AGAIN: Verdict(Category.SELF_HARM, Strength.NOW),
    VIOLENCE: Verdict(Category.PARTNER_VIOLENCE, Strength.NOW),
    PAST: Verdict(Category.PARTNER_VIOLENCE, Strength.CARE),
}
VERDICTS = {
    **{f"{category} {strength}": Verdict(category, strength) for category in Category for strength in Strength},
    "a hand on the throat": Verdict(Category.PARTNER_VIOLENCE, Strength.NOW, (Category.MEDICAL,)),
    "a child": Verdict(Category.CHILD_ABUSE, Strength.NOW, minor=True),
    "under 18 and in despair": Verdict(Category.SELF_HARM, Strength.NOW, minor=True),
}
FULL = {name: verdict for name, verdict in VERDICTS.items() if verdict.strength is Strength.NOW}
SHORTER = {name: verdict for name, verdict in VERDICTS.items() if verdict.strength is Strength.CARE}
DOUBTFUL = {name: verdict for name, verdict in VERDICTS.items() if verdict.strength is Strength.MAYBE}


def answer_after(verdict: Verdict) -> Answer:
    """What the guide answers where this was noticed: nothing of its own where the danger is now."""
    held = verdict.strength is Strength.NOW
    return Answer(Kind.CARE if held else Kind.ANSWER, () if held else ANSWER.parts, EDITION, verdict, card_for(verdict))


def card_blocks(verdict: Verdict, country: str = "") -> list[str]:
    """What stands on a card, from the top."""
    card = card_for(verdict, country)
    lines = [f"{line.service}: {line.ways}" for line in card.lines]
    checked = [f"Numbers checked on {card.checked_on.isoformat()}."] if lines else []
    said = (card.before, card.title, *card.sentences, *lines, card.step, *checked)
    return [words for words in said if words]


@pytest.fixture
def whole(
    monkeypatch: pytest.MonkeyPatch, corpus: Path, library: Library, encoder: CountingEncoder, publish: Publish
) -> Guide:
    """A guide that answers by itself, from the small guide and a section on safety, to what `SIGNALS` says."""
    monkeypatch.setattr(care, "screen", lambda message, earlier=(): SIGNALS.get(message))
    write_section(
        corpus,
        "safety/afraid",
        "## Short answer\n\nTrust your fear. Trust is no duty.\n",
        title="When you are afraid",
        asked_as=["can I trust somebody whom I fear"],
    )
    publish()
    guide = Guide(library, encoder)
    monkeypatch.setattr(opening, "open_guide", lambda settings: guide)
    return guide


@pytest.mark.parametrize("name", VERDICTS)
def test_a_card_comes_first_and_its_parts_in_their_order(name: str, page: Page, laid_out: LaidOutGuide) -> None:
    """Where a partner may read along, that is asked before everything else."""
    verdict = VERDICTS[name]
    laid_out.answers[DANGER] = answer_after(verdict)

    _, reply = page.ask(DANGER).messages

    expected = card_blocks(verdict)
    assert reply.blocks[: len(expected)] == expected
    assert reply.problems == []
    assert (f"{SHORT} 1" in reply.blocks) is (verdict.strength is not Strength.NOW)


@pytest.mark.parametrize("name", FULL)
def test_below_a_full_card_stands_what_can_be_chosen_and_no_word_of_the_guide(
    name: str, page: Page, laid_out: LaidOutGuide
) -> None:
    verdict = VERDICTS[name]
    laid_out.answers[DANGER] = answer_after(verdict)

    page.ask(DANGER)

    on = ["I want to go on"] if verdict.category is Category.SELF_HARM else []
    assert page.buttons == ["I was misunderstood", *on, "Clear conversation"]
    assert [box.label for box in page.at.selectbox] == ["Where are you?"]
    assert page.links == []


@pytest.mark.parametrize("name", SHORTER)
def test_below_a_short_card_one_can_say_that_one_was_misunderstood(
    name: str, page: Page, laid_out: LaidOutGuide
) -> None:
    laid_out.answers[DANGER] = answer_after(VERDICTS[name])

    page.ask(DANGER)

    assert "I was misunderstood" in page.buttons
    assert "I want to go on" not in page.buttons
    assert len(page.at.selectbox) == 1


@pytest.mark.parametrize("name", DOUBTFUL)
def test_where_something_is_doubtful_nothing_is_asked_of_the_person(
    name: str, page: Page, laid_out: LaidOutGuide
) -> None:
    laid_out.answers[DANGER] = answer_after(VERDICTS[name])

    page.ask(DANGER)

    assert "I was misunderstood" not in page.buttons
    assert len(page.at.selectbox) == 0


def test_a_person_under_18_gets_a_childrens_line(page: Page, laid_out: LaidOutGuide) -> None:
    laid_out.answers[DANGER] = answer_after(VERDICTS["under 18 and in despair"])

    page.ask(DANGER).choose("United Kingdom")

    assert "Childline" in page.messages[1].text


@pytest.mark.parametrize("country", [country.name for country in countries()])
def test_a_chosen_country_changes_the_numbers_on_the_card_at_once(
    country: str, page: Page, laid_out: LaidOutGuide
) -> None:
    verdict = Verdict(Category.SELF_HARM, Strength.NOW)
    laid_out.answers[DANGER] = answer_after(verdict)
    page.ask(DANGER)
    assert "your local emergency number" in page.messages[1].text

    page.choose(country)

    assert page.messages[1].blocks == card_blocks(verdict, country)
    assert "your local emergency number" not in page.messages[1].text


def test_a_country_is_kept_for_the_session_and_forgotten_with_the_conversation(
    page: Page, laid_out: LaidOutGuide, open_page: Callable[[], Page]
) -> None:
    verdict = Verdict(Category.PARTNER_VIOLENCE, Strength.NOW)
    laid_out.answers[DANGER] = answer_after(verdict)
    page.ask(DANGER).choose("Germany").ask("something else")

    page.ask(DANGER)
    assert sorted(page.messages[-1].blocks) == sorted(card_blocks(verdict, "Germany"))
    assert page.chosen == "Germany"

    assert sorted(open_page().ask(DANGER).messages[-1].blocks) == sorted(card_blocks(verdict))

    page.press("Clear conversation").ask(DANGER)
    assert sorted(page.messages[-1].blocks) == sorted(card_blocks(verdict))
    assert page.chosen == "I would rather not say"


def test_a_country_can_be_taken_back(page: Page, laid_out: LaidOutGuide) -> None:
    verdict = Verdict(Category.SELF_HARM, Strength.NOW)
    laid_out.answers[DANGER] = answer_after(verdict)

    page.ask(DANGER).choose("Germany").choose("I would rather not say")

    assert page.messages[1].blocks == card_blocks(verdict)


@pytest.mark.parametrize("message", [DESPAIR, VIOLENCE, PAST])
def test_who_was_misunderstood_is_answered_and_the_next_signal_shows_a_card_again(
    message: str, whole: Guide, page: Page
) -> None:
    page.ask(message)
    assert "Numbers checked on" in page.messages[-1].text

    page.press("I was misunderstood")
    assert page.messages[-1].text.startswith("All right. Ask again")
    assert len(page.at.selectbox) == 0
    assert "Help now" in page.help_line.text

    page.ask(QUESTION)
    assert page.messages[-1].blocks[0] == "Small bids"

    page.ask(message)
    assert "Numbers checked on" in page.messages[-1].text
    assert "I was misunderstood" in page.buttons


def test_after_despair_nothing_is_answered_until_the_person_goes_on(whole: Guide, page: Page) -> None:
    page.ask(DESPAIR).ask(QUESTION)

    assert page.messages[-1].blocks == card_blocks(Verdict(Category.SELF_HARM, Strength.CARE))
    assert "Small bids" not in page.words


def test_who_goes_on_is_answered_with_the_short_card_on_top(whole: Guide, page: Page) -> None:
    page.ask(DESPAIR).press("I want to go on")
    assert page.messages[-1].blocks == card_blocks(Verdict(Category.SELF_HARM, Strength.NOW))
    assert "I want to go on" not in page.buttons

    for _ in range(2):
        reply = page.ask(QUESTION).messages[-1]

        card = card_blocks(Verdict(Category.SELF_HARM, Strength.CARE))
        assert reply.blocks[: len(card) + 1] == [*card, "Small bids"]


def test_going_on_can_still_be_chosen_after_another_question(whole: Guide, page: Page) -> None:
    """A person who did not tap at once must not be shut out for the rest of the talk."""
    page.ask(DESPAIR).ask(QUESTION).press("I want to go on").ask(QUESTION)

    assert "Small bids" in page.messages[-1].blocks


def test_who_was_misunderstood_can_still_say_so_after_another_question(whole: Guide, page: Page) -> None:
    page.ask(VIOLENCE).ask(QUESTION).press("I was misunderstood").ask(QUESTION)

    assert page.messages[-1].blocks[0] == "Small bids"


def test_a_new_signal_after_going_on_holds_the_guide_back_again(whole: Guide, page: Page) -> None:
    page.ask(DESPAIR).press("I want to go on").ask(QUESTION).ask(AGAIN)

    assert page.messages[-1].blocks == card_blocks(Verdict(Category.SELF_HARM, Strength.NOW))
    page.ask(QUESTION)
    assert "Small bids" not in page.messages[-1].blocks


def test_after_violence_questions_about_closeness_get_the_sections_on_safety_only(whole: Guide, page: Page) -> None:
    page.ask(VIOLENCE)

    for question in (QUESTION, "nobody will listen to me", "my partner is quiet on every walk", QUESTION):
        reply = page.ask(question).messages[-1]

        assert "Numbers checked on" in reply.text
        labels = [button["aria-label"] for button in reply.attributes("button")]
        assert all(label.endswith(": When you are afraid") for label in labels)
        assert not {"Small bids", "Listening well", "A quiet partner"} & set(reply.blocks)
        assert not any("Small bids" in label or "Listening" in label for label in page.buttons)
    assert "When you are afraid" in reply.blocks


def test_clearing_the_conversation_forgets_what_was_noticed(whole: Guide, page: Page) -> None:
    page.ask(VIOLENCE).press("Clear conversation").ask(QUESTION)

    assert page.messages[-1].blocks[0] == "Small bids"


@pytest.mark.parametrize("part", ["before", "title", "sentences", "lines", "step"])
def test_every_part_of_a_card_is_drawn_as_text(part: str, laid_out: LaidOutGuide) -> None:
    """An owner's own helplines may hold anything."""
    card = card_for(Verdict(Category.PARTNER_VIOLENCE, Strength.NOW))
    hostile = "<img src=x onerror=alert(1)> & <b>you</b>"
    changed = {
        "lines": (replace(card.lines[0], service=hostile, call=hostile),),
        "sentences": (hostile,),
    }.get(part, hostile)

    drawn = Drawn(card_html(replace(card, **{part: changed})))

    assert hostile in drawn.text
    assert drawn.tags <= {"section", "p", "ul", "li", "b"}
    assert drawn.problems == []


@pytest.mark.parametrize(
    "said",
    [
        "Nothing that you write.",
        "No history, no account, no log of messages.",
        "that page's owner sees a visit like any other",
        "It does not erase the history of your browser",
        "no button can see whether somebody has put a program on this device that watches it",
        "Do not suddenly wipe everything",
        "A call may show on the telephone bill.",
        "The check misses things and is wrong at times",
        "No clinician and no domestic-abuse advocate has reviewed the cards yet.",
        "If you are under 18",
        "pressing Shift three times",
        "cannot see whether you are safe",
    ],
)
def test_the_page_on_safety_says_what_is_kept_what_leaves_and_what_leaving_does_not_do(page: Page, said: str) -> None:
    assert said in " ".join(page.safety().words.split())
    assert not page.at.exception
