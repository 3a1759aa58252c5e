"""What a person can choose below a care card: their country, to go on, or that they were misunderstood."""

from __future__ import annotations

import streamlit as st

from app.guide.care import countries
from app.guide.care.verdict import Category, Strength
from app.ui import state

RATHER_NOT = ""


def draw_care_choices(exchange: state.Exchange, number: int) -> None:
    """Draw the choices of a card; nothing where no card is shown."""
    care = exchange.answer.care if exchange.answer else None
    if care is None or care.strength is Strength.MAYBE:
        return
    _draw_country(number)
    with st.container(horizontal=True, gap="small"):
        st.button("I was misunderstood", key=f"misunderstood-{number}", on_click=state.misunderstood, args=(number,))
        if care.category is Category.SELF_HARM and state.holds_back():
            st.button("I want to go on", key=f"go-on-{number}", on_click=state.go_on, args=(number,))
    if exchange.went_on:
        st.caption("You can go on. The people above are there at any time.")


def _draw_country(number: int) -> None:
    """Ask where the person is; nothing is guessed, and the answer is kept in this session only."""
    names = {RATHER_NOT: "I would rather not say", **{country.code: country.name for country in countries()}}
    codes = list(names)
    key = f"country-{number}"
    st.selectbox(
        "Where are you?",
        codes,
        index=codes.index(state.country()) if state.country() in codes else 0,
        format_func=names.__getitem__,
        key=key,
        on_change=lambda: state.choose_country(st.session_state[key]),
        width=280,
    )
