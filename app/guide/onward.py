"""What to offer beside an answer: what else may have been meant, what to ask next, what to practise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from app.guide.edition import Edition
from app.guide.lexical import stems
from app.guide.nouns import Hit, Kind, Practice, Section, Speaker, Suggestion, Turn

MOST_SUGGESTIONS = 3
MOST_OTHERS = 2
LONGEST_QUESTION = 90
# A line that names somebody's husband or age does not fit whoever reads it next.
_OF_SOMEBODY = re.compile(
    r"\b(he|she|his|her|him|hes|shes|hell|shell|husband|wife|boyfriend|girlfriend|bf|gf|fianc\w+|mum|mother|sister|"
    r"brother|\d+)\b",
    re.IGNORECASE,
)


def otherwise(kind: Kind, hits: Sequence[Hit]) -> tuple[Suggestion, ...]:
    """Return the next two sections: what may have been meant instead of the first."""
    others = hits[1 : 1 + MOST_OTHERS] if kind in (Kind.ANSWER, Kind.PARTIAL) else ()
    return tuple(Suggestion(hit.section.slug, hit.section.title) for hit in others)


def suggestions(
    kind: Kind, hits: Sequence[Hit], related: Sequence[Section], talk: Sequence[Turn] = (), message: str = ""
) -> tuple[Suggestion, ...]:
    """Offer what to ask next: questions of related sections after an answer, the nearest sections otherwise.

    No question comes twice in a talk, and no section that was answered from already.
    """
    if kind is not Kind.ANSWER:
        return tuple(Suggestion(hit.section.slug, hit.section.title) for hit in hits[:MOST_SUGGESTIONS])
    asked = [stems(text) for text in [message, *(turn.text for turn in talk if turn.speaker is Speaker.PERSON)]]
    answered = {slug for turn in talk for slug in turn.sections[:1]} | {hit.section.slug for hit in hits[:1]}
    offered = [
        Suggestion(section.slug, section.title, _question_of(section, asked))
        for section in related
        if section.slug not in answered
    ]
    return tuple(offered[:MOST_SUGGESTIONS])


def practice_for(edition: Edition, hits: Sequence[Hit], allowed: Callable[[str], bool]) -> Practice | None:
    """Return the practice of the first section; else of one that is related to it and was found near the question."""
    if not hits:
        return None
    first = hits[0].section
    found = {hit.section.slug for hit in hits[:3]}
    slugs = [first.slug, *(slug for slug in first.related if slug in found)]
    return next((one for slug in slugs if allowed(slug) for one in edition.practices_of(slug)), None)


def _question_of(section: Section, asked: Iterable[list[str]]) -> str:
    """Return one of the ways in which a section is asked for: a plain one, if there is any, and none asked already."""
    before = list(asked)
    plain = (line for line in section.asked_as if not _OF_SOMEBODY.search(line) and len(line) <= LONGEST_QUESTION)
    return next((line for line in chain(plain, section.asked_as) if stems(line) not in before), "")
