"""A session's own things, behind typed names. They live in memory and go with the session."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.guide.nouns import Answer, Citation, Speaker, Turn
from app.guide.wire import answer_text

_TALK = "talk"
_WAITING = "waiting"
_OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message with what it got: an answer, or one sentence about why there is none."""

    message: str
    answer: Answer | None = None
    problem: str = ""


def talk() -> tuple[Exchange, ...]:
    """Return the conversation so far, oldest first."""
    return tuple(st.session_state.get(_TALK, ()))


def remember(exchange: Exchange) -> None:
    """Add an exchange to the conversation."""
    st.session_state[_TALK] = (*talk(), exchange)


def clear() -> None:
    """Forget the conversation."""
    for key in (_TALK, _WAITING, _OPENED):
        st.session_state.pop(key, None)


def history() -> list[Turn]:
    """Return the conversation as the guide reads it."""
    turns: list[Turn] = []
    for exchange in talk():
        turns.append(Turn(Speaker.PERSON, exchange.message))
        if exchange.answer:
            said = exchange.answer
            turns.append(Turn(Speaker.GUIDE, answer_text(said), said.sections, said.care))
    return turns


def ask_next(message: str) -> None:
    """Keep a message that a button asked, to be answered in this run."""
    st.session_state[_WAITING] = message


def take_next() -> str:
    """Return the message that a button asked, once."""
    return str(st.session_state.pop(_WAITING, ""))


def open_citation(citation: Citation) -> None:
    """Keep the citation whose section is to be shown in this run."""
    st.session_state[_OPENED] = citation


def take_opened() -> Citation | None:
    """Return the citation whose section is to be shown, once."""
    opened: Citation | None = st.session_state.pop(_OPENED, None)
    return opened
