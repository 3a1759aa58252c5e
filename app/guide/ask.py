"""The way a question goes: care, small talk, follow-up, search, coverage, answer. Nothing comes before care."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.guide import care
from app.guide.care.verdict import Category, Strength, Verdict
from app.guide.choose import Asked
from app.guide.compose import NOT_COVERED, OnlyPart, compose, compose_nearest, unescape
from app.guide.coverage import coverage_of
from app.guide.edition import Edition
from app.guide.encoder import Encoder, RememberedVectors
from app.guide.errors import LibraryError
from app.guide.followups import read_in_context
from app.guide.library import Library
from app.guide.messages import check, clean
from app.guide.nouns import Answer, Hit, Kind, Part, Section, Signals, Speaker, Suggestion, Turn
from app.guide.onward import otherwise, practice_for, suggestions
from app.guide.reranker import Reranker
from app.guide.search import Search, every_section
from app.guide.shape import shape_of
from app.guide.small_talk import small_talk
from app.guide.talk import asked_in, model_may_hear, noticed_in
from app.guide.written import Show, Written, show_nothing

LOOKED_AT = 10
Screen = Callable[[str, Sequence[str]], Verdict | None]
# A slug that only a row for every section lets through.
ANY_SECTION = "any/section"


class Guide:
    """The guide that can be asked: the live edition of a library, and an encoder. Safe to share between threads."""

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        written: Written | None = None,
        reranker: Reranker | None = None,
        screen: Screen | None = None,
    ) -> None:
        """Open the live edition; where it is damaged, the newest sound one, and say so.

        Raises `LibraryError` where none can be used or another encoder made it. With `written`, a language model may
        write answers, as far as care lets a message go there. A `reranker` looks twice at what was found. `screen`
        stands in for the check for danger; the gate, which judges editions, has one that notices none.
        """
        self.library = library
        self.written = written
        self._encoder = encoder
        self._reranker = reranker
        self._screen = screen
        self._sentences = RememberedVectors(encoder)
        self._turn = threading.Lock()
        self.warning = ""
        self._open = self._open_sound()

    def edition(self) -> Edition:
        """Return the live edition, opened anew when LIVE has moved.

        While LIVE or what it names cannot be used, the edition that is open goes on answering.
        """
        if self._live_has_moved():
            with self._turn:
                if self._live_has_moved():
                    self._follow_live()
        return self._open

    def ask(
        self,
        message: str,
        history: Sequence[Turn] = (),
        about: str = "",
        *,
        model: bool = True,
        show: Show = show_nothing,
    ) -> Answer:
        """Answer a message in the light of the talk so far; `about` names the section that was meant, if that is known.

        Where there is a language model, it may write the answer, unless `model` is False or something in the talk
        raised care; `show` then gets, again and again, the parts that have been written and checked so far.

        Raises `UnusableInput` for a message that is empty or too long and signals no danger, and `LibraryError` where
        the library cannot be used.
        """
        began = time.monotonic()
        answer = self._answer(clean(message), history, about, _Model(model, show))
        return replace(answer, milliseconds=round((time.monotonic() - began) * 1000))

    def search(self, query: str, top: int = 10, allowed: Callable[[str], bool] = every_section) -> list[Hit]:
        """Return the best sections for a query that `allowed` lets through, whether or not the guide covers it.

        Raises `UnusableInput` for a query that is empty or too long.
        """
        words = clean(query)
        check(words)
        return Search(self.edition(), self._encoder, self._reranker)(words, top, allowed)

    def section(self, slug: str, edition_id: str = "") -> tuple[Section, str]:
        """Return a section and the id of the edition that it is from, also of an edition that is no longer kept.

        Raises `NoSuchSection` where there is none.
        """
        live = self.edition()
        if edition_id in ("", live.id):
            return live.section(slug), live.id
        return self.library.kept_section(slug, edition_id), edition_id

    def _live_has_moved(self) -> bool:
        try:
            return self.library.live_id() != self._open.id
        except LibraryError:
            return False

    def _follow_live(self) -> None:
        """Open the new live edition; the old one is closed when the last answer that uses it is done."""
        try:
            self._open = self._of_this_encoder(self.library.open_live())
            self._warn("")
        except LibraryError as error:
            # Tried again at the next question, since a copy may still be under way; said once.
            self._warn(f"{error} Until then the edition {self._open.id} answers.")

    def _warn(self, warning: str) -> None:
        if warning and warning != self.warning:
            logging.getLogger("attune").warning("%s", warning)
        self.warning = warning

    def _answer(self, message: str, history: Sequence[Turn], about: str, model: _Model) -> Answer:
        verdict = self._screened(message, history)
        edition = self.edition()
        if verdict and verdict.strength is Strength.NOW:
            return _care(Kind.CARE, edition, verdict)
        check(message)
        if spoken := small_talk(message, model=self.written is not None):
            return replace(_care(Kind.SMALL_TALK, edition, verdict), parts=(Part((spoken,)),))
        return self._from_guide(message, history, edition, _standing(verdict, history), about, model)

    def _screened(self, message: str, history: Sequence[Turn]) -> Verdict | None:
        """Return what the message signals; where the check itself fails, a doubt, so that the help line shows."""
        try:
            return (self._screen or care.screen)(message, asked_in(history))
        except Exception as error:  # whatever went wrong in there, the person still gets the help line
            logging.getLogger("attune").error("The check for danger failed with %s.", type(error).__name__)
            return Verdict(Category.SELF_HARM, Strength.MAYBE)

    def _from_guide(
        self,
        message: str,
        history: Sequence[Turn],
        edition: Edition,
        standing: Sequence[Verdict],
        about: str,
        model: _Model,
    ) -> Answer:
        allowed = _allowed_by(standing)
        verdict = _shown(standing)
        search = Search(edition, self._encoder, self._reranker)
        coverage = coverage_of(edition.coverage)
        reading = read_in_context(
            message, history, lambda question: search.look(question, LOOKED_AT, allowed), coverage
        )
        hits, kind = reading.found.hits, coverage.verdict(reading.found.evidence)
        chosen = next((slug for slug in (about, reading.section) if _is_offered(slug, edition, allowed)), "")
        if chosen:
            hits = _in_hand(chosen, hits, edition)
            kind = Kind.ANSWER
        if kind is Kind.NOT_COVERED and not allowed(ANY_SECTION):
            return _care(Kind.CARE, edition, verdict)
        in_hand = bool(chosen) and chosen != about
        asked = Asked(shape_of(message), self._encoder.encode([reading.question])[0], _said(history), in_hand)
        parts = self._parts(kind, asked, hits, edition, lambda slug: _only_part(standing, slug))
        answer = replace(_care(kind, edition, verdict), parts=parts)
        answer = _with_onward(answer, message, history, hits, edition, standing)
        if kind is Kind.ANSWER and self.written and model.on and model_may_hear(message, history):
            entire = [hit for hit in hits if not _only_part(standing, hit.section.slug)]
            return self.written.instead_of(answer, message, entire, edition, model.show)
        return answer

    def _parts(
        self, kind: Kind, asked: Asked, hits: Sequence[Hit], edition: Edition, only: OnlyPart
    ) -> tuple[Part, ...]:
        """Return what the guide says: the one place where an answer's words are made."""
        if kind is Kind.ANSWER:
            return compose(asked, hits, edition.id, self._sentences.encode, only)
        if kind is Kind.PARTIAL:
            return compose_nearest(asked, hits, edition.id, self._sentences.encode, only)
        return (Part((NOT_COVERED,)),)

    def _open_sound(self) -> Edition:
        edition, warning = self.library.open_sound()
        self._warn(warning)
        return self._of_this_encoder(edition)

    def _of_this_encoder(self, edition: Edition) -> Edition:
        if edition.manifest.encoder_fingerprint != self._encoder.fingerprint:
            raise LibraryError(
                f"The live edition was made with the encoder {edition.manifest.encoder_name}, and this program is set "
                f"to {self._encoder.name}. Run `python -m ingest build`, or set ATTUNE_EMBEDDING_MODEL to the other."
            )
        return edition


