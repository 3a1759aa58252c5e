"""Answers and sections as HTML: pure functions from the guide's nouns to markup in which every word is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby, pairwise
from textwrap import shorten

from app.guide.care import Card, card_for
from app.guide.care.verdict import Strength
from app.guide.links import Range
from app.guide.nouns import Answer, Block, BlockKind, Citation, Mark, MarkKind, Part, Practice, PracticePart, Section
from app.guide.wire import provenance

# What a marker shows of its quote, in characters. The guide's own quotes fit, for a caution is often their last words;
# only a document without short paragraphs is cut, and its whole stands in the section that the marker opens.
LONGEST_SHOWN = 1_200
_TAGS = {MarkKind.STRONG: "strong", MarkKind.EMPHASIS: "em"}


def question_html(message: str, *, latest: bool = False) -> str:
    """Return a person's message as they wrote it."""
    attribute = " data-latest" if latest else ""
    return f'<div class="attune-question"{attribute}>{escape(message)}</div>'


def answer_html(answer: Answer, key: str = "", upto: int | None = None, country: str = "") -> str:
    """Return an answer, or its first `upto` parts while it is being shown.

    `key` ties the markers to their buttons; a care card shows the helplines of `country`.
    """
    card = card_html(card_for(answer.care, country)) if answer.care else ""
    parts = "".join(_part(part, key) for part in answer.parts[:upto])
    told = f'<p class="attune-small">{escape(provenance(answer))}</p>' if provenance(answer) and upto is None else ""
    return f'<div class="attune-answer">{card}{_understood(answer, key)}{parts}{told}</div>'


def copy_html(label: str, text: str, done: str = "Copied") -> str:
    """Return a button that copies a text; the page's script does it, and makes addresses of the text whole."""
    return _acting("copy", label, text, done)


def download_html(label: str, text: str, name: str) -> str:
    """Return a button that saves a text as a file of that name, made in the browser."""
    return _acting("download", label, text, name)


def card_html(card: Card) -> str:
    """Return a care card, in the order that the safety policy sets."""
    raised = "attune-card" if card.strength is not Strength.MAYBE else "attune-card attune-card-quiet"
    lines = "".join(f"<li><b>{escape(line.service)}</b>: {escape(line.ways)}</li>" for line in card.lines)
    before = f"<p>{escape(card.before)}</p>" if card.before else ""
    said = "".join(f"<p>{escape(text)}</p>" for text in card.sentences)
    step = f"<p>{escape(card.step)}</p>" if card.step else ""
    checked = f'<p class="attune-small">Numbers checked on {card.checked_on.isoformat()}.</p>' if card.lines else ""
    return (
        f'<section class="{raised}" aria-label="Help">{before}<p class="attune-card-title">{escape(card.title)}</p>'
        f"{said}<ul>{lines}</ul>{step}{checked}</section>"
    )


def practice_html(practice: Practice) -> str:
    """Return a practice: what it is, its parts with their minutes, and when not to do it."""
    parts = "".join(_practice_part(part) for part in practice.parts)
    return (
        f'<div class="attune-section"><p>{escape(practice.intro)}</p><ol class="attune-practice">{parts}</ol>'
        f"<p><b>When to leave it.</b> {escape(practice.stop)}</p></div>"
    )


def section_html(section: Section, quoted: Range | None = None) -> str:
    """Return a section's text; the quoted range is marked, and the first mark can take the focus."""
    pieces = []
    for kind, group in groupby(section.blocks, key=lambda block: block.kind):
        pieces.append(_blocks(kind, list(group), section, quoted))
    html = "".join(pieces)
    return f'<article class="attune-section">{html.replace("<mark>", _FIRST_MARK, 1)}</article>'


def _practice_part(part: PracticePart) -> str:
    minutes = f" · {part.minutes} min" if part.minutes else ""
    text = f"<br>{escape(part.text)}" if part.text else ""
    lines = f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in part.lines)}</ul>" if part.lines else ""
    return f"<li><b>{escape(part.title)}</b>{minutes}{text}{lines}</li>"


def _acting(act: str, label: str, text: str, detail: str) -> str:
    return (
        f'<button type="button" class="attune-act" data-{act}="{escape(text)}" data-{act}-as="{escape(detail)}">'
        f"{escape(label)}</button>"
    )


