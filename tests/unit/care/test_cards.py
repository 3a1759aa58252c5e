"""The card that stands before everything else."""

from __future__ import annotations

import itertools
import re

import pytest

from app.guide.care import HELP_LINE, Category, Strength, Verdict, card_for, countries, quiet_card
from app.guide.care.card_texts import THROAT
from app.guide.care.screen import UNDER_18

EVERY = [
    Verdict(category, strength, (), minor)
    for category, strength, minor in itertools.product(Category, Strength, (False, True))
]
NEVER_SAID = re.compile(
    r"calm down|others have it worse|have you told|you should leave|just leave|confidential promise|we have alerted|"
    r"couples counselling|forgive|committed suicide|!",
    re.IGNORECASE,
)


@pytest.mark.parametrize("verdict", EVERY, ids=str)
def test_every_card_fits_a_phone_and_names_an_emergency_number(verdict: Verdict) -> None:
    """At most two lines and 125 words beside them, with the emergency number of the chosen country."""
    card = card_for(verdict, "GB")

    assert len(card.lines) <= 2
    assert "call 999" in " ".join(card.sentences).lower()
    assert len(" ".join((card.before, card.title, *card.sentences, card.step)).split()) <= 125


@pytest.mark.parametrize("verdict", EVERY, ids=str)
def test_no_card_says_what_must_never_be_said(verdict: Verdict) -> None:
    """No order to leave, no hushing, no promise, no cheer."""
    assert NEVER_SAID.search(card_for(verdict, "US").text) is None


@pytest.mark.parametrize("category", Category)
def test_a_full_card_says_that_the_guide_is_no_person(category: Category) -> None:
    """Second sentence of the order: a written guide that cannot see."""
    card = card_for(Verdict(category, Strength.NOW), "US")

    assert "written guide, not a person" in " ".join(card.sentences)


@pytest.mark.parametrize("category", [Category.SELF_HARM, Category.PARTNER_VIOLENCE, Category.CHILD_ABUSE])
def test_every_country_offers_two_ways_to_reach_a_person(category: Category) -> None:
    """A line of the country, and a second one or a directory."""
    assert all(len(card_for(Verdict(category, Strength.NOW), country.code).lines) == 2 for country in countries())


def test_partner_violence_asks_about_the_screen_before_everything() -> None:
    """Who else can see this comes first, in the text too."""
    card = card_for(Verdict(Category.PARTNER_VIOLENCE, Strength.NOW), "US")

    assert card.text.startswith(card.before)
    assert "anyone else see this screen" in card.before


def test_a_hand_on_the_throat_adds_a_doctor() -> None:
    """Harm to the throat may show only later."""
    card = card_for(Verdict(Category.PARTNER_VIOLENCE, Strength.NOW, (Category.MEDICAL,)))

    assert THROAT in card.sentences


def test_two_dangers_show_a_line_for_each() -> None:
    """A suicide threat inside a violent relationship needs both."""
    card = card_for(Verdict(Category.PARTNER_VIOLENCE, Strength.NOW, (Category.SELF_HARM,)), "US")

    assert [line.service for line in card.lines] == [
        "National Domestic Violence Hotline",
        "988 Suicide & Crisis Lifeline",
    ]


def test_a_child_gets_a_childrens_line_and_is_believed() -> None:
    """The words for a child differ from those for an adult who worries."""
    card = card_for(Verdict(Category.CHILD_ABUSE, Strength.NOW, minor=True), "GB")

    assert card.title.startswith("Thank you for telling.")
    assert card.lines[0].service == "Childline"


def test_an_unknown_country_gets_words_and_directories() -> None:
    """No number is guessed."""
    card = card_for(Verdict(Category.SELF_HARM, Strength.NOW))

    assert "your local emergency number (112 works on many mobile networks)" in card.text
    assert [line.web for line in card.lines] == ["findahelpline.com", "befrienders.org"]


def test_the_short_card_is_shorter() -> None:
    """CARE lets the guide follow, so the card takes less room."""
    full, short = (card_for(Verdict(Category.SELF_HARM, strength), "US") for strength in (Strength.NOW, Strength.CARE))

    assert len(short.text) < len(full.text)


def test_maybe_raises_the_help_line() -> None:
    """In doubt the quiet line stands above the answer."""
    card = card_for(Verdict(Category.SELF_HARM, Strength.MAYBE), "US")

    assert card.title == HELP_LINE


def test_the_card_says_when_its_numbers_were_checked() -> None:
    """A person can judge how fresh a number is."""
    assert "Numbers checked on 2026-06-30." in card_for(Verdict(Category.SELF_HARM, Strength.NOW), "US").text


def test_help_now_opens_a_card_without_any_verdict() -> None:
    """The permanent line leads to people, whoever taps it."""
    card = quiet_card("AU")

    assert card.category is None
    assert [line.service for line in card.lines] == ["Lifeline", "1800RESPECT"]


def test_somebody_under_18_gets_childrens_lines_above_the_answer() -> None:
    """And a plain word that the guide is for adults; no alarm, since nothing was noticed."""
    card = card_for(UNDER_18, "GB")

    assert card.title == "This guide is written for adults, so not all of it will fit you."
    assert card.lines
    assert all("child" in line.purposes for line in card.lines)
