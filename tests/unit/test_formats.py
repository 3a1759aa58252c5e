"""Reading documents of every format: one real file of each, made with the format's own library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.guide.nouns import BlockKind
from ingest.bounded import BoundedReader
from ingest.formats.docx import read_docx
from ingest.formats.epub import read_epub
from ingest.formats.html import read_html
from ingest.formats.pdf import read_pdf
from ingest.formats.text import read_text
from ingest.pieces import Document, LeftOut, Piece, Unreadable
from tests import documents
from tests.documents import CHAPTERS, HEADER, TITLE

HEADING, PARAGRAPH, STEP, BULLET = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.STEP, BlockKind.BULLET


def kinds(document: Document) -> list[tuple[BlockKind, str]]:
    """Return every piece without its depth."""
    return [(piece.kind, piece.text) for piece in document.pieces]


def page(body: str) -> list[tuple[BlockKind, str]]:
    """Return the pieces of an HTML page with this body."""
    return kinds(read_html(f"<html><body>{body}</body></html>".encode()))


CHAPTER_PIECES = [piece for heading, text in CHAPTERS.items() for piece in ((HEADING, heading), (PARAGRAPH, text))]
LISTS = [(BULLET, "Chop it"), (STEP, "Stir")]


def test_html_is_read_without_what_stands_around_its_text() -> None:
    document = read_html(documents.html())

    assert document.title == TITLE
    assert kinds(document) == [(HEADING, TITLE), *CHAPTER_PIECES, *LISTS]
    assert document.left_out == (
        LeftOut("page header", HEADER),
        LeftOut("menu", "Breads Soups Salads"),
        LeftOut("page footer", "All ours"),
    )


def test_a_word_document_is_read_by_its_styles() -> None:
    document = read_docx(documents.word())

    assert document.title == TITLE
    assert kinds(document) == [(HEADING, TITLE), *CHAPTER_PIECES, *LISTS]
    assert document.left_out == (LeftOut("page header", HEADER),)


def test_a_pdf_is_read_by_the_size_and_the_place_of_its_lines() -> None:
    document = read_pdf(documents.pdf(times=40))

    assert document.title == TITLE
    assert kinds(document)[:2] == [(HEADING, TITLE), (HEADING, "Bread")]
    assert [text for kind, text in kinds(document) if kind is HEADING] == [TITLE, *CHAPTERS]
    assert [text for kind, text in kinds(document) if kind is PARAGRAPH] == [
        text for words in CHAPTERS.values() for text in documents.told_by_bakers(words, 40)
    ]
    pages = {left.words for left in document.left_out if left.what == "page number"}
    assert {"Page 1", "Page 2", "Page 3"} <= pages
    assert {left.words for left in document.left_out if left.what == "running header"} == {HEADER}


def test_an_e_book_is_read_in_the_order_of_its_spine() -> None:
    document = read_epub(documents.epub())

    assert document.title == TITLE
    assert kinds(document) == CHAPTER_PIECES
    assert document.left_out == (LeftOut("menu", "Soup"),)


def test_plain_text_is_read_by_its_blank_lines_and_list_marks() -> None:
    document = read_text(
        "Bread\n\nBread needs flour, water and time, and most of all a warm\nplace to rest in until it has doubled.\n\n"
        "- Chop it\n  and again\n* Stir\n\n1. Bake\n2) Eat\n\nSoup\n====\n\nSoup begins with onions.\n"
    )

    assert kinds(document) == [
        (HEADING, "Bread"),
        (PARAGRAPH, "Bread needs flour, water and time, and most of all a warm place to rest in until it has doubled."),
        (BULLET, "Chop it and again"),
        (BULLET, "Stir"),
        (STEP, "Bake"),
        (STEP, "Eat"),
        (HEADING, "Soup"),
        (PARAGRAPH, "Soup begins with onions."),
    ]


def test_lines_that_are_paragraphs_of_their_own_stay_apart() -> None:
    line = (
        "This line is a paragraph by itself, which one sees by its being far longer than a line that was wrapped is. "
    )

    assert kinds(read_text(f"{line * 2}\n{line}\nShort one.\n")) == [
        (PARAGRAPH, (line * 2).strip()),
        (PARAGRAPH, line.strip()),
        (PARAGRAPH, "Short one."),
    ]


def test_an_address_and_a_menu_at_the_edges_of_a_text_are_left_out() -> None:
    document = read_text(
        "Our Address\n12 Mill Lane\nSpringfield, IL 62701\nBread needs flour and time.\nHome\nAbout us\nContact\n"
    )

    assert kinds(document) == [(PARAGRAPH, "Bread needs flour and time.")]
    assert [left.what for left in document.left_out] == ["address"] * 3 + ["menu"] * 3


def test_page_numbers_and_running_headers_of_a_text_are_left_out() -> None:
    pages = [
        f"The Baker's Almanac\n\nChapter text number {word} has words of its own.\n\n{n}\n"
        for n, word in enumerate(("one", "two", "three", "four"), 1)
    ]

    document = read_text("".join(pages))

    assert kinds(document) == [
        (PARAGRAPH, f"Chapter text number {word} has words of its own.") for word in ("one", "two", "three", "four")
    ]
    assert {left.what for left in document.left_out} == {"page number", "running header"}


def test_numbers_that_count_nothing_stay_in_a_text() -> None:
    assert (PARAGRAPH, "1984") in kinds(
        read_text("A list of years follows here.\n\n1984\n\n1812\n\nThat is all of it.")
    )


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>Hidden</script>",
        "<style>Hidden</style>",
        "<p hidden>Hidden</p>",
        "<p aria-hidden='true'>Hidden</p>",
        "<p style='color: red; display : none'>Hidden</p>",
        "<!-- Hidden -->",
        "<template><p>Hidden</p></template>",
        "<iframe>Hidden</iframe>",
        "<textarea>Hidden</textarea>",
    ],
)
def test_what_nobody_sees_on_a_page_is_not_read(hidden: str) -> None:
    assert page(f"{hidden}<p>Seen.</p>") == [(PARAGRAPH, "Seen.")]


def test_what_looks_like_markup_in_a_page_stays_text() -> None:
    assert page("<p>&lt;script&gt;alert(1)&lt;/script&gt; *not* [a](link) &amp;amp; $5</p>") == [
        (PARAGRAPH, "<script>alert(1)</script> *not* [a](link) &amp; $5")
    ]


def test_loose_words_and_broken_markup_lose_nothing() -> None:
    assert page("Loose<p>One<div>Two</div>Three<li>Four</i><br><br>Five") == [
        (PARAGRAPH, "Loose"),
        (PARAGRAPH, "One"),
        (PARAGRAPH, "Two"),
        (PARAGRAPH, "Three"),
        (BULLET, "Four"),
        (PARAGRAPH, "Five"),
    ]


def test_a_list_of_links_with_words_around_them_is_no_menu() -> None:
    items = "".join(f"<li>Read about <a href='{n}'>bread</a> before you bake a loaf of it.</li>" for n in range(4))

    assert page(f"<ul>{items}</ul>") == [(BULLET, "Read about bread before you bake a loaf of it.")] * 4


def test_the_main_part_of_a_page_is_read_alone_where_it_holds_most_words() -> None:
    assert page("<div>Buy now</div><main><p>The text of this page is in here.</p></main>") == [
        (PARAGRAPH, "The text of this page is in here.")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "iso-8859-2"])
def test_a_page_is_read_in_the_encoding_that_it_names(encoding: str) -> None:
    raw = f"<html><head><meta charset='{encoding}'></head><body><p>Caf\u00e9 d\u00fc.</p></body></html>".encode(
        encoding
    )

    assert kinds(read_html(raw)) == [(PARAGRAPH, "Caf\u00e9 d\u00fc.")]


def test_tracked_changes_are_read_as_they_would_be_accepted(tmp_path: Path) -> None:
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    paragraph = document.add_paragraph("Kept ")
    space = nsdecls("w")
    paragraph._p.append(parse_xml(f"<w:ins {space}><w:r><w:t>inserted</w:t></w:r></w:ins>"))
    paragraph._p.append(parse_xml(f"<w:del {space}><w:r><w:delText> deleted</w:delText></w:r></w:del>"))
    document.save(str(tmp_path / "a.docx"))

    assert kinds(read_docx((tmp_path / "a.docx").read_bytes())) == [(PARAGRAPH, "Kept inserted")]


def test_the_cells_of_a_table_are_read(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Left.", "Right."
    document.save(str(tmp_path / "a.docx"))

    assert kinds(read_docx((tmp_path / "a.docx").read_bytes())) == [(PARAGRAPH, "Left."), (PARAGRAPH, "Right.")]


BOMB = documents.zipped({"word/document.xml": b"<a>" + b" " * 41_000_000})
PROTECTED = {
    "META-INF/encryption.xml": '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData>'
    '<CipherReference URI="OEBPS/chapter%200.xhtml"/></EncryptedData></encryption>'
}
NESTED = "<div>" * 300 + "Trust grows." + "</div>" * 300
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + documents.CONTAINER


@pytest.mark.parametrize(
    ("read", "raw", "reason"),
    [
        (read_pdf, documents.pdf(password="secret"), "is encrypted."),
        (read_pdf, documents.scanned_pdf(), "is scanned:"),
        (read_pdf, documents.pdf()[:400], "is damaged, or no PDF."),
        (read_pdf, b"", "is damaged, or no PDF."),
        (read_docx, bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "is encrypted or of an old kind."),
        (read_docx, documents.word()[:2000], "is damaged, or not what its name says."),
        (read_docx, documents.zipped({"a.txt": "no document"}), "is damaged, or not what its name says."),
        (read_docx, BOMB, "has a part of more than 40 MB of text."),
        (read_docx, documents.zipped({f"{n}": b" " * 40_000_000 for n in range(8)}), "unpacks to more than 300 MB"),
        (read_epub, documents.zipped({"mimetype": "application/epub+zip"}), "is damaged, or not what its name says."),
        (read_epub, documents.epub(more=PROTECTED), "is encrypted (copy protection)."),
        (read_epub, documents.zipped({"META-INF/container.xml": ENTITIES}), "is damaged, or not what its name says."),
        (read_html, b"\x00\x01\x02\x03" * 50, "is not text in any encoding that is known."),
        (read_html, NESTED.encode(), "has more parts inside one another than any text."),
        (
            read_epub,
            documents.epub(more={"OEBPS/nav.xhtml": NESTED}),
            "has more parts inside one another than any text.",
        ),
    ],
    ids=lambda value: value.__name__ if callable(value) else "" if isinstance(value, bytes) else value,
)
def test_what_cannot_be_read_is_refused_with_a_reason(
    read: Callable[[bytes], Document], raw: bytes, reason: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        read(raw)

    assert str(caught.value).startswith(reason)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("href", ["../../etc/passwd", "/etc/passwd", "http://elsewhere.invalid/a.xhtml"])
def test_a_chapter_outside_of_the_book_is_not_fetched(href: str) -> None:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        f'<item id="a" href="{href}" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )

    with pytest.raises(Unreadable, match="is damaged"):
        read_epub(documents.epub(more={"OEBPS/book.opf": package}))


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    """Nothing can be read in no time; what ends is the process that reads, and another takes its place."""
    path = tmp_path / "a.html"
    path.write_bytes(documents.html())

    with BoundedReader(seconds=0) as reader, pytest.raises(Unreadable, match="cannot be read within 0 seconds"):
        reader.read(path)
    with BoundedReader() as reader:
        bad = tmp_path / "b.pdf"
        bad.write_bytes(b"no PDF")
        with pytest.raises(Unreadable, match="is damaged, or no PDF"):
            reader.read(bad)
        document, _ = reader.read(path)

    assert document.pieces[0] == Piece(HEADING, TITLE, 1)
