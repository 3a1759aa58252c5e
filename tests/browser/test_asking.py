"""A person asks, reads, and looks where it stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.guide.library import Library
from tests.browser.serving import Server
from tests.browser.visiting import Visit

pytestmark = pytest.mark.browser

QUESTION = "what if my partner won't open up"
TITLE = "When your partner won't open up"


def test_from_the_question_to_the_quote_in_its_section_and_back_to_the_talk(
    visit: Callable[..., Visit], server: Server
) -> None:
    """The whole way: ask, read, click a marker, see the quote, read on in the section, come back."""
    tab = visit().ask(QUESTION)
    expect(tab.replies.first).to_contain_text(TITLE)
    quoted = tab.quoted_by(tab.markers.first)

    tab.markers.first.click()

    expect(tab.panel.get_by_role("heading", name=TITLE)).to_be_visible()
    tab.expect_quote(quoted)
    expect(tab.quote).to_be_in_viewport(ratio=1)
    assert tab.page.url == f"{server.address}/"

    tab.page.get_by_role("link", name="Open on the reading page").click()

    expect(tab.page.get_by_role("heading", name=TITLE)).to_be_visible()
    tab.expect_quote(quoted)
    expect(tab.quote).to_be_in_viewport(ratio=1)
    path, wanted = tab.place
    assert path == "/read"
    assert list(wanted) == ["section", "edition", "at"]
    section = Library(server.library).kept_section(wanted["section"], wanted["edition"])
    start, end = map(int, wanted["at"].split("-"))
    assert section.text[start:end] == quoted

    tab.page.get_by_role("link", name="Back to your questions").click()

    expect(tab.page.locator(".attune-question")).to_have_text(QUESTION)
    expect(tab.replies.first).to_contain_text(quoted)


def test_every_marker_opens_its_own_quote_and_opens_it_again(visit: Callable[..., Visit]) -> None:
    tab = visit().ask(QUESTION)
    assert tab.markers.count() >= 2

    for n in [*range(tab.markers.count()), 0]:
        quoted = tab.quoted_by(tab.markers.nth(n))
        tab.markers.nth(n).click()
        tab.expect_quote(quoted)
        tab.panel.get_by_role("button", name="Close").click()
        expect(tab.panel).to_have_count(0)


def test_the_keyboard_alone_reaches_a_source_and_leaves_it(visit: Callable[..., Visit]) -> None:
    tab = visit()
    tab.page.keyboard.press("Tab")
    tab.ask(QUESTION)

    for _ in range(40):
        if tab.markers.first.evaluate("marker => marker === document.activeElement"):
            break
        tab.page.keyboard.press("Tab")
    expect(tab.markers.first).to_be_focused()
    tab.page.keyboard.press("Enter")

    expect(tab.panel).to_be_visible()
    expect(tab.quote).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(tab.panel).to_have_count(0)
    expect(tab.markers.first).to_be_focused()


def test_an_answer_is_read_from_the_question_on(visit: Callable[..., Visit]) -> None:
    tab = visit().ask(QUESTION).ask("how do I trust again after an affair")

    expect(tab.page.locator(".attune-question").last).to_be_in_viewport(ratio=1)
    expect(tab.replies.last.locator("p").first).to_be_in_viewport(ratio=1)


def test_links_inside_a_quote_and_inside_a_panel_open_their_section_beside_the_talk(
    visit: Callable[..., Visit], server: Server
) -> None:
    """The address stays as it is, so that no section's name comes into a browser's history from a question."""
    tab = visit().ask(QUESTION)
    link = tab.replies.first.locator("a").first

    link.click()
    expect(tab.panel.get_by_role("heading").first).to_have_text(link.inner_text())
    onward = tab.panel.locator("article a").first
    slug = onward.get_attribute("data-section") or ""
    onward.click()

    title = Library(server.library).kept_section(slug, Library(server.library).live_id()).title
    expect(tab.panel.get_by_role("heading").first).to_have_text(title)
    expect(tab.quote).to_have_count(0)
    assert tab.page.url == f"{server.address}/"
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator(".attune-question")).to_have_text(QUESTION)


def test_a_suggested_question_asks_itself(visit: Callable[..., Visit]) -> None:
    tab = visit().ask(QUESTION)
    suggestion = tab.page.locator('[class*="st-key-next-0-"] button').first
    said = suggestion.inner_text()

    suggestion.click()

    expect(tab.page.locator(".attune-question").last).to_have_text(said)
    expect(tab.replies).to_have_count(2)


def test_clearing_brings_the_first_screen_back_and_loading_again_forgets_the_talk(visit: Callable[..., Visit]) -> None:
    tab = visit()
    leaving = {
        "clear": lambda: tab.page.get_by_role("button", name="Clear conversation").click(),
        "reload": lambda: tab.page.reload(),
    }

    for leave in leaving.values():
        tab.ask(QUESTION)
        leave()

        expect(tab.page.get_by_text("Nothing you write is stored.")).to_be_visible()
        expect(tab.replies).to_have_count(0)
        expect(tab.page.locator(".attune-question")).to_have_count(0)
        tab.settle()


def test_a_message_that_cannot_be_read_gets_one_clear_sentence(visit: Callable[..., Visit]) -> None:
    """White space and 20,000 pasted characters; an empty field sends nothing at all."""
    tab = visit()
    alerts = tab.page.get_by_test_id("stAlert")
    tab.input.press("Enter")
    expect(tab.page.get_by_text("Nothing you write is stored.")).to_be_visible()

    tab.input.fill("  \t ")
    tab.input.press("Enter")
    expect(alerts).to_have_text(["There was no question. Write what is on your mind, in your own words."])

    tab.input.fill("a" * 20_000)
    tab.input.press("Enter")
    expect(alerts).to_have_count(2)
    expect(alerts.last).to_contain_text("That message has 20,000 characters, and at most 8,000 can be read at once.")

    tab.ask(QUESTION)
    expect(alerts).to_have_count(2)


def test_who_meant_something_else_gets_that_section_in_the_place_of_the_first(visit: Callable[..., Visit]) -> None:
    tab = visit().ask(QUESTION)
    tab.page.get_by_text("I meant something else").click()
    other = tab.replies.first.locator(".attune-otherwise button").first
    title = other.inner_text()

    other.click()

    expect(tab.replies.first.locator(".attune-understood")).to_have_text(title)
    expect(tab.replies).to_have_count(1)
    expect(tab.page.locator(".attune-question")).to_have_text(QUESTION)


def test_a_marker_shows_its_quote_to_the_pointer_and_to_the_keyboard(visit: Callable[..., Visit]) -> None:
    tab = visit().ask(QUESTION)
    marker = tab.markers.first
    shown = "marker => getComputedStyle(marker, '::after').content"
    assert marker.evaluate(shown) == "none"

    tab.point_at(marker)
    assert tab.quoted_by(marker) in marker.evaluate(shown)
    tab.page.mouse.move(0, 0)
    tab.page.keyboard.press("Tab")
    marker.focus()

    assert tab.quoted_by(marker) in marker.evaluate(shown)


def test_an_answer_and_a_link_are_copied_with_the_address_of_the_server(
    visit: Callable[..., Visit], server: Server
) -> None:
    tab = visit()
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.ask(QUESTION)

    tab.page.get_by_role("button", name="Copy with sources").click()
    expect(tab.page.get_by_role("button", name="Copied")).to_be_visible()
    answer = tab.page.evaluate("navigator.clipboard.readText()")
    tab.markers.first.click()
    tab.panel.get_by_role("button", name="Copy link").click()
    expect(tab.panel.get_by_role("button", name="Link copied")).to_be_visible()
    link = tab.page.evaluate("navigator.clipboard.readText()")

    assert answer.count(f"]({server.address}/read?section=") == tab.markers.count()
    assert tab.quoted_by(tab.markers.first) in answer
    assert f"[{TITLE}]({link})" in answer
    later = visit(link.removeprefix(server.address))
    expect(later.quote).to_be_in_viewport(ratio=1)


def test_the_conversation_is_saved_by_the_browser_itself(visit: Callable[..., Visit]) -> None:
    tab = visit().ask(QUESTION)
    asked_for = len(tab.asked_for)

    with tab.page.expect_download() as saving:
        tab.page.get_by_role("button", name="Download conversation").click()

    assert saving.value.suggested_filename == "conversation.md"
    saved = saving.value.path().read_text(encoding="utf-8")
    assert saved.startswith(f"> {QUESTION}\n")
    assert tab.quoted_by(tab.markers.first) in saved
    assert all(address.startswith("blob:") for address in tab.asked_for[asked_for:])


def test_a_practice_opens_beside_the_talk_and_says_when_to_leave_it(
    visit: Callable[..., Visit], server: Server
) -> None:
    tab = visit().ask("how do we do a daily check-in")

    tab.page.get_by_role("button", name="Practice: The ten-minute daily check-in").click()

    expect(tab.panel).to_contain_text("When to leave it.")
    assert tab.page.url == f"{server.address}/"
