"""The nouns of care: what a message may signal, and how strongly."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What kind of danger a message signals."""

    CHILD_ABUSE = "child_abuse"
    SELF_HARM = "self_harm"
    PARTNER_VIOLENCE = "partner_violence"
    HARM_TO_OTHERS = "harm_to_others"
    MEDICAL = "medical"


class Strength(StrEnum):
    """How strongly; NOW holds the guide back, CARE shows a short card first, MAYBE raises the help line."""

    NOW = "NOW"
    CARE = "CARE"
    MAYBE = "MAYBE"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was noticed in a message; nothing noticed is no verdict at all (None)."""

    category: Category
    strength: Strength
    also: tuple[Category, ...] = ()
    minor: bool = False
