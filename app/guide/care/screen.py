"""Whether a message signals danger: the one question that is asked before anything else happens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.guide.care.ages import says_under_18_in
from app.guide.care.families import Hit, bundled_families, find
from app.guide.care.verdict import Category, Strength, Verdict
from app.guide.care.wording import sentences

# Where several fit, the first of these names the verdict; the others stand beside it.
ORDER = (
    Category.CHILD_ABUSE,
    Category.SELF_HARM,
    Category.PARTNER_VIOLENCE,
    Category.HARM_TO_OTHERS,
    Category.MEDICAL,
)
_STRENGTHS = (Strength.MAYBE, Strength.CARE, Strength.NOW)
# How far back a follow-up is read together with what was said before, in messages.
_REACH = 3
# A message that says nothing by itself and leans on the one before it.
_LEANS_BACK = re.compile(
    r"(yes|yeah|yep|(he|she|they|i) (did|do|does)|it (happened|was|is)|because of that|that is why|and then|again|"
    r"i am serious|i mean it|what (should|do|can) i do|help|please|so what now|what now)\b"
)


def screen(message: str, earlier: Sequence[str] = ()) -> Verdict | None:
    """What the message signals, in the light of the person's own earlier messages; None where nothing was noticed.

    `earlier` is oldest first. Accepts any text and never raises on one.
    """
    now = sentences(message)
    before = [sentences(text) for text in earlier[-_REACH:]]
    minor = any(says_under_18_in(part) for parts in (now, *before) for part in parts)
    found = _judge(now, minor)
    return found or _in_the_light_of(now, before, minor)


def says_under_18(message: str, earlier: Sequence[str] = ()) -> bool:
    """Whether the person has said that they are under 18, in this message or an earlier one."""
    return any(says_under_18_in(part) for text in (message, *earlier) for part in sentences(text))


def _in_the_light_of(now: Sequence[str], before: Sequence[Sequence[str]], minor: bool) -> Verdict | None:
    """A verdict that only the talk gives: words that lean on a danger named before, or a danger told in two halves."""
    if not now or not before:
        return None
    last = _judge(before[-1], minor)
    if last is not None:
        return last if len(now) <= 2 and _LEANS_BACK.match(now[0]) else None
    return _judge((f"{before[-1][-1]} {now[0]}",), minor) if before[-1] else None


def _judge(parts: Sequence[str], minor: bool) -> Verdict | None:
    book = bundled_families()
    return _verdict([hit for part in parts for hit in find(part, book)], minor)


def _verdict(hits: Sequence[Hit], minor: bool) -> Verdict | None:
    """One verdict out of all that was found: the first category in ORDER, the strongest strength."""
    if not hits:
        return None
    minor = minor or any(hit.family.minor for hit in hits)
    named = {hit.family.category for hit in hits}
    beside = {other for hit in hits for other in (*hit.family.replaces, *hit.family.with_)}
    replaced = {other for hit in hits for other in hit.family.replaces}
    first = min(named - replaced or named, key=ORDER.index)
    strength = max((hit.strength for hit in hits), key=_STRENGTHS.index)
    if minor and first is Category.PARTNER_VIOLENCE:
        first, named = Category.CHILD_ABUSE, named | {Category.CHILD_ABUSE}
    also = tuple(category for category in ORDER if category in named | beside and category is not first)
    return Verdict(first, Strength.NOW if minor else strength, also, minor)
