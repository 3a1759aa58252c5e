"""The page where questions are asked."""

from __future__ import annotations

import streamlit as st

from app.guide.errors import UnusableInput
from app.guide.export import talk_to_keep
from app.ui import resources, state
from app.ui.components.conversation import draw_message, draw_reply
from app.ui.components.html import download_html
from app.ui.components.source import show

# Far above what can be read, so that a long message is told so, and danger in it is noticed, instead of being cut.
LONGEST_TYPED = 100_000
EXAMPLES = (
    "What if my partner won't open up?",
    "We talk about nothing but bills and the kids.",
    "How do I trust again after an affair?",
    "What could we do for ten minutes tonight?",
)


def draw_welcome() -> None:
    """Draw what a person sees before the first question."""
    st.title("Attune", anchor=False)
    st.html(
        '<p class="attune-tagline">A guide to emotional intimacy that you can ask. It answers in its own written '
        "words and shows where they stand.</p>"
        '<p class="attune-small">For adults. Not therapy, and not an emergency service. '
        "Nothing you write is stored.</p>"
    )
    with st.container(gap="xsmall"):
        for number, example in enumerate(EXAMPLES):
            st.button(example, key=f"example-{number}", on_click=state.ask_next, args=(example,))


def reply_to(message: str) -> state.Exchange:
    """Ask the guide, and keep what came of it."""
    try:
        exchange = state.Exchange(message, resources.guide().ask(message, state.history()))
    except UnusableInput as error:
        exchange = state.Exchange(message, problem=str(error))
    state.remember(exchange)
    return exchange


def answer_anew(number: int, slug: str) -> None:
    """Answer an exchange again, from the section that was meant."""
    message = state.talk()[number].message
    with st.spinner("Looking in the guide"):
        state.replace_answer(number, resources.guide().ask(message, state.history(number), slug))


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
    with st.spinner("Looking in the guide"):
        latest = reply_to(asked)
    draw_reply(latest, len(before), live=True, last=True)
if before or asked:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = [(exchange.message, exchange.answer) for exchange in state.talk()]
        st.html(download_html("Download conversation", talk_to_keep(said), "conversation.md"), width="content")
        st.button("Clear conversation", key="clear", type="tertiary", on_click=state.clear)
if opened := state.take_opened():
    show(opened)
