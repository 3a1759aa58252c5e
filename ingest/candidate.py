"""What publishing would make, without publishing it: an edition in a private folder, beside the live one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.guide.encoder import load_encoder
from app.guide.library import Library
from app.guide.private import PrivateFolder
from ingest.build import Building, Parent, building, draft_of, new_edition_id
from ingest.changes import Changes, compare, sections_of
from ingest.gate import Contestant, Judgement
from ingest.golden import Golden
from ingest.progress import Progress
from ingest.publish import judge_against, live_manifest
from ingest.reader import read_corpus


@dataclass(frozen=True, slots=True)
class Candidate:
    """An edition that could be published, with the live one that it would replace."""

    building: Building
    contestant: Contestant
    parent: Parent | None
    changes: Changes
    golden: tuple[Golden, ...]

    def judge(self, margin: float, progress: Progress) -> Judgement:
        """Return what the gate would say."""
        return judge_against(self.parent, self.contestant, self.golden, self.changes, margin, progress)


@contextmanager
def candidate(
    corpus_folder: Path, library: Library, model: str, progress: Progress, *, tune: bool | None = None
) -> Iterator[Candidate]:
    """Build what is in a corpus and yield it; the library is only read, and nothing stays.

    Unless `tune` says whether, it learns the guide's own language where the live edition was to.
    Raises `CorpusError` where the corpus cannot be used.
    """
    load = cache(lambda: load_encoder(model))
    progress.step("reading the guide")
    draft = draft_of(read_corpus(corpus_folder), load)
    live = live_manifest(library)
    parent = Parent(live, library.folder(live.id)) if live else None
    progress.step("loading the encoder")
    encoder = load()
    if tune is None:
        tune = live is not None and live.tuned
    private = PrivateFolder()
    try:
        editions = private.path / "editions"
        folder = editions / new_edition_id(draft, editions)
        with building(folder, draft, parent, encoder, progress, tune=tune) as built:
            changes = compare(sections_of(parent.folder) if parent else {}, draft.sections)
            yield Candidate(built, Contestant(built.edition, encoder), parent, changes, draft.golden)
    finally:
        private.close()
