"""What publishing would change, or what changed between two editions: sections, words, and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from app.guide.edition import Edition
from app.guide.encoder import load_encoder
from app.guide.errors import LibraryError
from app.guide.library import Library
from app.guide.manifest import verify
from app.guide.nouns import Section
from ingest.build import draft_of
from ingest.candidate import candidate
from ingest.changes import Changes, Move, compare, sections_of
from ingest.gate import Contestant, answers_to, for_the_gate, is_right
from ingest.golden import Golden, read_golden
from ingest.judge import Outcome
from ingest.progress import Progress
from ingest.publish import encoder_of
from ingest.reader import read_corpus
from ingest.wording import Run, word_changes

What = Literal["section", "kind", "words"]
FIELDS = ("title", "chapter", "summary", "openness", "asked_as", "related", "references")


@dataclass(frozen=True, slots=True)
class Named:
    """A section by slug and title."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """Something besides the text that changed: its name, and what it was and is."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class ChangedSection:
    """A section that says something else; `words` are the runs of its text, empty where the text stayed."""

    slug: str
    title: str
    words: tuple[Run, ...]
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a golden question got: the kind of answer, the sections it quotes, and whether that was right."""

    kind: str
    sections: tuple[str, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A golden question whose answer changes: from another section, of another kind, or only in its words."""

    id: str
    ask: str
    expects: tuple[str, ...]
    what: What
    before: Answered
    after: Answered


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs; `after` is empty where it is the corpus. `questions` is None where none were asked."""

    before: str
    after: str
    added: tuple[Named, ...]
    changed: tuple[ChangedSection, ...]
    moved: tuple[Move, ...]
    removed: tuple[Named, ...]
    unchanged: int
    questions: tuple[QuestionChange, ...] | None = None
    asked: int = 0


def difference(
    library: Library, before: str, after: str, corpus: Path, model: str, progress: Progress, *, ask: bool = True
) -> Difference:
    """Compare an edition (by default the live one) with another, or with the corpus where no other is named.

    The library is only read. Raises `LibraryError` for an edition that is not kept or is damaged, and `CorpusError`
    for a corpus that cannot be used.
    """
    before = before or library.live_id()
    old = sections_of(_kept(library, before))
    new = (
        list(sections_of(_kept(library, after)).values())
        if after
        else list(draft_of(read_corpus(corpus), lambda: load_encoder(model)).sections)
    )
    changes = compare(old, new)
    found = _texts(before, after, old, {section.slug: section for section in new}, changes)
    golden = for_the_gate(read_golden(corpus)) if ask else []
    if not golden:
        return found
    if list(old.values()) == new:
        return replace(found, questions=())
    with ExitStack() as stack:
        one = stack.enter_context(_opened(library, before, model))
        if after:
            other = stack.enter_context(_opened(library, after, model))
        else:
            other = stack.enter_context(candidate(corpus, library, model, progress)).contestant
        questions = tuple(_question_changes(one, other, golden, changes.renamed, progress))
    return replace(found, questions=questions, asked=len(golden))


def _kept(library: Library, edition_id: str) -> Path:
    folder = library.folder(edition_id)
    if not folder.is_dir():
        raise LibraryError(f"The edition {edition_id} is not kept. `python -m ingest list` shows what is.")
    verify(folder)
    return folder


@contextmanager
def _opened(library: Library, edition_id: str, model: str) -> Iterator[Contestant]:
    edition = Edition(library.folder(edition_id))
    try:
        encoder = encoder_of(edition.manifest, load_encoder(model))
        if encoder is None:
            raise LibraryError(
                f"The edition {edition_id} was made with the encoder {edition.manifest.encoder_name}, which is not "
                "here. Compare the texts alone with --no-questions."
            )
        yield Contestant(edition, encoder)
    finally:
        edition.close()


def _texts(
    before: str, after: str, old: Mapping[str, Section], new: Mapping[str, Section], changes: Changes
) -> Difference:
    return Difference(
        before=before,
        after=after,
        added=tuple(Named(slug, new[slug].title) for slug in changes.added),
        changed=tuple(_changed(old[slug], new[slug]) for slug in changes.changed),
        moved=changes.moved,
        removed=tuple(Named(slug, old[slug].title) for slug in changes.removed),
        unchanged=changes.unchanged,
    )


def _changed(old: Section, new: Section) -> ChangedSection:
    fields = ((name, getattr(old, name), getattr(new, name)) for name in FIELDS)
    return ChangedSection(
        slug=new.slug,
        title=new.title,
        words=word_changes(old.text, new.text) if old.text != new.text else (),
        fields=tuple(FieldChange(name, was, now) for name, was, now in fields if was != now),
    )


def _question_changes(
    old: Contestant, new: Contestant, golden: Sequence[Golden], renamed: Mapping[str, str], progress: Progress
) -> Iterator[QuestionChange]:
    for was, now in zip(*answers_to([old, new], golden, progress), strict=True):
        before, after = _answered(was, renamed), _answered(now, renamed)
        what: What | None = None
        if before.sections[:1] != after.sections[:1]:
            what = "section"
        elif before.kind != after.kind:
            what = "kind"
        elif [c.quote for c in was.answer.citations] != [c.quote for c in now.answer.citations]:
            what = "words"
        if what:
            yield QuestionChange(now.question.id, now.turn.ask, now.turn.sections, what, before, after)


def _answered(outcome: Outcome, renamed: Mapping[str, str]) -> Answered:
    sections = tuple(renamed.get(slug, slug) for slug in outcome.answer.sections)
    return Answered(outcome.answer.kind.value, sections, is_right(outcome, renamed))
