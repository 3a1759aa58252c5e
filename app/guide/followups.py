"""Follow-ups without a language model: does a message stand alone, or does it lean on the talk so far?

The words of a message say how far it may lean; which reading is taken is then measured by the search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from app.guide.coverage import Coverage
from app.guide.lexical import stems
from app.guide.nouns import Kind, Speaker, Turn
from app.guide.search import Result
from app.guide.small_talk import small_talk

_NEW_TOPIC = re.compile(
    r"(?i)^(ok(ay)?[,. ]+)?(new|another|different|separate|other|next|something) "
    r"(topic|question|thing|matter|subject|else)\b(?!\?*$)"
    r"|^(unrelated|by the way|btw|on another note|changing the subject|apart from that)\b"
)
_CONTINUING = re.compile(r"^(and|but|or|so|ok|okay|yes|no|then|also|well|hm+|even|maybe)\b")
_OPENING = re.compile(
    r"^(why|really|more|tell me more|show me|give me|(an|any|one) (more )?example|for example|like what|such as|"
    r"(what|how) about|what if|what else|anything else|something else|how (so|long|often|soon|many)|"
    r"which (one|of)|when|where do (i|we)|says who|"
    r"what (should|can|could|do|would|does) (i|we|he|she|they|one|the other)|how (do|can|could|would|should) (i|we)|"
    r"(in|with|without|at|on|for|after|before|during|about|even|any|one|first|harder|easier)\b)"
)
_BACK = re.compile(r"\b(that|this|it|its|those|these|them|one|ones|instead|then|either|meanwhile|again)\b")
_SOMEBODY = re.compile(r"\b(he|she|they|him|her|hes|shes|theyre|he'?s|she'?s|hed|shed|he'?d|she'?d)\b")
# Words that ask for something about the topic in hand without naming a topic of their own.
_TOPICLESS = frozenset(
    stems(
        "i you he she they we me him her them my your his their us one more else again instead example examples "
        "say saying said tell telling ask asking give show need want try tried work works working happen happens "
        "long take takes often start begin first next time help helps yes no ok okay please really thing things "
        "some any not dont doesnt wont isnt cant does like know get go if word words explain mean means meaning "
        "even still always never laugh laughs refuse refuses maybe sure right now all lot way also thanks then "
        "second third last better best worse good bad normal common true wrong idea ideas something anything "
        "sentence minutes day days week soon many much each other harder easier smallest step speed solved stop "
        "keep fix leave matter research list ones"
    )
)
# How many words with a topic of its own a message may have and still lean.
MOST_CONTINUING = 5
MOST_OWN = 3
MOST_WORDS = 14
# So short a message may lean although nothing in it says so.
SHORT = 6
# A message that points at nothing said before has left the topic below this probability of being covered.
FAR_OFF = 0.015
# A message that is covered with this probability, and of which the section in hand has less than this score, of 1, is
# a topic of its own.
SURELY, FAR_BEHIND = 0.99, 0.5
# How much better, of 1, another section has to fit the joined question than the one in hand.
CLEARLY = 0.3


class Lean(IntEnum):
    """How far a message leans on the talk by its words."""

    ALONE = 0
    MAYBE = 1
    WHOLLY = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """How a message is understood: as which question, with what was found for it, in which section in hand, if any."""

    question: str
    found: Result
    section: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a message may lean on: the question that stands, what was asked since, and the section in hand, if any."""

    standing: str = ""
    since: tuple[str, ...] = ()
    section: str = ""

    def joined(self, message: str) -> str:
        """Return the message with the question that stands before it."""
        return f"{self.standing} {message}" if self.standing else message


def read_in_context(
    message: str, history: Sequence[Turn], look: Callable[[str], Result], coverage: Coverage
) -> Reading:
    """Return how a message is understood in the light of the talk.

    One that asks for more of what is in hand stays in its section. One that may lean is searched both ways, and stands
    alone where it is so far from the guide that it has left the topic, or where the guide covers it and it leads away
    from the section in hand: surely by itself, or even when it is read together with the question that stands.
    """
    context, lean = context_of(history), lean_of(message)
    message = _NEW_TOPIC.sub("", message).lstrip(" ,.:;-\u2013\u2014") or message
    if not context.standing or lean is Lean.ALONE:
        return Reading(message, look(message))
    may_stand = lean is Lean.MAYBE and not _points_back(message.lower().replace("\u2019", "'"))
    alone = look(message) if may_stand else None
    probability = coverage.probability(alone.evidence) if alone else 0.0
    if alone and probability < FAR_OFF:
        return Reading(message, alone)
    joined = context.joined(message)
    found = look(joined)
    section = context.section or _section_for(context.standing, look, coverage)
    surely = alone and probability >= SURELY and _score(section, alone) < FAR_BEHIND
    if alone and probability >= coverage.answer_from and (surely or not _is_first(section, found)):
        return Reading(message, alone)
    if lean is Lean.MAYBE and found.hits and _is_clearly_better(found, section):
        section = found.hits[0].section.slug
    return Reading(joined, found, section)


def _score(section: str, found: Result) -> float:
    return next((hit.score for hit in found.hits if hit.section.slug == section), 0.0)


def _is_first(section: str, found: Result) -> bool:
    return bool(found.hits) and found.hits[0].section.slug == section


def _points_back(asked: str) -> bool:
    return bool(_BACK.search(asked) or _SOMEBODY.search(asked))


def _is_clearly_better(found: Result, section: str) -> bool:
    """Whether the best section of the joined question is far enough before the one in hand."""
    return bool(section) and found.hits[0].score - _score(section, found) > CLEARLY


def _section_for(question: str, look: Callable[[str], Result], coverage: Coverage) -> str:
    """Return the section that answered a question, for a talk that came without what was cited."""
    found = look(question)
    return found.hits[0].section.slug if coverage.verdict(found.evidence) is not Kind.NOT_COVERED else ""


def lean_of(message: str) -> Lean:
    """Return how far a message leans by its words: wholly where it names no topic of its own."""
    asked = message.lower().replace("\u2019", "'").strip()
    own = [stem for stem in stems(asked) if stem not in _TOPICLESS]
    if _NEW_TOPIC.search(asked) or len(asked.split()) > MOST_WORDS:
        return Lean.ALONE
    if not own:
        return Lean.WHOLLY
    goes_on = bool(_CONTINUING.match(asked))
    asks_on = bool(_OPENING.match(asked)) or _points_back(asked) or len(asked.split()) <= SHORT
    if goes_on and len(own) <= MOST_CONTINUING:
        return Lean.MAYBE
    return Lean.MAYBE if asks_on and len(own) <= MOST_OWN else Lean.ALONE


def context_of(history: Sequence[Turn]) -> Context:
    """Return what the next message may lean on; small talk is no question, and an answer holds until the next one."""
    asked = [(n, turn.text) for n, turn in enumerate(history) if _is_question(turn)]
    if not asked:
        return Context()
    place = next((i for i in reversed(range(len(asked))) if lean_of(asked[i][1]) is Lean.ALONE), 0)
    start, standing = asked[place]
    cited = [turn.sections[0] for turn in history[start:] if turn.speaker is Speaker.GUIDE and turn.sections]
    return Context(standing, tuple(text for _, text in asked[place + 1 :]), cited[-1] if cited else "")


def _is_question(turn: Turn) -> bool:
    return turn.speaker is Speaker.PERSON and not small_talk(turn.text)
