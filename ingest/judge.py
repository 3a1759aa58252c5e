"""Ask an edition its golden questions and count what came back; pure figures, no verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.guide.ask import Guide
from app.guide.nouns import Answer, Citation, Kind, Speaker, Turn
from app.guide.wire import answer_text
from ingest.golden import UNANSWERED, Golden, GoldenTurn
from ingest.progress import Advance, each, unheard

AMONG = 3
COVERED = (Kind.ANSWER, Kind.PARTIAL)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one turn of a golden question got; `found` are the best sections, at most three, best first."""

    question: Golden
    turn: GoldenTurn
    number: int
    answer: Answer
    found: tuple[str, ...]

    @property
    def first(self) -> bool:
        """Whether an accepted section was found first."""
        return bool(self.found) and self.found[0] in self.turn.sections

    @property
    def among(self) -> bool:
        """Whether an accepted section was among the first three."""
        return any(slug in self.turn.sections for slug in self.found[:AMONG])

    @property
    def cited(self) -> bool:
        """Whether the answer quotes an accepted section first."""
        return bool(self.answer.sections) and self.answer.sections[0] in self.turn.sections


def judge(guide: Guide, questions: Iterable[Golden], advance: Advance = unheard) -> list[Outcome]:
    """Return the outcome of every turn, in order; each question is reported to `advance`."""
    return [outcome for talk in each((_talk(guide, one) for one in questions), advance) for outcome in talk]


def figures(outcomes: Sequence[Outcome], guide: Guide) -> dict[str, float | None]:
    """Return shares between 0 and 1; None where no question was of that kind."""
    single = [o for o in outcomes if o.question.expect == "answer" and not o.question.turns]
    later = [o for o in outcomes if o.question.turns and o.number > 0 and o.turn.sections]
    strayed = [o for o in outcomes if o.question.turns and not o.turn.sections]
    other = [o for o in outcomes if o.question.expect in UNANSWERED]
    far = [o for o in outcomes if o.question.expect == "off_topic"]
    return {
        "right section first": _share(o.first for o in single),
        "right section among three": _share(o.among for o in single),
        "covered but refused": _share(o.answer.kind is Kind.NOT_COVERED for o in single),
        "off topic, refused": _share(o.answer.kind not in COVERED for o in far),
        "not covered, refused": _share(o.answer.kind not in COVERED for o in other),
        "not covered, not answered as if covered": _share(o.answer.kind is not Kind.ANSWER for o in other),
        "follow-up from an accepted section": _share(o.cited for o in later),
        "not covered amid a talk, refused": _share(o.answer.kind not in COVERED for o in strayed),
        "quoted offsets exact": _share(_exact(c, guide) for o in outcomes for c in o.answer.citations),
    }


def _talk(guide: Guide, question: Golden) -> list[Outcome]:
    history: list[Turn] = []
    outcomes = []
    for number, turn in enumerate(question.talk):
        answer = guide.ask(turn.ask, history)
        outcomes.append(Outcome(question, turn, number, answer, _found(answer)))
        history.append(Turn(Speaker.PERSON, turn.ask))
        history.append(Turn(Speaker.GUIDE, answer_text(answer), answer.sections, answer.care))
    return outcomes


def _found(answer: Answer) -> tuple[str, ...]:
    """Return the best sections, as the answer shows them: what was understood and what else may have been meant."""
    shown = (answer.understood, *answer.otherwise) if answer.understood else answer.suggestions
    return tuple(one.slug for one in shown)


def _exact(citation: Citation, guide: Guide) -> bool:
    section, _ = guide.section(citation.slug, citation.edition)
    return section.text[citation.start : citation.end] == citation.quote


def _share(values: Iterable[bool]) -> float | None:
    counted = list(values)
    return round(sum(counted) / len(counted), 4) if counted else None
