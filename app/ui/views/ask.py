"""The page where questions are asked."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.guide.errors import UnusableInput
from app.guide.export import talk_to_keep
from app.guide.providers import model_in_use
from app.guide.settings import read_settings
from app.ui import resources, state
from app.ui.components.conversation import Writing, draw_message, draw_reply
from app.ui.components.html import download_html
from app.ui.components.model import draw_model
from app.ui.components.source import show

# Far above what can be read, so that a long message is told so, and danger in it is noticed, instead of being cut.
LONGEST_TYPED = 100_000
STOPPED = "You stopped the language model, so this is the guide's own wording."
OWN_WORDS = "It answers in its own written words and shows where they stand."
CHECKED_WORDS = (
    "A language model may write the answer; every sentence of it is checked against the guide before you see it, and "
    "shows where it stands."
)
NOTHING_KEPT = "Nothing you write is stored."
KEPT_FOR_THE_EDITOR = "Nothing you write is stored unless you choose to leave a question for the editor."
EXAMPLES = (
    "What if my partner won't open up?",
    "We talk about nothing but bills and the kids.",
    "How do I trust again after an affair?",
    "What could we do for ten minutes tonight?",
)


def draw_welcome() -> None:
    """Draw what a person sees before the first question."""
    settings = read_settings()
    st.title("Attune", anchor=False)
    st.html(
        '<p class="attune-tagline">A guide to emotional intimacy that you can ask. '
        f"{CHECKED_WORDS if model_in_use(settings) else OWN_WORDS}</p>"
        '<p class="attune-small">For adults. Not therapy, and not an emergency service. '
        f"{KEPT_FOR_THE_EDITOR if settings.gaps else NOTHING_KEPT}</p>"
    )
    with st.container(gap="xsmall"):
        for number, example in enumerate(EXAMPLES):
            st.button(example, key=f"example-{number}", on_click=state.ask_next, args=(example,))


def reply_to(message: str, writing: Writing) -> state.Exchange:
    """Ask the guide, and keep what came of it."""
    guide, history = resources.guide(), state.history()
    try:
        if model_in_use(read_settings()) is None or state.somebody_is_under_18():
            state.remember(state.Exchange(message, guide.ask(message, history, model=False)))
        else:
            # Kept first: "Stop", like anything else that ends a run, leaves the person with an answer.
            composed = guide.ask(message, history, model=False)
            state.remember(state.Exchange(message, replace(composed, note=STOPPED)))
            state.replace_answer(len(state.talk()) - 1, guide.ask(message, history, show=writing.show))
    except UnusableInput as error:
        state.remember(state.Exchange(message, problem=str(error)))
    return state.talk()[-1]


def answer_anew(number: int, slug: str) -> None:
    """Answer an exchange again, from the section that was meant: at once, so in the guide's own words."""
    message = state.talk()[number].message
    with st.spinner("Looking in the guide"):
        state.replace_answer(number, resources.guide().ask(message, state.history(number), slug, model=False))


resources.guide()
if meant := state.take_meant():
    answer_anew(*meant)
typed = st.chat_input("What is on your mind?", max_chars=LONGEST_TYPED)
asked = typed or state.take_next()
before = state.talk()
if not before and not asked:
    draw_welcome()
for number, exchange in enumerate(before):
    draw_message(exchange.message)
    draw_reply(exchange, number, last=not asked and number == len(before) - 1)
if asked:
    draw_message(asked, latest=True)
    writing = Writing()
    with st.spinner("Looking in the guide"):
        latest = reply_to(asked, writing)
    writing.end()
    draw_reply(latest, len(before), live=not writing.parts, last=True)
draw_model()
if before or asked:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = [(exchange.message, exchange.answer) for exchange in state.talk()]
        st.html(download_html("Download conversation", talk_to_keep(said), "conversation.md"), width="content")
        st.button("Clear conversation", key="clear", type="tertiary", on_click=state.clear)
if opened := state.take_opened():
    show(opened)
