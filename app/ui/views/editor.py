"""The page where an editor brings a text, sees what it would change, publishes it, and goes back."""

from __future__ import annotations

import math

import streamlit as st

from app.guide.library import Library
from app.guide.settings import Settings, read_settings
from app.ui import resources, state
from app.ui.components.editor.editions import draw_editions, live_id
from app.ui.components.editor.gaps import draw_gaps
from app.ui.components.editor.publish import draw_look, draw_publish
from app.ui.components.editor.text import draw_text
from app.ui.components.editor.thumbs import draw_thumbs
from app.ui.working_copy import WorkingCopy


def draw_lock(settings: Settings) -> None:
    """Draw what asks for the password."""
    lock = resources.editor_lock()
    with st.form("editor-lock", clear_on_submit=True):
        given = st.text_input("Password", type="password", key="editor-password")
        if not st.form_submit_button("Open"):
            return
    if lock.opens(given, settings.editor_password):
        state.become_editor()
        st.rerun()
    wait = math.ceil(lock.wait)
    again = f"Try again in {wait} s." if wait else "Try again."
    st.error(f"That was not the password, or it came too soon after another. {again}")


def draw_desk(settings: Settings) -> None:
    """Draw everything that an editor does, in its order."""
    library = Library(settings.library)
    st.markdown("Change the guide in three steps. What people get now stays until the last one is done.")
    corpus = draw_text(WorkingCopy(settings.library, settings.corpus), settings.corpus)
    draw_look(corpus, published=bool(live_id(library)))
    draw_publish(corpus)
    draw_editions(library)
    draw_gaps(settings)
    draw_thumbs(settings.library)


settings = read_settings()
st.title("Editor", anchor=False)
if settings.editor_password.get_secret_value() and not state.is_editor():
    draw_lock(settings)
else:
    draw_desk(settings)
