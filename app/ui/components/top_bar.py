"""What stands at the head of every screen and works without the server: "Help now" and "Leave this page"."""

from __future__ import annotations

from functools import cache
from html import escape

import streamlit as st

from app.guide.care import HELP_LINE, Helpline, countries, helplines, quiet_card
from app.guide.settings import read_settings

LEAVE = "Leave this page"
LEAVE_HINT = "Blanks this page and opens a neutral one. Pressing Shift three times does the same."


def top_bar() -> None:
    """Draw the bar."""
    st.html(f'<div class="attune-bar">{help_html()}{leave_html(read_settings().leave_url)}</div>')


def leave_html(address: str) -> str:
    """Return the button that leaves for an address; the page's script acts on it."""
    return (
        f'<button type="button" class="attune-leave" data-leave="{escape(address, quote=True)}" '
        f'title="{LEAVE_HINT}">{LEAVE}</button>'
    )


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
