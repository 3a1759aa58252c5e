"""Zip archives that documents are packed in: opened only where what they unpack to has a bound."""

from __future__ import annotations

import io
import zipfile

from ingest.pieces import Unreadable

MOST_ENTRIES = 20_000
MOST_UNPACKED = 300_000_000
# One part's text is kept in memory as a tree, which is many times as large.
MOST_OF_A_PART = 40_000_000
# What Office programs wrap an encrypted document in, and what documents of old Word are.
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
DAMAGED = "is damaged, or not what its name says. Open it in the program that made it, and save it again."


def opened(raw: bytes) -> zipfile.ZipFile:
    """Return the archive; raises `Unreadable` for one that is encrypted, damaged, or unpacks to too much.

    `zipfile` never yields more of an entry than the size that is declared, so what is declared can be relied on.
    """
    if raw.startswith(COMPOUND):
        raise Unreadable("is encrypted or of an old kind. Save a copy without a password in the format of today.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable(DAMAGED) from error
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Unreadable(
            f"unpacks to more than {MOST_UNPACKED // 1_000_000} MB or {MOST_ENTRIES:,} parts, which no text needs. "
            "Split it, or take the pictures out."
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("is encrypted. Save a copy without a password.")
    return archive


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return an entry's bytes; raises `Unreadable` where there is no such entry or it is damaged or too large."""
    try:
        if archive.getinfo(name).file_size > MOST_OF_A_PART:
            raise Unreadable(f"has a part of more than {MOST_OF_A_PART // 1_000_000} MB of text. Split it.")
        return archive.read(name)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Unreadable(DAMAGED) from error
