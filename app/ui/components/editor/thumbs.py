"""How often people liked what they got, by section and kind of answer."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.guide.errors import LibraryError
from app.guide.feedback import Feedback
from app.ui.components.editor.html import thumbs_html
from app.ui.components.pages import as_written


def draw_thumbs(library: Path) -> None:
    """Draw the counts of a library as a table; nothing where there are none."""
    try:
        counts = [one for one in Feedback(library).counts() if one.up or one.down]
    except LibraryError as error:
        st.warning(as_written(str(error)))
        return
    if counts:
        st.header("What people liked", anchor=False)
        st.caption("Thumbs under answers, by the section that came first. Only these numbers are kept.")
        st.html(thumbs_html(counts))
