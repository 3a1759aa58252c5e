"""The reading page's parts: the contents, and a section with its neighbours."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby

import streamlit as st

from app.guide.edition import Edition, Heading
from app.guide.nouns import Section
from app.ui.components.html import Range, practice_html, section_html
from app.ui.components.pages import as_written, ask_page, section_link

WORDS_A_MINUTE = 200


def range_of(at: str, text: str) -> Range | None:
    """Return the range that an address asks to mark, or None where it is none of this text."""
    found = re.fullmatch(r"(\d{1,7})-(\d{1,7})", at)
    if not found:
        return None
    start, end = int(found[1]), int(found[2])
    return (start, end) if start < end <= len(text) else None


def draw_contents(edition: Edition) -> None:
    """Draw every chapter with its sections."""
    st.title(as_written(edition.manifest.title or "The guide"), anchor=False)
    for chapter, headings in groupby(edition.headings, key=lambda heading: heading.chapter):
        if chapter:
            st.subheader(as_written(chapter), anchor=False)
        for heading in headings:
            section_link(heading.slug, heading.title)


def draw_section(section: Section, edition: Edition, quoted: Range | None) -> None:
    """Draw a section to read, with what comes before and after it."""
    _draw_sidebar(edition)
    st.page_link(ask_page(), label="Back to your questions")
    st.html(f'<p class="attune-small">{escape(section.chapter)} · {_minutes(section)} min</p>')
    st.title(as_written(section.title), anchor=False)
    st.html(section_html(section, quoted))
    for practice in edition.practices_of(section.slug):
        minutes = f" ({practice.minutes} minutes)" if practice.minutes else ""
        with st.expander(as_written(f"Practice: {practice.title}{minutes}")):
            st.html(practice_html(practice))
    _draw_related(section, edition)
    if section.references:
        st.subheader("Sources", anchor=False)
        st.text("\n".join(section.references))
    _draw_neighbours(section, edition)


def _draw_sidebar(edition: Edition) -> None:
    with st.sidebar:
        for chapter, headings in groupby(edition.headings, key=lambda heading: heading.chapter):
            st.caption(as_written(chapter or "Sections"))
            for heading in headings:
                section_link(heading.slug, heading.title)


def _draw_related(section: Section, edition: Edition) -> None:
    titles = {heading.slug: heading.title for heading in edition.headings}
    related = [slug for slug in section.related if slug in titles]
    if related:
        st.subheader("Read next", anchor=False)
        for slug in related:
            section_link(slug, titles[slug])


def _draw_neighbours(section: Section, edition: Edition) -> None:
    slugs = [heading.slug for heading in edition.headings]
    if section.slug not in slugs:
        return
    at = slugs.index(section.slug)
    st.divider()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if at > 0:
            _neighbour(edition.headings[at - 1], "Previous")
        if at + 1 < len(slugs):
            _neighbour(edition.headings[at + 1], "Next")


def _neighbour(heading: Heading, word: str) -> None:
    section_link(heading.slug, f"{word}: {heading.title}")


def _minutes(section: Section) -> int:
    return max(1, round(len(section.text.split()) / WORDS_A_MINUTE))
