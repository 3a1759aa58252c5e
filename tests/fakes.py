"""Stand-ins whose results can be reckoned by hand, and small guides to use them on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import numpy as np
import yaml

from app.guide.encoder import Vectors

VOCABULARY = ("trust", "listen", "quiet", "walk", "argue", "thank", "grief", "money")


class CountingEncoder:
    """Counts the words of `VOCABULARY`, and gives a text without any an axis of its own; rows have unit length.

    So "trust trust listen" is (2, 1, 0, ...) over the root of 5, and its cosine with "trust" is 2 over the root of 5.
    """

    def __init__(self, name: str = "counting", fingerprint: str = "counting-1") -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text and remember what was asked."""
        self.encoded += texts
        rows = np.array([counts(text) for text in texts], dtype=np.float32).reshape(len(texts), len(VOCABULARY) + 1)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class BreakingEncoder(CountingEncoder):
    """A counting encoder that breaks when it is asked for the text that holds `at`."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self._at = at

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Raise where the text stands among these."""
        if any(self._at in text for text in texts):
            raise RuntimeError("the power went")
        return super().encode(texts)


class Clock:
    """Stands in for the class `datetime`: every look at it is `step` seconds later than the one before."""

    def __init__(self, day: int, step: int = 1) -> None:
        self._now = datetime(2026, 1, day, 3, 4, 5, tzinfo=UTC)
        self._step = timedelta(seconds=step)

    def now(self, zone: tzinfo) -> datetime:
        """Return the next moment."""
        self._now += self._step
        return self._now.astimezone(zone)


class Steps:
    """A progress that keeps what it was told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def step(self, name: str) -> None:
        """Keep the step's name."""
        self.said.append(name)

    @contextmanager
    def count(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """Keep the step's name."""
        self.said.append(name)
        yield lambda done: None


def counts(text: str) -> list[int]:
    """Return how often each word of the vocabulary stands in a text, and 1 at the end where none does."""
    words = re.findall(r"\w+", text.lower())
    found = [words.count(word) for word in VOCABULARY]
    return [*found, int(not any(found))]


def write_section(corpus: Path, slug: str, body: str, /, **front: object) -> Path:
    """Write one section's file below a corpus and return its path."""
    path = corpus / "guide" / f"{slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    matter = yaml.safe_dump({"slug": slug, **front}, allow_unicode=True, sort_keys=False)
    path.write_text(f"---\n{matter}---\n\n{body}", encoding="utf-8")
    return path


def write_small_guide(corpus: Path) -> None:
    """Write a guide of three sections, each about a word that the counting encoder knows."""
    write_section(
        corpus,
        "trust/bids",
        "## Short answer\n\nTrust grows in small moments. Keep trust small.\n\n"
        "## Try this\n\n1. Trust one thing today.\n",
        title="Small bids",
        asked_as=["how do we trust again", "trust is gone"],
        related=["talk/listening", "trust/nowhere"],
    )
    write_section(
        corpus,
        "talk/listening",
        "## Short answer\n\nListen before you answer.\n\n## Why\n\nTo listen is to stay.\n",
        title="Listening well",
        asked_as=["nobody will listen to me"],
    )
    write_section(
        corpus,
        "barriers/quiet",
        "## Short answer\n\nA quiet partner may need a walk.\n\n## Try this\n\n1. Take a walk.\n2. Stay quiet.\n\n"
        "## When this does not fit\n\nIf you are afraid, do not open up more. Nobody owes you a thought.\n",
        title="A quiet partner",
        openness=True,
        asked_as=["my partner is quiet", "so quiet on every walk"],
    )


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict]:
        """The JSON objects on standard output, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def assert_refused(ended: Ended, *facts: str, code: int = 2) -> None:
    """Assert that a command ended with one line on standard error that holds these facts, and printed nothing else."""
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.count("\n") == 1
    assert ended.err.rstrip().endswith((".", "?"))
    assert [fact for fact in facts if fact not in ended.err] == []
