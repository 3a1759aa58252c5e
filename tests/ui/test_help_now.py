"""The line "Help now", which stands on every screen whatever else does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.guide import open as opening
from app.guide.care import countries
from app.guide.errors import LibraryError
from tests.ui.laid_out import LaidOutGuide, held_back
from tests.ui.page import Page

DANGER = "I want to kill myself tonight"
SCREENS: dict[str, Callable[[Page], object]] = {
    "first": lambda page: page,
    "answer": lambda page: page.ask("what if my partner is quiet"),
    "panel": lambda page: page.ask("what if my partner is quiet").press("Source 1: A quiet partner"),
    "refused": lambda page: page.ask("a" * 20_000),
    "card": lambda page: page.ask(DANGER),
    "contents": lambda page: page.read(),
    "section": lambda page: page.read(section="trust/bids"),
    "safety": lambda page: page.safety(),
    "unknown section": lambda page: page.read(section="trust/nowhere"),
}


@pytest.mark.parametrize("screen", SCREENS)
def test_it_stands_on_every_screen_with_emergency_words_and_directories(
    screen: str, page: Page, laid_out: LaidOutGuide
) -> None:
    laid_out.answers[DANGER] = held_back(DANGER)

    SCREENS[screen](page)

    line = page.help_line
    assert line.within("summary")[0] == "In danger, or thinking of ending your life? Help now"
    assert "your local emergency number (112 works on many mobile networks)" in line.text
    assert "findahelpline.com" in line.text
    assert "lila.help" in line.text or "befrienders.org" in line.text
    assert line.problems == []
    assert not page.at.exception


def test_it_stands_where_the_guide_cannot_be_opened(
    open_page: Callable[[], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    def empty(settings: object) -> None:
        raise LibraryError("The library is empty.")

    monkeypatch.setattr(opening, "open_guide", empty)

    assert "Help now" in open_page().help_line.text


def test_every_country_can_be_chosen_and_has_an_emergency_number_of_its_own(page: Page) -> None:
    line = page.help_line

    assert line.within("summary")[1:] == [country.name for country in countries()]
    own = line.within("details")[1:]
    assert len(own) == len(countries())
    assert all(any(character.isdigit() for character in numbers) for numbers in own)
    assert not line.attributes("a")
    assert not line.attributes("script")
