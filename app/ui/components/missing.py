"""The offer to tell the editor of a question that the guide does not answer; nothing is kept without a tap."""

from __future__ import annotations

import streamlit as st

from app.guide.errors import AttuneError
from app.guide.gaps import KEPT_DAYS, LONGEST_KEPT, Gaps, may_be_offered
from app.guide.settings import read_settings
from app.ui import state


def draw_missing(exchange: state.Exchange, number: int) -> None:
    """Draw the offer below the last exchange; nothing where it may not be made."""
    settings = read_settings()
    answers = [one.answer for one in state.talk()[: number + 1] if one.answer]
    if not settings.gaps or exchange.answer is None or not may_be_offered(answers):
        return
    if state.sent(number):
        st.caption("Thank you. The editor will see these words, and nothing else.")
        return
    with (
        st.expander("Tell the editor that this is missing", key=f"missing-open-{number}"),
        st.form(f"missing-{number}", border=False),
    ):
        words = st.text_area(
            "The editor would see these words and today's date, and nothing else.",
            exchange.message[:LONGEST_KEPT],
            max_chars=LONGEST_KEPT,
            key=f"missing-words-{number}",
        )
        st.caption(f"Take out names and places. It is deleted after {KEPT_DAYS} days.")
        if st.form_submit_button("Keep these words for the editor"):
            _keep(words, number, Gaps(settings.library))


def _keep(words: str, number: int, gaps: Gaps) -> None:
    try:
        gaps.keep(words)
    except AttuneError as error:
        st.warning(str(error), icon=None)
        return
    state.send(number)
    st.rerun()
