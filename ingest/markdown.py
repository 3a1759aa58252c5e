"""Markdown to pieces: its headings, paragraphs, lists, emphasis and links; whatever else is in it stays text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.guide.messages import without_hidden
from app.guide.nouns import BlockKind, Mark, MarkKind
from ingest.pieces import SPACE, Piece

# HTML stays text: what an editor pastes is shown, and nothing takes effect.
MARKDOWN = MarkdownIt("commonmark", {"html": False})
MARKS = {"strong_open": MarkKind.STRONG, "em_open": MarkKind.EMPHASIS, "link_open": MarkKind.LINK}


def markdown_pieces(body: str) -> list[Piece]:
    """Return the blocks of a Markdown text that hold words, in reading order."""
    return [piece for block in _blocks(MARKDOWN.parse(body)) if (piece := _piece(*block)).text]


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[BlockKind, int, Token]]:
    """Yield the blocks in reading order; a list item's first paragraph is the item, code is one block a line."""
    lists: list[BlockKind] = []
    heading = 0
    item_is_new = False
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            lists.append(BlockKind.STEP if token.type.startswith("ordered") else BlockKind.BULLET)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            item_is_new = True
        elif token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type in ("fence", "code_block"):
            for line in token.content.splitlines():
                yield BlockKind.PARAGRAPH, 1, Token("inline", "", 0, children=[Token("text", "", 0, content=line)])
        elif token.type == "inline" and heading:
            yield BlockKind.HEADING, heading, token
            heading = 0
        elif token.type == "inline":
            yield (lists[-1] if lists and item_is_new else BlockKind.PARAGRAPH), max(1, len(lists)), token
            item_is_new = False


def _piece(kind: BlockKind, level: int, inline: Token) -> Piece:
    """Return an inline token's words, white space folded, with the marks that stand in them."""
    words = ""
    marks: list[Mark] = []
    open_marks: list[tuple[MarkKind, int, str]] = []
    for token in inline.children or []:
        if token.type in MARKS:
            open_marks.append((MARKS[token.type], len(words), str(token.attrGet("href") or "")))
        elif token.type.endswith("_close") and open_marks:
            mark, begin, target = open_marks.pop()
            begin, end = begin + len(words[begin:]) - len(words[begin:].lstrip()), len(words.rstrip())
            if end > begin:
                marks.append(Mark(mark, begin, end, _section_of(target)))
        else:
            piece = SPACE.sub(" ", without_hidden(_content(token)))
            words += piece.lstrip(" ") if not words or words.endswith(" ") else piece
    words = words.rstrip(" ")
    return Piece(kind, words, level, tuple(mark for mark in marks if mark.end <= len(words)))


def _content(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content


def _section_of(target: str) -> str:
    """Return the slug that a link leads to; links to elsewhere lead nowhere."""
    if ":" in target or target.startswith("//"):
        return ""
    return target.partition("#")[0].lstrip("./").rstrip("/").removesuffix(".md")
