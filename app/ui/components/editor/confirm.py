"""A question before something that an editor might not have meant."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def confirm(title: str, words: str, yes: str, act: Callable[..., None], *args: object) -> None:
    """Ask over the page whether to go on; `act` is called where the answer is yes."""

    @st.dialog(title)
    def asking() -> None:
        st.write(words)
        with st.container(horizontal=True, gap="small"):
            if st.button(yes, type="primary", key="editor-yes", on_click=act, args=args):
                st.rerun()
            if st.button("Leave it as it is", key="editor-no"):
                st.rerun()

    asking()
