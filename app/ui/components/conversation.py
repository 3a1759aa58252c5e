"""One exchange on the page: the message, the answer as it comes, its sources and what to ask next."""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st

from app.guide.nouns import Answer, Suggestion
from app.ui import state
from app.ui.components.html import answer_html, question_html
from app.ui.components.pages import as_written, section_link

ICON = str(Path(__file__).parent.parent / "assets" / "icon.png")
PERSON = str(Path(__file__).parent.parent / "assets" / "person.png")
PACE = 0.12


def draw_message(message: str, *, latest: bool = False) -> None:
    """Draw what the person wrote, as text; the page scrolls to the latest once."""
    with st.chat_message("user", avatar=PERSON):
        st.html(question_html(message, latest=latest))


def draw_reply(exchange: state.Exchange, number: int, *, live: bool = False, last: bool = False) -> None:
    """Draw what the guide says, part by part when it is `live`; what to ask next only after the `last`."""
    with st.chat_message("assistant", avatar=ICON):
        if exchange.answer is None:
            st.warning(exchange.problem, icon=None)
            return
        _draw_words(exchange.answer, str(number), live)
        _draw_sources(exchange.answer, number)
        if last:
            _draw_suggestions(exchange.answer, number)


def _draw_words(answer: Answer, key: str, live: bool) -> None:
    place = st.empty()
    if live:
        for upto in range(1, len(answer.parts)):
            place.html(answer_html(answer, key, upto))
            time.sleep(PACE)
    place.html(answer_html(answer, key))


def _draw_sources(answer: Answer, number: int) -> None:
    """Draw a link to each cited section; and out of sight, what the clicks on markers and links are handed to."""
    for slug in answer.sections:
        title = next(citation.title for citation in answer.citations if citation.slug == slug)
        section_link(slug, f"Read the section: {title}")
    with st.container(key=f"sources-{number}"):
        for slug in dict.fromkeys(link.target for part in answer.parts for link in part.links):
            section_link(slug, slug)
        for citation in answer.citations:
            st.button(
                as_written(f"Source {citation.n}: {citation.title}"),
                key=f"cite-{number}-{citation.n}",
                on_click=state.open_citation,
                args=(citation,),
            )


def _draw_suggestions(answer: Answer, number: int) -> None:
    with st.container(gap="xsmall"):
        for suggestion in answer.suggestions:
            _draw_suggestion(suggestion, number)


def _draw_suggestion(suggestion: Suggestion, number: int) -> None:
    if not suggestion.question:
        section_link(suggestion.slug, suggestion.title)
        return
    key = f"next-{number}-{suggestion.slug.replace('/', '-')}"
    st.button(as_written(suggestion.question), key=key, on_click=state.ask_next, args=(suggestion.question,))
