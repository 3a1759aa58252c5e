"""Questions that the guide could not answer, kept only where the person who asked chose to: the words, and the day.

They lie beside the editions and belong to none. Nothing tells who asked, when on that day, or what else was said.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import yaml

from app.guide import care
from app.guide.encoder import Encoder
from app.guide.errors import LibraryError, UnusableInput
from app.guide.messages import check, clean
from app.guide.nouns import Answer, Kind

FILE = "gaps.sqlite3"
KEPT_DAYS = 90
LONGEST_KEPT = 500
# Somebody who sends question after question can neither fill the disk nor make the editor's page slow.
MOST_KEPT = 2000
# The mean cosine of two groups above which they are one. Tried on questions that this guide does not cover: below .35
# questions about one matter in other words stand together, and above .4 nearly every one stands alone.
ALIKE = 0.35
# Without row numbers the file does not tell in which order the questions of a day came.
_TABLE = (
    "CREATE TABLE IF NOT EXISTS gaps (day TEXT NOT NULL, words TEXT NOT NULL, PRIMARY KEY (day, words)) WITHOUT ROWID"
)
_TOO_MANY = (
    "DELETE FROM gaps WHERE (day, words) IN (SELECT day, words FROM gaps ORDER BY day DESC, words LIMIT -1 OFFSET ?)"
)
PATIENCE = 1.0
_HEADINGS = ("Short answer", "Why", "Try this", "Words you could use", "When this does not fit")


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """The words of a question that the guide could not answer, and the day on which they were kept."""

    day: date
    words: str


class Gaps:
    """The kept questions of a library. What is older than `KEPT_DAYS` is deleted whenever the file is used."""

    def __init__(self, library: Path, today: Callable[[], date] = lambda: datetime.now(UTC).date()) -> None:
        """Keep in this folder; nothing is written before the first question."""
        self._path = library / FILE
        self._today = today

    def keep(self, words: str) -> None:
        """Keep these words with today's date.

        Raises `UnusableInput` for words that are empty, too long, or that signal danger: those are never kept; and
        `LibraryError` where the file cannot be written.
        """
        words = clean(words)
        check(words)
        if len(words) > LONGEST_KEPT:
            raise UnusableInput(f"At most {LONGEST_KEPT} characters are kept. Shorten it to the question itself.")
        if care.screen(words):
            raise UnusableInput(
                "These words sound as if somebody may be in danger, so they are not kept. "
                '"Help now" at the top has people to talk to.'
            )
        with self._open() as file:
            file.execute("INSERT OR IGNORE INTO gaps VALUES (?, ?)", (self._today().isoformat(), words))
            file.execute(_TOO_MANY, (MOST_KEPT,))

    def kept(self) -> list[Gap]:
        """Return what is kept, newest day first; raises `LibraryError` where the file cannot be read."""
        if not self._path.is_file():
            return []
        with self._open() as file:
            rows = file.execute("SELECT day, words FROM gaps ORDER BY day DESC, words").fetchall()
        return [Gap(date.fromisoformat(day), words) for day, words in rows]

    def forget(self, gaps: Iterable[Gap]) -> None:
        """Delete these at once, so that the file holds no trace of them; raises `LibraryError` where it cannot be."""
        with self._open() as file:
            file.executemany(
                "DELETE FROM gaps WHERE day = ? AND words = ?", [(g.day.isoformat(), g.words) for g in gaps]
            )

    def forget_old(self) -> None:
        """Delete what is older than `KEPT_DAYS`; a file that cannot be used is left, and the log says so."""
        try:
            self.kept()
        except LibraryError as error:
            logging.getLogger("attune").warning("%s", error)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=PATIENCE)) as file, file:
                # What is deleted is overwritten, not only marked as free.
                file.execute("PRAGMA secure_delete = ON")
                file.execute(_TABLE)
                oldest = self._today() - timedelta(days=KEPT_DAYS)
                file.execute("DELETE FROM gaps WHERE day < ?", (oldest.isoformat(),))
                yield file
        except sqlite3.Error as error:
            raise LibraryError(
                f"The kept questions at {self._path} cannot be used ({type(error).__name__}). Check the disk and the "
                "permissions, or move the file away to begin anew."
            ) from error


def may_be_offered(answers: Sequence[Answer]) -> bool:
    """Whether keeping the last question may be offered, given all answers of the talk, oldest first.

    Only where the guide did not cover it, and never in a talk in which danger was noticed, however doubtful.
    """
    if not answers or any(answer.care for answer in answers):
        return False
    return answers[-1].kind in (Kind.PARTIAL, Kind.NOT_COVERED)


def group(gaps: Sequence[Gap], encoder: Encoder) -> list[list[Gap]]:
    """Return the questions in groups of likeness, the largest and then the newest first.

    Average-linkage clustering over cosines (scikit-learn).
    """
    if len(gaps) < 2:
        return [list(gaps)] if gaps else []
    from sklearn.cluster import AgglomerativeClustering

    clustering = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - ALIKE
    )
    labels = clustering.fit_predict(encoder.encode([gap.words for gap in gaps]))
    groups = [[gap for gap, found in zip(gaps, labels, strict=True) if found == label] for label in set(labels)]
    return sorted(groups, key=lambda one: (-len(one), -max(gap.day for gap in one).toordinal(), one[0].words))


def draft(gaps: Sequence[Gap]) -> str:
    """Return the beginning of a section for these questions, as guide Markdown: they are its asked-as lines.

    Title and text are left to the editor; without a text the section is refused, so it cannot be published unfinished.
    """
    front = {"title": "", "summary": "", "openness": False, "asked_as": list(dict.fromkeys(g.words for g in gaps))}
    matter = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{matter}---\n\n" + "\n\n".join(f"## {heading}" for heading in _HEADINGS) + "\n"
