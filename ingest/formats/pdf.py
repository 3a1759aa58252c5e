"""PDF: lines of characters on pages, brought back to paragraphs by their gaps, ends and sizes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2
from pypdfium2 import raw as pdfium

from app.guide.nouns import BlockKind
from ingest.formats.text import item
from ingest.furniture import SENTENCE_END, edge_blocks, running_lines
from ingest.pieces import Document, LeftOut, Piece, Unreadable, one_line

MOST_PAGES = 5000
MOST_ON_A_PAGE = 200_000
SCANNED = (
    "is scanned: its pages are pictures without text. Let a program recognise the text (OCR), and save it with that."
)
# A page with fewer characters holds no more than its number.
BARE_PAGE = 10
# Two lines stand apart that are farther from each other than lines of one paragraph, by this factor.
APART = 1.35
# Lines that are nearer than this, in letter sizes, stand beside each other.
NEAREST = 0.8
LARGER = 1.12
BOLD = 600
SHORT_OF_THE_MARGIN = 0.8
LONGEST_HEADING = 15
# How PDFium marks a hyphen at the end of a line.
HYPHENS = ("\x02", "\ufffe", "\u00ad")


@dataclass(slots=True)
class Line:
    """A line of a page: its words, the size of its letters, whether they are bold, and where it stands, in points."""

    text: str
    size: float
    bold: bool
    left: float
    right: float
    top: float
    bottom: float


def read_pdf(raw: bytes) -> Document:
    """Return a PDF's text; raises `Unreadable` for one that is encrypted, scanned, damaged or too long."""
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Unreadable("is encrypted. Save a copy without a password.") from error
        raise Unreadable("is damaged, or no PDF. Open it in the program that made it, and save it again.") from error
    try:
        if len(document) > MOST_PAGES:
            raise Unreadable(f"has {len(document):,} pages, and at most {MOST_PAGES:,} can be read. Split it.")
        pages = [_lines(document[number]) for number in range(len(document))]
        title = one_line(document.get_metadata_value("Title") or "")
    finally:
        document.close()
    bare = [n for n, page in enumerate(pages, 1) if sum(len(line.text) for line in page) < BARE_PAGE]
    if 2 * len(bare) > len(pages) or not pages:
        raise Unreadable(SCANNED)
    kept, left_out = _without_furniture(pages)
    left_out += [LeftOut("page without text", f"page {number}") for number in bare]
    pieces = tuple(_pieces(kept))
    heading = next((p.text for p in pieces[:3] if p.kind is BlockKind.HEADING), "")
    return Document(heading or title, pieces, tuple(left_out))


def _lines(page: Any) -> list[Line]:
    """Return the lines of a page as PDFium orders and breaks them."""
    text_page = page.get_textpage()
    try:
        count = min(text_page.count_chars(), MOST_ON_A_PAGE)
        lines = []
        row: list[int] = []
        for index in range(count + 1):
            character = pdfium.FPDFText_GetUnicode(text_page, index) if index < count else 10
            if character in (10, 13):
                if row and (line := _line(text_page, row)):
                    lines.append(line)
                row = []
            else:
                row.append(index)
        return lines
    finally:
        text_page.close()
        page.close()


