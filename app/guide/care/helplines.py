"""Helplines as data: the bundled file or an owner's own, checked when it is read, never guessed from where a person is.

`python -m app.guide.care.helplines` lists the entries whose last check is older than six months.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.guide.care.verdict import Category
from app.guide.errors import UnusableInput
from app.guide.settings import read_settings

BUNDLED = Path(__file__).parent / "helplines.yaml"
EMERGENCY, CHILD, DIRECTORY = "emergency", "child", "directory"
PURPOSES = frozenset({EMERGENCY, CHILD, DIRECTORY, *Category})
GRADES = frozenset({"A", "B"})
SIX_MONTHS = timedelta(days=183)
_TEXTS = ("country", "service", "call", "text", "chat", "web", "hours", "source", "grade", "note")
_NEEDED = ("service", "for", "source", "checked_on", "grade")


@dataclass(frozen=True, slots=True)
class Helpline:
    """One service: what it is for, the ways to reach it, and who said so when. Ways that are not known are empty."""

    country: str
    service: str
    purposes: tuple[str, ...]
    call: str
    text: str
    chat: str
    web: str
    hours: str
    source: str
    checked_on: date
    grade: str
    note: str = ""

    @property
    def ways(self) -> str:
        """The ways to reach it in one line: call, text, chat, web and hours."""
        parts = (("call", self.call), ("text", self.text), ("", self.chat), ("", self.web), ("hours:", self.hours))
        return ", ".join(f"{label} {value}".strip() for label, value in parts if value)


@dataclass(frozen=True, slots=True)
class Country:
    """A country that a person can choose."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class HelplineBook:
    """All helplines of one file, in the file's order."""

    countries: tuple[Country, ...]
    lines: tuple[Helpline, ...]

    def of(self, country: str) -> tuple[Helpline, ...]:
        """The lines of a country, then the international directories; only those for a country nobody named."""
        code = self.code(country)
        own = tuple(line for line in self.lines if code and line.country == code)
        return own + tuple(line for line in self.lines if not line.country)

    def code(self, country: str) -> str:
        """The code of a country given by code or name; empty where it is unknown."""
        asked = country.strip().casefold()
        return next((c.code for c in self.countries if asked in (c.code.casefold(), c.name.casefold())), "")


def countries(book: HelplineBook | None = None) -> tuple[Country, ...]:
    """The countries that have lines of their own."""
    return (book or known_helplines()).countries


def helplines(country: str = "", book: HelplineBook | None = None) -> tuple[Helpline, ...]:
    """The lines of a country (code or name) and the directories; an unknown country gets the directories only."""
    return (book or known_helplines()).of(country)


def older_than_six_months(lines: Sequence[Helpline], today: date) -> tuple[Helpline, ...]:
    """The lines that a person should check again."""
    return tuple(line for line in lines if today - line.checked_on > SIX_MONTHS)


@cache
def known_helplines() -> HelplineBook:
    """The helplines of the file that ATTUNE_HELPLINES names, or those that are part of the program; read once.

    Raises UnusableInput for a file that cannot be used.
    """
    return load_helplines(read_settings().helplines or BUNDLED)


def load_helplines(path: Path) -> HelplineBook:
    """The helplines of a file; raises UnusableInput with the file, the line and what to do."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise UnusableInput(
            f"{path}: the helplines cannot be read; check the path and that it is UTF-8 text."
        ) from problem
    try:
        table = yaml.safe_load(text)
        rows = _rows_with_lines(text)
    except yaml.YAMLError as problem:
        raise UnusableInput(
            f"{path}, line {_line_of(problem)}: this is not YAML; check colons, quotes, brackets."
        ) from problem
    if not isinstance(table, dict) or not isinstance(table.get("helplines"), list):
        raise UnusableInput(f"{path}, line 1: a list named 'helplines' is missing; see the bundled helplines.yaml.")
    names = table.get("countries") or {}
    if not isinstance(names, dict):
        raise UnusableInput(
            f"{path}, line 1: 'countries' must give a name for each code; see the bundled helplines.yaml."
        )
    known = {str(code) for code in names}
    lines = tuple(
        _helpline(entry, known, f"{path}, line {row}") for entry, row in zip(table["helplines"], rows, strict=True)
    )
    return HelplineBook(tuple(Country(str(code), str(name)) for code, name in names.items()), lines)


def _rows_with_lines(text: str) -> list[int]:
    """The line on which each entry of `helplines` begins."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return []
    for key, value in root.value:
        if key.value == "helplines" and isinstance(value, yaml.SequenceNode):
            return [node.start_mark.line + 1 for node in value.value]
    return []


def _line_of(problem: yaml.YAMLError) -> int:
    mark = getattr(problem, "problem_mark", None)
    return mark.line + 1 if mark is not None else 1


def _helpline(entry: object, known: set[str], where: str) -> Helpline:
    if not isinstance(entry, dict):
        raise UnusableInput(f"{where}: an entry must have names such as 'service' and 'call'.")
    missing = [name for name in _NEEDED if not entry.get(name)]
    if missing:
        raise UnusableInput(f"{where}: '{missing[0]}' is missing; add it.")
    unknown = set(map(str, entry)) - {*_TEXTS, "for", "checked_on"}
    if unknown:
        raise UnusableInput(f"{where}: '{min(unknown)}' is not a name that an entry can have; remove or correct it.")
    texts = {name: _text(entry, name, where) for name in _TEXTS}
    if texts["grade"] not in GRADES:
        raise UnusableInput(f"{where}: grade must be A or B; what nobody has confirmed is not shown to people.")
    if texts["country"] and texts["country"] not in known:
        raise UnusableInput(f"{where}: country '{texts['country']}' is not in the list of countries; add it there.")
    if not any(texts[way] for way in ("call", "text", "chat", "web")):
        raise UnusableInput(f"{where}: there is no way to reach this service; give call, text, chat or web.")
    return Helpline(purposes=_purposes(entry, where), checked_on=_day(entry, where), **texts)


def _text(entry: dict[str, Any], name: str, where: str) -> str:
    value = entry.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnusableInput(f"{where}: '{name}' must be text; put it in quotes so that no digit is lost.")
    return value.strip()


def _purposes(entry: dict[str, Any], where: str) -> tuple[str, ...]:
    purposes = entry["for"]
    if not isinstance(purposes, list) or not {str(purpose) for purpose in purposes} <= PURPOSES:
        raise UnusableInput(f"{where}: 'for' must be a list out of {', '.join(sorted(PURPOSES))}.")
    return tuple(str(purpose) for purpose in purposes)


def _day(entry: dict[str, Any], where: str) -> date:
    day = entry["checked_on"]
    if not isinstance(day, date):
        raise UnusableInput(f"{where}: 'checked_on' must be a day such as 2026-06-30.")
    return day


def main() -> int:
    """Print the entries in use that are older than six months; 1 where there are any."""
    old = older_than_six_months(known_helplines().lines, date.today())
    for line in old:
        sys.stdout.write(f"{line.country or 'world'}: {line.service}, {line.checked_on.isoformat()}, {line.source}\n")
    return 1 if old else 0


if __name__ == "__main__":
    raise SystemExit(main())
