"""HTML: its headings, paragraphs and lists. What scripts, menus and page frames hold is no part of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from app.guide.nouns import BlockKind
from ingest.decode import decode
from ingest.furniture import is_menu_entry
from ingest.pieces import Document, LeftOut, Piece, Unreadable, one_line

UNSEEN = frozenset("script style template noscript head iframe object svg canvas math select textarea".split())
FRAME = {
    "nav": "menu",
    "menu": "menu",
    "header": "page header",
    "footer": "page footer",
    "aside": "side note",
    "form": "form",
    "button": "form",
    "address": "address",
}
ROLES = {
    "navigation": "menu",
    "menu": "menu",
    "banner": "page header",
    "contentinfo": "page footer",
    "complementary": "side note",
    "search": "form",
}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = (
    frozenset(
        "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer "
        "form header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
    )
    | HEADINGS.keys()
)
LISTS = {"ol": BlockKind.STEP, "ul": BlockKind.BULLET}
# A list whose words stand mostly in links is a menu (after Kohlschütter, Fankhauser and Nejdl 2010, "Boilerplate
# Detection using Shallow Text Features", WSDM), if the links are short and several.
MENU_SHARE = 0.7
MENU_LINKS = 3
MENU_WORDS = 5


def read_html(raw: bytes) -> Document:
    """Return the text of a page; raises `Unreadable` for one that cannot be parsed."""
    root = _parsed(raw)
    left_out = list(_take_out(root))
    body = _text_of(root)
    pieces = tuple(_pieces(body))
    title = one_line(root.findtext(".//title") or "")
    return Document(_first_heading(pieces) or title, pieces, tuple(left_out))


def _parsed(raw: bytes) -> Any:
    declared = _declared(raw)
    try:
        text = raw.decode(declared) if declared else decode(raw)
    except (LookupError, UnicodeDecodeError):
        text = decode(raw)
    # The text is given as UTF-8 whatever it declares, since lxml would believe the declaration.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable("holds no text that can be read as HTML. Open it in a browser, and save it again.") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Unreadable("has more parts inside one another than any text. Save its text alone.")
    return root


def _declared(raw: bytes) -> str:
    """Return the encoding that a page's head names, where no byte order mark says otherwise."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or raw[:3] == b"\xef\xbb\xbf":
        return ""
    found = re.search(
        rb"<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,200}?encoding)\s*=\s*[\"']?([\w.:-]{2,40})", raw[:4096]
    )
    return found[1].decode("ascii") if found else ""


def _take_out(root: Any) -> Iterator[LeftOut]:
    """Remove what is no part of the text from the tree, and yield what a reader would have seen of it."""
    for element in list(root.iter(etree.Element)):
        parent = element.getparent()
        if parent is None or element.tag in ("html", "body"):
            continue
        what = _frame(element)
        if what is None:
            continue
        words = "" if element.tag in UNSEEN or what == "" else one_line(_words(element))
        if words:
            yield LeftOut(what or "hidden", words)
        if element.tag != "head":  # the title stands in it
            element.drop_tree()


def _frame(element: Any) -> str | None:
    """Return what to call an element that is left out, empty where nobody sees it, or None for one that is text."""
    style = re.sub(r"\s", "", element.get("style") or "").lower()
    if (
        element.tag in UNSEEN
        or "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or "display:none" in style
        or "visibility:hidden" in style
    ):
        return ""
    role = ROLES.get((element.get("role") or "").lower())
    frame = role or FRAME.get(element.tag)
    if frame in ("page header", "page footer") and any(up.tag in ("article", "main") for up in element.iterancestors()):
        return None
    if frame:
        return frame
    return "menu" if element.tag in LISTS and _is_menu(element) else None


def _is_menu(element: Any) -> bool:
    links = [one_line(link.text_content()) for link in element.iter("a")]
    words = len(element.text_content().split())
    linked = sum(len(link.split()) for link in links)
    short = linked <= MENU_WORDS * len(links)
    return (len(links) >= MENU_LINKS and short and linked >= MENU_SHARE * words) or _is_plain_menu(element)


def _is_plain_menu(element: Any) -> bool:
    items = [one_line(entry.text_content()) for entry in element.iter("li")]
    return len(items) >= MENU_LINKS and all(is_menu_entry(entry) for entry in items)


def _words(element: Any) -> str:
    return " ".join(element.itertext())


def _text_of(root: Any) -> Any:
    """Return the element that holds the text: the main part, where it holds most of the words, else all."""
    mains = root.xpath("//main | //*[@role='main']") or root.xpath("//article[not(ancestor::article)]")
    body = root.find("body")
    if body is None:
        return root
    if len(mains) == 1 and 2 * len(_words(mains[0]).split()) > len(_words(body).split()):
        return mains[0]
    return body


BREAK = "\v"


def _pieces(body: Any) -> Iterator[Piece]:
    """Yield the blocks of an element in reading order; the first words of a list's item are the item."""
    words: list[str] = []
    kind, level = BlockKind.PARAGRAPH, 1
    depth: list[BlockKind] = []
    preformatted = 0

    def flush() -> Iterator[Piece]:
        nonlocal kind, level
        paragraphs = [one_line(part) for part in re.split(rf"{BREAK}\s*{BREAK}", "".join(words))]
        words.clear()
        for paragraph in filter(None, paragraphs):
            yield Piece(kind, paragraph, level)
            kind, level = BlockKind.PARAGRAPH, 1

    def add(text: str | None) -> None:
        if text:
            words.append(text.replace("\n", BREAK * 2) if preformatted else text)

    for event, element in etree.iterwalk(body, events=("start", "end")):
        tag = element.tag
        if not isinstance(tag, str) or tag in UNSEEN:
            continue
        if tag in BLOCKS:
            yield from flush()
        if event == "start":
            if tag in LISTS:
                depth.append(LISTS[tag])
            preformatted += tag == "pre"
            if tag in HEADINGS:
                kind, level = BlockKind.HEADING, HEADINGS[tag]
            elif tag == "li":
                kind, level = depth[-1] if depth else BlockKind.BULLET, max(1, len(depth))
            if tag == "br":
                words.append(BREAK)
            add(element.text)
        else:
            if tag in LISTS:
                depth.pop()
            preformatted -= tag == "pre"
            if tag in BLOCKS:
                kind, level = BlockKind.PARAGRAPH, 1
            if element is not body:
                add(element.tail)
    yield from flush()


def _first_heading(pieces: tuple[Piece, ...]) -> str:
    return next((piece.text for piece in pieces if piece.kind is BlockKind.HEADING and piece.level == 1), "")
