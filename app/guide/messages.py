"""A person's message, cleaned and checked before anything looks at it."""

from __future__ import annotations

import re
import unicodedata

from app.guide.errors import UnusableInput

LONGEST = 8000
# Control, zero-width and direction characters have no place in a question and can hide what it says.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_SPACE = re.compile(r"\s+")


def clean(message: str) -> str:
    """Return the message in normal form, without hidden characters, white space folded; it may be empty."""
    shown = unicodedata.normalize("NFC", message).encode("utf-8", "ignore").decode("utf-8")
    return _SPACE.sub(" ", _HIDDEN.sub("", shown)).strip()


def check(message: str) -> None:
    """Raise `UnusableInput` for a cleaned message that is empty, too long, or without a letter or digit."""
    if not message:
        raise UnusableInput("There was no question. Write what is on your mind, in your own words.")
    if len(message) > LONGEST:
        raise UnusableInput(
            f"That message has {len(message):,} characters, and at most {LONGEST:,} can be read at once. "
            "Shorten it to what matters most."
        )
    if not any(character.isalnum() for character in message):
        raise UnusableInput("There were no words in that message. Write what is on your mind, in your own words.")