def _understood(answer: Answer, key: str) -> str:
    """Return the title of the section that the answer is from, and what else may have been meant."""
    title = answer.understood.title if answer.understood else answer.citations[0].title if answer.citations else ""
    others = "".join(
        f'<button type="button" class="attune-act" data-press="other-{escape(key)}-{escape(dashed(other.slug))}">'
        f"{escape(other.title)}</button>"
        for other in answer.otherwise
    )
    ways = f'<details class="attune-otherwise"><summary>I meant something else</summary>{others}</details>'
    return (f'<p class="attune-understood">{escape(title)}</p>' if title else "") + (ways if others else "")


def dashed(slug: str) -> str:
    """Return a slug as a part of a widget's key."""
    return slug.replace("/", "-")


_FIRST_MARK = '<mark class="attune-quote" tabindex="-1">'


def _part(part: Part, key: str) -> str:
    marker = _marker(part.citation, key) if part.citation else ""
    items = list(_linked(part))
    items[-1] += marker
    label = f'<p class="attune-label">{escape(part.label)}</p>' if part.label else ""
    return label + _items(part.kind, items, _css(part))


def _css(part: Part) -> str:
    """Return how a part's words are drawn: those of the guide, a language model's, and ours."""
    if part.written:
        return "attune-written"
    return "attune-quoted" if part.citation else "attune-ours"


def _linked(part: Part) -> Iterator[str]:
    """Yield a part's items with their links to other sections."""
    offset = 0
    for item in part.items:
        links = [mark for mark in part.links if offset <= mark.start and mark.end <= offset + len(item)]
        edges = {0, len(item), *(edge - offset for mark in links for edge in (mark.start, mark.end))}
        shifted = [replace(mark, start=mark.start - offset, end=mark.end - offset) for mark in links]
        yield "".join(words for _, words in _pieces(list(pairwise(sorted(edges))), shifted, item))
        offset += len(item) + 1


def _items(kind: BlockKind, items: Sequence[str], css: str) -> str:
    if kind is BlockKind.STEP:
        return f'<ol class="{css}">{"".join(f"<li>{item}</li>" for item in items)}</ol>'
    if kind is BlockKind.BULLET:
        return f'<ul class="{css}">{"".join(f"<li>{item}</li>" for item in items)}</ul>'
    return "".join(f'<p class="{css}">{item}</p>' for item in items)


def _marker(citation: Citation, key: str) -> str:
    """Return a numbered marker that shows its quote; the page's script hands its click to the button of that key."""
    label = escape(f"Source {citation.n}: {citation.title}")
    shown = escape(shorten(" ".join(citation.quote.split()), LONGEST_SHOWN, placeholder=" …"))
    return (
        f' <button type="button" class="attune-cite" data-press="cite-{escape(key)}-{citation.n}" '
        f'data-quote="{shown}" aria-label="{label}">{citation.n}</button>'
    )


def _blocks(kind: BlockKind, blocks: list[Block], section: Section, quoted: Range | None) -> str:
    drawn = [_inline(block, section, quoted) for block in blocks]
    if kind is BlockKind.HEADING:
        return "".join(f"<h{_level(b)}>{words}</h{_level(b)}>" for b, words in zip(blocks, drawn, strict=True))
    return _items(kind, drawn, "")


def _level(block: Block) -> int:
    """Return a level below that of the page's own title."""
    return min(6, max(2, block.level))


def _inline(block: Block, section: Section, quoted: Range | None) -> str:
    """Return a block's words with its marks; ranges are cut at every edge, so that tags never cross."""
    marks = [mark for mark in section.marks if block.start <= mark.start and mark.end <= block.end]
    edges = {block.start, block.end, *(m.start for m in marks), *(m.end for m in marks)}
    if quoted:
        edges |= {edge for edge in quoted if block.start < edge < block.end}
    cuts = sorted(edges)
    pieces = list(_pieces(list(pairwise(cuts)), marks, section.text))
    return "".join(
        f"<mark>{words}</mark>" if quoted and quoted[0] <= start and end <= quoted[1] else words
        for (start, end), words in pieces
    )


def _pieces(ranges: Sequence[Range], marks: Sequence[Mark], text: str) -> Iterator[tuple[Range, str]]:
    for start, end in ranges:
        words = escape(text[start:end])
        for mark in marks:
            if mark.start <= start and end <= mark.end:
                words = _marked(mark, words)
        yield (start, end), words


def _marked(mark: Mark, words: str) -> str:
    if mark.kind is not MarkKind.LINK:
        tag = _TAGS[mark.kind]
        return f"<{tag}>{words}</{tag}>"
    if not mark.target:
        return words
    target = escape(mark.target, quote=True)
    return f'<a href="/read?section={target}" data-section="{target}" target="_self">{words}</a>'
