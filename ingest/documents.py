"""Sources to sections, for texts not written for this guide: cut at their headings, else where topics shift."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.guide.encoder import Encoder
from app.guide.nouns import BlockKind, Section
from ingest.markdown import markdown_pieces
from ingest.pieces import Piece
from ingest.reader import FrontMatter, Source
from ingest.sections import HEADINGS, cut_section, name_as_title, section_of, sentence_ranges
from ingest.titles import shortened, title_of
from ingest.topics import MOST_WORDS, cut_at_topics

# A paragraph longer than this is cut into runs of whole sentences, and a sentence without an end into runs of words.
LONGEST_PARAGRAPH = 150
RUN = 50
# Only so many characters are looked through for sentences at once.
STRETCH = 4000
# A first line of a short text that is no longer than this, and no sentence, is its title.
LONGEST_TITLE = 12
WORDS_OF_A_SLUG = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A run of pieces that becomes a section; without a heading, it is titled by its own words."""

    heading: str
    pieces: tuple[Piece, ...]


def cut_source(source: Source, encoder: Callable[[], Encoder], taken: set[str]) -> list[Section]:
    """Turn a source into sections: one, for what was written for this guide or is short; else its parts.

    The first has the source's slug, and the others have slugs below it, made of their titles; each is added to `taken`,
    the slugs in use. Raises `CorpusError` as `cut_section` does.
    """
    if source.is_markdown and (source.front != FrontMatter() or _is_short(source)):
        return [cut_section(source)]
    pieces = markdown_pieces(source.body) if source.is_markdown else list(source.pieces)
    if source.is_markdown and any(p.kind is BlockKind.HEADING and p.text.lower() in HEADINGS for p in pieces):
        return [cut_section(source)]
    title, pieces = _title_and_rest(source, pieces)
    parts = _parts(title, pieces, encoder)
    chapter = source.chapter if len(parts) == 1 else title
    return [
        section_of(
            part.pieces, _slug(source.slug, number, part.heading, taken), part.heading, chapter, source.document, {}
        )
        for number, part in enumerate(parts)
    ]


def _is_short(source: Source) -> bool:
    return len(source.body.split()) <= MOST_WORDS


def _title_and_rest(source: Source, pieces: list[Piece]) -> tuple[str, list[Piece]]:
    """Take the title from a first heading or what the file calls itself, else from a short line, else from its name."""
    first = pieces[0]
    if first.kind is BlockKind.HEADING and len(pieces) > 1 and first.text == (source.name or first.text):
        return first.text, pieces[1:]
    if source.name:
        return source.name, pieces
    no_sentence = first.kind is BlockKind.PARAGRAPH and not first.text.endswith((".", ":", ";", ","))
    if no_sentence and len(pieces) > 1 and len(first.text.split()) <= LONGEST_TITLE:
        return first.text, pieces[1:]
    name = name_as_title(source.document)
    if len(re.findall(r"[^\W\d_]{3,}", name)) > 1:
        return name, pieces
    return shortened(_first_sentence(first.text)), pieces


def _first_sentence(text: str) -> str:
    start, end = next(sentence_ranges(text[:STRETCH]))
    return text[start:end]


def _parts(title: str, pieces: Sequence[Piece], encoder: Callable[[], Encoder]) -> list[Part]:
    pieces = [short for piece in pieces for short in _short_pieces(piece)]
    if sum(map(_words, pieces)) <= MOST_WORDS:
        return [Part(title, tuple(pieces))]
    return [
        part
        for heading, below in _under_headings(title, pieces)
        for part in (
            _at_topics(heading, below, encoder) if sum(map(_words, below)) > MOST_WORDS else [Part(heading, below)]
        )
    ]


def _under_headings(title: str, pieces: Sequence[Piece]) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    """Yield each heading with what stands below it; a heading with nothing below it goes with the next one."""
    heading, below = title, list[Piece]()
    waiting = list[Piece]()
    for piece in pieces:
        if piece.kind is not BlockKind.HEADING:
            below.append(piece)
            continue
        if any(one.kind is not BlockKind.HEADING for one in below):
            yield heading, tuple(waiting + below)
            waiting = []
        elif heading != title:
            waiting.append(Piece(BlockKind.HEADING, heading, 2))
        heading, below = piece.text, []
    yield heading, tuple(waiting + below)


def _at_topics(heading: str, pieces: tuple[Piece, ...], encoder: Callable[[], Encoder]) -> list[Part]:
    """Cut at topic shifts; the first part keeps the heading that it stands under."""
    ranges = [
        (owner, piece.text[start:end])
        for owner, piece in enumerate(pieces)
        if piece.kind is not BlockKind.HEADING
        for start, end in sentence_ranges(piece.text)
    ]
    owners = [owner for owner, _ in ranges]
    sentences = [sentence for _, sentence in ranges]
    vectors = encoder().encode(sentences)
    cuts = [*cut_at_topics(vectors, owners, [_words(piece) for piece in pieces]), len(pieces)]
    parts = []
    for start, end in itertools.pairwise(cuts):
        rows = [row for row, owner in enumerate(owners) if start <= owner < end]
        own = title_of([sentences[row] for row in rows], vectors[rows]) if start and rows else heading
        parts.append(Part(own, pieces[start:end]))
    return parts


def _words(piece: Piece) -> int:
    return len(piece.text.split())


def _short_pieces(piece: Piece) -> Iterator[Piece]:
    """Cut a paragraph that is too long to read at one go into runs of whole sentences."""
    if piece.kind is BlockKind.HEADING or (len(piece.text) <= STRETCH and _words(piece) <= LONGEST_PARAGRAPH):
        yield piece
        return
    begin = end = words = 0
    for start, stop in _short_ranges(piece.text):
        count = len(piece.text[start:stop].split())
        if words and words + count > RUN:
            yield piece.part(begin, end)
            begin, words = start, 0
        end, words = stop, words + count
    yield piece.part(begin, end)


def _short_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a text's sentences, a stretch at a time; of one that never ends, runs of its words."""
    at = 0
    while at < len(text):
        stop = at + STRETCH
        if stop < len(text):
            stop = max(text.rfind(". ", at, stop) + 1, 0) or max(text.rfind(" ", at, stop), 0) or stop
        for start, end in sentence_ranges(text[at:stop]):
            yield from _runs(text, at + start, at + end)
        at = stop


def _runs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = [(start + found.start(), start + found.end()) for found in re.finditer(r"\S+", text[start:end])]
    if len(words) <= LONGEST_PARAGRAPH:
        yield start, end
        return
    for first in range(0, len(words), RUN):
        yield words[first][0], words[min(first + RUN, len(words)) - 1][1]


def _slug(slug: str, number: int, title: str, taken: set[str]) -> str:
    """Return the slug of a document's part; a name that is in use gets a number."""
    if number == 0:
        return slug
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))[:WORDS_OF_A_SLUG]
    name = f"{slug}/{'-'.join(words)[:60].strip('-') or 'part'}"
    free = next(one for n in range(1, len(taken) + 2) if (one := name if n == 1 else f"{name}-{n}") not in taken)
    taken.add(free)
    return free
