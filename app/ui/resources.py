"""What all sessions share: the open guide. Never a conversation."""

from __future__ import annotations

import streamlit as st

from app.guide import open as opening
from app.guide.ask import Guide
from app.guide.settings import read_settings
from app.ui.editor_lock import Lock
from app.ui.process import Press


@st.cache_resource(show_spinner="Opening the guide")
def guide() -> Guide:
    """Return the one open guide of this server; raises `AttuneError` each time that it cannot be opened."""
    return opening.open_guide(read_settings())


@st.cache_resource
def press() -> Press:
    """Return what runs `python -m ingest` for the editors of this server, one command at a time."""
    return Press()


@st.cache_resource
def editor_lock() -> Lock:
    """Return the lock of the editor's page."""
    return Lock()
