"""Small documents of every format, made with the format's own library, and the same words in each."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import docx
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

TITLE = "Kitchen notes"
CHAPTERS = {
    "Bread": "Bread needs flour, water and time. The dough rests in a warm place until it has doubled.",
    "Soup": "Soup begins with onions in butter. Let them turn soft before anything else goes in.",
}
HEADER = "A letter to our members"
MENU = ("Breads", "Soups", "Salads")
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def html(chapters: Mapping[str, str] = CHAPTERS) -> bytes:
    """Return a page with a header, a menu, scripts and a footer around its text."""
    body = "".join(f"<h2>{heading}</h2><p>{text}</p>" for heading, text in chapters.items())
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in MENU)
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>x</title><script>var a = 1;</script></head><body>"
        f"<header>{HEADER}</header><ul>{menu}</ul><h1>{TITLE}</h1>{body}"
        f"<ul><li>Chop <b>it</b></li></ul><ol><li>Stir</li></ol><footer>All ours</footer></body></html>"
    ).encode()


def word(chapters: Mapping[str, str] = CHAPTERS) -> bytes:
    """Return a Word document with a page header, headings and lists."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = HEADER
    document.add_heading(TITLE, 0)
    for heading, text in chapters.items():
        document.add_heading(heading, 1)
        document.add_paragraph(text)
    document.add_paragraph("Chop it", style="List Bullet")
    document.add_paragraph("Stir", style="List Number")
    return _saved(document.save)


def pdf(chapters: Mapping[str, str] = CHAPTERS, times: int = 1, password: str = "") -> bytes:
    """Return a PDF with a running header and page numbers; every chapter has its text told by so many bakers."""
    styles = getSampleStyleSheet()
    story: list[Any] = [Paragraph(TITLE, styles["Title"])]
    for heading, text in chapters.items():
        story.append(Paragraph(heading, styles["Heading2"]))
        story += [Paragraph(told, styles["BodyText"]) for told in told_by_bakers(text, times)]

    def frame(canvas: Canvas, page: SimpleDocTemplate) -> None:
        canvas.drawString(72, 810, HEADER)
        canvas.drawString(300, 20, f"Page {page.page}")

    def save(file: io.BytesIO) -> None:
        encryption = StandardEncryption(password) if password else None
        SimpleDocTemplate(file, encrypt=encryption).build(story, onFirstPage=frame, onLaterPages=frame)

    return _saved(save)


def told_by_bakers(text: str, times: int) -> list[str]:
    """Return the text so many times, each time begun and ended otherwise, since no line of a page is repeated."""
    names = ["".join(letters) for letters in itertools.product("aeiou", "klmnprst")][:times]
    return [f"Baker {name.capitalize()} says so. {text} Baker {name.capitalize()} knows." for name in names]


def scanned_pdf() -> bytes:
    """Return a PDF whose one page is drawn and has no text."""

    def save(file: io.BytesIO) -> None:
        canvas = Canvas(file)
        canvas.rect(10, 10, 100, 100, fill=1)
        canvas.showPage()
        canvas.save()

    return _saved(save)


def epub(chapters: Mapping[str, str] = CHAPTERS, more: Mapping[str, str] | None = None) -> bytes:
    """Return an e-book with a table of contents and a page a chapter; `more` are further files in it."""
    names = [f"chapter {n}.xhtml" for n, _ in enumerate(chapters)]
    items = "".join(
        f'<item id="c{n}" href="{name.replace(" ", "%20")}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n, _ in enumerate(names))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{TITLE}</dc:title></metadata><manifest>{items}"
        '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/></manifest>'
        f'<spine><itemref idref="nav"/>{spine}</spine></package>'
    )
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": package,
        "OEBPS/nav.xhtml": "<html><body><nav><ol><li><a href='a'>Soup</a></li></ol></nav></body></html>",
    }
    for name, (heading, text) in zip(names, chapters.items(), strict=True):
        files[f"OEBPS/{name}"] = (
            "<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title>"
            f"</head><body><h2>{heading}</h2><p>{text}</p></body></html>"
        )
    return zipped(files | dict(more or {}))


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Return a zip archive of these files."""

    def save(file: io.BytesIO) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)

    return _saved(save)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()
