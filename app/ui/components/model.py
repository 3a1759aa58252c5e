"""What a page says of the language model: whether one is on, which, where a question goes, and when not."""

from __future__ import annotations

import streamlit as st

from app.guide.providers import ModelInUse, model_in_use
from app.guide.settings import read_settings
from app.ui import state
from app.ui.components.pages import as_written

CHECKED = "Each of its sentences is checked against the guide; what the guide does not bear out is left out."
SILENCED = "The language model hears nothing more of this talk."
AGAIN = "Let it write again"
NOTHING_LEAVES = "Nothing. Finding, quoting and the check for danger all happen on the machine that runs Attune"
NEVER_SENT = (
    "The check for danger comes first. What it notices is never sent to a language model, and nothing that follows it "
    "in the talk is either, unless you let the model write again after the card. Nothing is sent of anybody who says "
    "that they are under 18."
)


def draw_model() -> None:
    """Draw the line on the page where questions are asked; nothing where no model is on."""
    model = model_in_use(read_settings())
    if model is None:
        return
    if not state.model_is_silenced():
        st.caption(as_written(line_of(model)))
        return
    st.caption(SILENCED)
    if state.model_may_write_again():
        st.button(AGAIN, key="model-again", type="tertiary", on_click=state.let_model_write_again)


def line_of(model: ModelInUse) -> str:
    """Return what is said of a model that is on."""
    where = (
        f"Your question goes to {model.place}, with passages of the guide and nothing else of the talk."
        if model.place
        else "It runs on this machine."
    )
    return f"A language model may write the answers: {model.name}. {where} {CHECKED}"


def what_leaves(model: ModelInUse | None) -> str:
    """Return, as Markdown, what leaves this machine while questions are asked."""
    if model is None:
        return f"{NOTHING_LEAVES}. No language model is used."
    name, place = as_written(model.name), as_written(model.place)
    if not place:
        return (
            f"{NOTHING_LEAVES}, and so does the work of the language model that is on here, {name}. {CHECKED}"
            f"\n\n{NEVER_SENT}"
        )
    return (
        f"Your questions, as far as a language model may write the answers: {name}, at {place}, is on here. It gets a "
        "question as you wrote it and passages of the guide that fit it, and nothing else of the talk. What becomes "
        f"of it there is up to whoever runs that server. {CHECKED}\n\n{NEVER_SENT}\n\nNothing else leaves: finding, "
        "quoting and the check for danger happen on the machine that runs Attune."
    )
