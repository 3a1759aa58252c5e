"""The frame of every page: look, navigation, the line "Help now", and clear words where the guide cannot be opened."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.guide.errors import AttuneError
from app.ui.components.help_line import help_line
from app.ui.components.pages import ask_page, read_page

ASSETS = Path(__file__).parent / "assets"

# A local icon: without one Streamlit fetches a picture of a page's icon from a font host.
st.set_page_config(page_title="Attune", page_icon=str(ASSETS / "icon.png"), layout="centered")
st.html(ASSETS / "attune.css")
st.html('<script src="/assets/attune.js"></script>', unsafe_allow_javascript=True)
page = st.navigation([ask_page(), read_page()], position="top")
help_line()
try:
    page.run()
except AttuneError as error:
    st.error(str(error))
