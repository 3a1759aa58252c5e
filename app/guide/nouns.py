"""The nouns that everything else passes around; the words are those of the README's glossary.

All offsets are half-open ranges of Unicode code points into `Section.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from app.guide.care import Card
from app.guide.care.verdict import Verdict


class Role(StrEnum):
    """What a part of a section is for; the heading that it stands under says so."""

    SHORT_ANSWER = "short_answer"
    WHY = "why"
    TRY_THIS = "try_this"
    WORDS = "words"
    LIMITS = "limits"
    TEXT = "text"


class BlockKind(StrEnum):
    """How a block of text is drawn."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    STEP = "step"
    BULLET = "bullet"


class MarkKind(StrEnum):
    """How a run of words inside a block is drawn."""

    STRONG = "strong"
    EMPHASIS = "emphasis"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a section's text: a heading, a paragraph or one item of a list. `level` counts depth from 1."""

    kind: BlockKind
    start: int
    end: int
    role: Role
    level: int = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """Emphasis or a link inside a block; `target` is a section's slug or empty."""

    kind: MarkKind
    start: int
    end: int
    target: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A whole sentence of a section, in the section's order."""

    start: int
    end: int
    role: Role
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Section:
    """What a person reads and an answer cites."""

    slug: str
    title: str
    chapter: str
    document: str
    text: str
    summary: str = ""
    openness: bool = False
    blocks: tuple[Block, ...] = ()
    marks: tuple[Mark, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    asked_as: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def first_sentence(self) -> str:
        """The words that the section begins with."""
        return self.text[self.sentences[0].start : self.sentences[0].end]

    @property
    def safety_sentence(self) -> Sentence | None:
        """The sentence that goes with every quote of a section that asks for openness."""
        limits = (s for s in self.sentences if s.role is Role.LIMITS)
        return next(limits, None) if self.openness else None


@dataclass(frozen=True, slots=True)
class PracticePart:
    """A step, a turn, a prompt or a choice of a practice; `lines` are sentences to say or words to choose from."""

    title: str
    minutes: int = 0
    text: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Practice:
    """An exercise that belongs to a section. `stop` says when not to do it; `minutes` is 0 where none are set."""

    slug: str
    title: str
    section: str
    kind: str
    intro: str
    stop: str
    minutes: int
    parts: tuple[PracticePart, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """What is retrieved: a run of whole sentences of one section. `vector` names the vector of its text."""

    slug: str
    start: int
    end: int
    vector: str


@dataclass(frozen=True, slots=True)
class Signals:
    """How well one section fits a question, one number a signal; higher is better.

    `asked` is the mean of the section's nearest asked-as lines, `line` the nearest of them.
    """

    passage: float
    asked: float
    words: float
    line: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A section found for a question, with its best passage."""

    section: Section
    score: float
    start: int
    end: int
    signals: Signals

    @property
    def quote(self) -> str:
        """The best passage's words."""
        return self.section.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """The numbered reference to an exact substring of a section of an edition."""

    n: int
    slug: str
    title: str
    quote: str
    start: int
    end: int
    edition: str

    @property
    def url(self) -> str:
        """The address of the reading page, opened at the quote."""
        place = {"section": self.slug, "edition": self.edition, "at": f"{self.start}-{self.end}"}
        return "/read?" + urlencode(place, safe="/")


class Kind(StrEnum):
    """What sort of answer it is."""

    ANSWER = "answer"
    PARTIAL = "partial"
    NOT_COVERED = "not_covered"
    CARE = "care"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer: words of ours, or words of the guide with their citation.

    `items` are paragraphs, or the items of a list where `kind` says so; `label` is a few words of ours before them.
    `links` are the quote's links to other sections, at offsets into the quote. What is `written` is a language model's
    sentence, and the citation is what bears it out.
    """

    items: tuple[str, ...]
    kind: BlockKind = BlockKind.PARAGRAPH
    citation: Citation | None = None
    label: str = ""
    links: tuple[Mark, ...] = ()
    written: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A section to offer, or a next question that leads to it."""

    slug: str
    title: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets: what care says first, if anything, and then `parts`, in order.

    `understood` is the section that it answers from, `otherwise` what may have been meant instead. `written_by` names
    the language model that wrote the parts, `note` says why a model that is on wrote none, and `dropped` counts the
    sentences of it that the guide did not bear out.
    """

    kind: Kind
    parts: tuple[Part, ...]
    edition: str
    care: Verdict | None = None
    card: Card | None = None
    suggestions: tuple[Suggestion, ...] = ()
    understood: Suggestion | None = None
    otherwise: tuple[Suggestion, ...] = ()
    practice: Practice | None = None
    written_by: str = ""
    note: str = ""
    dropped: int = 0
    milliseconds: int = 0

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation of the answer, once, in the order of its numbers."""
        return tuple(part.citation for part in self.parts if part.citation)

    @property
    def sections(self) -> tuple[str, ...]:
        """The slugs of the sections cited, each once, in order."""
        return tuple(dict.fromkeys(citation.slug for citation in self.citations))


class Speaker(StrEnum):
    """Whose turn of a talk it was."""

    PERSON = "person"
    GUIDE = "guide"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the talk so far. `sections` are those that the guide's turn cited, `care` what it raised.

    After a turn with `went_on` the person chose to go on, which a card about self-harm waits for; after one with
    `model_again` they let the language model write again, which care had silenced.
    """

    speaker: Speaker
    text: str
    sections: tuple[str, ...] = ()
    care: Verdict | None = None
    went_on: bool = False
    model_again: bool = False
