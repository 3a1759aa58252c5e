"""What stands on a page and is no part of its text: running headers, page numbers, address blocks, menus.

Each function returns what it found by place, so that whoever reads a format can leave it out and say so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

PAGE_NUMBER = re.compile(
    r"[-–—|\[\s]*(?:(?:page|p\.|seite|página|pagina)\s*)?(\d{1,4})(?:\s*(?:of|/|von|de)\s*\d{1,4})?[-–—|\]\s]*",
    re.IGNORECASE,
)
# A running line stands among the outermost lines of a page, on so many pages at least (of two pages, on both), and
# on such a share of them: left and right pages may have different ones.
OUTERMOST = 2
FEWEST_PAGES = 3
LEAST_SHARE = 0.3
LONGEST_RUNNING = 15

ADDRESS = re.compile(
    r"^(?:(?:physical|mailing|postal|street|our|email|e-mail) )?address:?$"
    r"|^\d{1,5}[a-z]? (?:\S+ ){0,4}(?:st|street|ave|avenue|rd|road|blvd|boulevard|ln|lane|dr|drive|way|sq|square|ct)"
    r"\.?(?:,.*)?$"
    r"|\b[A-Z]{2},? \d{5}(?:-\d{4})?$"  # an American state and its code
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$"  # a British one
    r"|^(?:p\.? ?o\.? box) \d+"
    r"|^(?:tel|phone|fax|call us|telephone|mobile|e-?mail)\b.{0,4}[:.+(\d]"
    r"|^\+?[\d ()./-]{7,20}$"
    r"|^\S+@\S+\.\w+$"
    r"|^(?:https?://|www\.)\S+$"
    r"|^(?:©|\(c\)|copyright)|all rights reserved",
    re.IGNORECASE,
)
MENU = frozenset(
    "home about us contact menu search login log in sign up register subscribe newsletter blog news events shop cart "
    "store faq help support privacy policy terms of use cookies cookie imprint sitemap share tweet facebook twitter "
    "instagram youtube linkedin pinterest next previous back skip to content top read more donate careers services "
    "resources".split()
)
LONGEST_OF_A_BLOCK = 8
LONGEST_LINE = 200
SENTENCE_END = re.compile(r"[.!?…:;][\"'”’)\]]*$")


def is_page_number(line: str) -> bool:
    """Return whether a line holds nothing but a page's number."""
    return bool(PAGE_NUMBER.fullmatch(line.strip()))


def running_lines(pages: Sequence[Sequence[str]]) -> dict[tuple[int, int], str]:
    """Return what to call each running line, by page and line: `page number` or `running header`."""
    found = {}
    places = [(number, row) for number, page in enumerate(pages) for row in _outermost(page)]
    seen = {(_wording(pages[n][row]), n) for n, row in places}
    on_pages = Counter(wording for wording, _ in seen)
    enough = max(min(FEWEST_PAGES, len(pages)), LEAST_SHARE * len(pages), 2)
    for number, row in places:
        line = pages[number][row]
        if is_page_number(line):
            found[number, row] = "page number"
        elif on_pages[_wording(line)] >= enough and len(line.split()) <= LONGEST_RUNNING:
            found[number, row] = "running header"
    return found


def edge_blocks(lines: Sequence[str]) -> dict[int, str]:
    """Return what to call the lines of an address block or a menu at the beginning or the end of a text, by place."""
    found = {}
    for run in (list(_short(lines, range(len(lines)))), list(_short(lines, range(len(lines) - 1, -1, -1)))):
        address = sorted(row for row in run if ADDRESS.search(lines[row].strip()))
        menu = sorted(row for row in run if is_menu_entry(lines[row]))
        # One such line alone may be a title; two are a block.
        for what, rows in (("address", address), ("menu", menu)):
            if len(rows) > 1:
                found.update(dict.fromkeys(rows, what))
    return found


def is_menu_entry(line: str) -> bool:
    """Return whether a line says nothing but what menus say."""
    words = re.findall(r"[a-z]+", line.lower())
    return bool(words) and len(words) <= LONGEST_OF_A_BLOCK and all(word in MENU for word in words)


def _outermost(page: Sequence[str]) -> Iterator[int]:
    rows = [row for row, line in enumerate(page) if line.strip()]
    yield from dict.fromkeys([*rows[:OUTERMOST], *rows[-OUTERMOST:]])


def _wording(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.lower().split()))


def _short(lines: Sequence[str], order: Sequence[int]) -> Iterator[int]:
    """Yield the rows of short lines until the first that reads like a sentence."""
    for row in order:
        line = lines[row].strip()
        if not line:
            continue
        if len(line) > LONGEST_LINE or (
            not ADDRESS.search(line) and (len(line.split()) > LONGEST_OF_A_BLOCK or SENTENCE_END.search(line))
        ):
            return
        yield row
