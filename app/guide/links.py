"""Links to a passage, opened later: at the passage as the guide has it now, or as it was where it has changed since."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from app.guide.errors import NoSuchSection
from app.guide.nouns import Section

Range = tuple[int, int]


class Sections(Protocol):
    """Where sections are had from: the guide."""

    def section(self, slug: str, edition_id: str = "") -> tuple[Section, str]:
        """Return a section and the id of its edition, by default the live one; raises `NoSuchSection`."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link shows: a section of an edition, with a passage to mark.

    Where `changed`, the passage no longer stands in the live edition, so the section is shown as it was; `now` is how
    it reads today, or None where it is gone.
    """

    section: Section
    edition: str
    quoted: Range | None = None
    changed: bool = False
    now: Section | None = None


def open_link(guide: Sections, slug: str, edition: str = "", at: str = "") -> Opened:
    """Open what `/read?section=SLUG&edition=EDITION&at=START-END` names; raises `NoSuchSection` where it never was."""
    section, found = guide.section(slug, edition)
    quoted = range_of(at, section.text)
    try:
        now, live = guide.section(slug)
    except NoSuchSection:
        return Opened(section, found, quoted, changed=True)
    if found == live:
        return Opened(section, found, quoted)
    place = place_of(section.text, quoted or (0, len(section.text)), now.text)
    if place:
        return Opened(now, live, place if quoted else None)
    return Opened(section, found, quoted, changed=True, now=now)


def range_of(at: str, text: str) -> Range | None:
    """Return the range that an address asks to mark, or None where it is none of this text."""
    found = re.fullmatch(r"(\d{1,7})-(\d{1,7})", at)
    if not found:
        return None
    start, end = int(found[1]), int(found[2])
    return (start, end) if start < end <= len(text) else None


def place_of(before: str, quoted: Range, now: str) -> Range | None:
    """Return where the quoted words stand in another text, nearest to where they stood; None where they do not."""
    words = before[quoted[0] : quoted[1]]
    starts = [found.start() for found in re.finditer(f"(?={re.escape(words)})", now)]
    start = min(starts, key=lambda one: abs(one - quoted[0]), default=None)
    return None if start is None else (start, start + len(words))
