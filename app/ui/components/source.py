"""The cited section, opened in place with the quote marked."""

from __future__ import annotations

import streamlit as st

from app.guide.errors import AttuneError
from app.guide.nouns import Citation
from app.ui import resources
from app.ui.components.html import section_html
from app.ui.components.pages import as_written, section_link


def show_source(citation: Citation) -> None:
    """Open a panel with the citation's section; the address of the page stays as it is."""

    @st.dialog(as_written(citation.title), width="medium", position="right")
    def panel() -> None:
        try:
            section, _ = resources.guide().section(citation.slug, citation.edition)
        except AttuneError as error:
            st.warning(str(error))
            return
        section_link(citation.slug, "Open on the reading page", citation.edition, f"{citation.start}-{citation.end}")
        st.html(section_html(section, (citation.start, citation.end)))

    panel()
