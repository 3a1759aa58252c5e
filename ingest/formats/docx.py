"""Word documents: paragraphs with their styles. Page headers and footers are no part of the text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from app.guide.nouns import BlockKind
from ingest.formats.archive import DAMAGED, MOST_OF_A_PART, opened, part
from ingest.pieces import Document, LeftOut, Piece, Unreadable, one_line

MAIN = "word/document.xml"
HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
LONGEST_HEADING = 12


def read_docx(raw: bytes) -> Document:
    """Return a Word document's text, with what was inserted and without what was deleted under tracked changes."""
    archive = opened(raw)
    for entry in archive.infolist():
        if entry.filename.endswith((".xml", ".rels")) and entry.file_size > MOST_OF_A_PART:
            part(archive, entry.filename)
    part(archive, MAIN)
    try:
        document = docx.Document(io.BytesIO(raw))
        pieces = tuple(_pieces(document))
        left_out = tuple(_frames(document))
    except (KeyError, ValueError, AttributeError, etree.LxmlError, OpcError) as error:
        raise Unreadable(DAMAGED) from error
    first = pieces[0] if pieces else None
    titled = first is not None and first.kind is BlockKind.HEADING and first.level == 1
    return Document(
        first.text if first and titled else one_line(document.core_properties.title or ""), pieces, left_out
    )


def _pieces(document: Any) -> Iterator[Piece]:
    styles = {style.style_id: style.name or "" for style in document.styles}
    for paragraph in document.element.body.iter(qn("w:p")):
        words = one_line(_words(paragraph))
        if words:
            kind, level = _kind(paragraph, styles, words)
            yield Piece(kind, words, level)


def _words(paragraph: Any) -> str:
    """Return a paragraph's own words; those of a text box in it are paragraphs of their own."""
    words = []
    for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen")):
        owner = next(node.iterancestors(qn("w:p")))
        if owner is not paragraph or any(up.tag == FALLBACK for up in node.iterancestors()):
            continue
        if node.tag == qn("w:t"):
            words.append(node.text or "")
        elif node.getparent().tag == qn("w:r"):  # a tab stop's definition has the same name
            words.append("-" if node.tag == qn("w:noBreakHyphen") else " ")
    return "".join(words)


def _kind(paragraph: Any, styles: dict[str, str], words: str) -> tuple[BlockKind, int]:
    style = styles.get(paragraph.style or "", "").lower()
    if style == "title":
        return BlockKind.HEADING, 1
    if found := HEADING.match(style):
        return BlockKind.HEADING, min(6, int(found[1]) + 1)
    if style.startswith("list number"):
        return BlockKind.STEP, 1
    if style.startswith("list") or paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None:
        return BlockKind.BULLET, 1
    if _is_bold_line(paragraph, words):
        return BlockKind.HEADING, 6
    return BlockKind.PARAGRAPH, 1


def _is_bold_line(paragraph: Any, words: str) -> bool:
    """Return whether a paragraph is a short bold line, which is how headings are made by hand."""
    if len(words.split()) > LONGEST_HEADING or words[-1] in ".,;:!":
        return False
    runs = [run for run in paragraph.iter(qn("w:r")) if (run.findtext(qn("w:t")) or "").strip()]
    return bool(runs) and all(_is_bold(run) for run in runs)


def _is_bold(run: Any) -> bool:
    bold = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
    return bold is not None and bold.get(qn("w:val")) not in ("0", "false")


def _frames(document: Any) -> Iterator[LeftOut]:
    for section in document.sections:
        for frame, what in ((section.header, "page header"), (section.footer, "page footer")):
            if not frame.is_linked_to_previous:
                for paragraph in frame.paragraphs:
                    if words := one_line(paragraph.text):
                        yield LeftOut(what, words)
