"""Sources to sections: pieces become plain text with blocks, marks and sentences at exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from sentencex import get_sentence_boundaries

from app.guide.errors import CorpusError
from app.guide.nouns import Block, BlockKind, Mark, Role, Section, Sentence
from ingest.markdown import markdown_pieces
from ingest.pieces import Piece, one_line
from ingest.reader import Source

HEADINGS = {
    "short answer": Role.SHORT_ANSWER,
    "why": Role.WHY,
    "try this": Role.TRY_THIS,
    "words you could use": Role.WORDS,
    "when this does not fit": Role.LIMITS,
}
PART_LEVEL = 2
NEXT_LETTER = re.compile(r"\s*(\S)")


def cut_section(source: Source) -> Section:
    """Turn one source of Markdown into a section.

    Raises `CorpusError` for one without text or without its safety sentence.
    """
    title, pieces = _title_and_rest(source)
    section = replace(
        section_of(pieces, source.slug, title, source.chapter, source.document, HEADINGS),
        summary=one_line(source.front.summary),
        openness=source.front.openness,
        asked_as=tuple(dict.fromkeys(filter(None, map(one_line, source.front.asked_as)))),
        related=tuple(source.front.related),
        references=tuple(filter(None, map(one_line, source.front.references))),
    )
    if not section.sentences:
        raise CorpusError(f"{source.document} has no text below its front matter. Write some, or remove the file.")
    if section.openness and section.safety_sentence is None:
        raise CorpusError(
            f"{source.document} asks for openness but has no sentence under `## When this does not fit`. Write one "
            "there that says not to do so where one is afraid; every quote of the section will carry it."
        )
    return section


def section_of(
    pieces: Iterable[Piece], slug: str, title: str, chapter: str, document: str, roles: dict[str, Role]
) -> Section:
    """Put pieces together as one text, a line each; `roles` says which headings give a role to what is below them."""
    role = Role.TEXT
    start = 0
    lines: list[str] = []
    blocks: list[Block] = []
    marks: list[Mark] = []
    for piece in pieces:
        if piece.kind is BlockKind.HEADING:
            # A heading below another one divides its part and does not end it.
            known = roles.get(piece.text.lower().rstrip("."))
            role = known or (role if piece.level > PART_LEVEL else Role.TEXT)
        lines.append(piece.text)
        blocks.append(Block(piece.kind, start, start + len(piece.text), role, piece.level))
        marks += [replace(mark, start=start + mark.start, end=start + mark.end) for mark in piece.marks]
        start += len(piece.text) + 1
    text = "\n".join(lines)
    return Section(
        slug=slug,
        title=title,
        chapter=chapter,
        document=document,
        text=text,
        blocks=tuple(blocks),
        marks=tuple(marks),
        sentences=tuple(split_sentences(text, blocks)),
    )


def split_sentences(text: str, blocks: Sequence[Block]) -> Iterator[Sentence]:
    """Yield the sentences of every block that is no heading; a sentence never crosses a block."""
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            continue
        for start, end in sentence_ranges(text[block.start : block.end]):
            yield Sentence(block.start + start, block.start + end, block.role, block.kind)


def sentence_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the sentences of one block, without the white space between them."""
    begin = 0
    for boundary in sorted({*_boundaries(text), len(text)}):
        words = text[begin:boundary].strip()
        following = NEXT_LETTER.match(text, boundary)
        # A question mark inside a title ("read Is this abuse? first") ends no sentence.
        if not words or (following and following[1].islower()):
            continue
        start = begin + text[begin:boundary].index(words)
        yield start, start + len(words)
        begin = boundary


def _boundaries(text: str) -> Iterator[int]:
    yield from (int(found["end_index"]) for found in get_sentence_boundaries("en", text))
    # sentencex takes "no." for the short form of "number" even where a new sentence follows.
    yield from (found.end() for found in re.finditer(r"\bno\.[\"')]*\s+(?=[\"'(]?[A-Z])", text))


def _title_and_rest(source: Source) -> tuple[str, list[Piece]]:
    """Take the title from the front matter, else from a first heading, else from the file's name."""
    pieces = markdown_pieces(source.body)
    first = pieces[0] if pieces else None
    heading = first.text if first and first.kind is BlockKind.HEADING and first.level == 1 else ""
    title = one_line(source.front.title) or heading or name_as_title(source.document)
    return title, pieces[1:] if heading == title else pieces


def name_as_title(document: str) -> str:
    """Return a file's name as words."""
    return re.sub(r"[-_\s]+", " ", PurePosixPath(document).stem).strip().capitalize() or document
