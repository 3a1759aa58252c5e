"""Bytes to text: a byte order mark, else UTF-8, else the encoding that the bytes look most like."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from ingest.pieces import Unreadable

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like UTF-16's, so it is looked for first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# So much is looked at to find the encoding of the whole.
SAMPLE = 200_000
# A text in the commonest encoding of old Western files may look a little odd (a rare accent) before another is tried.
USUAL = "cp1252"
ODD = 0.1
NO_TEXT = "is not text in any encoding that is known. Save it as UTF-8 text, or take it out of the guide's folder."


def decode(raw: bytes) -> str:
    """Return the text, line ends as newlines; raises `Unreadable` for bytes that are no text."""
    text = _decoded(raw)
    if "\0" in text:
        raise Unreadable(NO_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(raw: bytes) -> str:
    encoding = next((name for mark, name in MARKS if raw.startswith(mark)), "utf-8")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return _guessed(raw)


def _guessed(raw: bytes) -> str:
    found = from_bytes(raw[:SAMPLE])
    usual = next((match for match in found if USUAL in match.could_be_from_charset), None)
    best = usual if usual and usual.chaos <= ODD else found.best()
    if best is None:
        raise Unreadable(NO_TEXT)
    try:
        return raw.decode(USUAL if best is usual else best.encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(NO_TEXT) from error
