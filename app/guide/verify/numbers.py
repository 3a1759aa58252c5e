"""Numbers in a sentence and in the passage that it cites: each must be there, with what it counts."""

from __future__ import annotations

import re

from app.guide.lexical import stems

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_PEOPLE = re.compile(r"\b(?:the )?(?:two|one) of (?:you|us|them)\b|\bone (?:another|partner|person)\b", re.IGNORECASE)
_UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_LARGER = (
    "thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 hundred=100 thousand=1000 million=1000000"
)
_WORDS = {word: float(number) for number, word in enumerate(_UP_TO_TWENTY.split())} | {
    word: float(number) for word, number in (pair.split("=") for pair in _LARGER.split())
}
# Measures: with another one, the same number says another thing.
_MEASURES = frozenset(stems("second minute hour day night week month year time percent"))
# Far more often articles and pronouns than numbers, but before a measure they count one.
_ONE = frozenset(("a", "an", "one", "each", "every", "per"))


def numbers_agree(sentence: str, passage: str) -> bool:
    """Whether every number of a sentence stands in the passage, a number of days or minutes with that measure."""
    counted: dict[str, set[float]] = {}
    for number, thing in counts(passage):
        counted.setdefault(thing, set()).add(number)
    known = set().union(*counted.values())
    return all(
        number in counted.get(thing, set() if thing in _MEASURES else known) for number, thing in counts(sentence)
    )


def counts(text: str) -> list[tuple[float, str]]:
    """Return each number of a text with the stem of the word that follows it; "a week" counts one week."""
    tokens = _TOKEN.findall(_PEOPLE.sub("both", text.lower()))
    found: list[tuple[float, str]] = []
    thing = ""
    for token in reversed(tokens):
        value = _value(token, thing)
        if value is None:
            thing = (stems(token) or [token])[0]
        else:
            found.append((value, thing))
    return found[::-1]


def _value(token: str, thing: str) -> float | None:
    if token in _ONE:
        return 1.0 if thing in _MEASURES else None
    if token[0].isdecimal():
        plain = re.sub(r"[.,](?=\d{3}(\D|$))", "", token).replace(",", ".")
        return float(plain) if plain.count(".") <= 1 else None
    return _WORDS.get(token)
