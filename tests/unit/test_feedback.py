"""Thumbs are counted, and nothing else is kept."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.guide.care import Category, Strength, Verdict
from app.guide.errors import LibraryError
from app.guide.feedback import FILE, Feedback, Thumbs, may_be_judged
from app.guide.nouns import Answer, Citation, Kind, Part


def answer_from(*slugs: str) -> Answer:
    """Return an answer that cites these sections."""
    cited = (Citation(n, slug, "A title", "Words.", 0, 6, "edition") for n, slug in enumerate(slugs, 1))
    return Answer(Kind.ANSWER, tuple(Part(("Words.",), citation=one) for one in cited), "edition")


TRUST = answer_from("trust/bids", "trust/honesty")


def test_a_thumb_is_counted_for_the_first_section_and_the_kind(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path)

    assert [feedback.count(TRUST, up) for up in (True, True, False)] == [True, True, True]

    assert feedback.counts() == [Thumbs("trust/bids", Kind.ANSWER, 2, 1)]


def test_who_changes_their_mind_is_counted_once(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path)

    feedback.count(TRUST, True)
    feedback.count(TRUST, False, before=True)
    assert feedback.counts() == [Thumbs("trust/bids", Kind.ANSWER, 0, 1)]
    feedback.count(TRUST, None, before=False)

    assert feedback.counts() == [Thumbs("trust/bids", Kind.ANSWER, 0, 0)]


def test_the_file_holds_a_section_a_kind_and_two_numbers_and_nothing_more(tmp_path: Path) -> None:
    Feedback(tmp_path).count(TRUST, True)

    with closing(sqlite3.connect(tmp_path / FILE)) as counts:
        assert [name for (name,) in counts.execute("SELECT name FROM sqlite_master WHERE type = 'table'")] == ["thumbs"]
        assert counts.execute("SELECT * FROM thumbs").fetchall() == [("trust/bids", "answer", 1, 0)]


def test_nothing_is_written_before_the_first_thumb(tmp_path: Path) -> None:
    assert (Feedback(tmp_path).counts(), list(tmp_path.iterdir())) == ([], [])


@pytest.mark.parametrize(
    "answer",
    [
        answer_from("safety/is-this-abuse"),
        answer_from("trust/bids", "safety/is-this-abuse"),
        replace(TRUST, care=Verdict(Category.SELF_HARM, Strength.MAYBE)),
        Answer(Kind.NOT_COVERED, (), "edition"),
    ],
    ids=["about safety", "with a quote about safety", "with a card", "without a quote"],
)
def test_where_danger_was_spoken_of_no_thumb_is_kept(tmp_path: Path, answer: Answer) -> None:
    """A count that grew would tell somebody who shares the machine what was asked."""
    assert not may_be_judged(answer)
    assert not Feedback(tmp_path).count(answer, True)
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_cannot_be_written_to_breaks_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert not Feedback(tmp_path / "missing").count(TRUST, True)

    assert caplog.messages == ["A thumb could not be counted (OperationalError)."]


def test_a_damaged_file_is_told_where_the_counts_are_read_and_breaks_no_page(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database " * 100)

    assert not Feedback(tmp_path).count(TRUST, True)
    with pytest.raises(LibraryError, match="cannot be read"):
        Feedback(tmp_path).counts()
