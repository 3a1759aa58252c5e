"""Cutting documents into sections: at headings, else at topics, with slugs that stay."""

from __future__ import annotations

from collections.abc import Callable

from app.guide.encoder import Encoder
from app.guide.nouns import BlockKind, Role, Section
from ingest.documents import cut_source
from ingest.pieces import Piece
from ingest.reader import FrontMatter, Source
from tests.fakes import CountingEncoder

HEADING, PARAGRAPH = BlockKind.HEADING, BlockKind.PARAGRAPH
LONG = "We trust each other and say so. " * 12
OTHER = "They listen to each other daily. " * 12


def no_encoder() -> Encoder:
    """Fail: a text with headings, or a short one, is cut without looking at what it means."""
    raise AssertionError("the encoder was asked for")


def cut(*pieces: Piece, name: str = "", encoder: Callable[[], Encoder] = no_encoder) -> list[Section]:
    """Cut a document of these pieces."""
    return cut_source(
        Source("notes/my file.txt", "notes/my-file", FrontMatter(), pieces=pieces, name=name), encoder, set()
    )


def paragraphs(*texts: str) -> list[Piece]:
    """Return a paragraph a text."""
    return [Piece(PARAGRAPH, text.strip()) for text in texts]


def titles(sections: list[Section]) -> list[tuple[str, str]]:
    """Return slugs and titles."""
    return [(section.slug, section.title) for section in sections]


def test_a_short_document_is_one_section_with_its_headings_in_it() -> None:
    [section] = cut(Piece(HEADING, "Notes"), *paragraphs("One."), Piece(HEADING, "Why", 2), *paragraphs("Two."))

    assert (section.slug, section.title, section.text) == ("notes/my-file", "Notes", "One.\nWhy\nTwo.")
    assert {sentence.role for sentence in section.sentences} == {Role.TEXT}


def test_a_long_document_is_cut_at_its_headings() -> None:
    sections = cut(
        Piece(HEADING, "Notes"),
        *paragraphs(LONG, LONG),
        Piece(HEADING, "On bread & Brötchen", 2),
        *paragraphs(LONG, LONG),
        Piece(HEADING, "On bread & Brötchen", 2),
        *paragraphs(LONG),
        Piece(HEADING, "信頼", 2),
        *paragraphs(LONG),
    )

    assert titles(sections) == [
        ("notes/my-file", "Notes"),
        ("notes/my-file/on-bread-brotchen", "On bread & Brötchen"),
        ("notes/my-file/on-bread-brotchen-2", "On bread & Brötchen"),
        ("notes/my-file/part", "信頼"),
    ]
    assert {(section.document, section.chapter) for section in sections} == {("notes/my file.txt", "Notes")}


def test_a_heading_with_nothing_below_it_goes_with_the_next() -> None:
    sections = cut(
        *paragraphs(LONG, LONG, LONG),
        Piece(HEADING, "Part one"),
        Piece(HEADING, "Bread", 2),
        *paragraphs(LONG),
        name="A",
    )

    assert [(section.title, section.text.split("\n")[0]) for section in sections][1] == ("Bread", "Part one")


def test_a_long_document_without_headings_is_cut_at_its_topics() -> None:
    sections = cut(*paragraphs(LONG, LONG, OTHER, OTHER), encoder=CountingEncoder)

    assert titles(sections) == [
        ("notes/my-file", "We trust each other and say so"),
        ("notes/my-file/they-listen-to-each-other-daily", "They listen to each other daily"),
    ]
    assert [section.text for section in sections] == [
        f"{LONG.strip()}\n{LONG.strip()}",
        f"{OTHER.strip()}\n{OTHER.strip()}",
    ]


def test_a_document_of_one_long_line_is_cut_inside_it_within_a_few_sentences_of_the_shift() -> None:
    sections = cut(*paragraphs(LONG * 4 + OTHER * 4), encoder=CountingEncoder)

    assert "".join(section.text for section in sections).replace("\n", "").replace(" ", "") == (
        (LONG * 4 + OTHER * 4).replace(" ", "")
    )
    mixed = [section for section in sections if "trust" in section.text and "listen" in section.text]
    assert len(mixed) <= 1
    assert len(sections) > 2


def test_words_without_a_sentence_s_end_are_cut_and_none_is_lost() -> None:
    words = [f"word{n}" for n in range(5000)]

    sections = cut(*paragraphs(" ".join(words)), encoder=CountingEncoder)

    assert " ".join(section.text for section in sections).split() == words
    assert max(s.end - s.start for section in sections for s in section.sentences) < 4000


def test_offsets_are_exact_in_every_section() -> None:
    for section in cut(*paragraphs(LONG, OTHER, LONG, OTHER), encoder=CountingEncoder):
        found = [section.text[s.start : s.end] for s in section.sentences]

        assert set(found) <= {"We trust each other and say so.", "They listen to each other daily."}


def test_the_title_is_what_the_document_calls_itself_else_a_short_first_line_else_the_file_s_name() -> None:
    assert cut(*paragraphs("Text."), name="Called so")[0].title == "Called so"
    assert cut(*paragraphs("A short line", "Text."))[0].title == "A short line"
    assert cut(*paragraphs("Text that is a sentence."))[0].title == "Text that is a sentence"
    source = Source("a walk together.txt", "a", FrontMatter(), pieces=tuple(paragraphs("Text.")))
    assert cut_source(source, no_encoder, set())[0].title == "A walk together"


def test_long_markdown_that_was_not_written_for_this_guide_is_cut_like_any_document() -> None:
    body = f"# Notes\n\n{LONG}\n\n## Bread\n\nRead [bids](trust/bids). {LONG}\n\n{LONG}\n\n## Soup\n\n{LONG}"

    sections = cut_source(Source("a.md", "a", FrontMatter(), body), no_encoder, set())

    assert titles(sections) == [("a", "Notes"), ("a/bread", "Bread"), ("a/soup", "Soup")]
    [mark] = sections[1].marks
    assert (sections[1].text[mark.start : mark.end], mark.target) == ("bids", "trust/bids")


def test_markdown_of_the_guide_stays_one_section_however_long() -> None:
    body = f"## Short answer\n\n{LONG}\n\n## Why\n\n{LONG}{LONG}{LONG}{LONG}"

    assert len(cut_source(Source("a.md", "a", FrontMatter(), body), no_encoder, set())) == 1
    assert len(cut_source(Source("a.md", "a", FrontMatter(title="A"), LONG * 9), no_encoder, set())) == 1


def test_a_slug_in_use_elsewhere_is_not_taken() -> None:
    pieces = (Piece(HEADING, "A"), *paragraphs(LONG, LONG), Piece(HEADING, "B"), *paragraphs(LONG, LONG))

    sections = cut_source(Source("a.txt", "a", FrontMatter(), pieces=pieces), no_encoder, {"a", "a/b"})

    assert [section.slug for section in sections] == ["a", "a/b-2"]
