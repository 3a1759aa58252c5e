"""What seals an edition: edition.json with a checksum of every other file, and of itself.

Kept apart from `edition.py`, so that going back needs none of the libraries that searching needs.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.guide.errors import LibraryError

SCHEMA_VERSION = 1
MANIFEST = "edition.json"
TEXTS = "guide.sqlite3"
VECTORS = "vectors"
LEXICAL = "lexical"
COVERAGE = "coverage.json"
REPORT = "report.json"
ENCODER = "encoder"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What edition.json says of the edition that it seals.

    `vectors_since` is the edition whose vectors were the last to be written from nothing: all later ones were copied
    and changed, and Chroma's files hold traces of what was deleted in between. `refused` says why the gate kept the
    edition aside, `published_anyway` with what reason it was published against the gate; both are empty as a rule.
    `tuned` is whether it was to learn the guide's language; `seal` is the sha256 of all the rest.
    """

    id: str
    schema: int
    created: str
    parent: str
    title: str
    corpus_fingerprint: str
    encoder_name: str
    encoder_fingerprint: str
    counts: dict[str, int]
    checksums: dict[str, str] = field(repr=False)
    vectors_since: str = ""
    refused: str = ""
    published_anyway: str = ""
    tuned: bool = False
    seal: str = ""


_MANIFEST = TypeAdapter(Manifest)


def read_manifest(folder: Path) -> Manifest:
    """Read edition.json; raises `LibraryError` where it is missing, damaged, or of another program version."""
    path = folder / MANIFEST
    try:
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        schema = int(loaded["schema"])
        if schema != SCHEMA_VERSION:
            mend = "Install the newer program" if schema > SCHEMA_VERSION else "Run `python -m ingest build`"
            raise LibraryError(
                f"The edition {folder.name} has schema {schema}, and this program reads {SCHEMA_VERSION}. {mend}, "
                "or set ATTUNE_LIBRARY to another folder."
            )
        manifest = _MANIFEST.validate_python(loaded)
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise LibraryError(
            f"{path} cannot be read. Go back with `python -m ingest rollback`, or build the guide again."
        ) from error
    if manifest.seal not in ("", _seal_of(loaded)):
        raise LibraryError(f"{path} is damaged. Go back with `python -m ingest rollback`, or build the guide again.")
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Seal a folder: every file is on the disk before edition.json, the last that is written, names its checksum."""
    for path in (p for p in folder.rglob("*") if p.is_file()):
        flush_to_disk(path)
    content = asdict(replace(manifest, checksums=checksums(folder)))
    content["seal"] = _seal_of(content)
    (folder / MANIFEST).write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    flush_to_disk(folder / MANIFEST)
    flush_to_disk(folder)


def checksums(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file of an edition but its manifest, by path below the folder."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in paths}


def verify(folder: Path) -> Manifest:
    """Return the manifest of a sound edition; raises `LibraryError` naming what is missing or damaged."""
    manifest = read_manifest(folder)
    for name, expected in manifest.checksums.items():
        found = _sha256_or_none(folder / name)
        if found != expected:
            raise LibraryError(
                f"{folder / name} is {'damaged' if found else 'missing'}. Go back with "
                "`python -m ingest rollback`, or build the guide again."
            )
    return manifest


def flush_to_disk(path: Path) -> None:
    """Wait until a file or folder is on the disk, so that what is written next cannot outlive it in a power cut."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows opens no folder
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _seal_of(content: dict[str, Any]) -> str:
    others = {name: value for name, value in content.items() if name != "seal"}
    return hashlib.sha256(json.dumps(others, sort_keys=True).encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sha256_or_none(path: Path) -> str:
    """Return the checksum, or nothing where there is no such file; raises `LibraryError` where it cannot be read."""
    try:
        return _sha256(path)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise LibraryError(f"{path} cannot be read ({error.strerror}). Check the disk and the permissions.") from error
