"""The permanent line "Help now": plain HTML that opens without the server, on every screen."""

from __future__ import annotations

from functools import cache
from html import escape

import streamlit as st

from app.guide.care import HELP_LINE, Helpline, countries, helplines, quiet_card


def help_line() -> None:
    """Draw the line."""
    st.html(help_html())


@cache
def help_html() -> str:
    """Return the line with what opens under it: what holds everywhere first, then every country."""
    before, _, tap = HELP_LINE.rpartition("? ")
    card = quiet_card()
    said = "".join(f"<p>{escape(text)}</p>" for text in (card.title, *card.sentences))
    everywhere = _listed(card.lines)
    lands = "".join(
        f"<details><summary>{escape(country.name)}</summary>{_listed(_own(country.code))}</details>"
        for country in countries()
    )
    checked = f'<p class="attune-small">{escape(card.step)} Numbers checked on {card.checked_on.isoformat()}.</p>'
    return (
        f'<details class="attune-help"><summary><span>{escape(before)}?</span> <b>{escape(tap)}</b></summary>'
        f"<div>{said}{everywhere}<p>Where are you?</p>{lands}{checked}</div></details>"
    )


def _own(code: str) -> tuple[Helpline, ...]:
    return tuple(line for line in helplines(code) if line.country)


def _listed(lines: tuple[Helpline, ...]) -> str:
    items = "".join(f"<li><b>{escape(line.service)}</b>: {escape(line.ways)}</li>" for line in lines)
    return f"<ul>{items}</ul>"
