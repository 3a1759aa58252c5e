"""The reading page's parts: the contents, and a section with its neighbours."""

from __future__ import annotations

from html import escape
from itertools import groupby

import streamlit as st

from app.guide.edition import Edition, Heading
from app.guide.links import Opened
from app.guide.nouns import Practice, Section
from app.ui.components.html import practice_html, section_html
from app.ui.components.pages import as_written, ask_page, section_link

WORDS_A_MINUTE = 200
CHANGED = "This passage has changed since. Here is how it read when it was quoted, and how it reads now."
REMOVED = "This section is no longer in the guide. Here is how it read when it was quoted."


def draw_contents(edition: Edition) -> None:
    """Draw every chapter with its sections."""
    st.title(as_written(edition.manifest.title or "The guide"), anchor=False)
    for chapter, headings in groupby(edition.headings, key=lambda heading: heading.chapter):
        if chapter:
            st.header(as_written(chapter), anchor=False)
        for heading in headings:
            section_link(heading.slug, heading.title)


def draw_section(opened: Opened, edition: Edition) -> None:
    """Draw a section to read, with what comes before and after it."""
    section = opened.section
    _draw_sidebar(edition)
    st.page_link(ask_page(), label="Back to your questions")
    st.html(f'<p class="attune-small">{escape(section.chapter)} · {_minutes(section)} min</p>')
    st.title(as_written(section.title), anchor=False)
    _draw_text(opened)
    for practice in edition.practices_of(section.slug):
        with st.expander(practice_label(practice)):
            st.html(practice_html(practice))
    _draw_related(section, edition)
    if section.references:
        st.header("Sources", anchor=False)
        st.text("\n".join(section.references))
    _draw_neighbours(section, edition)


def practice_label(practice: Practice) -> str:
    """Return what a practice is called, and how long it takes."""
    minutes = f" ({practice.minutes} minutes)" if practice.minutes else ""
    return as_written(f"Practice: {practice.title}{minutes}")


def said_of(opened: Opened) -> str:
    """Return what is to be said of a passage that has changed; empty where it has not."""
    if not opened.changed:
        return ""
    return CHANGED if opened.now else REMOVED


def _draw_text(opened: Opened) -> None:
    """Draw the section's text; where the passage has changed since, as it was and as it is now."""
    before = section_html(opened.section, opened.quoted)
    if not opened.changed:
        st.html(before)
        return
    st.info(said_of(opened))
    if opened.now is None:
        st.html(before)
        return
    then, now = st.tabs(["As it was", "As it is now"])
    then.html(before)
    now.html(section_html(opened.now))


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
        st.header("Read next", anchor=False)
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
