"""Follow-ups without a language model: does a message stand alone, or does it lean on the talk so far?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.guide.lexical import stems
from app.guide.nouns import Speaker, Turn

_CONTINUING = re.compile(r"^(and|but|or|so|ok|okay|yes|no|then|also)\b")
_OPENING = re.compile(
    r"^(why|really|more|tell me more|show me|give me|(an|any) example|"
    r"for example|like what|such as|(what|how) about|what if|what else|anything else|how (so|long|often)|"
    r"what (should|can|could|do|would) (i|we) (say|do))\b"
)
_LEANING = re.compile(r"\b(that|this|it|those|these|he|she|they|him|her|them|one|more|else|again|instead)\b")
# Words that ask for something about the topic in hand without naming a topic of their own.
_TOPICLESS = frozenset(
    stems(
        "i you he she they we me him her them my your his their us one more else again instead example examples say "
        "saying said tell telling ask asking give show need want try tried work works working happen happens long take "
        "takes often start begin first next time help helps yes no ok okay please really thing things some any not "
        "dont doesnt wont isnt cant does like know get go no if word words explain mean means meaning else even still "
        "always never laugh laughs refuse refuses maybe sure right now all lot way also thanks then"
    )
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a message is to be searched: with what words, or inside which section."""

    question: str
    section: str = ""


def read_in_context(message: str, history: Sequence[Turn]) -> Reading:
    """Return how to search for a message in the light of the talk.

    A message that asks for more of what is in hand stays in its section; one that leans on the talk is joined with the
    question before it; one that stands alone is left alone.
    """
    asked = message.lower().replace("\u2019", "'").strip()
    before = _last_question(history)
    if not before or not _leans(asked):
        return Reading(message)
    in_hand = _section_in_hand(history)
    if in_hand and not set(stems(asked)) - _TOPICLESS:
        return Reading(f"{before} {message}", in_hand)
    return Reading(f"{before} {message}")


def _leans(asked: str) -> bool:
    """Whether a message says too little by itself: few words with a topic of their own, and a sign that it goes on."""
    own = [stem for stem in stems(asked) if stem not in _TOPICLESS]
    if _CONTINUING.match(asked):
        return len(own) <= 4
    goes_on = bool(_OPENING.match(asked)) or bool(_LEANING.search(asked))
    return len(own) <= 2 and (goes_on or len(asked.split()) <= 3)


def _last_question(history: Sequence[Turn]) -> str:
    """Return the last message of the person that stands alone, so that a chain of follow-ups keeps its topic."""
    questions = [turn.text for turn in history if turn.speaker is Speaker.PERSON]
    alone = [question for question in questions if not _leans(question.lower())]
    return (alone or questions or [""])[-1]


def _section_in_hand(history: Sequence[Turn]) -> str:
    cited = [turn.sections[0] for turn in history if turn.speaker is Speaker.GUIDE and turn.sections]
    return cited[-1] if cited else ""
