"""An answer that a language model writes out of the guide, each sentence checked before anybody sees it.

Whatever goes wrong, the composed answer stands, with a few words about why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from app.guide.compose import TO_MIND, cite
from app.guide.edition import Edition
from app.guide.encoder import Encoder, RememberedVectors
from app.guide.nouns import Answer, BlockKind, Hit, Part, Section, Sentence
from app.guide.verify.check import LONGEST, Checker, read_claim
from app.guide.verify.features import Passage
from app.guide.verify.finished import finished
from app.guide.writer import Failure, ModelFailed, Writer

MOST_SECTIONS = 3
# Of the best section as many passages as this are given to the model, of the others the two that matter most.
MOST_PASSAGES = 8
FEWEST_SENTENCES, MOST_SENTENCES = 2, 8
# So many sentences without support end it: what follows would hardly be better.
MOST_DROPPED = 12
INSTEAD = "so this is the guide's own wording."
NOTES = {
    Failure.LATE: f"The language model took too long, {INSTEAD}",
    Failure.UNREACHABLE: f"The language model could not be reached, {INSTEAD}",
    Failure.REFUSED: f"The language model's server refused the key, {INSTEAD}",
    Failure.BROKEN: f"The language model's answer broke off, {INSTEAD}",
    Failure.UNSUPPORTED: f"The guide bore out too little of what the language model wrote, {INSTEAD}",
}

Show = Callable[[tuple[Part, ...]], None]


def show_nothing(parts: tuple[Part, ...]) -> None:
    """Wait for the whole answer."""


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as the model gets it: whole sentences of a section."""

    section: Section
    sentences: tuple[Sentence, ...]

    @property
    def texts(self) -> list[str]:
        """The sentences' words."""
        return [self.section.text[s.start : s.end] for s in self.sentences]


class Written:
    """Answers by a writer, checked with the encoder that the checker was fitted with."""

    def __init__(self, writer: Writer, checker: Checker, encoder: Encoder) -> None:
        self.writer = writer
        self._checker = checker
        self._encoder = encoder
        self._remembered = RememberedVectors(encoder)

    def instead_of(
        self, composed: Answer, question: str, hits: Sequence[Hit], edition: Edition, show: Show = show_nothing
    ) -> Answer:
        """Return the written answer, or the composed one with a note why it stands.

        `show` gets the parts that have stood the check so far, again and again while the model writes; what it raises
        stops the model.
        """
        sources = sources_of(hits, edition)
        try:
            parts, dropped = self._write(question, sources, edition.id, show)
        except ModelFailed as failed:
            return replace(composed, note=NOTES[failed.failure])
        if len(parts) < max(FEWEST_SENTENCES, dropped):
            return replace(composed, note=NOTES[Failure.UNSUPPORTED], dropped=dropped)
        told = _with_safety(parts, sources, edition.id)
        return replace(composed, parts=told, written_by=self.writer.name, dropped=dropped)

    def _write(
        self, question: str, sources: Sequence[Source], edition: str, show: Show
    ) -> tuple[tuple[Part, ...], int]:
        """Return a part for each sentence that stood the check, and how many did not."""
        passages = [_in_words(source) for source in sources]
        parts: tuple[Part, ...] = ()
        dropped = 0
        with closing(self.writer.write(question, passages)) as pieces:
            for sentence in finished(pieces):
                part = self._checked(sentence, sources, edition, len(parts) + 1) if sentence else None
                if part and all(part.items != known.items for known in parts):
                    parts = (*parts, part)
                else:
                    dropped += bool(sentence)
                show(_with_safety(parts, sources, edition))
                if len(parts) == MOST_SENTENCES or dropped > MOST_DROPPED:
                    break
        return parts, dropped

    def _checked(self, sentence: str, sources: Sequence[Source], edition: str, n: int) -> Part | None:
        """Return a sentence as a part that cites the words that bear it out; None where it does not stand the check."""
        claim = read_claim(sentence)
        if len(claim.text) > LONGEST or not all(1 <= number <= len(sources) for number in claim.cites):
            return None
        for source in (sources[number - 1] for number in claim.cites):
            enough = self._checker.enough(claim.text, Passage(source.texts, self._encoder, self._remembered))
            if enough:
                return _part(claim.text, source, source.sentences[enough.start : enough.stop], edition, n)
        return None


def sources_of(hits: Sequence[Hit], edition: Edition) -> list[Source]:
    """Return the passages to write from: the best section's, and of the next two the first and the nearest."""
    found: list[Source] = []
    for hit in hits[:MOST_SECTIONS]:
        passages = edition.passages_of(hit.section.slug)
        if hit is not hits[0]:
            passages = [one for one in passages if one.start in (passages[0].start, hit.start)]
        within = (_within(hit.section, passage.start, passage.end) for passage in passages[:MOST_PASSAGES])
        found += [Source(hit.section, sentences) for sentences in within if sentences]
    return found


def _within(section: Section, start: int, end: int) -> tuple[Sentence, ...]:
    return tuple(s for s in section.sentences if start <= s.start and s.end <= end)


def _in_words(source: Source) -> str:
    return f"({source.section.title}) {' '.join(source.texts)}"


def _part(text: str, source: Source, run: Sequence[Sentence], edition: str, n: int) -> Part:
    return replace(
        cite(n, run, source.section, edition), items=(text,), kind=BlockKind.PARAGRAPH, links=(), written=True
    )


def _with_safety(parts: tuple[Part, ...], sources: Sequence[Source], edition: str) -> tuple[Part, ...]:
    """Add, of each cited section that asks for openness, its own sentence about when not to, as it stands there."""
    cited = {part.citation.slug for part in parts if part.citation}
    sections = {source.section.slug: source.section for source in sources if source.section.slug in cited}
    sentences = [(section, section.safety_sentence) for section in sections.values()]
    asking = [(section, sentence) for section, sentence in sentences if sentence]
    return parts + tuple(
        cite(n, [sentence], section, edition, TO_MIND) for n, (section, sentence) in enumerate(asking, len(parts) + 1)
    )
