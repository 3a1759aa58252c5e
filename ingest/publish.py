"""Publish: build under the library's lock, keep the texts, move LIVE, prune what is no longer kept."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from app.guide.edition import TEXTS, Manifest, verify
from app.guide.encoder import encoder_fingerprint, load_encoder
from app.guide.errors import LibraryBusy, LibraryError
from app.guide.library import KEPT_TABLES, Library
from ingest.build import Report, build_edition, draft_of, fingerprint_of
from ingest.progress import Progress
from ingest.reader import read_corpus


def publish(corpus_folder: Path, library: Library, model: str, progress: Progress, keep: int) -> Report:
    """Read the corpus and make it the live edition, unless it is that already; `model` names the encoder.

    Raises `CorpusError` for a corpus that cannot be used and `LibraryBusy` where another process is writing; in both
    cases, and when the build is killed, what was live stays live.
    """
    began = time.monotonic()
    progress.step("reading the guide")
    corpus = read_corpus(corpus_folder)
    with writing(library):
        parent = live_manifest(library)
        if parent and _is_same(parent, fingerprint_of(corpus), encoder_fingerprint(model)):
            return Report(edition=parent.id, unchanged=parent.counts["sections"], seconds=_since(began))
        draft = draft_of(corpus)
        progress.step("loading the encoder")
        folder, report = build_edition(draft, library, parent, load_encoder(model), progress)
        progress.step("publishing")
        _keep_texts(library, folder)
        library.move_live(report.edition)
        _prune(library, keep)
    return replace(report, seconds=_since(began))


def roll_back(library: Library, edition_id: str = "") -> str:
    """Make an earlier edition live, by default the newest sound one that is not live; return its id.

    Raises `LibraryError` where there is none such.
    """
    with writing(library):
        chosen = edition_id or _newest_before_live(library)
        if not library.folder(chosen).is_dir():
            raise LibraryError(f"The edition {chosen} is not kept. `python -m ingest list` shows what is.")
        verify(library.folder(chosen))
        library.move_live(chosen)
        return chosen


def live_manifest(library: Library) -> Manifest | None:
    """Return what the live edition says of itself, or None where the library has no sound live edition."""
    try:
        return verify(library.folder(library.live_id()))
    except LibraryError:
        return None


def _newest_before_live(library: Library) -> str:
    """Return the newest sound edition before the live one; before any other, where LIVE names none."""
    try:
        live = library.live_id()
    except LibraryError:
        live = ""
    for manifest in library.manifests():
        if not live or manifest.id < live:
            with contextlib.suppress(LibraryError):
                return verify(library.folder(manifest.id)).id
    raise LibraryError("There is no earlier edition to go back to. `python -m ingest list` shows what is kept.")


@contextmanager
def writing(library: Library) -> Iterator[None]:
    """Hold the library's lock, which the operating system lets go of when its owner dies."""
    try:
        library.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(library.lock_path, timeout=0)
        with lock:
            yield
    except Timeout as error:
        raise LibraryBusy(
            f"Another process is writing to the library at {library.root}. Wait until it is done, and try again."
        ) from error
    except PermissionError as error:
        raise LibraryError(
            f"The library at {library.root} cannot be written to. Change its permissions, or set ATTUNE_LIBRARY."
        ) from error


def _is_same(parent: Manifest, corpus: str, encoder: str) -> bool:
    return parent.corpus_fingerprint == corpus and parent.encoder_fingerprint == encoder


def _keep_texts(library: Library, folder: Path) -> None:
    """Keep every section's text under its hash, so that an old link can show what it quoted."""
    try:
        _copy_texts(library, folder)
    except sqlite3.Error as error:
        raise LibraryError(
            f"The kept texts at {library.texts_path} cannot be written ({error}), so nothing was published. Restore "
            "the file from a backup; or move it away, and links to editions that are no longer kept will not open."
        ) from error


def _copy_texts(library: Library, folder: Path) -> None:
    with closing(sqlite3.connect(library.texts_path)) as kept, kept:
        kept.executescript(KEPT_TABLES)
        with closing(sqlite3.connect(f"{(folder / TEXTS).resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as texts:
            for slug, found, record in texts.execute("SELECT slug, hash, record FROM sections"):
                kept.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (found, record))
                kept.execute("INSERT OR REPLACE INTO published VALUES (?, ?, ?)", (folder.name, slug, found))


def _prune(library: Library, keep: int) -> None:
    live = library.live_id()
    for manifest in library.manifests()[keep:]:
        if manifest.id != live:
            shutil.rmtree(library.folder(manifest.id), ignore_errors=True)


def _since(began: float) -> float:
    return round(time.monotonic() - began, 2)
