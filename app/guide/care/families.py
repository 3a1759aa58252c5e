"""Phrase families: named patterns in families/*.yaml that a person can read, and the finding of them in a message.

A pattern is a row of words. `a|b` in brackets means either; a bracket with `?` may be missing; `..` stands for up to
three words and `...` for up to nine; `word*` for any ending; `<name>` for a group of families/words.yaml; `^` for the
start of the sentence and `$` for its end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.guide.care.verdict import Category, Strength

FOLDER = Path(__file__).parent / "families"
_GAPS = {"..": r"(?:\w+ ){0,3}", "...": r"(?:\w+ ){0,9}"}
_NAME = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Family:
    """Patterns that mean the same danger."""

    name: str
    category: Category
    strength: Strength
    found: re.Pattern[str]
    unless: re.Pattern[str] | None
    replaces: tuple[Category, ...]
    with_: tuple[Category, ...]
    minor: bool
    acute: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A family found in a sentence, with the strength that its tense gives it."""

    family: Family
    strength: Strength


@dataclass(frozen=True, slots=True)
class Tenses:
    """The words of a category that put a sentence in the past, bring it back to now, or speak of another person."""

    past: re.Pattern[str]
    present: re.Pattern[str]
    others: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Families:
    """All families, the tense words of each category, and the harmless phrases that are taken out first."""

    families: tuple[Family, ...]
    tenses: dict[Category, Tenses]
    idioms: re.Pattern[str]


def find(sentence: str, book: Families) -> list[Hit]:
    """Every family that speaks in this plain sentence, harmless phrases aside."""
    rest = book.idioms.sub(" ~ ", f" {sentence} ")
    text = re.sub(r"\s+", " ", rest).strip() + " "
    hits = []
    for family in book.families:
        found = family.found.search(text)
        if found and not (family.unless and family.unless.search(text)):
            hits.append(Hit(family, _strength(family, found.group(), f"{sentence} ", book.tenses[family.category])))
    return hits


def _strength(family: Family, found: str, text: str, tenses: Tenses) -> Strength:
    """NOW weakens to CARE for what is past, and for another person where the words found are not the writer's own."""
    if family.strength is not Strength.NOW or family.acute:
        return family.strength
    past = tenses.past.search(text) and not tenses.present.search(text)
    others = tenses.others and tenses.others.search(text) and not found.startswith("i ")
    return Strength.CARE if past or others else Strength.NOW


def strength_of(category: Category, piece: str, book: Families) -> Strength:
    """How strongly a piece of a message speaks where no family does: CARE for what is past or another person's."""
    tenses, text = book.tenses[category], f"{piece.replace('. ', ' ')} "
    past = tenses.past.search(text) and not tenses.present.search(text)
    others = tenses.others and any(tenses.others.search(f"{part} ") for part in piece.split(". "))
    return Strength.CARE if past or others else Strength.NOW


@cache
def bundled_families() -> Families:
    """The families that are part of the program."""
    words = _read("words")
    families: list[Family] = []
    tenses: dict[Category, Tenses] = {}
    for category in Category:
        table = _read(category.value)
        others = table.get("others")
        tenses[category] = Tenses(
            _any_of(table["past"], words), _any_of(table["present"], words), _any_of(others, words) if others else None
        )
        families += [_family(name, category, entry, words) for name, entry in table["families"].items()]
    idioms = [pattern for group in _read("idioms").values() for pattern in group]
    return Families(tuple(families), tenses, _any_of(idioms, words))


def _read(name: str) -> dict[str, Any]:
    table: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return table


def _family(name: str, category: Category, entry: dict[str, Any], words: dict[str, str]) -> Family:
    unless = entry.get("unless")
    return Family(
        name=name,
        category=category,
        strength=Strength(entry["strength"]),
        found=_any_of(entry["patterns"], words),
        unless=_any_of(unless, words) if unless else None,
        replaces=tuple(Category(other) for other in entry.get("replaces", ())),
        with_=tuple(Category(other) for other in entry.get("with", ())),
        minor=bool(entry.get("minor", False)),
        acute=bool(entry.get("acute", False)),
    )


def _any_of(patterns: list[str], words: dict[str, str]) -> re.Pattern[str]:
    return re.compile("(?:^|(?<= ))(?:" + "|".join(translate(pattern, words) for pattern in patterns) + ")")


def translate(pattern: str, words: dict[str, str]) -> str:
    """The regular expression of one pattern, to be matched against words that are each followed by a blank."""
    return "".join(_item(item, words) for item in _split(pattern, " ") if item)


def _item(item: str, words: dict[str, str]) -> str:
    if item in _GAPS:
        return _GAPS[item]
    if item == "^" or item.startswith("(?!"):
        return item
    last = item.endswith("$")
    body = item.removesuffix("$")
    optional = body.endswith("?") and _is_group(body[:-1])
    body = body[:-1] if optional else body
    named = _NAME.fullmatch(body)
    group = words[named[1]] if named else body[1:-1] if _is_group(body) else None
    if group is None:
        return _word(body) + ("$" if last else "")
    branches = "|".join(translate(branch, words) for branch in _split(group, "|"))
    return f"(?:{branches})" + ("?" if optional else "") + ("$" if last else "")


def _is_group(item: str) -> bool:
    """Whether one pair of brackets, <name> included, embraces the whole item."""
    if _NAME.fullmatch(item):
        return True
    return item.startswith("(") and len(_split(item[1:-1] + " ", ")")) == 1 and item.endswith(")")


def _word(body: str) -> str:
    return body.replace("*", r"\w*").replace("(", "(?:").replace("(?:?", "(?") + " "


def _split(text: str, mark: str) -> list[str]:
    """The parts of a text between marks that stand outside all brackets."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        if letter == mark and depth == 0:
            parts.append(text[start:place])
            start = place + 1
        depth += (letter == "(") - (letter == ")")
    return [*parts, text[start:]]
