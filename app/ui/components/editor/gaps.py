"""What people missed in the guide, grouped by likeness, each group with the beginning of a section to write."""

from __future__ import annotations

from html import escape

import streamlit as st

from app.guide.encoder import load_encoder
from app.guide.gaps import KEPT_DAYS, Gap, Gaps, draft, group
from app.guide.settings import Settings
from app.ui.components.editor.confirm import confirm
from app.ui.components.html import download_html

_GROUPED = "editor-grouped"


def draw_gaps(settings: Settings) -> None:
    """Draw the kept questions; nothing where none are kept and none may be."""
    gaps = Gaps(settings.library)
    kept = gaps.kept()
    if not kept and not settings.gaps:
        return
    st.header("What people missed", anchor=False)
    st.caption(f"Questions that people chose to leave for you. Each is deleted after {KEPT_DAYS} days.")
    if not kept:
        st.markdown("None so far.")
        return
    for number, alike in enumerate(_grouped(tuple(kept), settings.embedding_model)):
        with st.container(border=True):
            st.html(_listed(alike), width="stretch")
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.html(download_html("Draft a section", draft(alike), "section.md"), width="content")
                st.button("Delete", key=f"gap-delete-{number}", type="tertiary", on_click=gaps.forget, args=(alike,))
    if st.button("Delete all", key="gaps-delete"):
        confirm(
            "Delete all these questions?",
            f"All {len(kept)} are deleted at once and cannot come back.",
            "Delete them",
            gaps.forget,
            kept,
        )


def _grouped(kept: tuple[Gap, ...], model: str) -> list[list[Gap]]:
    """Return the groups; they are reckoned again only where other questions are kept."""
    if st.session_state.get(_GROUPED, ((), []))[0] != kept:
        with st.spinner("Grouping the questions"):
            st.session_state[_GROUPED] = (kept, group(kept, load_encoder(model)))
    groups: list[list[Gap]] = st.session_state[_GROUPED][1]
    return groups


def _listed(alike: list[Gap]) -> str:
    return f"<ul class='attune-alike'>{''.join(f'<li>{escape(gap.words)}</li>' for gap in alike)}</ul>"
