"""One exchange on the page: the message, the answer as it comes, its sources and what to ask next."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal

import streamlit as st

from app.guide.export import answer_to_keep
from app.guide.feedback import Feedback, may_be_judged
from app.guide.nouns import Answer, Citation, Kind, Part
from app.ui import resources, state
from app.ui.components.care import draw_care_choices
from app.ui.components.html import answer_html, copy_html, dashed, question_html
from app.ui.components.missing import draw_missing
from app.ui.components.pages import as_written
from app.ui.components.reading import practice_label
from app.ui.components.source import whole_section

ICON = str(Path(__file__).parent.parent / "assets" / "icon.png")
PERSON = str(Path(__file__).parent.parent / "assets" / "person.png")
PACE = 0.12
WRITING = '<p class="attune-small">The language model is writing.</p>'
TAKEN_BACK = "All right. Ask again, in other words if you like. Help now stays at the top."


def draw_message(message: str, *, latest: bool = False) -> None:
    """Draw what the person wrote, as text; the page scrolls to the latest once."""
    with st.chat_message("user", avatar=PERSON):
        st.html(question_html(message, latest=latest))


class Writing:
    """The bubble in which an answer grows while a language model writes it; `parts` are what stands there.

    A press on its button asks for a new run, as any button does; that ends the present one at its next `show`. The stop
    mode of Streamlit's own input ends it too, and leaves the page half drawn.
    """

    def __init__(self) -> None:
        """Keep a place for it."""
        self.parts: tuple[Part, ...] = ()
        self._shown = False
        self._bubble, self._button = st.empty(), st.empty()

    def show(self, parts: tuple[Part, ...]) -> None:
        """Draw the parts so far."""
        if not self._shown:
            self._button.button("Stop", key="stop-writing")
            self._shown = True
        self.parts = parts
        with self._bubble.chat_message("assistant", avatar=ICON):
            st.html(answer_html(Answer(Kind.ANSWER, parts, ""), upto=len(parts)) if parts else WRITING)

    def end(self) -> None:
        """Make room for the answer."""
        self._bubble.empty()
        self._button.empty()


def draw_reply(exchange: state.Exchange, number: int, *, live: bool = False, last: bool = False) -> None:
    """Draw what the guide says, part by part when it is `live`; what to ask next only after the `last`."""
    with st.chat_message("assistant", avatar=ICON):
        if exchange.misunderstood:
            st.html(f'<p class="attune-ours">{TAKEN_BACK}</p>')
        elif exchange.answer is None:
            st.warning(exchange.problem, icon=None)
        else:
            _draw_words(exchange.answer, str(number), live)
            _draw_sources(exchange.answer, number)
            _draw_keeping(exchange, number)
            if last:
                _draw_suggestions(exchange.answer, number)
                draw_care_choices(exchange, number)
                draw_missing(exchange, number)


def _draw_words(answer: Answer, key: str, live: bool) -> None:
    place = st.empty()
    country = state.country()
    if live:
        for upto in range(1, len(answer.parts)):
            place.html(answer_html(answer, key, upto, country))
            time.sleep(PACE)
    place.html(answer_html(answer, key, None, country))


def _draw_sources(answer: Answer, number: int) -> None:
    """Draw what opens each cited section in place; and out of sight, what clicks on markers and links are handed to.

    Nothing here changes the page's address, so no section's name comes into a browser's history from a question.
    """
    for slug in answer.sections:
        first = next(citation for citation in answer.citations if citation.slug == slug)
        _source_button(f"Read the section: {first.title}", f"open-{number}-{dashed(slug)}", first, type="tertiary")
    with st.container(key=f"sources-{number}"):
        for citation in answer.citations:
            _source_button(f"Source {citation.n}: {citation.title}", f"cite-{number}-{citation.n}", citation)
        for slug in dict.fromkeys(link.target for part in answer.parts for link in part.links):
            _source_button(slug, f"goto-{number}-{dashed(slug)}", whole_section(slug, answer.edition))
        for other in answer.otherwise:
            key = f"other-{number}-{dashed(other.slug)}"
            st.button(as_written(other.title), key=key, on_click=state.meant, args=(number, other.slug))


def _draw_keeping(exchange: state.Exchange, number: int) -> None:
    """Draw what can be done with an answer: copy it, and say whether it was what was looked for."""
    answer = exchange.answer
    if answer is None or not answer.citations:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(copy_html("Copy with sources", answer_to_keep(answer)), width="content")
        if may_be_judged(answer):
            st.feedback("thumbs", key=f"thumbs-{number}", on_change=_count_thumb, args=(number,))
            if exchange.liked is not None:
                st.caption("Thank you. Only a count is kept.", width="content")


def _count_thumb(number: int) -> None:
    """Count a thumb with the section and the kind of answer; nothing of what was said."""
    exchange = state.talk()[number]
    chosen = st.session_state.get(f"thumbs-{number}")
    liked = None if chosen is None else bool(chosen)
    if exchange.answer:
        Feedback(resources.guide().library.root).count(exchange.answer, liked, exchange.liked)
    state.like(number, liked)


def _draw_suggestions(answer: Answer, number: int) -> None:
    with st.container(gap="xsmall"):
        for suggestion in answer.suggestions:
            key = f"next-{number}-{dashed(suggestion.slug)}"
            if suggestion.question:
                label = as_written(suggestion.question)
                st.button(label, key=key, on_click=state.ask_next, args=(suggestion.question,))
            else:
                section = whole_section(suggestion.slug, answer.edition, suggestion.title)
                _source_button(suggestion.title, key, section)
        if practice := answer.practice:
            label = practice_label(practice)
            st.button(label, key=f"practice-{number}", on_click=state.open_in_place, args=(practice,))


def _source_button(
    label: str, key: str, citation: Citation, type: Literal["secondary", "tertiary"] = "secondary"
) -> None:
    st.button(as_written(label), key=key, type=type, on_click=state.open_in_place, args=(citation,))
