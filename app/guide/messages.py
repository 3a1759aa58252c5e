"""A person's message, cleaned and checked before anything looks at it."""

from __future__ import annotations

import re
import unicodedata

from app.guide.errors import UnusableInput

LONGEST = 8000
# Control, format (zero-width, direction), surrogate and private characters: they have no place in a text that is read,
# can hide what it says, and would shift what a reader sees against what is stored. What this Python does not know yet
# (new emoji) stays, so that every version makes the same text.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_SPACE = re.compile(r"\s+")


def without_hidden(text: str) -> str:
    """Return the text without characters that cannot be seen; white space stays."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _HIDDEN)


def clean(message: str) -> str:
    """Return the message in normal form, without hidden characters, white space folded; it may be empty."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", without_hidden(message))).strip()


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
