"""Whether a message signals danger: the one question that is asked before anything else happens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from app.guide.care.ages import says_under_18_in
from app.guide.care.families import Hit, bundled_families, find, strength_of
from app.guide.care.model import Judge, bundled_judge
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
# How likely danger must be, by the model, for a card; less is enough where a phrase family speaks too, and more is
# needed where nobody is spoken of at all ("does aspirin thin the blood"), or where somebody under 18 writes, whose age
# alone sounds like danger to the model. Below CARD, down to DOUBT, is MAYBE.
CARD, CARD_WITH_FAMILY, CARD_OF_NOBODY, CARD_OF_A_MINOR, DOUBT = 0.36, 0.08, 0.85, 0.85, 0.2
# How likely a second danger must be to stand beside the first.
BESIDE = 0.25
_SOMEBODY = re.compile(
    r"\b(i|me|my|mine|myself|we|us|ours?|he|she|him|hers?|his|they|them|theirs?|yours?|you|\w*body|\w*one|partner|wife|husband"
    r"|boyfriend|girlfriend|fiance|spouse|ex|mum|dad|mother|father|sister|brother|friend|son|daughter|kids?|child|children"
    r"|baby|babies|boys?|girls?|man|men|woman|women|people|family|parents?|married|marriage|relationship)\b"
)
# "He has never hit me" tells of no violence, "afraid she will leave me" of no threat, and "I do not want to hurt him"
# at a sentence's end of no plan; to the model they sound like it. What else a message tells stays.
_HARMLESS = re.compile(
    r"\b(he|she|they|i|we|nobody|no one)( has| have| had| is| am| are| was| did| does| do)? ?"
    r"(never|not)( ever| once| even)? "
    r"(hit|hits|hurt|hurts|touched|harmed|threatened|violent|been violent|(raised|lifted|laid) a (hand|fist|finger))"
    r"( (to|at|on|against))?( (me|us|him|her|them|anyone|anybody))?(?= |$)"
    r"|\b(afraid|scared|frightened|worried|terrified)( that)? (he|she|they)( will| would| might| is going to)? "
    r"(leave|leaves|leaving|stop loving|stops loving|forget|forgets)( me)?(?= |$)"
    r"|\bi (do|would|did) not( ever)? want to hurt (him|her|them)$"
)
_STRENGTHS = (Strength.MAYBE, Strength.CARE, Strength.NOW)
# How far back a follow-up is read together with what was said before, in messages.
_REACH = 3
# A message that says nothing by itself and leans on the one before it.
_LEANS_BACK = re.compile(
    r"(yes|yeah|yep|(he|she|they|i) (did|do|does)|it (happened|was|is)|because of that|that is why|and then|again|"
    r"i am serious|i mean it|what (should|do|can) i do|help|please|so what now|what now)\b"
)
# What a message gets that nothing was found in while the model cannot run: in doubt, so the help line stands above the
# answer and no language model is used.
_BLIND = Verdict(Category.SELF_HARM, Strength.MAYBE)
# What somebody under 18 gets where nothing was noticed: children's lines above the answer, and no language model.
UNDER_18 = Verdict(Category.CHILD_ABUSE, Strength.MAYBE, minor=True)


def screen(message: str, earlier: Sequence[str] = ()) -> Verdict | None:
    """What the message signals, in the light of the person's own earlier messages; None where nothing was noticed.

    Somebody who says that they are under 18 always gets a verdict, at least MAYBE.

    `earlier` is oldest first. Accepts any text and never raises on one. While the model cannot run, the phrase families
    judge alone, and what they do not know is in doubt (MAYBE); see `detection_works`.
    """
    now = sentences(message)
    if not now:
        return None
    before = [sentences(text) for text in earlier[-_REACH:]]
    minor = any(says_under_18_in(part) for parts in (now, *before) for part in parts)
    found = _judge(now, minor)
    if found is not None and found.strength is not Strength.MAYBE:
        return found
    return _in_the_light_of(now, before, minor) or found or (UNDER_18 if minor else None)


def detection_works() -> bool:
    """Whether the model runs; where it does not, a page says so and uses no language model."""
    return _model() is not None


def says_under_18(message: str, earlier: Sequence[str] = ()) -> bool:
    """Whether the person has said that they are under 18, in this message or an earlier one."""
    return any(says_under_18_in(part) for text in (message, *earlier) for part in sentences(text))


@cache
def _model() -> Judge | None:
    try:
        return bundled_judge()
    except Exception:  # whatever is wrong with the model, a person in danger must still get an answer
        return None


def _in_the_light_of(now: Sequence[str], before: Sequence[Sequence[str]], minor: bool) -> Verdict | None:
    """A verdict that only the talk gives: words that lean on a danger named before, or a danger told in two halves."""
    if not before or not before[-1]:
        return None
    last = _judge(before[-1], minor)
    if last is not None and last.strength is not Strength.MAYBE:
        return last if len(now) <= 2 and _LEANS_BACK.match(now[0]) else None
    return _by_families(find(f"{before[-1][-1]} {now[0]}", bundled_families()), minor)


def _judge(parts: Sequence[str], minor: bool) -> Verdict | None:
    found = {part: find(part, bundled_families()) for part in parts}
    by_families, model = _by_families([hit for hits in found.values() for hit in hits], minor), _model()
    if model is None:
        return by_families or _BLIND
    chances, piece = model.probabilities([rest for part in parts if (rest := _HARMLESS.sub("", part).strip())] or parts)
    danger = 1.0 - float(chances[0])
    likely = dict(zip(Category, map(float, chances[1:]), strict=True))
    if by_families is not None:
        # In a long message the plain sentence may drown; it is asked for by itself too.
        plain = [part for part, hits in found.items() if hits]
        danger = max(danger, 1.0 - float(model.probabilities(plain)[0][0]))
        return by_families if danger >= CARD_WITH_FAMILY else replace(by_families, strength=Strength.MAYBE)
    if danger < DOUBT:
        return None
    category = max(likely, key=likely.__getitem__)
    also = tuple(other for other in ORDER if likely[other] >= BESIDE and other is not category)
    needed = CARD_OF_A_MINOR if minor else CARD if any(_SOMEBODY.search(part) for part in parts) else CARD_OF_NOBODY
    strength = strength_of(category, piece, bundled_families()) if danger >= needed else Strength.MAYBE
    return _for_a_minor(Verdict(category, strength, also), minor)


def _by_families(hits: Sequence[Hit], minor: bool) -> Verdict | None:
    """One verdict out of all that was found: the first category in ORDER, the strongest strength."""
    if not hits:
        return None
    minor = minor or any(hit.family.minor for hit in hits)
    named = {hit.family.category for hit in hits}
    beside = {other for hit in hits for other in (*hit.family.replaces, *hit.family.with_)}
    replaced = {other for hit in hits for other in hit.family.replaces}
    first = min(named - replaced or named, key=ORDER.index)
    strength = max((hit.strength for hit in hits), key=_STRENGTHS.index)
    also = tuple(category for category in ORDER if category in named | beside and category is not first)
    return _for_a_minor(Verdict(first, strength, also), minor)


def _for_a_minor(verdict: Verdict, minor: bool) -> Verdict:
    """Violence against somebody under 18 is harm to a child, and it is never only a matter of the past."""
    if not minor:
        return verdict
    strength = Strength.NOW if verdict.strength is Strength.CARE else verdict.strength
    if verdict.category is not Category.PARTNER_VIOLENCE:
        return Verdict(verdict.category, strength, verdict.also, minor=True)
    also = (Category.PARTNER_VIOLENCE, *(other for other in verdict.also if other is not Category.CHILD_ABUSE))
    return Verdict(Category.CHILD_ABUSE, strength, also, minor=True)
