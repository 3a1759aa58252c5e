"""What a question wants: the kind of question steers which parts of a section an answer quotes."""

from __future__ import annotations

import re
from enum import StrEnum


class Shape(StrEnum):
    """What a question wants most."""

    STEPS = "steps"
    WORDS = "words"
    REASON = "reason"
    MEANING = "meaning"
    TURN = "turn"
    TIME = "time"
    MORE = "more"


# A clause of its own begins here, so that "no idea how long we have been like this" asks for no time.
_CLAUSE = r"(^|[.,;:?!\u2026] *|\b(and|but|so|or) )"
# To tell whether something is so is not to say it.
_SAY = r"(say|tell(?! (if|whether|when|how|that|what|the difference)\b)|ask|word|phrase|text|write|answer|reply)"
# Who asks so wants something to do or to use, and not to know what a word means.
_FOR_ME = r".*\b(i|we|my|our|me|us|some|any|good|best|better|wrong|ways?|things?|ideas|questions|to (do|say))\b"
_SHAPES = tuple(
    (shape, re.compile(pattern))
    for shape, pattern in (
        (Shape.WORDS, rf"\b(what|how) (can|could|should|do|would|to|on earth do) ?(i|we)? ?(even )?{_SAY}\b"),
        (Shape.WORDS, rf"\bwhat \w+ (can|could|should|do) (i|we) {_SAY}\b|\b(questions|things|prompts) to {_SAY}\b"),
        (Shape.WORDS, rf"\b(example|a script|wording|what to say|right words|how to {_SAY})\b"),
        (Shape.TIME, rf"{_CLAUSE}how (long|soon|often|many (days|weeks|months|years)|much (time|longer))\b"),
        (Shape.TIME, r"\bwhen (will|can|do|does) (i|we|it|this|that|things) .*\b(expect|notice|better|results?)\b"),
        (Shape.TURN, rf"\bwhat if\b|{_CLAUSE}if (it|that|this|he|she|they) .*\?"),
        (Shape.REASON, rf"{_CLAUSE}(why|how come)\b|(not|n'?t) (know|understand|get) why\b"),
        (Shape.REASON, r"\b(is|isn'?t) (it|that|this) (just me|normal|ok|okay|wrong|weird|common|true|bad)\b"),
        (Shape.REASON, r"\b(am i|are we) (just |being |too |so )*(wrong|weird|normal|crazy|selfish|asking too)\b"),
        (Shape.REASON, r"\bnormal ?\?+"),
        (Shape.REASON, r"^(can|could|is|isn'?t|are|aren'?t|does|doesn'?t|do|will) (?!i\b|we\b|there an?y? )"),
        (Shape.MEANING, r"\bwhat ('s|is|are|does|do) .*\b(mean|meaning|difference)\b|\bdefin(e|ition)\b"),
        (Shape.MEANING, rf"^(so |and |but )?what('?s| is| are) (?!{_FOR_ME}).{{1,60}}$"),
        (Shape.MORE, r"^(ok(ay)?,? |and |yes,? )?((tell|show|give) me )?(more|go on|what else|anything else|else)\b"),
    )
)


def shape_of(question: str) -> Shape:
    """Return what a question wants; steps, where it does not say."""
    asked = question.lower().replace("\u2019", "'").strip()
    return next((shape for shape, pattern in _SHAPES if pattern.search(asked)), Shape.STEPS)
