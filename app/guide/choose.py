"""Which sentences of a section answer a question: by role, by closeness, whole lists first, and nothing twice.

Closeness is the cosine of sentence vectors; what has been chosen already counts against what says the same, as in
maximal marginal relevance (Carbonell and Goldstein 1998, SIGIR).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from app.guide.encoder import Vectors
from app.guide.nouns import BlockKind, Role, Section, Sentence
from app.guide.shape import Shape

MOST = 9
LEAST = 4
# How much closeness counts against saying something new.
CLOSENESS = 0.7
# Two sentences with a cosine above this say the same.
SAME = 0.88
# The first sentence of a part carries its topic; another has to be this much closer to begin with it instead.
FIRST = 0.05
# A sentence outside of the wanted part is added where it is this much closer than what is quoted of the short answer.
CLOSER = 0.06

Encode = Callable[[Sequence[str]], Vectors]

# So much of a short answer is quoted where there is room: it is written as a whole, and its last sentence is often the
# kindest.
_LEAD = 3
_TURN = re.compile(r"^(if|when|where|once|someone|a partner)\b|\bif (you|your|one|the|it|months|either|nobody)\b", re.I)
_TIME = re.compile(
    r"\b(minutes?|hours?|evenings?|days?|daily|nights?|weeks?|weekly|months?|monthly|years?|yearly|timetable|soon(er)?|"
    r"slow(ly)?|gradual(ly)?|regular(ly)?)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as far as the choosing needs it.

    `vector` is of the question in the light of the talk, `said` what the guide said before in this talk. Of a section
    `in_hand` the short answer was quoted before.
    """

    shape: Shape
    vector: Vectors
    said: str = ""
    in_hand: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A sentence of a section with its closeness to the question."""

    section: Section = field(repr=False)
    sentence: Sentence
    near: float
    vector: Vectors = field(repr=False)

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.section.text[self.sentence.start : self.sentence.end]

    def alike(self, other: Line) -> float:
        """The cosine with another sentence."""
        return float(self.vector @ other.vector)


def lines_of(section: Section, asked: Asked, encode: Encode) -> list[Line]:
    """Return a section's sentences in order, with their closeness to the question."""
    sentences = section.sentences
    vectors = encode([section.text[s.start : s.end] for s in sentences])
    return [Line(section, s, float(v @ asked.vector), v) for s, v in zip(sentences, vectors, strict=True)]


def choose(lines: Sequence[Line], asked: Asked) -> list[Line]:
    """Return the sentences of one section that answer, in the section's order, at most `MOST`.

    They are the short answer's best run, what the question wants, a sentence besides that is closer than those, and the
    safety sentence. A section without a short answer yields nothing.
    """
    short = _of(lines, Role.SHORT_ANSWER)
    if not short:
        return []
    safety = [line for line in lines if line.sentence == lines[0].section.safety_sentence]
    fresh = [line for line in lines if line not in safety and line.text not in asked.said]
    rest = [line for line in fresh if line not in short]
    room = MOST - len(safety)
    lead = run(short, _LEAD)
    wanted = _wanted(rest, asked)
    if asked.in_hand and wanted:
        lead = []
    chosen = _fitting(lead, wanted, room)
    chosen += _closer(rest, chosen, room)
    chosen += spread(_prose(fresh), LEAST - len(safety) - len(chosen), chosen)
    return in_order([*chosen, *safety])


def choose_nearest(lines: Sequence[Line]) -> list[Line]:
    """Return what a section says nearest to a question that it may not answer, in the section's order.

    They are the short answer's best run, the sentences of any part that are closest, and the safety sentence.
    """
    lead = run(_of(lines, Role.SHORT_ANSWER), 2)
    safety = [line for line in lines if line.sentence == lines[0].section.safety_sentence]
    closest = spread(lines, LEAST - len(lead), [*lead, *safety]) if lead else []
    return in_order([*lead, *closest, *safety])


