"""Sections, answers and a guide that a test lays out by hand from the real nouns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.guide.care import card_for, screen
from app.guide.edition import Heading
from app.guide.errors import LibraryError, NoSuchSection
from app.guide.library import Library
from app.guide.messages import check, clean
from app.guide.nouns import (
    Answer,
    BlockKind,
    Citation,
    Kind,
    Mark,
    MarkKind,
    Part,
    Practice,
    PracticePart,
    Section,
    Suggestion,
    Turn,
)
from ingest.reader import FrontMatter, Source
from ingest.sections import cut_section

EDITION = "20260102T030405Z-0a1b2c3d"
EARLIER = "20260101T030405Z-0a1b2c3d"


def section_of(slug: str, title: str, body: str, chapter: str = "Trust", **front: object) -> Section:
    """A section cut from Markdown as ingest cuts it."""
    return cut_section(Source(f"{slug}.md", slug, FrontMatter(title=title, **front), body, chapter))


BIDS = section_of(
    "trust/bids",
    "Small bids",
    "## Short answer\n\nTrust grows in small moments.\n\n## Try this\n\n1. Answer one small bid today.\n",
    related=["barriers/quiet", "trust/gone"],
    references=["Driver and Gottman (2004), Family Process 43, 301", "A second source (1999)"],
)
QUIET = section_of(
    "barriers/quiet",
    "A quiet partner",
    "## Short answer\n\n"
    "A quiet partner is not a *closed* one. Small invitations reach **further** than one big talk.\n\n"
    "## Try this\n\n"
    "1. Take a walk side by side.\n"
    "2. Ask *one* question, and read [Small **bids**](trust/bids) first.\n"
    "3. Thank them.\n\n"
    "Then wait a day.\n\n"
    "- A list.\n- Of two.\n\n"
    "## When this does not fit\n\n"
    "If you are afraid, do not open up more; read [When it is not safe](safety/unsafe). Nobody owes you a thought.\n",
    chapter="Barriers",
    openness=True,
)
UNSAFE = section_of(
    "safety/unsafe",
    "When it is not safe",
    "## Short answer\n\nFear is a reason to stop.\n",
    chapter="Safety",
)


def quote(section: Section, n: int, words: str, kind: BlockKind = BlockKind.PARAGRAPH, label: str = "") -> Part:
    """A part of an answer that quotes these words of a section."""
    start = section.text.index(words)
    end = start + len(words)
    links = tuple(
        Mark(MarkKind.LINK, mark.start - start, mark.end - start, mark.target)
        for mark in section.marks
        if mark.target and start <= mark.start and mark.end <= end
    )
    return Part(
        tuple(words.split("\n")),
        kind,
        Citation(n, section.slug, section.title, words, start, end, EDITION),
        label,
        links,
    )


WALK = Practice(
    slug="walk",
    title="A walk for two",
    section="barriers/quiet",
    kind="talk",
    intro="Walk, and <b>say</b> one thing each.",
    stop="Leave it where you are afraid & alone.",
    minutes=10,
    parts=(
        PracticePart("Go", 2, "Walk <i>slowly</i>.", ("I noticed <script>", "I would like")),
        PracticePart("Come back"),
    ),
)
SHORT = "A quiet partner is not a closed one. Small invitations reach further than one big talk."
STEPS = "Take a walk side by side.\nAsk one question, and read Small bids first.\nThank them."
SAFETY = "If you are afraid, do not open up more; read When it is not safe."
ANSWER = Answer(
    Kind.ANSWER,
    (
        quote(QUIET, 1, SHORT),
        quote(QUIET, 2, STEPS, BlockKind.STEP, "To try"),
        quote(QUIET, 3, SAFETY, label="Where this does not fit"),
    ),
    EDITION,
    suggestions=(
        Suggestion("trust/bids", "Small bids", "how do we trust again"),
        Suggestion("safety/unsafe", "When it is not safe"),
    ),
)


def held_back(message: str) -> Answer:
    """The answer to a message that signals danger now: a card, and nothing of the guide."""
    verdict = screen(message)
    assert verdict is not None, "the message signals nothing"
    return Answer(Kind.CARE, (), EDITION, verdict, card_for(verdict))


@dataclass(frozen=True)
class LaidOutManifest:
    """As much of a manifest as a page reads."""

    title: str = "A guide for tests"


@dataclass(frozen=True)
class LaidOutEdition:
    """As much of an edition as a page reads."""

    headings: tuple[Heading, ...]
    id: str = EDITION
    manifest: LaidOutManifest = LaidOutManifest()

    def practices_of(self, slug: str) -> list[Practice]:
        """Return the practices of a section."""
        return [practice for practice in (WALK,) if practice.section == slug]


@dataclass
class LaidOutGuide:
    """Gives `answer`, or what `answers` has for a message, and keeps what it was asked; `broken` breaks every call.

    `about` has what is answered where another section was meant, `earlier` what sections were in the edition before.
    A language model writes `written` before the answer is there; `model` keeps whether it was allowed to.
    """

    sections: Sequence[Section] = (BIDS, QUIET, UNSAFE)
    answer: Answer = ANSWER
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)
    about: dict[str, Answer] = field(default_factory=dict)
    earlier: dict[str, Section] = field(default_factory=dict)
    library: Library = field(default_factory=lambda: Library(Path("no library")))
    broken: LibraryError | None = None
    written: Sequence[tuple[Part, ...]] = ()
    model: list[bool] = field(default_factory=list)

    def edition(self) -> LaidOutEdition:
        """Return the one edition."""
        self._break()
        return LaidOutEdition(tuple(Heading(s.slug, s.title, s.chapter) for s in self.sections))

    def section(self, slug: str, edition_id: str = "") -> tuple[Section, str]:
        """Return a section of the one edition."""
        self._break()
        if edition_id == EARLIER and slug in self.earlier:
            return self.earlier[slug], EARLIER
        for section in self.sections:
            if section.slug == slug and edition_id in ("", EDITION):
                return section, EDITION
        raise NoSuchSection(f"There is no section {slug!r} here.")

    def ask(
        self,
        message: str,
        history: Sequence[Turn] = (),
        about: str = "",
        *,
        model: bool = True,
        show: Callable[[tuple[Part, ...]], None] = lambda parts: None,
    ) -> Answer:
        """Return what was laid out; an unusable message is refused as the real guide refuses it."""
        self._break()
        self.asked.append((message, tuple(history)))
        self.model.append(model)
        for parts in self.written:
            show(parts)
        if about:
            return self.about[about]
        if message not in self.answers:
            check(clean(message))
        return self.answers.get(message, self.answer)

    def _break(self) -> None:
        if self.broken:
            raise self.broken
