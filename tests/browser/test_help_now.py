"""The line "Help now" in a real browser: one tap, without the server, whatever else is open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.serving import Server
from tests.browser.visiting import Visit

pytestmark = pytest.mark.browser


def test_it_shows_the_numbers_of_a_chosen_country_without_asking_the_server(visit: Callable[..., Visit]) -> None:
    tab = visit()
    expect(tab.page.locator(".attune-help li:visible")).to_have_count(0)
    tab.page.wait_for_load_state("networkidle")  # what the page itself still loads is not the tap's doing
    before = (len(tab.asked_for), tab.sent)

    tab.help_line.click()
    expect(tab.help_opened).to_contain_text("findahelpline.com")
    tab.help_opened.locator("summary", has_text="United States").click()

    number = tab.help_opened.get_by_text("988 Suicide & Crisis Lifeline")
    expect(number).to_be_visible()
    expect(number).to_be_in_viewport()
    expect(tab.help_opened.locator("li:visible", has_text="Emergency")).to_contain_text("911")
    assert (len(tab.asked_for), tab.sent) == before


def test_it_stays_open_to_a_tap_while_a_source_is_shown(visit: Callable[..., Visit]) -> None:
    tab = visit().ask("what if my partner won't open up")
    tab.markers.first.click()
    expect(tab.quote).to_be_focused()

    tab.help_line.click(timeout=5_000)

    expect(tab.help_opened).to_be_visible()


def test_it_stays_open_to_a_tap_when_the_server_is_gone(window: BrowserContext, empty_server: Server) -> None:
    """Streamlit lays a message over the page then; the numbers must not lie under it."""
    tab = Visit(window.new_page(), empty_server.address).open()
    expect(tab.page.get_by_test_id("stAlert")).to_contain_text("is empty. Run python -m ingest build first.")
    assert tab.complaints == []

    empty_server.stop()
    expect(tab.page.get_by_role("dialog")).to_be_visible()
    tab.help_line.click(timeout=5_000)

    expect(tab.help_opened).to_be_visible()
    assert tab.strays == []


def test_it_can_be_read_when_the_system_turns_dark_while_the_page_is_open(visit: Callable[..., Visit]) -> None:
    tab = visit()
    try:
        for scheme, colour in (("dark", "rgb(236, 230, 220)"), ("light", "rgb(43, 39, 35)")):
            tab.page.emulate_media(color_scheme=scheme)
            expect(tab.help_line).to_have_css("color", colour)
    finally:
        tab.page.emulate_media(color_scheme="null")


def test_danger_now_gets_the_card_and_no_section(visit: Callable[..., Visit]) -> None:
    tab = visit().ask("I want to kill myself tonight")

    card = tab.page.get_by_role("region", name="Help")
    expect(card).to_be_visible()
    expect(card).to_contain_text("findahelpline.com")
    expect(tab.markers).to_have_count(0)
    expect(tab.page.get_by_role("button", name="Read the section")).to_have_count(0)