def run(lines: Sequence[Line], most: int, chosen: Sequence[Line] = ()) -> list[Line]:
    """Return the best `most` neighbours among these, where the first is preferred unless others are clearly closer."""
    if len(lines) <= most:
        return list(lines)
    windows = [lines[start : start + most] for start in range(len(lines) - most + 1)]
    worth = [sum(_worth(line, chosen) for line in window) / most for window in windows]
    best = max(range(len(windows)), key=lambda n: (worth[n] + (FIRST if n == 0 else 0), -n))
    return list(windows[best])


def spread(lines: Iterable[Line], most: int, chosen: Sequence[Line] = ()) -> list[Line]:
    """Return up to `most` that are close to the question and say something new beside those `chosen`."""
    picked: list[Line] = []
    left = list(lines)
    while left and len(picked) < most:
        beside = [*chosen, *picked]
        left = [line for line in left if line not in beside and all(line.alike(one) < SAME for one in beside)]
        if left:
            picked.append(max(left, key=lambda line: _worth(line, beside)))
    return picked


def is_timed(line: Line) -> bool:
    """Return whether a sentence says how long or how often."""
    return bool(_TIME.search(line.text))


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Return the lines of one section as they stand in it."""
    return sorted(lines, key=lambda line: line.sentence.start)


def _worth(line: Line, chosen: Sequence[Line]) -> float:
    again = max((line.alike(one) for one in chosen), default=0.0)
    return CLOSENESS * line.near - (1 - CLOSENESS) * again


def _of(lines: Iterable[Line], *roles: Role) -> list[Line]:
    return [line for line in lines if line.sentence.role in roles]


def _steps(lines: Sequence[Line]) -> list[Line]:
    """Return the whole list of steps, or where there is none, what stands in its place."""
    tries = _of(lines, Role.TRY_THIS)
    return [line for line in tries if line.sentence.kind is BlockKind.STEP] or tries


def _prose(lines: Iterable[Line]) -> list[Line]:
    """Return what is no item of a list: it can be quoted alone."""
    return [line for line in lines if line.sentence.kind is BlockKind.PARAGRAPH]


def _turns(lines: Sequence[Line]) -> list[Line]:
    """Return what is said of when things go another way."""
    tail = [line for line in _prose(_of(lines, Role.TRY_THIS)) if _TURN.search(line.text)]
    return tail + _of(lines, Role.LIMITS)


def _wanted(rest: Sequence[Line], asked: Asked) -> list[Line]:
    """Return what the kind of question asks for, of what was not said before."""
    match asked.shape:
        case Shape.WORDS:
            items = [line for line in _of(rest, Role.WORDS) if line.sentence.kind is not BlockKind.PARAGRAPH]
            return run(items, MOST - 3)
        case Shape.REASON:
            return run(_of(rest, Role.WHY), 3)
        case Shape.MEANING:
            return run(_of(rest, Role.WHY), 4)
        case Shape.TURN:
            turns = spread(_turns(rest), 3 if asked.in_hand else 1)
            return turns if asked.in_hand else [*_steps(rest), *turns]
        case Shape.TIME:
            reasons = _of(rest, Role.WHY)
            timed = [line for line in [*reasons, *_of(rest, Role.LIMITS)] if is_timed(line)]
            return spread(timed, 3) or run(reasons, 2)
        case Shape.MORE:
            return _of(rest, Role.WHY)[:3] or _steps(rest) or _of(rest, Role.WORDS) or spread(_prose(rest), 3)
    return _steps(rest)


def _fitting(lead: Sequence[Line], wanted: Sequence[Line], room: int) -> list[Line]:
    """Shorten what does not fit: first what stands after the wanted list, then the lead, then the list's end."""
    kept = list(wanted)
    if len(lead) + len(kept) > room and len(kept) > 1 and kept[-1].sentence.kind is not kept[0].sentence.kind:
        kept = kept[:-1]
    kept = kept[: room - 1]
    return [*lead[: room - len(kept)], *kept]


def _closer(rest: Sequence[Line], chosen: Sequence[Line], room: int) -> list[Line]:
    """Return the one sentence besides that is clearly closer to the question than all that is chosen."""
    if not chosen or len(chosen) >= room:
        return []
    bar = max(line.near for line in chosen) + CLOSER
    return spread((line for line in _prose(rest) if line.near > bar), 1, chosen)