def _line(text_page: Any, row: Sequence[int]) -> Line | None:
    codes = [pdfium.FPDFText_GetUnicode(text_page, index) for index in row]
    text = "".join(chr(code) for code in codes)
    seen = [index for index, code in zip(row, codes, strict=True) if chr(code).strip()]
    if not seen:
        return None
    boxes = [text_page.get_charbox(index) for index in (seen[0], seen[len(seen) // 2], seen[-1])]
    middle = seen[len(seen) // 2]
    return Line(
        text=text.strip(" \t"),
        size=round(pdfium.FPDFText_GetFontSize(text_page, middle) * _scale(text_page, middle), 1),
        bold=all(pdfium.FPDFText_GetFontWeight(text_page, index) >= BOLD for index in (seen[0], middle, seen[-1])),
        left=boxes[0][0],
        right=boxes[-1][2],
        top=max(box[3] for box in boxes),
        bottom=min(box[1] for box in boxes),
    )


def _scale(text_page: Any, index: int) -> float:
    """Return how much larger letters are drawn than their font says."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text_page, index, matrix)
    return float((matrix.b**2 + matrix.d**2) ** 0.5) or 1.0


def _without_furniture(pages: list[list[Line]]) -> tuple[list[list[Line]], list[LeftOut]]:
    words = [[line.text for line in page] for page in pages]
    running = running_lines(words)
    left_out = [LeftOut(what, one_line(words[page][row])) for (page, row), what in sorted(running.items())]
    kept = [[line for row, line in enumerate(page) if (n, row) not in running] for n, page in enumerate(pages)]
    flat = [line for page in kept for line in page]
    blocks = edge_blocks([line.text for line in flat])
    left_out += [LeftOut(what, one_line(flat[row].text)) for row, what in sorted(blocks.items())]
    gone = {id(flat[row]) for row in blocks}
    return [[line for line in page if id(line) not in gone] for page in kept], left_out


def _pieces(pages: list[list[Line]]) -> Iterator[Piece]:
    lines = [line for page in pages for line in page]
    if not lines:
        return
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0]
    margin = max(line.right for line in lines if line.size == body)
    pitch = _pitch(pages, body)
    larger = sorted({line.size for line in lines if line.size > body * LARGER}, reverse=True)
    vocabulary = {word for line in lines for word in re.findall(r"\w+", line.text.lower())}
    run: list[Line] = []
    for line in lines:
        if run and _ends(run[-1], line, pitch, margin, body):
            yield _piece(run, body, larger, vocabulary)
            run = []
        run.append(line)
    yield _piece(run, body, larger, vocabulary)


def _pitch(pages: list[list[Line]], body: float) -> float:
    """Return how far apart the lines of a paragraph stand: few are nearer, and gaps between paragraphs are larger."""
    drops = (a.bottom - b.bottom for page in pages for a, b in pairwise(page))
    steps = sorted(drop for drop in drops if drop > NEAREST * body)
    return steps[len(steps) // 5] if steps else body


def _ends(before: Line, line: Line, pitch: float, margin: float, body: float) -> bool:
    """Return whether a new piece begins with a line."""
    if (
        item(line.text)
        or abs(before.size - line.size) > 0.5
        or (before.bold is not line.bold and _may_head(before, body))
    ):
        return True
    drop = before.bottom - line.bottom
    same_page = drop > 0
    if same_page and drop > APART * pitch:
        return True
    finished = bool(SENTENCE_END.search(before.text))
    if not same_page:
        return finished or not line.text[:1].islower()
    return finished and before.right < SHORT_OF_THE_MARGIN * margin


def _may_head(line: Line, body: float) -> bool:
    return line.size >= body and len(line.text.split()) <= LONGEST_HEADING


def _piece(run: Sequence[Line], body: float, larger: Sequence[float], vocabulary: set[str]) -> Piece:
    text = run[0].text
    for line in run[1:]:
        text = _joined(text, line.text, vocabulary)
    first = run[0]
    short = len(text.split()) <= LONGEST_HEADING and text[-1:] not in ".,;"
    if short and first.size in larger:
        return Piece(BlockKind.HEADING, one_line(text), min(6, 1 + larger.index(first.size)))
    if short and all(line.bold for line in run) and first.size >= body:
        return Piece(BlockKind.HEADING, one_line(text), 6)
    begins = item(text)
    return Piece(begins.kind, one_line(begins.text)) if begins else Piece(BlockKind.PARAGRAPH, one_line(text))


def _joined(text: str, line: str, vocabulary: set[str]) -> str:
    """Join two lines; a word that is broken by a hyphen becomes whole where the document has it whole elsewhere."""
    if text.endswith(HYPHENS):
        return text[:-1] + line
    head = re.search(r"(\w+)-$", text)
    tail = re.match(r"\w+", line)
    if head and tail and tail[0].islower():
        return (text[:-1] if (head[1] + tail[0]).lower() in vocabulary else text) + line
    return f"{text} {line}"
