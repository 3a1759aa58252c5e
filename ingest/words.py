"""The words that a section is found by."""

from __future__ import annotations

from collections.abc import Iterable

from app.guide.nouns import Section


def searchable_words(section: Section, asked_as: Iterable[str] | None = None) -> str:
    """Return title, text and asked-as lines, or these lines instead of the section's own."""
    lines = section.asked_as if asked_as is None else asked_as
    return "\n".join([section.title, section.text, *lines])