@dataclass(frozen=True, slots=True)
class _Model:
    """How a language model is to be used for one answer, where there is one: see `Guide.ask`."""

    on: bool
    show: Show


def _standing(verdict: Verdict | None, history: Sequence[Turn]) -> list[Verdict]:
    """Return every danger that holds for this turn: what was noticed now and before in the talk, newest first."""
    noticed = ([verdict] if verdict else []) + noticed_in(history)[::-1]
    return sorted(noticed, key=lambda one: one.strength is Strength.MAYBE)


def _shown(standing: Sequence[Verdict]) -> Verdict | None:
    """Return the danger to show first: what was NOW had its full card then, and is shown shortly afterwards."""
    if not standing:
        return None
    first = standing[0]
    return replace(first, strength=Strength.CARE) if first.strength is Strength.NOW else first


def _allowed_by(standing: Sequence[Verdict]) -> Callable[[str], bool]:
    return lambda slug: all(care.is_allowed(verdict, slug) for verdict in standing)


def _only_part(standing: Sequence[Verdict], slug: str) -> str:
    """Return the one part of a section that every standing danger leaves to be quoted; empty for the whole."""
    return next((part for verdict in standing if (part := care.only_part(verdict, slug))), "")


def _care(kind: Kind, edition: Edition, verdict: Verdict | None) -> Answer:
    """Begin an answer with what care has to say first."""
    return Answer(kind, (), edition.id, verdict, care.card_for(verdict) if verdict else None)


