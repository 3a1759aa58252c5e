"""What the guide may still say after a card."""

from __future__ import annotations

import pytest

from app.guide.care import ALLOWED, Category, Strength, Verdict, is_allowed, only_part
from app.guide.care.screen import UNDER_18

BLOCKED_IN_FEAR = [
    "vulnerability/start-small",
    "communication/i-feel-statements",
    "trust/after-betrayal",
    "conflict/repair",
    "barriers/partner-wont-open-up",
    "situations/desire-differences",
]


def test_the_table_covers_every_danger_at_both_strengths() -> None:
    """No verdict falls through the table."""
    assert set(ALLOWED) == {(category, strength) for category in Category for strength in (Strength.NOW, Strength.CARE)}


@pytest.mark.parametrize("strength", [Strength.NOW, Strength.CARE])
@pytest.mark.parametrize("slug", BLOCKED_IN_FEAR)
def test_no_advice_to_open_up_where_there_is_violence(slug: str, strength: Strength) -> None:
    """Openness, trust, talk, repair and desire are held back."""
    assert not is_allowed(Verdict(Category.PARTNER_VIOLENCE, strength), slug)


@pytest.mark.parametrize("category", [Category.PARTNER_VIOLENCE, Category.CHILD_ABUSE, Category.HARM_TO_OTHERS])
def test_the_safety_chapter_stays_open(category: Category) -> None:
    """What was written for danger may be quoted in danger."""
    assert is_allowed(Verdict(category, Strength.NOW), "safety/when-its-not-safe")


@pytest.mark.parametrize("category", [Category.SELF_HARM, Category.MEDICAL])
def test_nothing_is_quoted_where_life_is_at_stake(category: Category) -> None:
    """Until the person chooses to go on."""
    assert not is_allowed(Verdict(category, Strength.NOW), "safety/when-its-not-safe")


def test_a_minor_gets_nothing_of_the_guide() -> None:
    """The guide is written for adults."""
    assert not is_allowed(Verdict(Category.CHILD_ABUSE, Strength.NOW, minor=True), "safety/is-this-abuse")


def test_a_minor_who_is_in_no_danger_gets_no_section_on_sex() -> None:
    """What was noticed is only the age; the rest of the guide stays open."""
    assert not is_allowed(UNDER_18, "situations/desire-differences")
    assert not is_allowed(UNDER_18, "situations/closeness-without-sex")
    assert is_allowed(UNDER_18, "situations/friendship")


def test_two_dangers_must_both_allow_a_section() -> None:
    """The stricter row wins."""
    verdict = Verdict(Category.PARTNER_VIOLENCE, Strength.NOW, (Category.SELF_HARM,))

    assert not is_allowed(verdict, "safety/when-its-not-safe")


def test_doubt_holds_nothing_back() -> None:
    """MAYBE raises the help line and leaves the answer."""
    assert is_allowed(Verdict(Category.PARTNER_VIOLENCE, Strength.MAYBE), "trust/bids")


@pytest.mark.parametrize("strength", [Strength.NOW, Strength.CARE])
def test_of_the_section_on_therapy_someone_in_fear_is_shown_only_the_part_on_their_own_support(
    strength: Strength,
) -> None:
    verdict = Verdict(Category.PARTNER_VIOLENCE, strength)

    assert only_part(verdict, "help/when-to-see-a-therapist") == "limits"
    assert only_part(verdict, "safety/is-this-abuse") == ""


def test_in_doubt_no_part_of_a_section_is_held_back() -> None:
    assert only_part(Verdict(Category.PARTNER_VIOLENCE, Strength.MAYBE), "help/when-to-see-a-therapist") == ""
