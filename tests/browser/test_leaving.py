"""Leaving in a hurry: the page goes blank at once, a neutral one takes its place, and Back shows no message."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.serving import NeutralPage, Server
from tests.browser.visiting import Visit

pytestmark = pytest.mark.browser

QUESTION = "what if my partner won't open up"
SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 800})
# An empty document is shorter than this.
EMPTY = 60
# What a person can have open: how it is opened, and what then shows.
OPENED: dict[str, Callable[[Visit], None]] = {
    "nothing": lambda tab: None,
    "a panel": lambda tab: _open_a_panel(tab),
    "help": lambda tab: _open_help(tab),
}
WAYS: dict[str, Callable[[Visit], None]] = {
    "button": lambda tab: tab.leave.click(timeout=5_000),
    "keys": lambda tab: tab.press_shift(),
}


def _open_a_panel(tab: Visit) -> None:
    tab.markers.first.click()
    expect(tab.quote).to_be_focused()


def _open_help(tab: Visit) -> None:
    tab.help_line.click()
    expect(tab.help_opened).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/read", "/read?section=trust/bids", "/safety"])
def test_the_button_is_in_view_on_every_page_and_nothing_lies_over_it(visit: Callable[..., Visit], path: str) -> None:
    tab = visit(path)

    for size in SIZES:
        tab.page.set_viewport_size(size)
        expect(tab.leave).to_have_count(1)
        expect(tab.leave).to_be_in_viewport(ratio=1)
        tab.leave.click(trial=True, timeout=5_000)
        assert tab.page.evaluate("scrollY || document.querySelector('#stMain')?.scrollTop || 0") == 0


@pytest.mark.parametrize(
    ("opened", "way"), [("nothing", "button"), ("a panel", "button"), ("a panel", "keys"), ("help", "button")]
)
def test_the_page_is_replaced_whatever_is_open(
    visit: Callable[..., Visit], neutral: NeutralPage, opened: str, way: str
) -> None:
    tab = visit().ask(QUESTION)
    OPENED[opened](tab)

    WAYS[way](tab)

    tab.expect_left(neutral)
    tab.page.go_back()
    assert tab.page.url == "about:blank"
    assert tab.page.inner_text("body") == ""


def test_on_a_phone_the_button_works_beside_an_open_panel(visit: Callable[..., Visit], neutral: NeutralPage) -> None:
    tab = visit(size=SIZES[1]).ask(QUESTION)
    _open_a_panel(tab)

    expect(tab.leave).to_be_in_viewport(ratio=1)
    tab.leave.click(timeout=5_000)

    tab.expect_left(neutral)


def test_the_page_is_blank_at_once_while_the_neutral_one_is_slow(
    visit: Callable[..., Visit], neutral: NeutralPage
) -> None:
    tab = visit().ask(QUESTION)
    neutral.awake.clear()
    try:
        # Only what happened before the click returns is seen here: nothing is waited for.
        left = tab.page.evaluate(
            """() => {
                document.querySelector("#attune-top .attune-leave").click();
                return [document.documentElement.outerHTML.length, document.documentElement.innerText, document.title];
            }"""
        )
    finally:
        neutral.awake.set()

    assert left[0] < EMPTY
    assert left[1:] == ["", ""]
    tab.expect_left(neutral)


def test_back_to_a_page_visited_before_shows_nothing_of_the_talk(
    visit: Callable[..., Visit], neutral: NeutralPage
) -> None:
    """A person who went to another page and back has more than one entry of this program behind them."""
    tab = visit().ask(QUESTION)
    tab.page.get_by_role("link", name="Safety and privacy").click()
    expect(tab.page.get_by_role("heading", name="What is kept")).to_be_visible()
    tab.page.get_by_role("link", name="Ask", exact=True).click()
    expect(tab.page.locator(".attune-question")).to_have_text(QUESTION)

    tab.leave.click()
    tab.left_for = neutral.address
    tab.page.wait_for_url(neutral.address)

    for _ in range(2):
        tab.page.go_back()
        tab.settle()
        assert QUESTION not in tab.page.content()
        expect(tab.replies).to_have_count(0)


def test_words_in_capital_letters_can_be_typed(visit: Callable[..., Visit]) -> None:
    tab = visit()
    tab.input.click()

    for letter in "Hello THERE":
        tab.page.keyboard.press(f"Shift+{letter}" if letter.isupper() else letter.replace(" ", "Space"))

    expect(tab.input).to_have_value("Hello THERE")
    assert tab.page.url == f"{tab.home}/"


def stop_clock(tab: Visit, later: int = 0) -> None:
    """Let it stay the same moment on the page, so many milliseconds later: a busy machine is no slow finger."""
    tab.page.evaluate("later => { const at = Date.now() + later; Date.now = () => at; }", later)


def test_shift_held_down_or_pressed_slowly_is_not_counted_as_three_times(
    visit: Callable[..., Visit], neutral: NeutralPage
) -> None:
    tab = visit()
    stop_clock(tab)
    for _ in range(4):
        tab.page.keyboard.down("Shift")
    tab.page.keyboard.up("Shift")
    tab.press_shift(1)
    expect(tab.leave).to_be_visible()
    assert tab.page.url == f"{tab.home}/"
    tab.press_shift(1)
    tab.expect_left(neutral)

    slow = visit()
    stop_clock(slow)
    slow.press_shift(2)
    stop_clock(slow, later=5100)
    slow.press_shift(2)
    expect(slow.leave).to_be_visible()
    assert slow.page.url == f"{slow.home}/"
    slow.press_shift(1)
    slow.expect_left(neutral)


def test_it_works_when_the_server_is_gone(window: BrowserContext, empty_server: Server, neutral: NeutralPage) -> None:
    for way in WAYS.values():
        if not empty_server.runs:
            empty_server.start()
        tab = Visit(window.new_page(), empty_server.address).open()
        empty_server.kill()
        expect(tab.page.get_by_role("dialog")).to_be_visible()

        way(tab)

        tab.expect_left(neutral)
        assert tab.strays == []
        tab.page.close()


def test_no_sections_name_comes_into_the_history_of_a_talk(visit: Callable[..., Visit], neutral: NeutralPage) -> None:
    """Asking, opening citations, following links inside quotes and inside panels, and what is suggested."""
    tab = visit().ask(QUESTION)
    before = tab.history

    tab.markers.first.click()
    expect(tab.quote).to_be_focused()
    tab.panel.get_by_role("button", name="Close").click()
    tab.page.get_by_role("button", name="Read the section").first.click()
    expect(tab.panel).to_be_visible()
    tab.page.keyboard.press("Escape")
    tab.replies.first.locator("a").first.click()
    expect(tab.panel).to_be_visible()
    first = tab.panel.get_by_role("heading").first.inner_text()
    tab.panel.locator("article a").first.click()
    expect(tab.panel.get_by_role("heading").first).not_to_have_text(first)
    tab.page.keyboard.press("Escape")
    tab.page.locator('[class*="st-key-next-0-"] button').first.click()
    expect(tab.replies).to_have_count(2)

    assert tab.history == before == [("", "about:blank"), ("Attune", f"{tab.home}/")]
    tab.leave.click()
    tab.expect_left(neutral)


def test_the_server_forgets_a_session_that_was_left(
    visit: Callable[..., Visit], server: Server, neutral: NeutralPage
) -> None:
    """The server says of itself whether it holds the state of any session, an idle one included."""
    tab = visit().ask(QUESTION)
    assert server.holds_a_session

    tab.leave.click()
    tab.expect_left(neutral)

    until = time.monotonic() + 30
    while server.holds_a_session:
        assert time.monotonic() < until, "the session is still held"
        time.sleep(0.2)
