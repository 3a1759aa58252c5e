"""Plain text: its paragraphs, lists and headings, as far as blank lines and line lengths show them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from app.guide.nouns import BlockKind
from ingest.furniture import SENTENCE_END, edge_blocks, is_page_number, running_lines
from ingest.pieces import Document, LeftOut, Piece, one_line

ITEM = re.compile(r"(?:(?P<bullet>[-*•◦▪‣·–])|(?P<step>\d{1,3}[.)]))\s+(?=\S)")
UNDERLINE = re.compile(r"[=\-~_*]{3,}")
# Lines of hard-wrapped text end within these widths.
NARROWEST, WIDEST = 40, 120
LONGEST_HEADING = 10


def read_text(text: str) -> Document:
    """Return a plain text's pieces; nothing in it is taken for markup."""
    lines, left_out = _without_furniture(text)
    return Document("", tuple(_pieces(lines)), tuple(left_out))


def item(line: str) -> Piece | None:
    """Return the item of a list that a line begins, without its mark; None where it begins none."""
    found = ITEM.match(line)
    if not found:
        return None
    return Piece(BlockKind.BULLET if found["bullet"] else BlockKind.STEP, line[found.end() :])


def _without_furniture(text: str) -> tuple[list[str], list[LeftOut]]:
    pages = [page.split("\n") for page in _pages(text)]
    running = running_lines(pages) if len(pages) > 1 else {}
    left_out = [LeftOut(what, one_line(pages[page][row])) for (page, row), what in running.items()]
    lines = [line for number, page in enumerate(pages) for row, line in enumerate(page) if (number, row) not in running]
    blocks = edge_blocks(lines)
    left_out += [LeftOut(what, one_line(lines[row])) for row, what in sorted(blocks.items())]
    return [line for row, line in enumerate(lines) if row not in blocks], left_out


def _pages(text: str) -> list[str]:
    """Cut at form feeds; without them, after lines that count the pages up one by one."""
    if "\f" in text:
        return text.split("\f")
    lines = text.split("\n")
    numbers = [
        (row, int("".join(re.findall(r"\d+", line)[:1]))) for row, line in enumerate(lines) if is_page_number(line)
    ]
    counts_up = len(numbers) > 2 and all(b[1] == a[1] + 1 for a, b in itertools.pairwise(numbers))
    if not counts_up:
        return [text]
    cuts = [0, *(row + 1 for row, _ in numbers), len(lines)]
    return ["\n".join(lines[a:b]) for a, b in itertools.pairwise(cuts)]


def _pieces(lines: list[str]) -> Iterator[Piece]:
    blocks = list(_blocks(lines))
    for number, block in enumerate(blocks):
        if len(block) == 2 and UNDERLINE.fullmatch(block[1].strip()):
            yield Piece(BlockKind.HEADING, one_line(block[0]), 1 if block[1].strip()[0] == "=" else 2)
        elif len(block) == 1 and number + 1 < len(blocks) and _is_heading(block[0], blocks[number + 1]):
            yield Piece(BlockKind.HEADING, one_line(block[0]), 2)
        else:
            yield from filter(lambda piece: piece.text, _paragraphs(block))


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*lines, ""]:
        if one_line(line):
            block.append(line.strip())
        elif block:
            yield block
            block = []


def _is_heading(line: str, below: list[str]) -> bool:
    """Return whether a line that stands alone names the text below it, which has to be longer than it."""
    return (
        len(line.split()) <= LONGEST_HEADING
        and (line[0].isupper() or line[0].isdigit())
        and not (SENTENCE_END.search(line) and not line.endswith("?"))
        and not line.endswith(",")
        and (len(" ".join(below).split()) > LONGEST_HEADING or bool(SENTENCE_END.search(below[-1])))
    )


def _paragraphs(block: list[str]) -> Iterator[Piece]:
    """Join the lines of a wrapped paragraph; other lines are paragraphs of their own, and so are items of lists."""
    wrapped = len(block) > 1 and all(NARROWEST <= len(line) <= WIDEST for line in block[:-1] if not item(line))
    kind, words = BlockKind.PARAGRAPH, ""
    for line in block:
        begins = item(line)
        if words and (begins or not (wrapped or kind is not BlockKind.PARAGRAPH)):
            yield Piece(kind, one_line(words))
            kind, words = BlockKind.PARAGRAPH, ""
        if begins:
            kind, line = begins.kind, begins.text
        words += f" {line}"
    yield Piece(kind, one_line(words))
