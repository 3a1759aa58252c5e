"""What stands in the library: the editions that are kept, which is live, what they weigh, and how they were judged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.guide.errors import LibraryError
from app.guide.library import Library
from app.guide.manifest import REPORT, Manifest, verify


@dataclass(frozen=True, slots=True)
class Kept:
    """An edition that is kept; `damage` says what is wrong with it, and `gate` is the gate's judgement."""

    manifest: Manifest
    live: bool
    bytes: int
    damage: str
    gate: dict[str, Any] | None

    def as_dict(self) -> dict[str, Any]:
        """Return what `list --json` prints."""
        return {
            "edition": self.manifest.id,
            "created": self.manifest.created,
            "parent": self.manifest.parent,
            "encoder": self.manifest.encoder_name,
            "counts": self.manifest.counts,
            "live": self.live,
            "bytes": self.bytes,
            "refused": self.manifest.refused,
            "published_anyway": self.manifest.published_anyway,
            "damage": self.damage,
            "gate": self.gate,
        }


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library's editions, newest first; `warning` says why the live one cannot be used, and is empty if it can."""

    root: Path
    editions: tuple[Kept, ...]
    bytes: int
    warning: str

    def live(self) -> Kept:
        """Return the live edition; raises `LibraryError` where none can be named."""
        for one in self.editions:
            if one.live:
                return one
        raise LibraryError(self.warning)


def shelf(library: Library) -> Shelf:
    """Look at a library; nothing is written, and no lock is needed."""
    live, warning = "", ""
    try:
        live = library.live_id()
        verify(library.folder(live))
    except LibraryError as error:
        warning = str(error)
    editions = tuple(_kept(library, manifest, manifest.id == live) for manifest in library.manifests())
    return Shelf(library.root, editions, _bytes(library.root), warning)


def _kept(library: Library, manifest: Manifest, live: bool) -> Kept:
    folder = library.folder(manifest.id)
    damage = ""
    try:
        verify(folder)
    except LibraryError as error:
        damage = str(error)
    return Kept(manifest, live, _bytes(folder), damage, _gate(folder))


def _gate(folder: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((folder / REPORT).read_text(encoding="utf-8"))["gate"]
    except (OSError, ValueError, KeyError, TypeError):  # a damaged report, or one of an earlier program
        return None
    return found if isinstance(found, dict) else None


def _bytes(folder: Path) -> int:
    """Return how many bytes the files below a folder hold; what vanishes meanwhile counts nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total
