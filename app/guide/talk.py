"""A talk so far: what care noticed in it, and whether a language model may hear more of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.guide import care
from app.guide.nouns import Speaker, Turn


def noticed_again(talk: Sequence[Turn]) -> list[Turn]:
    """Return the talk with what each of the person's texts signals, in the light of those before it.

    A client may have dropped what care noticed, or never known of it. What it does send holds besides.
    """
    said: list[str] = []
    noticed: list[Turn] = []
    for turn in talk:
        if turn.speaker is Speaker.GUIDE:
            noticed.append(turn)
            continue
        noticed.append(replace(turn, care=care.screen(turn.text, said)))
        noticed += [Turn(Speaker.GUIDE, "", care=turn.care)] if turn.care else []
        said.append(turn.text)
    return noticed


def asked_in(talk: Sequence[Turn]) -> list[str]:
    """Return what the person wrote, oldest first."""
    return [turn.text for turn in talk if turn.speaker is Speaker.PERSON]


def model_may_hear(message: str, talk: Sequence[Turn]) -> bool:
    """Return whether a message may go to a language model after such a talk; see `care.may_be_sent`."""
    again = max((place for place, turn in enumerate(talk, 1) if turn.model_again), default=0)
    noticed = [turn.care for turn in talk if turn.care]
    return care.may_be_sent(message, asked_in(talk), noticed, len(asked_in(talk[:again])))
