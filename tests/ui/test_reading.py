"""The reading page: the contents, and one section with its neighbours."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.guide import open as opening
from app.guide.errors import LibraryError
from app.guide.open import open_guide
from tests.ui.laid_out import BIDS, EARLIER, EDITION, QUIET, LaidOutGuide, section_of
from tests.ui.markup import Drawn
from tests.ui.page import Page, shown

GONE = "That section is not in the guide."


def test_without_a_section_it_lists_every_chapter_with_its_sections(page: Page) -> None:
    page.read()

    assert page.titles == ["A guide for tests"]
    assert page.headings == ["Trust", "Barriers", "Safety"]
    assert page.links == ["Small bids", "A quiet partner", "When it is not safe"]
    assert not page.at.exception


def test_a_section_is_drawn_whole_with_its_title_and_nothing_marked(page: Page) -> None:
    page.read(section="barriers/quiet")

    assert page.titles == ["A quiet partner"]
    assert page.article.text == QUIET.text
    assert page.article.marked == ""
    assert "Back to your questions" in page.links
    assert not page.at.exception


def test_the_middle_section_leads_to_the_one_before_and_the_one_after(page: Page) -> None:
    page.read(section="barriers/quiet")

    assert "Previous: Small bids" in page.links
    assert "Next: When it is not safe" in page.links


@pytest.mark.parametrize(("slug", "missing"), [("trust/bids", "Previous"), ("safety/unsafe", "Next")])
def test_the_first_and_the_last_section_lead_one_way_only(page: Page, slug: str, missing: str) -> None:
    neighbours = [link for link in page.read(section=slug).links if link.startswith(("Previous", "Next"))]

    assert len(neighbours) == 1
    assert not neighbours[0].startswith(missing)


def test_related_sections_that_exist_are_offered_and_sources_are_listed(page: Page) -> None:
    page.read(section="trust/bids")

    assert page.headings == ["Read next", "Sources"]
    assert page.links_below == [
        "Back to your questions",
        "A quiet partner",
        "Next: A quiet partner",
    ]
    assert page.at.text[0].value.split("\n") == list(BIDS.references)


def test_a_section_without_related_ones_or_sources_has_no_empty_headings(page: Page) -> None:
    assert page.read(section="barriers/quiet").headings == []


def test_a_practice_of_the_section_can_be_opened_and_says_when_to_leave_it(page: Page) -> None:
    page.read(section="barriers/quiet")

    (practice,) = page.at.expander
    drawn = Drawn(practice.get("html")[0].value)
    assert shown(practice.label) == "Practice: A walk for two (10 minutes)"
    assert drawn.blocks == [
        "Walk, and <b>say</b> one thing each.",
        "Go · 2 min",
        "Walk <i>slowly</i>.",
        "I noticed <script>",
        "I would like",
        "Come back",
        "When to leave it. Leave it where you are afraid & alone.",
    ]
    assert drawn.problems == []
    assert "script" not in drawn.tags
    assert not page.read(section="trust/bids").at.expander


def test_the_contents_stand_beside_a_section(page: Page) -> None:
    page.read(section="barriers/quiet")

    assert page.links_beside == ["Small bids", "A quiet partner", "When it is not safe"]


def test_an_address_in_the_contracted_form_marks_its_range(page: Page) -> None:
    quoted = "one question, and read Small bids first.\nThank"
    start = QUIET.text.index(quoted)

    page.read(section="barriers/quiet", edition=EDITION, at=f"{start}-{start + len(quoted)}")

    assert page.article.marked == quoted
    assert page.article.text == QUIET.text


def test_a_link_to_an_earlier_edition_opens_the_live_one_where_it_still_has_the_words(
    page: Page, laid_out: LaidOutGuide
) -> None:
    """Also where they have moved since."""
    laid_out.earlier["barriers/quiet"] = section_of("barriers/quiet", "Quiet", "First this. Thank them. Then rest.")

    page.read(section="barriers/quiet", edition=EARLIER, at="12-23")

    assert [article.text for article in page.articles] == [QUIET.text]
    assert page.article.marked == "Thank them."
    assert not page.at.info


def test_a_passage_that_has_changed_is_shown_as_it_was_and_the_section_as_it_is_now(
    page: Page, laid_out: LaidOutGuide
) -> None:
    was = section_of("barriers/quiet", "Quiet", "First this. Thank her. Then rest.")
    laid_out.earlier["barriers/quiet"] = was

    page.read(section="barriers/quiet", edition=EARLIER, at="12-22")

    assert page.at.info[0].value.startswith("This passage has changed since.")
    assert [tab.label for tab in page.at.tabs] == ["As it was", "As it is now"]
    assert [article.text for article in page.articles] == [was.text, QUIET.text]
    assert [article.marked for article in page.articles] == ["Thank her.", ""]


def test_a_section_that_is_gone_is_shown_as_it_was_and_said_to_be_gone(page: Page, laid_out: LaidOutGuide) -> None:
    laid_out.earlier["trust/gone"] = section_of("trust/gone", "Gone", "Once. It was here.")

    page.read(section="trust/gone", edition=EARLIER, at="6-18")

    assert page.at.info[0].value.startswith("This section is no longer in the guide.")
    assert [article.marked for article in page.articles] == ["It was here."]
    assert not page.at.warning


@pytest.mark.parametrize(
    "at", ["nonsense", "5", "-", "9-3", "7-7", "-4-9", "0-999999", "1e3-2e3", "0-5;DROP", "<b>", "5-9-12", "9" * 400]
)
def test_a_place_that_is_none_of_the_section_draws_the_section_unmarked(page: Page, at: str) -> None:
    page.read(section="barriers/quiet", at=at)

    assert page.article.text == QUIET.text
    assert page.article.marked == ""
    assert not page.at.exception


@pytest.mark.parametrize(
    "address",
    [
        {"section": "trust/nowhere"},
        {"section": "trust/nowhere", "at": "nonsense"},
        {"section": "../../etc/passwd"},
        {"section": "<script>alert(1)</script>"},
        {"section": "x" * 5000},
        {"section": "trust/bids", "edition": "20200101T000000Z-00000000"},
        {"section": "trust/bids", "edition": "../.."},
    ],
)
def test_an_unknown_section_gets_a_clear_sentence_and_the_contents(page: Page, address: dict[str, str]) -> None:
    page.read(**address)

    assert len(page.at.warning) == 1
    assert page.at.warning[0].value.startswith(GONE)
    assert page.links == ["Small bids", "A quiet partner", "When it is not safe"]
    assert not page.at.exception


@pytest.mark.parametrize("address", [None, {}, {"section": "trust/bids"}], ids=["ask", "contents", "section"])
def test_a_guide_that_cannot_be_opened_shows_its_sentence_and_no_traceback(
    open_page, monkeypatch: pytest.MonkeyPatch, laid_out: LaidOutGuide, address: dict[str, str] | None
) -> None:
    def empty(settings: object) -> None:
        raise LibraryError("The library at there is empty. Run `python -m ingest build` first.")

    monkeypatch.setattr(opening, "open_guide", empty)

    page = open_page()
    if address is not None:
        page.read(**address)

    assert [error.value for error in page.at.error] == [
        "The library at there is empty. Run `python -m ingest build` first."
    ]
    assert not page.at.warning
    assert not page.at.exception
    assert "Traceback" not in page.words

    monkeypatch.setattr(opening, "open_guide", lambda settings: laid_out)
    page.at.run()
    assert not page.at.error


def test_an_empty_library_is_told_by_the_program_itself_with_what_to_do(
    open_page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(opening, "open_guide", open_guide)
    monkeypatch.setenv("ATTUNE_LIBRARY", str(tmp_path / "library"))

    page = open_page()

    assert "is empty. Run `python -m ingest build` first." in page.at.error[0].value
    assert not page.at.exception


def test_a_library_that_breaks_while_a_section_is_read_does_not_say_that_the_section_is_gone(
    page: Page, laid_out: LaidOutGuide
) -> None:
    laid_out.broken = LibraryError("LIVE does not name an edition. Roll back.")

    page.read(section="trust/bids")

    assert [error.value for error in page.at.error] == ["LIVE does not name an edition. Roll back."]
    assert GONE not in page.words
    assert not page.at.exception


def test_a_chapters_name_is_drawn_as_it_is_written(page: Page, laid_out: LaidOutGuide) -> None:
    laid_out.sections = (
        section_of("a/b", "A section", "Some text.\n", chapter="Us <img src=x onerror=alert(1)> & <b>them</b>"),
    )

    page.read(section="a/b")

    line = next(line for line in page.words.split("\n") if line.endswith(" min"))
    assert line.startswith("Us <img src=x onerror=alert(1)> & <b>them</b> · ")
