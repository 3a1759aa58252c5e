"""Text that tries to be more than text, from a person and from a section: drawn as it is, and nothing happens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.hostile import (
    INTRO,
    LINE,
    PICTURED,
    PRACTICE,
    SCRIPTED,
    SENTENCE,
    SLUG,
    SOURCE,
    TITLE,
)
from tests.browser.visiting import Visit

pytestmark = pytest.mark.browser


def test_what_is_typed_is_drawn_as_typed(visit: Callable[..., Visit]) -> None:
    typed = (
        "my partner <script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"> "
        "**won't** $open$ :smile: ![up](http://elsewhere.invalid/a.png) [to](javascript:alert(1)) me"
    )

    tab = visit().ask(typed)

    expect(tab.page.locator(".attune-question")).to_have_text(typed)
    expect(tab.page).to_have_title("Attune")


def test_a_hostile_section_is_quoted_and_shown_as_text(visit: Callable[..., Visit]) -> None:
    tab = visit().ask("what does a zebra cost")
    assert tab.quoted_by(tab.markers.first) == SENTENCE

    tab.markers.first.click()

    expect(tab.quote).to_have_text(SENTENCE)
    article = tab.panel.locator(".attune-section")
    expect(article).to_contain_text('<iframe src="http://elsewhere.invalid/c"></iframe>')
    expect(article.locator("script, img, iframe, style, a")).to_have_count(0)
    expect(tab.page).to_have_title("Attune")


def test_titles_and_suggestions_are_drawn_as_the_editor_wrote_them(visit: Callable[..., Visit]) -> None:
    """What an editor writes in front matter is plain text; Streamlit takes labels for Markdown."""
    tab = visit().ask("what does a zebra cost")
    expect(tab.page.locator(".attune-understood")).to_have_text(TITLE)

    seen = [
        tab.page.locator('[class*="st-key-open-0-"] button').first.inner_text(),
        *tab.page.locator('[class*="st-key-next-0-"] button').all_inner_texts(),
    ]
    tab.markers.first.click()
    expect(tab.quote).to_be_focused()
    seen.append(tab.panel.get_by_role("heading").first.inner_text())

    assert seen == [f"Read the section: {TITLE}", PICTURED, TITLE]


def test_the_reading_page_draws_titles_and_sources_as_the_editor_wrote_them(visit: Callable[..., Visit]) -> None:
    tab = visit(f"/read?section={SLUG}")
    expect(tab.page.get_by_role("heading", name="Sources")).to_be_visible()

    assert tab.page.get_by_role("heading", level=1).inner_text() == TITLE
    assert tab.page.get_by_test_id("stSidebar").get_by_test_id("stPageLink").last.inner_text() == TITLE
    expect(tab.page.get_by_test_id("stText")).to_have_text(f"{SOURCE}\n{SCRIPTED}")
    expect(tab.page.locator('#stMain a[href^="javascript:"], #stMain img:not([alt="Logo"])')).to_have_count(0)
    expect(tab.page).to_have_title("Attune")


def test_a_practice_is_drawn_as_text(visit: Callable[..., Visit]) -> None:
    tab = visit(f"/read?section={SLUG}")
    practice = tab.page.get_by_test_id("stExpander")
    assert practice.locator("summary").inner_text().endswith(f"Practice: {PRACTICE} (10 minutes)")

    practice.locator("summary").click()

    drawn = practice.locator(".attune-section")
    expect(drawn).to_contain_text(INTRO)
    expect(drawn.locator("li li")).to_have_text(LINE)
    expect(drawn).to_contain_text("Stop <style>*{display:none}</style> where you are afraid.")
    expect(drawn.locator("script, img, iframe, style, a")).to_have_count(0)
    expect(tab.page).to_have_title("Attune")


def test_a_question_of_the_guide_with_a_picture_and_a_script_asks_itself_as_text(visit: Callable[..., Visit]) -> None:
    """A guide's own questions become buttons and then a person's message."""
    tab = visit().ask("what does a zebra cost")

    button = tab.page.locator('[class*="st-key-next-0-"] button').first
    expect(button).to_have_text(PICTURED)
    expect(button.locator("img, a")).to_have_count(0)
    button.click()

    expect(tab.page.locator(".attune-question").last).to_have_text(PICTURED)
    expect(tab.replies).to_have_count(2)
    expect(tab.page.locator(".attune-understood").last).to_have_text("Giraffes")
    expect(tab.page).to_have_title("Attune")
