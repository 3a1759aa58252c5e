"""The editions: which is live, what changed in each, how it was judged, and the way back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from app.guide.errors import LibraryError
from app.guide.library import Library
from app.guide.manifest import REPORT, Manifest
from app.ui import resources
from app.ui.components.editor.confirm import confirm
from app.ui.components.editor.html import Result, changes_in_words, gate_html
from app.ui.components.editor.publish import draw_problem, draw_running, go_back
from app.ui.components.pages import as_written


def live_id(library: Library) -> str:
    """Return the live edition's id, or an empty string where there is none."""
    try:
        return library.live_id()
    except LibraryError:
        return ""


def draw_editions(library: Library) -> None:
    """Draw every edition that is kept, newest first."""
    st.header("Editions", anchor=False)
    manifests = library.manifests()
    draw_running("rollback")
    _draw_went_back(manifests)
    if not manifests:
        st.caption("Nothing is published yet.")
    live = live_id(library)
    for manifest in manifests:
        with st.container(border=True, key=f"edition-{manifest.id}"):
            _draw_edition(library, manifest, live=manifest.id == live)


def _draw_went_back(manifests: Sequence[Manifest]) -> None:
    run = resources.press().last("rollback")
    if run and not draw_problem(run):
        back = next((f"of {_moment(one.created)} " for one in manifests if one.id == run.result.get("edition")), "")
        st.success(f"The edition {back}is live again.")


def _draw_edition(library: Library, manifest: Manifest, *, live: bool) -> None:
    state = "Live" if live else "Kept aside by the gate" if manifest.refused else "Kept"
    st.markdown(f"**{state}** · {_moment(manifest.created)} · {manifest.counts.get('sections', 0)} sections")
    report = _report(library, manifest.id)
    st.caption(as_written(f"{changes_in_words(report)}. Edition {manifest.id}"))
    if manifest.published_anyway:
        st.caption(as_written(f"Published against the gate: {manifest.published_anyway}"))
    if gate := report.get("gate"):
        st.html(gate_html(gate))
    if not live and not manifest.refused:
        busy = resources.press().running is not None
        if st.button("Go back to this edition", key=f"back-{manifest.id}", disabled=busy):
            confirm(
                "Go back to this edition?",
                "From the next question on, people get the guide as it was published on "
                f"{_moment(manifest.created)}. The present one is kept.",
                "Go back",
                go_back,
                manifest.id,
            )


def _report(library: Library, edition: str) -> Result:
    try:
        found = json.loads((library.folder(edition) / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it is said to be damaged where it is used
        return {}
    return found if isinstance(found, dict) else {}


def _moment(created: str) -> str:
    return f"{datetime.fromisoformat(created):%d %B %Y, %H:%M} UTC".lstrip("0")
