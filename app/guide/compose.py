"""An answer out of the guide's own sentences: chosen by role, kept in order, each group cited.

Only the few words between the quotes are ours; they are the constants below.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from app.guide.nouns import BlockKind, Citation, Hit, Kind, Mark, Part, Role, Section, Sentence, Suggestion

TO_TRY = "To try"
WORDS_TO_BORROW = "Words you could use"
WHY = "Why"
TO_MIND = "Where this does not fit"
NEAREST = "The guide does not answer that directly. This is the nearest that it says."
NOT_COVERED = (
    "The guide does not cover that, so there is nothing to quote. These sections are the nearest; or ask again in "
    "other words, about what happens between you and someone close."
)
MOST_SUGGESTIONS = 3


class Shape(StrEnum):
    """What a question wants most."""

    STEPS = "steps"
    WORDS = "words"
    REASON = "reason"
    MEANING = "meaning"
    LIMITS = "limits"


_SAY = r"(say|tell|ask|word|phrase|text|write|answer|reply)"
_IT = r"(it|that|this)"
_SHAPES = (
    (Shape.WORDS, rf"\b(what|how) (can|could|should|do|would|to) ?(i|we)? ?{_SAY}\b"),
    (Shape.WORDS, rf"\b(example|a script|wording|what to say|right words|how to {_SAY})\b"),
    (Shape.LIMITS, rf"\b(what if|and if|but if) {_IT} (doesn'?t|does not|isn'?t|won'?t|fails)\b"),
    (Shape.REASON, rf"^(but |and |so )?(why|how come)\b|\bis {_IT} (normal|ok|okay|wrong|weird|common|true)\b"),
    (Shape.MEANING, r"\bwhat ('s|is|are|does|do) .*\b(mean|meaning|difference)\b|\bdefin(e|ition)\b"),
    (Shape.MEANING, r"^what('?s| is| are) (an? |the )?\w+( \w+)?\??$"),
)
_ROLE_OF = {
    Shape.STEPS: Role.TRY_THIS,
    Shape.WORDS: Role.WORDS,
    Shape.REASON: Role.WHY,
    Shape.MEANING: Role.WHY,
    Shape.LIMITS: Role.LIMITS,
}
_LABELS = {Role.TRY_THIS: TO_TRY, Role.WORDS: WORDS_TO_BORROW, Role.WHY: WHY, Role.LIMITS: TO_MIND}


def shape_of(question: str) -> Shape:
    """Return what a question wants; steps, where it does not say."""
    asked = question.lower().replace("\u2019", "'")
    return next((shape for shape, pattern in _SHAPES if re.search(pattern, asked)), Shape.STEPS)


def compose(
    question: str, hits: Sequence[Hit], edition: str, only: str = "", *, in_hand: bool = False
) -> tuple[Part, ...]:
    """Quote the best section: its short answer, the part that the question wants, and what to mind.

    With `only`, the name of a role, nothing but that part of the section is quoted. A section `in_hand` was quoted
    before, so its short answer is not said again where the question wants another part.
    """
    section = hits[0].section
    if only:
        return _cited([_of_role(section, Role(only))], section, edition)
    short = _of_role(section, Role.SHORT_ANSWER)
    wanted = _wanted(section, _ROLE_OF[shape_of(question)])
    if not short:
        return _cited([_passage(hits[0])], section, edition)
    return _cited([wanted] if in_hand and wanted else [short, wanted], section, edition)


def compose_nearest(hits: Sequence[Hit], edition: str, only: str = "") -> tuple[Part, ...]:
    """Quote only the nearest section's short answer, or its part `only`, and say that it is no direct answer."""
    section = hits[0].section
    short = _of_role(section, Role(only or Role.SHORT_ANSWER)) or _passage(hits[0])
    return (Part((NEAREST,)), *_cited([short], section, edition))


