"""The frame of every page: look, navigation, the bar with help, and clear words where the guide cannot be opened."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.guide.errors import AttuneError
from app.ui.components.pages import ask_page, editor_exists, editor_page, read_page, safety_page
from app.ui.components.top_bar import top_bar

ASSETS = Path(__file__).parent / "assets"

# A local icon: without one Streamlit fetches a picture of a page's icon from a font host.
st.set_page_config(page_title="Attune", page_icon=str(ASSETS / "icon.png"), layout="centered")
st.html(ASSETS / "attune.css")
st.html('<script src="/assets/attune.js"></script>', unsafe_allow_javascript=True)
pages = [ask_page(), read_page(), safety_page(), *([editor_page()] if editor_exists() else [])]
page = st.navigation(pages, position="top")
top_bar()
try:
    page.run()
except AttuneError as error:
    st.error(str(error))
