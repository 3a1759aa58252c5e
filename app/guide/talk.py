"""A talk so far: what care noticed in it, what the person chose after that, and what a language model may hear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.guide import care
from app.guide.care.verdict import Category, Strength, Verdict
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


def noticed_in(talk: Sequence[Turn]) -> list[Verdict]:
    """Return what was noticed, oldest first, as strongly as it still holds.

    Self-harm that was NOW is CARE once the person has chosen to go on after it; no other danger passes.
    """
    on = max((place for place, turn in enumerate(talk, 1) if turn.went_on), default=0)
    noticed = ((place, turn.care) for place, turn in enumerate(talk, 1) if turn.care)
    return [
        replace(verdict, strength=Strength.CARE) if place <= on and _waits(verdict) else verdict
        for place, verdict in noticed
    ]


def holds_back(talk: Sequence[Turn]) -> bool:
    """Return whether the talk waits for the person to choose to go on."""
    return any(_waits(verdict) for verdict in noticed_in(talk))


def model_may_hear(message: str, talk: Sequence[Turn]) -> bool:
    """Return whether a message may go to a language model after such a talk; see `care.may_be_sent`.

    To let the model write again counts for nothing while the talk waits for the person to choose to go on.
    """
    let = (place for place, turn in enumerate(talk, 1) if turn.model_again and not holds_back(talk[:place]))
    heard = asked_in(talk[: max(let, default=0)])
    return care.may_be_sent(message, asked_in(talk), noticed_in(talk), len(heard))


def _waits(verdict: Verdict) -> bool:
    return verdict.category is Category.SELF_HARM and verdict.strength is Strength.NOW
