"""A question that the guide does not answer can be left for the editor, by the person's own tap."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.guide.care import Category, Strength, Verdict
from app.guide.gaps import Gaps
from app.guide.nouns import Answer, Kind, Part
from tests.ui.laid_out import ANSWER, EDITION, LaidOutGuide, held_back
from tests.ui.page import Page

OFFER = "Tell the editor that this is missing"
KEEP = "Keep these words for the editor"
MISSING = Answer(Kind.NOT_COVERED, (Part(("The guide does not cover that.",)),), EDITION)
QUESTION = "which shelf is mine"
DANGER = "I want to kill myself"


@pytest.fixture(autouse=True)
def gaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, laid_out: LaidOutGuide) -> Gaps:
    """Let questions be left, and the guide answer one of them with nothing."""
    monkeypatch.setenv("ATTUNE_GAPS", "on")
    monkeypatch.setenv("ATTUNE_LIBRARY", str(tmp_path))
    laid_out.answers |= {QUESTION: MISSING, "and this": ANSWER, DANGER: held_back(DANGER)}
    return Gaps(tmp_path)


def test_the_words_are_shown_can_be_edited_and_are_kept_on_the_tap_only(page: Page, gaps: Gaps) -> None:
    page.ask(QUESTION)
    assert page.at.text_area[0].value == QUESTION
    assert gaps.kept() == []

    page.at.text_area[0].set_value("which shelf is whose")
    page.press(KEEP)

    assert [gap.words for gap in gaps.kept()] == ["which shelf is whose"]
    assert KEEP not in page.buttons
    assert "Thank you. The editor will see these words, and nothing else." in page.words


def test_it_is_offered_for_the_last_question_only_and_not_where_the_guide_answered(page: Page) -> None:
    assert KEEP in page.ask(QUESTION).buttons
    assert KEEP not in page.ask("and this").buttons


def test_it_is_never_offered_after_danger_was_noticed_also_where_that_was_misunderstood(page: Page) -> None:
    page.ask(DANGER)
    page.press("I was misunderstood")

    assert KEEP not in page.ask(QUESTION).buttons


def test_a_doubt_is_enough(page: Page, laid_out: LaidOutGuide) -> None:
    doubt = Verdict(Category.PARTNER_VIOLENCE, Strength.MAYBE)
    laid_out.answers[QUESTION] = Answer(Kind.NOT_COVERED, MISSING.parts, EDITION, doubt)

    assert KEEP not in page.ask(QUESTION).buttons


def test_words_that_sound_like_danger_are_not_kept(page: Page, gaps: Gaps) -> None:
    page.ask(QUESTION)

    page.at.text_area[0].set_value("he hit me and I am scared of him")
    page.press(KEEP)

    assert gaps.kept() == []
    assert "Help now" in page.at.warning[0].value


def test_both_pages_say_so_before_anything_is_kept(page: Page) -> None:
    assert "Nothing you write is stored unless you choose to leave a question for the editor." in page.words
    said = page.safety().words
    assert "you can tell its editor" in said
    assert "for 90 days" in said


def test_it_is_off_by_default(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATTUNE_GAPS")

    assert KEEP not in page.ask(QUESTION).buttons
    assert "editor" not in page.safety().at.markdown[0].value
