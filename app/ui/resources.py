"""What all sessions share: the open guide. Never a conversation."""

from __future__ import annotations

import streamlit as st

from app.guide import open as opening
from app.guide.ask import Guide
from app.guide.settings import read_settings


@st.cache_resource(show_spinner="Opening the guide")
def guide() -> Guide:
    """Return the one open guide of this server; raises `AttuneError` each time that it cannot be opened."""
    return opening.open_guide(read_settings())
