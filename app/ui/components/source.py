"""A section opened in place, beside the conversation, with a quote marked where there is one."""

from __future__ import annotations

import streamlit as st

from app.guide.errors import AttuneError
from app.guide.nouns import Citation, Section
from app.ui import resources, state
from app.ui.components.html import section_html
from app.ui.components.pages import as_written, section_link


def whole_section(slug: str, edition: str, title: str = "") -> Citation:
    """Return what opens a section without marking anything."""
    return Citation(0, slug, title or slug, "", 0, 0, edition)


def show_source(citation: Citation) -> None:
    """Open a panel with the citation's section; the address of the page stays as it is."""
    try:
        section, edition = resources.guide().section(citation.slug, citation.edition)
    except AttuneError as error:
        st.warning(str(error))
        return

    @st.dialog(as_written(section.title), width="medium", position="right")
    def panel() -> None:
        at = f"{citation.start}-{citation.end}" if citation.quote else ""
        section_link(citation.slug, "Open on the reading page", edition, at)
        st.html(section_html(section, (citation.start, citation.end) if citation.quote else None))
        _draw_ways_on(section, edition)

    panel()


def _draw_ways_on(section: Section, edition: str) -> None:
    """Draw, out of sight, what the clicks on links inside the section are handed to."""
    with st.container(key="sources-panel"):
        for slug in dict.fromkeys(mark.target for mark in section.marks if mark.target):
            if st.button(slug, key=f"goto-panel-{slug.replace('/', '-')}"):
                state.open_citation(whole_section(slug, edition))
                st.rerun()