def _said(history: Sequence[Turn]) -> str:
    """Return what the guide said so far in this talk."""
    return "\n".join(unescape(turn.text) for turn in history if turn.speaker is Speaker.GUIDE)


def _with_onward(
    answer: Answer,
    message: str,
    history: Sequence[Turn],
    hits: Sequence[Hit],
    edition: Edition,
    standing: Sequence[Verdict],
) -> Answer:
    """Add what was understood and where to go from there."""
    if not hits:
        return answer
    allowed = _allowed_by(standing)
    first = hits[0].section
    # Of a section that may be quoted in part only, no question is offered: it would ask for the rest.
    related = [section for section in _related(edition, first, allowed) if not _only_part(standing, section.slug)]
    return replace(
        answer,
        understood=Suggestion(first.slug, first.title) if answer.kind is not Kind.NOT_COVERED else None,
        otherwise=otherwise(answer.kind, hits),
        suggestions=suggestions(answer.kind, hits, related, history, message),
        # An exercise for two is nothing to offer where danger was noticed, however doubtful.
        practice=practice_for(edition, hits, allowed) if answer.kind is Kind.ANSWER and not standing else None,
    )


def _in_hand(slug: str, hits: list[Hit], edition: Edition) -> list[Hit]:
    """Put the section in hand first."""
    section = edition.section(slug)
    passage = edition.passages_of(slug)[0]
    found = next((hit for hit in hits if hit.section.slug == slug), None)
    first = found or Hit(section, 0.0, passage.start, passage.end, Signals(0.0, 0.0, 0.0))
    return [first, *(hit for hit in hits if hit.section.slug != slug)]


def _is_offered(slug: str, edition: Edition, allowed: Callable[[str], bool]) -> bool:
    return bool(slug) and allowed(slug) and any(heading.slug == slug for heading in edition.headings)


def _related(edition: Edition, section: Section, allowed: Callable[[str], bool]) -> list[Section]:
    """Return the related sections that this edition has and that may be offered."""
    known = {heading.slug for heading in edition.headings}
    return [edition.section(slug) for slug in section.related if slug in known and allowed(slug)]
