"""Which text the editor works on: the corpus folder as it is, or a working copy that files are dropped into."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.guide.errors import AttuneError
from app.ui import resources
from app.ui.components.pages import as_written
from app.ui.working_copy import Upload, WorkingCopy

CORPUS, COPY = "The corpus folder of this machine", "A working copy, with files that I bring"
_SAID = "editor-said"


def draw_text(copy: WorkingCopy, corpus: Path) -> Path | None:
    """Draw the choice of the text, and return the folder that was chosen; None where there is no text in it yet."""
    st.header("1. The text", anchor=False)
    chosen = st.radio(
        "Which text?",
        (CORPUS, COPY),
        index=int(copy.exists),
        key="editor-source",
        label_visibility="collapsed",
        on_change=_let_go,
    )
    if chosen == CORPUS:
        there = corpus.is_dir()
        st.caption(as_written(f"{corpus}: read as it is, never written to." if there else f"{corpus} is not there."))
        return corpus if there else None
    _draw_upload(copy)
    if copy.exists:
        _draw_files(copy)
        return copy.folder
    return None


def _draw_upload(copy: WorkingCopy) -> None:
    with st.form("editor-upload", clear_on_submit=True):
        files = st.file_uploader("Drop files or a zip", accept_multiple_files=True, key="editor-files")
        whole = st.checkbox("This is the whole guide: take out everything else", key="editor-whole")
        if st.form_submit_button("Put into the working copy"):
            _put(copy, [Upload(file.name, file.getvalue()) for file in files], whole=whole)
    if said := st.session_state.pop(_SAID, ""):
        st.success(as_written(said))
    st.caption(
        "A file takes the place of the one with its name; a new one is added. The text stays on this machine, and "
        "nobody meets it before you publish."
    )


def _put(copy: WorkingCopy, uploads: list[Upload], *, whole: bool) -> None:
    try:
        placed = copy.put(uploads, whole=whole)
    except AttuneError as error:
        st.error(as_written(str(error)))
        return
    _let_go()
    more = f" and {len(placed) - 3} more" if len(placed) > 3 else ""
    st.session_state[_SAID] = f"Put in: {', '.join(placed[:3])}{more}."
    st.rerun()


def _draw_files(copy: WorkingCopy) -> None:
    files = copy.files()
    with st.expander(f"The working copy has {len(files)} files", key="editor-copy"):
        gone = st.multiselect("Take files out", files, key="editor-out", placeholder="Choose files")
        st.button("Take them out", key="editor-take-out", disabled=not gone, on_click=_take_out, args=(copy, gone))
        st.button("Begin again from the corpus folder", key="editor-discard", on_click=_discard, args=(copy,))


def _take_out(copy: WorkingCopy, paths: list[str]) -> None:
    copy.take_out(paths)
    _let_go()


def _discard(copy: WorkingCopy) -> None:
    copy.discard()
    _let_go()


def _let_go() -> None:
    """Forget what was found out about another text."""
    resources.press().forget("diff", "check", "build")
