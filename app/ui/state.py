"""A session's own things, behind typed names. They live in memory and go with the session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import streamlit as st

from app.guide import talk as talks
from app.guide.care import says_under_18
from app.guide.care.verdict import Verdict
from app.guide.nouns import Answer, Citation, Practice, Speaker, Turn
from app.guide.wire import answer_text

_TALK = "talk"
_WAITING = "waiting"
_OPENED = "opened"
_MEANT = "meant"
_COUNTRY = "country"
_EDITOR = "editor"
_SENT = "sent"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message with what it got: an answer, or one sentence about why there is none."""

    message: str
    answer: Answer | None = None
    problem: str = ""
    misunderstood: bool = False
    went_on: bool = False
    liked: bool | None = None
    model_again: bool = False


def talk() -> tuple[Exchange, ...]:
    """Return the conversation so far, oldest first."""
    return tuple(st.session_state.get(_TALK, ()))


def remember(exchange: Exchange) -> None:
    """Add an exchange to the conversation."""
    st.session_state[_TALK] = (*talk(), exchange)


def clear() -> None:
    """Forget the conversation and where the person is."""
    for key in (_TALK, _WAITING, _OPENED, _MEANT, _COUNTRY, _SENT):
        st.session_state.pop(key, None)


def history(before: int | None = None) -> list[Turn]:
    """Return the conversation as the guide reads it, or what came `before` an exchange.

    What was misunderstood is left out of it.
    """
    return [turn for exchange in talk()[:before] if not exchange.misunderstood for turn in _turns(exchange)]


def _turns(exchange: Exchange) -> Iterator[Turn]:
    yield Turn(Speaker.PERSON, exchange.message)
    if answer := exchange.answer:
        said = answer_text(answer)
        yield Turn(Speaker.GUIDE, said, answer.sections, answer.care, exchange.went_on, exchange.model_again)


def misunderstood(number: int) -> None:
    """Close the card of an exchange, and those before it of the same danger: they were no sign of it."""
    closed = _care_of(talk()[number])
    for earlier, exchange in enumerate(talk()[: number + 1]):
        care = _care_of(exchange)
        if care and closed and care.category is closed.category:
            _put(earlier, replace(exchange, misunderstood=True))


def holds_back() -> bool:
    """Return whether the talk waits for the person to choose to go on."""
    return talks.holds_back(history())


def go_on(number: int) -> None:
    """Let the guide answer again after the card of an exchange; the help line stays on top."""
    _put(number, replace(talk()[number], went_on=True))


def somebody_is_under_18() -> bool:
    """Return whether the person has said so anywhere in the talk, also where a card was a misunderstanding."""
    return says_under_18("", [exchange.message for exchange in talk()])


def model_is_silenced() -> bool:
    """Return whether what was noticed in the talk keeps a language model from hearing more of it."""
    noticed = any(turn.care for turn in history())
    return somebody_is_under_18() or (noticed and not talks.model_may_hear("", history()))


def model_may_write_again() -> bool:
    """Return whether the person may turn the language model on again: not before the guide may answer again."""
    minor = any(care.minor for exchange in talk() if (care := _care_of(exchange)))
    return not (minor or somebody_is_under_18() or holds_back())


def let_model_write_again() -> None:
    """Let a language model write again, which what was noticed so far had silenced."""
    _put(len(talk()) - 1, replace(talk()[-1], model_again=True))


def _care_of(exchange: Exchange) -> Verdict | None:
    return exchange.answer.care if exchange.answer else None


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


def meant(number: int, slug: str) -> None:
    """Keep that an exchange was about another section, to be answered from there in this run."""
    st.session_state[_MEANT] = (number, slug)


def take_meant() -> tuple[int, str] | None:
    """Return the number of the exchange that was about another section, and that section's slug, once."""
    found: tuple[int, str] | None = st.session_state.pop(_MEANT, None)
    return found


def replace_answer(number: int, answer: Answer) -> None:
    """Put another answer in the place of an exchange's."""
    _put(number, replace(talk()[number], answer=answer, liked=None))


def like(number: int, liked: bool | None) -> None:
    """Keep whether the person liked an answer."""
    _put(number, replace(talk()[number], liked=liked))


def open_in_place(opened: Citation | Practice) -> None:
    """Keep what is to be shown beside the conversation in this run: a citation's section, or a practice."""
    st.session_state[_OPENED] = opened


def take_opened() -> Citation | Practice | None:
    """Return what is to be shown beside the conversation, once."""
    opened: Citation | Practice | None = st.session_state.pop(_OPENED, None)
    return opened


def is_editor() -> bool:
    """Return whether the editor's password was given in this session."""
    return bool(st.session_state.get(_EDITOR))


def become_editor() -> None:
    """Keep for this session that the editor's password was given."""
    st.session_state[_EDITOR] = True


def sent(number: int) -> bool:
    """Return whether the person has told the editor that the guide does not answer an exchange."""
    return number in st.session_state.get(_SENT, ())


def send(number: int) -> None:
    """Keep for this session that the editor was told of an exchange."""
    st.session_state[_SENT] = (*st.session_state.get(_SENT, ()), number)
