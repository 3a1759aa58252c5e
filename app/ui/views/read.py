"""The page where the guide is read: its contents, or one section with a passage marked."""

from __future__ import annotations

import streamlit as st

from app.guide.errors import NoSuchSection, SectionRemoved
from app.guide.links import open_link
from app.ui import resources
from app.ui.components.reading import draw_contents, draw_section

guide = resources.guide()
slug = st.query_params.get("section", "")
if not slug:
    draw_contents(guide.edition())
else:
    try:
        asked = st.query_params
        draw_section(open_link(guide, slug, asked.get("edition", ""), asked.get("at", "")), guide.edition())
    except SectionRemoved as removed:
        st.warning(str(removed))
        draw_contents(guide.edition())
    except NoSuchSection:
        st.warning("That section is not in the guide. It may have been renamed or removed; the contents list all.")
        draw_contents(guide.edition())
