"""An answer out of the guide's own sentences: chosen by role and closeness, kept in order, each group cited.

Only the few words between the quotes are ours; they are the constants below.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.guide.choose import MOST, Asked, Encode, Line, choose, choose_nearest, is_timed, lines_of, spread
from app.guide.nouns import BlockKind, Citation, Hit, Mark, Part, Role, Section, Sentence
from app.guide.shape import Shape

TO_TRY = "To try"
WORDS_TO_BORROW = "Words you could use"
WHY = "Why"
TO_MIND = "Where this does not fit"
ALSO = "Also in the guide: {title}"
NEAREST = "The guide does not answer that directly. This is the nearest that it says."
NOT_COVERED = (
    "The guide does not cover that, so there is nothing to quote. These sections are the nearest; or ask again in "
    "other words, about what happens between you and someone close."
)
MOST_SECTIONS = 3
# Who asks how long gets what the next sections say of it too, where that is at most this much further away.
# For other questions a second section was tried: by closeness, by score and by both it was mostly the wrong one.
FURTHER = 0.15
# An answer to a question that nobody asked.
_REPLY = re.compile(r"(yes|no)\b", re.IGNORECASE)
_LABELS = {Role.TRY_THIS: TO_TRY, Role.WORDS: WORDS_TO_BORROW, Role.WHY: WHY, Role.LIMITS: TO_MIND}
# Where nobody asked why, background is no reason.
_UNASKED = _LABELS | {Role.WHY: ""}

OnlyPart = Callable[[str], str]


def whole(slug: str) -> str:
    """Name no part: all of a section may be quoted."""
    return ""


def compose(
    asked: Asked, hits: Sequence[Hit], edition: str, encode: Encode, only: OnlyPart = whole
) -> tuple[Part, ...]:
    """Quote what answers, from the best section and, to who asks how long, from the next two as well.

    Of a section for which `only` names a role, nothing but that part is quoted. Whatever is quoted from a section that
    asks for openness carries that section's safety sentence. `encode` turns sentences of the guide into vectors.
    """
    first = hits[0]
    if part := only(first.section.slug):
        return _cited([(first.section, _of_role(first.section, Role(part)))], edition)
    chosen = choose(lines_of(first.section, asked, encode), asked)
    if not chosen:
        return _cited([(first.section, _passage(first))], edition)
    groups = [(first.section, [line.sentence for line in chosen])]
    for hit in hits[1:MOST_SECTIONS] if asked.shape is Shape.TIME and not asked.in_hand else ():
        if not only(hit.section.slug) and (besides := _besides(lines_of(hit.section, asked, encode), chosen)):
            chosen += [besides]
            groups.append((hit.section, [besides.sentence]))
    return _cited(groups, edition, _LABELS if asked.shape is Shape.REASON else _UNASKED)


def compose_nearest(
    asked: Asked, hits: Sequence[Hit], edition: str, encode: Encode, only: OnlyPart = whole
) -> tuple[Part, ...]:
    """Quote the nearest that the best section says, or the part that `only` names; say that it is no direct answer."""
    section = hits[0].section
    if part := only(section.slug):
        nearest = _of_role(section, Role(part))
    else:
        nearest = [line.sentence for line in choose_nearest(lines_of(section, asked, encode))]
    return (Part((NEAREST,)), *_cited([(section, nearest or _passage(hits[0]))], edition, _UNASKED))


def markdown(parts: Sequence[Part]) -> str:
    """Return an answer as Markdown with [1]-style markers; characters that Markdown would take are escaped."""
    return "\n\n".join(_part_as_markdown(part) for part in parts)


def escape(text: str) -> str:
    """Return text so that Markdown shows it as it is."""
    escaped = re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", text)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-+])", r"\\\1", escaped))


def unescape(text: str) -> str:
    """Return what `escape` was given."""
    return re.sub(r"\\(.)", r"\1", text)


def _part_as_markdown(part: Part) -> str:
    marker = f" [{part.citation.n}]" if part.citation else ""
    items = [escape(item) for item in part.items]
    if part.kind is BlockKind.STEP:
        items = [f"{n}. {item}" for n, item in enumerate(items, 1)]
    elif part.kind is BlockKind.BULLET:
        items = [f"- {item}" for item in items]
    label = f"**{escape(part.label)}**\n\n" if part.label else ""
    between = "\n\n" if part.kind is BlockKind.PARAGRAPH else "\n"
    return label + between.join(items) + marker


def _of_role(section: Section, role: Role) -> list[Sentence]:
    return [sentence for sentence in section.sentences if sentence.role is role]


def _passage(hit: Hit) -> list[Sentence]:
    """Return the sentences of the passage that was found."""
    return [s for s in hit.section.sentences if hit.start <= s.start and s.end <= hit.end]


def _besides(lines: Sequence[Line], chosen: Sequence[Line]) -> Line | None:
    """Return what another section's short answer says of how long, where there is room for it."""
    if not lines or len(chosen) + 1 + bool(lines[0].section.safety_sentence) > MOST:
        return None
    bar = max(line.near for line in chosen) - FURTHER
    short = (line for line in lines if line.sentence.role is Role.SHORT_ANSWER and not _REPLY.match(line.text))
    return next(iter(spread((line for line in short if is_timed(line) and line.near > bar), 1, chosen)), None)


