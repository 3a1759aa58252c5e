"""Publish: build under the library's lock, let the gate judge, keep the texts, move LIVE, prune what is not kept."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from app.guide.edition import Edition
from app.guide.encoder import Encoder, encoder_fingerprint, load_encoder
from app.guide.errors import CorpusError, EncoderError, LibraryError
from app.guide.library import Library
from app.guide.manifest import REPORT, Manifest, flush_to_disk, verify
from ingest.build import Draft, Parent, building, draft_of, new_edition_id
from ingest.changes import Changes, Move, compare, sections_of
from ingest.forget import Plan, forget, plan_to_forget
from ingest.gate import Contestant, Judgement, judge_edition, results_in
from ingest.golden import Golden
from ingest.keep import BUILDING, keep_texts, prune, remove_what_builds_left
from ingest.lock import writing
from ingest.progress import Progress
from ingest.reader import Aside, read_corpus

MARGIN = 0.02


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, in sections; `embedded` counts texts that were turned into vectors.

    `refused` says why the gate kept the edition aside, and is empty for one that is live. `forgotten` counts links
    whose text was removed. `skipped` says of each file that could not be used why, and `left_out` names what is no part
    of the documents' texts.
    """

    edition: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[Move, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    embedded: int = 0
    seconds: float = 0.0
    gate: Judgement | None = None
    refused: str = ""
    published_anyway: str = ""
    forgotten: int = 0
    skipped: tuple[str, ...] = ()
    left_out: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an editor asks of a build.

    `margin` is how much of the share of questions answered right may be lost; `anyway` is the reason to publish against
    the gate. With `forget`, what is no longer in the guide is removed from everywhere, and with it all earlier texts of
    the sections `earlier_of`; `confirm` is told beforehand what goes, and raises to stop it. With `allow_skips`, files
    that cannot be used are left out and reported. With `tune`, the edition learns the guide's own language, and
    keeps what it learned where it helps.
    """

    margin: float = MARGIN
    anyway: str = ""
    forget: bool = False
    earlier_of: tuple[str, ...] = ()
    confirm: Callable[[Plan], None] = lambda plan: None
    allow_skips: bool = False
    tune: bool = False


def publish(
    corpus_folder: Path, library: Library, model: str, progress: Progress, keep: int, wishes: Wishes = Wishes()
) -> Report:
    """Read the corpus and make it the live edition, unless it is that already; `model` names the encoder.

    The newest `keep` editions stay in the library.

    Where the gate refuses the new edition, it is kept aside, and the report says why. Raises `CorpusError` for a
    corpus that cannot be used, `LibraryBusy` where another process is writing, and `LibraryError` where the library
    cannot be written; in all these cases, and when the build is killed, what was live stays live.
    """
    began = time.monotonic()
    progress.step("reading the guide")
    load = cache(lambda: load_encoder(model))
    draft = draft_of(read_corpus(corpus_folder, allow_skips=wishes.allow_skips), load)
    if wishes.forget and draft.skipped:
        raise CorpusError(
            f"{draft.skipped[0]} Nothing is forgotten while a file is skipped: it would be forgotten too."
        )
    with writing(library), _told_if_full(library):
        remove_what_builds_left(library)
        live = live_manifest(library)
        plan = plan_to_forget(library, draft.sections, wishes.earlier_of) if wishes.forget else None
        if plan:
            wishes.confirm(plan)
        same = live and live.tuned == wishes.tune and _is_same(live, draft, encoder_fingerprint(model))
        if live and same and not (plan and live.id in plan.editions):
            unchanged = live.counts["sections"]
            report = Report(live.id, unchanged=unchanged, skipped=draft.skipped, left_out=draft.left_out)
        else:
            progress.step("loading the encoder")
            encoder = load()
            parent = Parent(live, library.folder(live.id), forget=bool(plan)) if live else None
            report = _build(draft, library, parent, encoder, progress, wishes)
            if live or not report.refused:
                prune(library, keep)
        if plan and not report.refused:
            progress.step("forgetting")
            forget(library, plan)
            report = replace(report, forgotten=len(plan.links))
    return replace(report, seconds=_since(began))


def live_manifest(library: Library) -> Manifest | None:
    """Return what the live edition says of itself, or None where the library has no sound live edition."""
    try:
        return verify(library.folder(library.live_id()))
    except LibraryError:
        return None


def _build(
    draft: Draft,
    library: Library,
    parent: Parent | None,
    encoder: Encoder,
    progress: Progress,
    wishes: Wishes,
) -> Report:
    """Build an edition, judge it, and make it live or keep it aside."""
    began = time.monotonic()
    editions = library.root / "editions"
    edition_id = new_edition_id(draft, editions)
    folder = editions / f"{BUILDING}{edition_id}"
    try:
        with building(folder, draft, parent, encoder, progress, tune=wishes.tune) as built:
            changes = compare(sections_of(parent.folder) if parent else {}, draft.sections)
            new = Contestant(built.edition, encoder)
            judgement = judge_against(parent, new, draft.golden, changes, wishes.margin, progress)
            report = Report(
                edition=edition_id,
                **{name: getattr(changes, name) for name in ("added", "changed", "moved", "removed", "unchanged")},
                embedded=built.embedded,
                seconds=_since(began),
                gate=judgement,
                refused="" if wishes.anyway else "; ".join(judgement.reasons),
                published_anyway=wishes.anyway,
                skipped=draft.skipped,
                left_out=draft.left_out,
            )
            stored = without_names(report) if parent and parent.forget else report
            built.seal(asdict(stored), refused=report.refused, published_anyway=report.published_anyway)
        if not report.refused:
            progress.step("publishing")
            keep_texts(library, edition_id, folder)
        folder.rename(library.folder(edition_id))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # what is left over may be what filled the disk
        raise
    flush_to_disk(editions)
    if not report.refused:
        library.move_live(edition_id)
    return report


def judge_against(
    parent: Parent | None,
    new: Contestant,
    golden: Sequence[Golden],
    changes: Changes,
    margin: float,
    progress: Progress,
) -> Judgement:
    """Judge an edition beside its parent; beside nothing where it has none or the parent's encoder is gone."""
    if parent is None:
        return judge_edition(new, None, golden, changes, margin, progress)
    # Golden questions may know a section by its old name or by its new one: after a renaming all are asked again.
    before = None if changes.renamed else results_in(parent.folder / REPORT, golden)
    if before:
        return judge_edition(new, before, golden, changes, margin, progress)
    encoder = encoder_of(parent.manifest, new.encoder)
    if encoder is None:
        judgement = judge_edition(new, None, golden, changes, margin, progress)
        note = f"not compared with the live edition, whose encoder {parent.manifest.encoder_name} is not here"
        return replace(judgement, note="; ".join(filter(None, (judgement.note, note))))
    live = Edition(parent.folder)
    try:
        return judge_edition(new, Contestant(live, encoder), golden, changes, margin, progress)
    finally:
        live.close()


def without_names(report: Report) -> Report:
    """Return a report that names no section that went."""
    gate = replace(report.gate, lost=(), reasons=()) if report.gate else None
    return replace(report, removed=(), gate=gate)


def encoder_of(manifest: Manifest, encoder: Encoder) -> Encoder | None:
    """Return the encoder that an edition was made with, if it can be had."""
    if manifest.encoder_fingerprint == encoder.fingerprint:
        return encoder
    with suppress(EncoderError):
        if encoder_fingerprint(manifest.encoder_name) == manifest.encoder_fingerprint:
            return load_encoder(manifest.encoder_name)
    return None


@contextmanager
def _told_if_full(library: Library) -> Iterator[None]:
    """Turn what a full or failing disk raises into one sentence; `LIVE` is moved only after everything was written."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise LibraryError(
            f"The library at {library.root} cannot be written to ({getattr(error, 'strerror', None) or error}), so "
            "nothing was published. Check the space on the disk and the permissions."
        ) from error


def _is_same(live: Manifest, draft: Draft, encoder: str) -> bool:
    return live.corpus_fingerprint == draft.fingerprint and live.encoder_fingerprint == encoder


def _since(began: float) -> float:
    return round(time.monotonic() - began, 2)
