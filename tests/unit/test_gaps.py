"""What the guide could not answer is kept only as chosen, for 90 days, and never where danger was noticed."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from app.guide.care import Category, Strength, Verdict
from app.guide.encoder import load_encoder
from app.guide.errors import LibraryError, UnusableInput
from app.guide.gaps import FILE, LONGEST_KEPT, Gap, Gaps, draft, group, may_be_offered
from app.guide.nouns import Answer, Kind
from ingest.reader import read_corpus
from tests.fakes import CountingEncoder

TODAY = date(2026, 5, 1)
MISSING = Answer(Kind.NOT_COVERED, (), "edition")
COVERED = Answer(Kind.ANSWER, (), "edition")
DOUBT = Verdict(Category.PARTNER_VIOLENCE, Strength.MAYBE)


class Days:
    """A calendar that a test turns."""

    def __init__(self) -> None:
        self.today = TODAY

    def __call__(self) -> date:
        return self.today


def test_the_words_and_the_day_are_kept_and_nothing_else(tmp_path: Path) -> None:
    Gaps(tmp_path, Days()).keep("  which shelf  is mine ")

    with closing(sqlite3.connect(tmp_path / FILE)) as file:
        assert file.execute("SELECT * FROM gaps").fetchall() == [("2026-05-01", "which shelf is mine")]
        assert [column[1] for column in file.execute("PRAGMA table_info(gaps)")] == ["day", "words"]


def test_nothing_is_written_before_the_first_question(tmp_path: Path) -> None:
    assert (Gaps(tmp_path).kept(), list(tmp_path.iterdir())) == ([], [])


def test_the_order_of_a_day_is_not_told(tmp_path: Path) -> None:
    gaps = Gaps(tmp_path, Days())

    for words in ("which app is good", "a first date"):
        gaps.keep(words)

    assert [gap.words for gap in gaps.kept()] == ["a first date", "which app is good"]


def test_after_ninety_days_they_are_gone_from_the_file(tmp_path: Path) -> None:
    days = Days()
    gaps = Gaps(tmp_path, days)
    gaps.keep("which shelf is mine")
    days.today += timedelta(days=90)
    gaps.keep("which app is good")
    days.today += timedelta(days=1)

    gaps.forget_old()

    assert gaps.kept() == [Gap(TODAY + timedelta(days=90), "which app is good")]
    assert b"which shelf is mine" not in (tmp_path / FILE).read_bytes()


def test_what_the_editor_deletes_is_gone_from_the_file_at_once(tmp_path: Path) -> None:
    gaps = Gaps(tmp_path, Days())
    gaps.keep("which shelf is mine")

    gaps.forget(gaps.kept())

    assert gaps.kept() == []
    assert b"which shelf is mine" not in (tmp_path / FILE).read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (" ", "no question"),
        ("a" * (LONGEST_KEPT + 1), "At most 500"),
        ("my husband hit me and I am scared of him", "may be in danger"),
    ],
    ids=["nothing", "too much", "danger"],
)
def test_what_cannot_or_must_not_be_kept_is_said(tmp_path: Path, words: str, said: str) -> None:
    """Also where the words were edited before they were sent."""
    with pytest.raises(UnusableInput, match=said):
        Gaps(tmp_path).keep(words)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answers", "offered"),
    [
        ([MISSING], True),
        ([COVERED, replace(MISSING, kind=Kind.PARTIAL)], True),
        ([MISSING, COVERED], False),
        ([replace(MISSING, kind=Kind.SMALL_TALK)], False),
        ([replace(COVERED, care=DOUBT), MISSING], False),
        ([replace(MISSING, care=DOUBT)], False),
        ([], False),
    ],
)
def test_keeping_is_offered_for_what_was_not_covered_in_a_talk_without_danger(
    answers: list[Answer], offered: bool
) -> None:
    assert may_be_offered(answers) is offered


def test_a_file_that_cannot_be_used_is_said_without_its_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / FILE).write_bytes(b"no database " * 100)

    with pytest.raises(LibraryError, match="cannot be used"):
        Gaps(tmp_path).keep("which shelf is mine")
    with caplog.at_level(logging.WARNING):
        Gaps(tmp_path).forget_old()

    assert ["cannot be used" in message for message in caplog.messages] == [True]
    assert "shelf" not in caplog.text


def test_alike_questions_stand_together_the_largest_group_first() -> None:
    lone, *money = (Gap(TODAY, words) for words in ("grief", "money", "money money", "money trust money"))

    assert group([money[0], lone, *money[1:]], CountingEncoder()) == [money, [lone]]


def test_none_and_one_need_no_comparing() -> None:
    one = Gap(TODAY, "money")

    assert (group([], CountingEncoder()), group([one], CountingEncoder())) == ([], [[one]])


def test_the_real_encoder_brings_other_words_for_one_matter_together() -> None:
    houses = [Gap(TODAY, "who gets the house if we split up"), Gap(TODAY, "what happens to the house when we divorce")]
    dates = [Gap(TODAY, "which dating app is good for over 50s")]

    assert group([*houses, *dates], load_encoder("")) == [houses, dates]


def test_a_draft_asks_what_was_asked_and_can_be_finished_into_a_section(tmp_path: Path) -> None:
    text = draft([Gap(TODAY, "is it: 'normal'?"), Gap(TODAY, "which shelf is mine"), Gap(TODAY, "which shelf is mine")])

    assert yaml.safe_load(text.split("---\n")[1])["asked_as"] == ["is it: 'normal'?", "which shelf is mine"]
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "house.md").write_text(text.replace("## Why", "Ask a lawyer.\n\n## Why"), encoding="utf-8")
    assert read_corpus(tmp_path).sources[0].front.asked_as == ["is it: 'normal'?", "which shelf is mine"]
