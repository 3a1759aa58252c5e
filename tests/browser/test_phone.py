"""A screen of 390 pixels."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import PHONE, Visit

pytestmark = pytest.mark.browser


def test_nothing_is_wider_than_the_screen(visit: Callable[..., Visit]) -> None:
    """On the first screen, an answer, a source's panel and the reading page."""
    tab = visit(size=PHONE)
    assert tab.sideways <= 0

    tab.ask("what if my partner won't open up")
    assert tab.sideways <= 0

    tab.markers.last.click()
    expect(tab.quote).to_be_focused()
    expect(tab.quote).to_be_in_viewport()
    assert tab.sideways <= 0

    tab.page.get_by_role("link", name="Open on the reading page").click()
    expect(tab.page.get_by_role("link", name="Back to your questions")).to_be_visible()
    expect(tab.quote).to_be_focused()
    expect(tab.quote).to_be_in_viewport()
    assert tab.sideways <= 0


def test_a_word_without_end_is_broken(visit: Callable[..., Visit]) -> None:
    tab = visit(size=PHONE).ask("partner " + "wontopenup" * 60)

    expect(tab.page.locator(".attune-question")).to_be_visible()
    assert tab.sideways <= 0


def test_help_now_opens_inside_the_screen(visit: Callable[..., Visit]) -> None:
    tab = visit(size=PHONE)

    tab.help_line.click()

    expect(tab.help_opened).to_be_visible()
    box = tab.help_opened.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert box["y"] + box["height"] <= PHONE["height"]
    assert tab.sideways <= 0
