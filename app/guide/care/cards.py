"""The card that a person sees first: fixed words and helplines put together, as plain data for every kind of screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.guide.care.card_texts import (
    A_CHILD_WRITES,
    FULL,
    HELP_LINE,
    QUIET,
    SHORT,
    THROAT,
    UNDER_18,
    UNKNOWN_EMERGENCY,
    CardText,
)
from app.guide.care.helplines import CHILD, EMERGENCY, Helpline, HelplineBook, known_helplines
from app.guide.care.verdict import Category, Strength, Verdict

MOST_LINES = 2


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown, in this order: before, title, sentences, lines, step, and the day the numbers were checked on."""

    title: str
    sentences: tuple[str, ...]
    lines: tuple[Helpline, ...]
    step: str
    strength: Strength | None
    category: Category | None
    checked_on: date
    before: str = ""

    @property
    def text(self) -> str:
        """The card as Markdown."""
        ways = "\n".join(f"- **{line.service}**: {line.ways}" for line in self.lines)
        checked = f"Numbers checked on {self.checked_on.isoformat()}."
        return "\n\n".join(
            part for part in (self.before, f"**{self.title}**", *self.sentences, ways, self.step, checked) if part
        )


def card_for(verdict: Verdict, country: str = "", book: HelplineBook | None = None) -> Card:
    """The card of a verdict: full at NOW, short at CARE, the raised help line at MAYBE; "" is an unknown country."""
    known = book or known_helplines()
    if verdict.strength is Strength.MAYBE:
        if verdict.minor:
            return _card(UNDER_18, (CHILD,), country, known, verdict)
        raised = CardText(opening=HELP_LINE, sentences=QUIET.sentences, step="")
        return _card(raised, (Category.SELF_HARM, Category.PARTNER_VIOLENCE), country, known, verdict)
    words = _words(verdict)
    purposes: tuple[str, ...] = (verdict.category, *verdict.also)
    return _card(words, (CHILD, *purposes) if verdict.minor else purposes, country, known, verdict)


def quiet_card(country: str = "", book: HelplineBook | None = None) -> Card:
    """What opens under "Help now" while nothing was noticed."""
    return _card(QUIET, (Category.SELF_HARM, Category.PARTNER_VIOLENCE), country, book or known_helplines(), None)


def _words(verdict: Verdict) -> CardText:
    if verdict.minor and verdict.category in (Category.CHILD_ABUSE, Category.PARTNER_VIOLENCE):
        return A_CHILD_WRITES
    words = (FULL if verdict.strength is Strength.NOW else SHORT)[verdict.category]
    if verdict.category is Category.PARTNER_VIOLENCE and Category.MEDICAL in verdict.also:
        return CardText(words.opening, (*words.sentences, THROAT), words.step, words.before)
    return words


def _card(
    words: CardText, purposes: tuple[str, ...], country: str, book: HelplineBook, verdict: Verdict | None
) -> Card:
    at_hand = book.of(country)
    lines = _lines(at_hand, purposes)
    number = _emergency(at_hand)
    return Card(
        title=words.opening,
        sentences=tuple(sentence.format(emergency=number) for sentence in words.sentences),
        lines=lines,
        step=words.step,
        strength=verdict.strength if verdict else None,
        category=verdict.category if verdict else None,
        checked_on=min((line.checked_on for line in lines or at_hand), default=date.min),
        before=words.before,
    )


def _emergency(lines: Iterable[Helpline]) -> str:
    return next((line.call for line in lines if EMERGENCY in line.purposes), UNKNOWN_EMERGENCY)


def _lines(lines: tuple[Helpline, ...], purposes: tuple[str, ...]) -> tuple[Helpline, ...]:
    """At most two lines: one for each danger, and a second one for the first danger where there is room."""
    chosen: list[Helpline] = []
    fitting = {purpose: [line for line in lines if purpose in line.purposes] for purpose in purposes}
    for rank in range(MOST_LINES):
        for purpose in purposes:
            chosen += [line for line in fitting[purpose][rank : rank + 1] if line not in chosen]
    return tuple(chosen[:MOST_LINES])