def suggestions(kind: Kind, hits: Sequence[Hit], related: Sequence[Section]) -> tuple[Suggestion, ...]:
    """Offer what to ask next: questions of related sections after an answer, the nearest sections otherwise."""
    if kind is Kind.ANSWER:
        offered = [Suggestion(s.slug, s.title, s.asked_as[0] if s.asked_as else "") for s in related]
    else:
        offered = [Suggestion(hit.section.slug, hit.section.title) for hit in hits]
    return tuple(offered[:MOST_SUGGESTIONS])


def markdown(parts: Sequence[Part]) -> str:
    """Return an answer as Markdown with [1]-style markers; characters that Markdown would take are escaped."""
    return "\n\n".join(_part_as_markdown(part) for part in parts)


def escape(text: str) -> str:
    """Return text so that Markdown shows it as it is."""
    escaped = re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", text)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-+])", r"\\\1", escaped))


def _part_as_markdown(part: Part) -> str:
    marker = f" [{part.citation.n}]" if part.citation else ""
    items = [escape(item) for item in part.items]
    if part.kind is BlockKind.STEP:
        items = [f"{n}. {item}" for n, item in enumerate(items, 1)]
    elif part.kind is BlockKind.BULLET:
        items = [f"- {item}" for item in items]
    label = f"**{part.label}**\n\n" if part.label else ""
    between = "\n\n" if part.kind is BlockKind.PARAGRAPH else "\n"
    return label + between.join(items) + marker


def _of_role(section: Section, role: Role) -> list[Sentence]:
    return [sentence for sentence in section.sentences if sentence.role is role]


def _wanted(section: Section, role: Role) -> list[Sentence]:
    """Return the sentences of one role; of what to try, the whole list of steps."""
    sentences = _of_role(section, role)
    if role is Role.TRY_THIS:
        return [s for s in sentences if s.kind is BlockKind.STEP] or sentences
    return sentences


def _passage(hit: Hit) -> list[Sentence]:
    """Return the sentences of the passage that was found."""
    return [s for s in hit.section.sentences if hit.start <= s.start and s.end <= hit.end]


def _cited(runs: Sequence[Sequence[Sentence]], section: Section, edition: str) -> tuple[Part, ...]:
    """Make a numbered part of each run of neighbouring sentences; the safety sentence goes with any of them."""
    safety = section.safety_sentence
    if safety and not any(safety in run for run in runs):
        runs = [*runs, [safety]]
    neighbours = [piece for run in runs for piece in _neighbours(run, section)]
    return tuple(_cite(n, piece, section, edition) for n, piece in enumerate(neighbours, 1))


def _neighbours(run: Sequence[Sentence], section: Section) -> Iterator[list[Sentence]]:
    """Cut a run where other sentences or a heading stand between two of its sentences."""
    order = {sentence: place for place, sentence in enumerate(section.sentences)}
    headings = [block.start for block in section.blocks if block.kind is BlockKind.HEADING]
    piece: list[Sentence] = []
    for sentence in run:
        if piece and (
            order[sentence] != order[piece[-1]] + 1
            or bisect(headings, piece[-1].start) != bisect(headings, sentence.start)
            or piece[-1].kind is not sentence.kind
        ):
            yield piece
            piece = []
        piece.append(sentence)
    if piece:
        yield piece


def _cite(n: int, run: Sequence[Sentence], section: Section, edition: str) -> Part:
    start, end = run[0].start, run[-1].end
    quote = section.text[start:end]
    citation = Citation(n, section.slug, section.title, quote, start, end, edition)
    kind = run[0].kind
    label = "" if run[0].role is Role.SHORT_ANSWER else _LABELS.get(run[0].role, "")
    return Part(tuple(quote.split("\n")), kind, citation, label, _links(section, start, end))


def _links(section: Section, start: int, end: int) -> tuple[Mark, ...]:
    """Return the links to other sections between two offsets, counted from the first."""
    inside = (mark for mark in section.marks if mark.target and start <= mark.start and mark.end <= end)
    return tuple(replace(mark, start=mark.start - start, end=mark.end - start) for mark in inside)
