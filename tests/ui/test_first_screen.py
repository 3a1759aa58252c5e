"""What a person sees before the first question."""

from __future__ import annotations

from tests.ui.laid_out import LaidOutGuide
from tests.ui.page import Page


def test_one_line_says_for_whom_it_is_what_it_is_not_and_that_nothing_is_stored(page: Page) -> None:
    """For adults, not therapy, not an emergency service, nothing stored: one line, before anything is typed."""
    line = next(line for line in page.words.split("\n") if "adults" in line)

    assert line == "For adults. Not therapy, and not an emergency service. Nothing you write is stored."
    assert not page.at.exception


def test_example_questions_are_offered_and_nothing_is_said_yet(page: Page) -> None:
    assert "What if my partner won't open up?" in page.buttons
    assert page.messages == []
    assert "Clear conversation" not in page.buttons


def test_every_example_asks_what_it_says(open_page, laid_out: LaidOutGuide) -> None:
    examples = open_page().buttons

    for example in examples:
        asked = open_page().press(example)

        assert [message.text for message in asked.messages[:1]] == [example]
        assert len(asked.messages) == 2
        assert "For adults" not in asked.words
    assert [message for message, _ in laid_out.asked] == examples
