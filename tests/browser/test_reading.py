"""Addresses of the reading page, opened by somebody who has just come."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.guide.library import Library
from app.guide.nouns import Citation
from tests.browser.serving import Server
from tests.browser.visiting import Visit

pytestmark = pytest.mark.browser

SLUG = "barriers/partner-wont-open-up"


def test_a_contracted_link_opens_its_section_at_the_quote(visit: Callable[..., Visit], server: Server) -> None:
    library = Library(server.library)
    edition = library.live_id()
    section = library.kept_section(SLUG, edition)
    last = section.sentences[-1]
    quoted = section.text[last.start : last.end]

    tab = visit(Citation(1, SLUG, section.title, quoted, last.start, last.end, edition).url)

    expect(tab.page.get_by_role("heading", name=section.title)).to_be_visible()
    tab.expect_quote(quoted)
    expect(tab.quote).to_be_in_viewport(ratio=1)


def test_a_person_can_go_from_section_to_section(visit: Callable[..., Visit]) -> None:
    tab = visit(f"/read?section={SLUG}")

    following = tab.page.get_by_role("link", name="Next: ")
    title = following.inner_text().removeprefix("Next: ")
    following.click()

    expect(tab.page.get_by_role("heading", level=1)).to_have_text(title)
    expect(tab.page.get_by_role("link", name="Previous: ")).to_contain_text("When your partner won't open up")


def test_an_unknown_section_gets_a_sentence_and_the_contents(visit: Callable[..., Visit]) -> None:
    tab = visit("/read?section=no/such&edition=none&at=x-y")

    expect(tab.page.get_by_test_id("stAlert")).to_contain_text("That section is not in the guide.")
    expect(tab.page.get_by_role("link", name="When your partner won't open up")).to_be_visible()
