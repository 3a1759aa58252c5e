"""The page where the guide is read: its contents, or one section with a passage marked."""

from __future__ import annotations

import streamlit as st

from app.guide.errors import NoSuchSection
from app.ui import resources
from app.ui.components.reading import draw_contents, draw_section, range_of

guide = resources.guide()
slug = st.query_params.get("section", "")
if not slug:
    draw_contents(guide.edition())
else:
    try:
        section, edition = guide.section(slug, st.query_params.get("edition", ""))
        draw_section(section, guide.edition(), range_of(st.query_params.get("at", ""), section.text))
    except NoSuchSection:
        st.warning("That section is not in the guide. It may have been renamed or removed; the contents list all.")
        draw_contents(guide.edition())
