"""What stays in the library: the texts of all editions, the newest editions, and nothing that a killed build left."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from app.guide.errors import LibraryError
from app.guide.kept import MEND, TABLES, forgotten_link
from app.guide.library import Library
from app.guide.manifest import TEXTS, flush_to_disk
from app.guide.private import remove_leftovers

BUILDING = ".building-"
Link = tuple[str, str]


def keep_texts(library: Library, edition_id: str, folder: Path) -> None:
    """Keep every section's text under its hash, so that an old link can show what it quoted."""

    def add(kept: sqlite3.Connection) -> None:
        with closing(sqlite3.connect(f"{(folder / TEXTS).resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as texts:
            rows = texts.execute("SELECT slug, hash, record FROM sections").fetchall()
        kept.executemany("INSERT OR IGNORE INTO texts VALUES (?, ?)", ((found, record) for _, found, record in rows))
        published = ((edition_id, slug, found) for slug, found, _ in rows)
        kept.executemany("INSERT OR REPLACE INTO published VALUES (?, ?, ?)", published)

    _rewrite(library, add)


def forget_texts(library: Library, links: Iterable[Link]) -> None:
    """Take the texts behind these links (edition and slug) away, and remember only that the links lead nowhere."""
    gone = list(links)

    def take_away(kept: sqlite3.Connection) -> None:
        kept.executemany("DELETE FROM published WHERE edition = ? AND slug = ?", gone)
        kept.executemany("INSERT OR IGNORE INTO forgotten VALUES (?)", ((forgotten_link(*link),) for link in gone))
        kept.execute("DELETE FROM texts WHERE hash NOT IN (SELECT hash FROM published)")

    _rewrite(library, take_away)


def kept_rows(library: Library) -> Iterator[tuple[str, str, str, str]]:
    """Yield edition, slug, hash and record of every text that is kept."""
    if not library.texts_path.is_file():
        return
    try:
        address = f"{library.texts_path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as kept:
            yield from kept.execute("SELECT edition, slug, hash, record FROM published JOIN texts USING (hash)")
    except sqlite3.Error as error:
        raise LibraryError(f"The kept texts at {library.texts_path} cannot be read. {MEND}") from error


def remove_what_builds_left(library: Library) -> None:
    """Remove what killed builds, rollbacks and readers left behind; the caller holds the library's lock."""
    for folder in (library.root / "editions").glob(f"{BUILDING}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for name in ("LIVE.new", "texts.sqlite3.new", "texts.sqlite3.new-journal"):
        (library.root / name).unlink(missing_ok=True)
    remove_leftovers()


def prune(library: Library, keep: int) -> None:
    """Remove all editions but the live one, the newest `keep`, and the newest that the gate refused since."""
    live = library.live_id()
    manifests = library.manifests()
    passed = [manifest.id for manifest in manifests if not manifest.refused]
    refused = [manifest.id for manifest in manifests if manifest.refused and manifest.id > live]
    for manifest in manifests:
        if manifest.id not in {live, *passed[:keep], *refused[:1]}:
            shutil.rmtree(library.folder(manifest.id), ignore_errors=True)


def _rewrite(library: Library, change: Callable[[sqlite3.Connection], None]) -> None:
    """Change a copy of the kept texts and swap it in; `VACUUM` leaves no free page in which a text could stay."""
    path = library.texts_path
    new = path.with_name(f"{path.name}.new")
    try:
        if path.is_file():
            shutil.copyfile(path, new)
        with closing(sqlite3.connect(new)) as kept:
            with kept:
                kept.executescript(f"PRAGMA secure_delete = ON; {TABLES}")
                change(kept)
            kept.execute("VACUUM")
        flush_to_disk(new)
        new.replace(path)
        flush_to_disk(library.root)
    except sqlite3.Error as error:
        new.unlink(missing_ok=True)
        raise LibraryError(
            f"The kept texts at {path} cannot be written ({error}), so nothing was published. {MEND}"
        ) from error
