"""A session's own things, behind typed names. They live in memory and go with the session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import streamlit as st

from app.guide.care.verdict import Strength
from app.guide.nouns import Answer, Citation, Speaker, Turn
from app.guide.wire import answer_text

_TALK = "talk"
_WAITING = "waiting"
_OPENED = "opened"
_COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message with what it got: an answer, or one sentence about why there is none."""

    message: str
    answer: Answer | None = None
    problem: str = ""
    misunderstood: bool = False
    went_on: bool = False


def talk() -> tuple[Exchange, ...]:
    """Return the conversation so far, oldest first."""
    return tuple(st.session_state.get(_TALK, ()))


def remember(exchange: Exchange) -> None:
    """Add an exchange to the conversation."""
    st.session_state[_TALK] = (*talk(), exchange)


def clear() -> None:
    """Forget the conversation and where the person is."""
    for key in (_TALK, _WAITING, _OPENED, _COUNTRY):
        st.session_state.pop(key, None)


def history() -> list[Turn]:
    """Return the conversation as the guide reads it; what was misunderstood is left out of it."""
    return [turn for exchange in talk() if not exchange.misunderstood for turn in _turns(exchange)]


def _turns(exchange: Exchange) -> Iterator[Turn]:
    yield Turn(Speaker.PERSON, exchange.message)
    if answer := exchange.answer:
        care = answer.care
        if care and exchange.went_on:
            care = replace(care, strength=Strength.CARE)
        yield Turn(Speaker.GUIDE, answer_text(answer), answer.sections, care)


def misunderstood(number: int) -> None:
    """Close the card of an exchange: it was no sign of danger."""
    _put(number, replace(talk()[number], misunderstood=True))


def go_on(number: int) -> None:
    """Let the guide answer again after the card of an exchange; the help line stays on top."""
    _put(number, replace(talk()[number], went_on=True))


def country() -> str:
    """Return the code of the country that the person chose, or an empty string."""
    return str(st.session_state.get(_COUNTRY, ""))


def choose_country(code: str) -> None:
    """Keep a country for this session."""
    st.session_state[_COUNTRY] = code


def _put(number: int, exchange: Exchange) -> None:
    exchanges = list(talk())
    exchanges[number] = exchange
    st.session_state[_TALK] = tuple(exchanges)


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
