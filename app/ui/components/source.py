"""A section or a practice opened in place, beside the conversation; a section with its quote marked."""

from __future__ import annotations

import streamlit as st

from app.guide.errors import AttuneError
from app.guide.links import open_link
from app.guide.nouns import Citation, Practice, Section
from app.ui import resources, state
from app.ui.components.html import copy_html, dashed, practice_html, section_html
from app.ui.components.pages import as_written, section_link
from app.ui.components.reading import said_of


def whole_section(slug: str, edition: str, title: str = "") -> Citation:
    """Return what opens a section without marking anything."""
    return Citation(0, slug, title or slug, "", 0, 0, edition)


def show(opened: Citation | Practice) -> None:
    """Open a panel with what was tapped; the address of the page stays as it is."""
    if isinstance(opened, Practice):
        _show_practice(opened)
    else:
        _show_source(opened)


def _show_practice(practice: Practice) -> None:
    @st.dialog(as_written(practice.title), width="medium", position="right")
    def panel() -> None:
        section_link(practice.section, "Read the section that it belongs to")
        st.html(practice_html(practice))

    panel()


def _show_source(citation: Citation) -> None:
    at = f"{citation.start}-{citation.end}" if citation.quote else ""
    try:
        opened = open_link(resources.guide(), citation.slug, citation.edition, at)
    except AttuneError as error:
        st.warning(str(error))
        return
    section = opened.section

    @st.dialog(as_written(section.title), width="medium", position="right")
    def panel() -> None:
        with st.container(horizontal=True, vertical_alignment="center"):
            section_link(citation.slug, "Open on the reading page", citation.edition, at)
            if citation.quote:
                st.html(copy_html("Copy link", citation.url, "Link copied"), width="content")
        if opened.changed:
            st.info(said_of(opened))
        st.html(section_html(section, opened.quoted))
        _draw_ways_on(section, opened.edition)

    panel()


def _draw_ways_on(section: Section, edition: str) -> None:
    """Draw, out of sight, what the clicks on links inside the section are handed to."""
    with st.container(key="sources-panel"):
        for slug in dict.fromkeys(mark.target for mark in section.marks if mark.target):
            if st.button(slug, key=f"goto-panel-{dashed(slug)}"):
                state.open_in_place(whole_section(slug, edition))
                st.rerun()
