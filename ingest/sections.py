"""Sources to sections: Markdown becomes plain text with blocks, marks and sentences at exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token
from sentencex import get_sentence_boundaries

from app.guide.errors import CorpusError
from app.guide.messages import without_hidden
from app.guide.nouns import Block, BlockKind, Mark, MarkKind, Role, Section, Sentence
from ingest.reader import Source

HEADINGS = {
    "short answer": Role.SHORT_ANSWER,
    "why": Role.WHY,
    "try this": Role.TRY_THIS,
    "words you could use": Role.WORDS,
    "when this does not fit": Role.LIMITS,
}
PART_LEVEL = 2
# HTML stays text: what an editor pastes is shown, and nothing takes effect.
MARKDOWN = MarkdownIt("commonmark", {"html": False})
MARKS = {"strong_open": MarkKind.STRONG, "em_open": MarkKind.EMPHASIS, "link_open": MarkKind.LINK}
SPACE = re.compile(r"\s+")


def cut_section(source: Source) -> Section:
    """Turn one source into a section; raises `CorpusError` for one without text or without its safety sentence."""
    title, tokens = _title_and_rest(source)
    draft = _Draft()
    for kind, level, inline in _blocks(tokens):
        draft.add(kind, level, inline)
    sentences = tuple(split_sentences(draft.text, draft.blocks))
    if not sentences:
        raise CorpusError(f"{source.document} has no text below its front matter. Write some, or remove the file.")
    section = Section(
        slug=source.slug,
        title=title,
        chapter=source.chapter,
        document=source.document,
        text=draft.text,
        summary=_one_line(source.front.summary),
        openness=source.front.openness,
        blocks=tuple(draft.blocks),
        marks=tuple(draft.marks),
        sentences=sentences,
        asked_as=tuple(dict.fromkeys(filter(None, map(_one_line, source.front.asked_as)))),
        related=tuple(source.front.related),
        references=tuple(filter(None, map(_one_line, source.front.references))),
    )
    if section.openness and section.safety_sentence is None:
        raise CorpusError(
            f"{source.document} asks for openness but has no sentence under `## When this does not fit`. Write one "
            "there that says not to do so where one is afraid; every quote of the section will carry it."
        )
    return section


def split_sentences(text: str, blocks: Sequence[Block]) -> Iterator[Sentence]:
    """Yield the sentences of every block that is no heading; a sentence never crosses a block."""
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            continue
        for start, end in _sentences(text[block.start : block.end]):
            yield Sentence(block.start + start, block.start + end, block.role, block.kind)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the sentences of one block, without the white space between them."""
    begin = 0
    for boundary in sorted({*_boundaries(text), len(text)}):
        words = text[begin:boundary].strip()
        rest = text[boundary:].lstrip()
        # A question mark inside a title ("read Is this abuse? first") ends no sentence.
        if not words or (rest and rest[0].islower()):
            continue
        start = begin + text[begin:boundary].index(words)
        yield start, start + len(words)
        begin = boundary


def _boundaries(text: str) -> Iterator[int]:
    yield from (int(found["end_index"]) for found in get_sentence_boundaries("en", text))
    # sentencex takes "no." for the short form of "number" even where a new sentence follows.
    yield from (found.end() for found in re.finditer(r"\bno\.[\"')]*\s+(?=[\"'(]?[A-Z])", text))


def _title_and_rest(source: Source) -> tuple[str, list[Token]]:
    """Take the title from the front matter, else from a first heading, else from the file's name."""
    tokens = MARKDOWN.parse(source.body)
    opens_with_heading = len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1"
    heading = _plain(tokens[1]) if opens_with_heading else ""
    title = _one_line(source.front.title) or heading or _name_as_title(source.document)
    return title, tokens[3:] if opens_with_heading and heading == title else tokens


def _one_line(text: str) -> str:
    """Return what an editor wrote in the front matter as one line that can be seen."""
    return SPACE.sub(" ", without_hidden(text)).strip()


def _name_as_title(document: str) -> str:
    return re.sub(r"[-_\s]+", " ", PurePosixPath(document).stem).strip().capitalize() or document


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


def _plain(inline: Token) -> str:
    draft = _Draft()
    draft.add(BlockKind.PARAGRAPH, 1, inline)
    return draft.text


@dataclass(slots=True)
class _Draft:
    """A section's text as it grows, block by block."""

    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    role: Role = Role.TEXT

    def add(self, kind: BlockKind, level: int, inline: Token) -> None:
        start = len(self.text) + 1 if self.text else 0
        words, marks = _inline_text(inline, start)
        if not words:
            return
        if kind is BlockKind.HEADING:
            # A heading below another one divides its part and does not end it.
            known = HEADINGS.get(words.lower().rstrip("."))
            self.role = known or (self.role if level > PART_LEVEL else Role.TEXT)
        self.text += ("\n" if self.text else "") + words
        self.blocks.append(Block(kind, start, start + len(words), self.role, level))
        self.marks.extend(marks)


def _inline_text(inline: Token, start: int) -> tuple[str, list[Mark]]:
    """Return an inline token's words, white space folded, with the marks that stand in them at offsets from `start`."""
    words = ""
    marks: list[Mark] = []
    open_marks: list[tuple[MarkKind, int, str]] = []
    for token in inline.children or []:
        if token.type in MARKS:
            open_marks.append((MARKS[token.type], len(words), str(token.attrGet("href") or "")))
        elif token.type.endswith("_close") and open_marks:
            kind, begin, target = open_marks.pop()
            begin, end = begin + len(words[begin:]) - len(words[begin:].lstrip()), len(words.rstrip())
            if end > begin:
                marks.append(Mark(kind, start + begin, start + end, _section_of(target)))
        else:
            piece = SPACE.sub(" ", without_hidden(_content(token)))
            words += piece.lstrip(" ") if not words or words.endswith(" ") else piece
    words = words.rstrip(" ")
    return words, [mark for mark in marks if mark.end <= start + len(words)]


def _content(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content


def _section_of(target: str) -> str:
    """Return the slug that a link leads to; links to elsewhere lead nowhere."""
    if ":" in target or target.startswith("//"):
        return ""
    return target.partition("#")[0].lstrip("./").rstrip("/").removesuffix(".md")
