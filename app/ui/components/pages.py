"""The pages and the links between them that keep the conversation."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st
from streamlit import config
from streamlit.navigation.page import StreamlitPage

from app.guide.settings import read_settings
from app.ui.editor_lock import page_exists

VIEWS = Path(__file__).parent.parent / "views"


def ask_page() -> StreamlitPage:
    """Return the page where questions are asked."""
    return st.Page(VIEWS / "ask.py", title="Ask", default=True)


def read_page() -> StreamlitPage:
    """Return the page where the guide is read."""
    return st.Page(VIEWS / "read.py", title="Read", url_path="read")


def safety_page() -> StreamlitPage:
    """Return the page that says what is kept, what leaves, and how to use Attune discreetly."""
    return st.Page(VIEWS / "safety.py", title="Safety and privacy", url_path="safety")


def editor_exists() -> bool:
    """Return whether this server has the page where the guide is changed."""
    return page_exists(read_settings(), str(config.get_option("server.address") or ""))


def editor_page() -> StreamlitPage:
    """Return the page where the guide is changed and published."""
    return st.Page(VIEWS / "editor.py", title="Editor", url_path="editor")


def section_link(slug: str, label: str, edition: str = "", at: str = "") -> None:
    """Draw a link to a section that keeps the session; `at` is the range to mark."""
    place = {"section": slug, "edition": edition, "at": at}
    st.page_link(
        read_page(), label=as_written(label), query_params={key: value for key, value in place.items() if value}
    )


def as_written(text: str) -> str:
    """Return a text as a label that shows it as it is, since Streamlit takes labels for Markdown with directives."""
    escaped = re.sub(r"([\\`*_\[\]~$<&:])", r"\\\1", text)
    return re.sub(r"^([#+>-]|\d+(?=[.)]))", lambda found: _at_the_start(found[0]), escaped)


def _at_the_start(mark: str) -> str:
    """Return what begins a heading, a quotation or a list item, made plain."""
    return f"{mark}\u200b" if mark[0].isdigit() else f"\\{mark}"
