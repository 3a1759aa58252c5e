"""E-books: the chapters in the order of the book's spine, each of them a page of HTML."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

from ingest.formats.archive import DAMAGED, opened, part
from ingest.formats.html import read_html
from ingest.pieces import Document, LeftOut, Piece, Unreadable, one_line

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
MOST_TEXT = 100_000_000


def read_epub(raw: bytes) -> Document:
    """Return a book's text; raises `Unreadable` for one that is protected, damaged, or without a chapter."""
    archive = opened(raw)
    package_path = _first(_xml(archive, CONTAINER), "rootfile").get("full-path") or ""
    package = _xml(archive, package_path)
    chapters = list(_chapters(package, posixpath.dirname(package_path)))
    _refuse_protected(archive, {name for name, _ in chapters})
    pieces: list[Piece] = []
    left_out: list[LeftOut] = []
    unpacked = 0
    for name, is_contents in chapters:
        page = part(archive, name)
        unpacked += len(page)
        if unpacked > MOST_TEXT:
            raise Unreadable(f"holds more than {MOST_TEXT // 1_000_000} MB of text. Split it.")
        read = read_html(page)
        left_out += read.left_out
        if is_contents:
            left_out += [LeftOut("table of contents", piece.text) for piece in read.pieces]
        else:
            pieces += read.pieces
    title = next((one_line(node.text or "") for node in package.iter("{*}title")), "")
    return Document(title, tuple(pieces), tuple(left_out))


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(part(archive, name), parser)
    except etree.LxmlError as error:
        raise Unreadable(DAMAGED) from error


def _first(root: Any, tag: str) -> Any:
    found = next(root.iter(f"{{*}}{tag}"), None)
    if found is None:
        raise Unreadable(DAMAGED)
    return found


def _chapters(package: Any, folder: str) -> Iterator[tuple[str, bool]]:
    """Yield the name of every page of the spine, and whether it is the book's table of contents.

    A name is only ever looked up in the archive, so one that leads out of it finds nothing.
    """
    manifest = {entry.get("id"): entry for entry in package.iter("{*}item")}
    for reference in package.iter("{*}itemref"):
        entry = manifest.get(reference.get("idref"))
        if entry is None:
            raise Unreadable(DAMAGED)
        if "html" in (entry.get("media-type") or "html"):
            name = posixpath.normpath(posixpath.join(folder, unquote(entry.get("href") or "")))
            yield name, "nav" in (entry.get("properties") or "").split()


def _refuse_protected(archive: zipfile.ZipFile, chapters: set[str]) -> None:
    """Raise where a chapter is encrypted; that fonts are, is common and does not matter."""
    if ENCRYPTION not in archive.namelist():
        return
    encrypted = {unquote(node.get("URI") or "") for node in _xml(archive, ENCRYPTION).iter("{*}CipherReference")}
    if encrypted & chapters:
        raise Unreadable("is encrypted (copy protection). Ask its publisher for a copy without.")
