"""Care: what a message signals, the card that answers it, and what the guide may still say after it."""

from __future__ import annotations

from app.guide.care.allow import ALLOWED, is_allowed, only_part
from app.guide.care.card_texts import HELP_LINE
from app.guide.care.cards import Card, card_for, quiet_card
from app.guide.care.helplines import Country, Helpline, HelplineBook, countries, helplines, load_helplines
from app.guide.care.models import may_be_sent
from app.guide.care.screen import detection_works, says_under_18, screen
from app.guide.care.verdict import Category, Strength, Verdict

__all__ = [
    "ALLOWED",
    "HELP_LINE",
    "Card",
    "Category",
    "Country",
    "Helpline",
    "HelplineBook",
    "Strength",
    "Verdict",
    "card_for",
    "countries",
    "detection_works",
    "helplines",
    "is_allowed",
    "load_helplines",
    "may_be_sent",
    "only_part",
    "quiet_card",
    "says_under_18",
    "screen",
]
