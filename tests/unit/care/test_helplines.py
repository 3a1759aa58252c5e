"""Helplines are data that is checked when it is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.guide.care import Category, Strength, Verdict, card_for, countries, helplines, load_helplines
from app.guide.care.helplines import known_helplines, older_than_six_months
from app.guide.errors import UnusableInput
from app.guide.open import open_guide
from app.guide.settings import read_settings

GOOD = (
    "countries: {XX: Testland}\n"
    "helplines:\n"
    "  - {country: XX, service: A line, for: [self_harm], call: '1', source: me, checked_on: 2026-01-31, grade: A}\n"
)


def test_every_country_of_the_policy_is_there_with_an_emergency_number() -> None:
    """Nobody who chooses a country is left without a number for danger now."""
    assert [country.code for country in countries()] == ["US", "CA", "GB", "IE", "AU", "NZ", "IN", "ZA", "DE", "EU"]
    assert all("emergency" in helplines(country.code)[0].purposes for country in countries())


@pytest.mark.parametrize("purpose", ["self_harm", "partner_violence", "child_abuse", "child", "harm_to_others"])
def test_every_country_has_a_line_for_every_danger(purpose: str) -> None:
    """A country's own line or an international directory."""
    assert all(any(purpose in line.purposes for line in helplines(country.code)) for country in countries())


def test_a_country_is_found_by_code_or_name_in_any_case() -> None:
    """'gb' and 'United Kingdom' are the same place."""
    assert helplines("gb") == helplines("United Kingdom")


def test_an_unknown_country_gets_the_directories_only() -> None:
    """A country is never guessed."""
    assert [line.web for line in helplines("Atlantis")] == ["findahelpline.com", "befrienders.org", "lila.help"]


def test_only_confirmed_entries_ship() -> None:
    """Grades A and B, each with its source and the day it was checked on."""
    assert all(line.grade in "AB" and line.source and line.checked_on for line in known_helplines().lines)


def test_entries_older_than_six_months_are_listed() -> None:
    """Half a year after the last check every entry is due."""
    lines = known_helplines().lines

    assert older_than_six_months(lines, date(2026, 7, 1)) == ()
    assert older_than_six_months(lines, date(2027, 2, 1)) == lines


def test_an_owners_own_file_is_read(tmp_path: Path) -> None:
    """A good file of an owner takes the place of the bundled one."""
    (tmp_path / "own.yaml").write_text(GOOD, encoding="utf-8")

    book = load_helplines(tmp_path / "own.yaml")

    assert [line.service for line in helplines("XX", book)] == ["A line"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (GOOD.replace("grade: A", "grade: C"), "line 3: grade must be A or B"),
        (GOOD.replace("call: '1'", "call: 1"), "line 3: 'call' must be text"),
        (GOOD.replace("call: '1', ", ""), "line 3: there is no way to reach this service"),
        (GOOD.replace("2026-01-31", "soon"), "line 3: 'checked_on' must be a day"),
        (GOOD.replace("[self_harm]", "[sadness]"), "line 3: 'for' must be a list out of"),
        (GOOD.replace("source: me, ", ""), "line 3: 'source' is missing"),
        (GOOD.replace("country: XX,", "country: YY,"), "line 3: country 'YY' is not in the list"),
        (GOOD.replace("call:", "phone:"), "line 3: 'phone' is not a name"),
        (GOOD + "  - [", "line 4: this is not YAML"),
        (GOOD + "  - only a word\n", "line 4: an entry must have names"),
        ("hello", "line 1: a list named 'helplines' is missing"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, wrong: str, said: str) -> None:
    """The message names the file, the line and what to do."""
    path = tmp_path / "own.yaml"
    path.write_text(wrong, encoding="utf-8")

    with pytest.raises(UnusableInput, match=said) as refused:
        load_helplines(path)

    assert str(path) in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A wrong path is said, not raised as a traceback of the system."""
    with pytest.raises(UnusableInput, match="cannot be read"):
        load_helplines(tmp_path / "nowhere.yaml")


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file that ATTUNE_HELPLINES names; what was read before is read anew."""
    path = tmp_path / "own.yaml"
    monkeypatch.setenv("ATTUNE_HELPLINES", str(path))
    known_helplines.cache_clear()
    yield path
    known_helplines.cache_clear()


def test_a_setting_names_the_owners_file(own_file: Path) -> None:
    """Every card takes its lines from there."""
    own_file.write_text(GOOD, encoding="utf-8")

    assert [line.service for line in card_for(Verdict(Category.SELF_HARM, Strength.NOW), "XX").lines] == ["A line"]


def test_the_guide_does_not_open_with_a_broken_owners_file(own_file: Path) -> None:
    """Nobody finds out in the middle of a bad night."""
    own_file.write_text(GOOD.replace("grade: A", "grade: C"), encoding="utf-8")

    with pytest.raises(UnusableInput, match="line 3: grade must be A or B"):
        open_guide(read_settings())
