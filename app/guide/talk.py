"""A talk that comes from outside: whoever kept it may have lost what care noticed in it."""

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
