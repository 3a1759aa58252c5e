"""Sentences out of a text that comes piece by piece, each as soon as it is finished with its markers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# A sentence ends with a stop, its quotation marks and its markers, where no small letter goes on; a line ends one too.
_END = re.compile(
    r"[.!?\u2026]+[\"\u201d'\u2019)*_]*(?:\s*\[[\d\s,;]*\])*[.!?]?(?=\s+[^\s\[a-z])|\]\.?(?=\s+[A-Z\"\u201c])|\n"
)
_LIST_NUMBER = re.compile(r"\s*\d{1,2}[.)]\s*")
# Some models think aloud first; that is no part of the answer.
_THOUGHT = re.compile(r"\s*<think>.*?(?:</think>|(?P<open>\Z))", re.DOTALL)
# What has gone on for so long without an end is cut there, in characters.
LONGEST = 1000


def finished(pieces: Iterable[str]) -> Iterator[str]:
    """Yield each sentence as soon as it is finished, and "" for each piece that finishes none."""
    text = ""
    for piece in pieces:
        text += piece
        thought = _THOUGHT.match(text)
        if thought and thought["open"] is not None:
            yield ""
            continue
        *whole, text = _parted(text[thought.end() :] if thought else text)
        yield from whole or [""]
    if not _THOUGHT.match(text):
        yield from (part for part in text.split("\n") if _says_something(part))


def _parted(text: str) -> list[str]:
    """Return the finished sentences of a text, and last what is not finished."""
    parts: list[str] = []
    start = 0
    for end in (found.end() for found in _END.finditer(text)):
        part = text[start:end]
        if text[end - 1] != "\n" and (_is_in_quotation(part) or _LIST_NUMBER.fullmatch(part)):
            continue
        start = end
        parts += [part] if _says_something(part) else []
    rest = text[start:]
    return [*parts, rest] if len(rest) < LONGEST else [*parts, rest, ""]


def _is_in_quotation(text: str) -> bool:
    return text.count('"') % 2 == 1 or text.count("\u201c") > text.count("\u201d")


def _says_something(text: str) -> bool:
    return any(map(str.isalpha, text))