def _cited(
    groups: Sequence[tuple[Section, Sequence[Sentence]]], edition: str, labels: Mapping[Role, str] = _LABELS
) -> tuple[Part, ...]:
    """Make a numbered part of each run of neighbours; each section's safety sentence goes with whatever is quoted."""
    pieces = [
        (section, piece)
        for section, sentences in groups
        for piece in _neighbours([*sentences, *_missing_safety(section, sentences)], section)
    ]
    said = [_label(piece[0], labels, "" if section is groups[0][0] else section.title) for section, piece in pieces]
    return tuple(
        cite(n, piece, section, edition, label if label != before else "")
        for n, ((section, piece), label, before) in enumerate(zip(pieces, said, ["", *said], strict=False), 1)
    )


def _missing_safety(section: Section, sentences: Sequence[Sentence]) -> list[Sentence]:
    safety = section.safety_sentence
    return [safety] if safety and safety not in sentences else []


def _label(first: Sentence, labels: Mapping[Role, str], besides: str) -> str:
    """Return our few words before a piece that begins so; `besides` is the title of a section that is not the first."""
    if besides and first.role not in (Role.LIMITS, Role.WORDS):
        return ALSO.format(title=besides)
    return labels.get(first.role, "")


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


def cite(n: int, run: Sequence[Sentence], section: Section, edition: str, label: str = "") -> Part:
    """Return the part that quotes a run of neighbouring sentences."""
    start, end = run[0].start, run[-1].end
    quote = section.text[start:end]
    citation = Citation(n, section.slug, section.title, quote, start, end, edition)
    return Part(tuple(quote.split("\n")), _drawn_as(run, section), citation, label, _links(section, start, end))


def _drawn_as(run: Sequence[Sentence], section: Section) -> BlockKind:
    """Return how a run is drawn: steps from the middle of a list get no numbers, which would be wrong ones."""
    place = section.sentences.index(run[0])
    follows_a_step = place > 0 and section.sentences[place - 1].kind is BlockKind.STEP
    return BlockKind.BULLET if run[0].kind is BlockKind.STEP and follows_a_step else run[0].kind


def _links(section: Section, start: int, end: int) -> tuple[Mark, ...]:
    """Return the links to other sections between two offsets, counted from the first."""
    inside = (mark for mark in section.marks if mark.target and start <= mark.start and mark.end <= end)
    return tuple(replace(mark, start=mark.start - start, end=mark.end - start) for mark in inside)
