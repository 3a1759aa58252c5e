"""`make tune`: compare ways of joining the search's lists, and write the weights and their curve into docs/search.md.

Judged on the golden questions for tuning and on asked-as lines, each searched as if it stood in no index; both count
the same. What is chosen is chosen on four fifths and judged on the fifth. The weights themselves are constants of
app/guide/search.py, so that changing them is a change that somebody reads.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from app.guide.library import Library
from app.guide.search import WITH_ASKED_AS
from app.guide.settings import read_settings
from ingest.examples import FOLDS, Example, Source, material
from ingest.golden import read_golden
from ingest.progress import TerminalProgress
from ingest.publish import Wishes, publish

LISTS = ("passage", "asked", "words")
CONSTANT = 60  # of reciprocal rank fusion, as in Cormack, Clarke and Buettcher 2009, SIGIR
STEP = 0.1
BEGIN, END = "<!-- written by `make tune` -->", "<!-- end -->"

Scores = NDArray[np.float64]
# What the lists say of one question, a row a section, a column a list, scaled to 0..1; and which sections are right.
Question = tuple[Scores, NDArray[np.bool_]]
Fusion = Callable[[Scores], Scores]


def main() -> int:
    """Compare, print the table, and write it into docs/search.md."""
    found, questions = gather_questions()
    lines = list(report(found, questions))
    path = Path(__file__).parents[2] / "docs" / "search.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    written = f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{rest.partition(END)[2]}"
    path.write_text(written, encoding="utf-8")
    print("\n".join(lines))
    return 0


def gather_questions() -> tuple[list[Example], list[Question]]:
    """Build an edition of the corpus and look at every covered example."""
    settings = read_settings()
    with tempfile.TemporaryDirectory(prefix="attune-tune-") as folder:
        library = Library(Path(folder))
        publish(settings.corpus, library, settings.embedding_model, TerminalProgress(), 1, Wishes(anyway="tuning"))
        edition = library.open_live()
        sections = [edition.section(heading.slug) for heading in edition.headings]
        everything = material(edition, sections, read_golden(settings.corpus))
        found = []
        questions = []
        for example, vector in zip(everything.examples, everything.vectors, strict=True):
            if example.covered:
                joined = everything.seen.joined(example, vector)
                raw = np.array([[getattr(signals, name) for name in LISTS] for signals, _ in joined.values()])
                right = np.array([slug in example.accepted for slug in joined])
                found.append(example)
                questions.append((scaled(raw), right))
        edition.close()
    return found, questions


def scaled(raw: Scores) -> Scores:
    """Return each column between 0 and 1, as the search does it."""
    spread = raw.max(axis=0) - raw.min(axis=0)
    return np.asarray((raw - raw.min(axis=0)) / np.where(spread > 0, spread, 1.0))


def report(found: Sequence[Example], questions: Sequence[Question]) -> Iterator[str]:
    """Yield the lines of the tables: every way of joining, and the curve of the convex sum."""
    folds = np.array([example.fold for example in found])
    golden = np.array([example.source is Source.GOLDEN for example in found])
    yield f"{int(golden.sum())} golden questions for tuning, {int((~golden).sum())} asked-as lines left out in turn."
    yield ""
    yield "| joined by | first, golden | among three | first, lines | among three |"
    yield "|---|---|---|---|---|"
    for name, ranks in ways(questions, folds, golden):
        cells = [ranks[own] <= depth for own in (golden, ~golden) for depth in (1, 3)]
        yield f"| {name} | " + " | ".join(f"{cell.mean():.3f}" for cell in cells) + " |"
    yield ""
    yield "The curve of the convex sum: the words keep their share, and the rest moves from passages to asked-as lines."
    yield ""
    yield "| asked-as lines' part of the rest | first, golden | first, lines |"
    yield "|---|---|---|"
    words = WITH_ASKED_AS.words / (WITH_ASKED_AS.passage + WITH_ASKED_AS.asked + WITH_ASKED_AS.words)
    for part in np.arange(0, 1.01, STEP):
        ranks = ranks_of(questions, weighted((1 - words) * (1 - part), (1 - words) * part, words))
        yield f"| {part:.1f} | {(ranks[golden] == 1).mean():.3f} | {(ranks[~golden] == 1).mean():.3f} |"


def ways(
    questions: Sequence[Question], folds: NDArray[np.int_], golden: NDArray[np.bool_]
) -> Iterator[tuple[str, NDArray[np.int_]]]:
    """Yield each way of joining with the ranks that it gives."""
    for number, name in enumerate(LISTS):
        yield f"{name} alone", ranks_of(questions, weighted(*(float(n == number) for n in range(len(LISTS)))))
    for size in (2, 3):
        for columns in combinations(range(len(LISTS)), size):
            names = " + ".join(LISTS[column] for column in columns)
            yield f"reciprocal ranks: {names}", ranks_of(questions, reciprocal(columns))
            yield f"convex sum: {names}", chosen(questions, folds, golden, grid(columns))
    yield "logistic regression over all", by_regression(questions, folds, golden)
    now = (WITH_ASKED_AS.passage, WITH_ASKED_AS.asked, WITH_ASKED_AS.words)
    yield (
        "**as it is: " + ", ".join(f"{name} {weight:g}" for name, weight in zip(LISTS, now, strict=True)) + "**",
        (ranks_of(questions, weighted(*now))),
    )


def weighted(*weights: float) -> Fusion:
    """Return the convex sum with these weights."""
    shares = np.array(weights) / (sum(weights) or 1.0)
    return lambda scores: np.asarray(scores @ shares)


def reciprocal(columns: Sequence[int]) -> Fusion:
    """Return reciprocal rank fusion of some lists."""

    def fuse(scores: Scores) -> Scores:
        ranks = (-scores[:, list(columns)]).argsort(axis=0, kind="stable").argsort(axis=0)
        return np.asarray((1 / (CONSTANT + 1 + ranks)).sum(axis=1))

    return fuse


def grid(columns: Sequence[int]) -> list[Fusion]:
    """Return the convex sums of some lists in steps of a tenth."""
    steps = round(1 / STEP)
    counts = np.ndindex(*[steps + 1] * len(columns))
    return [
        weighted(*(share[columns.index(n)] if n in columns else 0.0 for n in range(len(LISTS))))
        for share in counts
        if sum(share) == steps
    ]


def ranks_of(questions: Sequence[Question], fusion: Fusion) -> NDArray[np.int_]:
    """Return for each question the rank, from 1, of the first right section."""
    return np.array([_rank(fusion(scores), right) for scores, right in questions])


def _rank(scores: Scores, right: NDArray[np.bool_]) -> int:
    if not right.any():
        return len(scores) + 1
    return int((scores > scores[right].max()).sum()) + 1


def chosen(
    questions: Sequence[Question], folds: NDArray[np.int_], golden: NDArray[np.bool_], among: Sequence[Fusion]
) -> NDArray[np.int_]:
    """Return the ranks of each fifth by the fusion that is best on the others."""
    every = np.array([ranks_of(questions, fusion) for fusion in among])
    ranks = np.empty(len(questions), dtype=int)
    for fold in range(FOLDS):
        own = folds == fold
        best = max(range(len(among)), key=lambda n: _worth(every[n][~own], golden[~own]))
        ranks[own] = every[best][own]
    return ranks


def by_regression(
    questions: Sequence[Question], folds: NDArray[np.int_], golden: NDArray[np.bool_]
) -> NDArray[np.int_]:
    """Return the ranks of each fifth by a regression that was fitted on every section of the others' questions."""
    ranks = np.empty(len(questions), dtype=int)
    weight = np.where(golden, (~golden).sum() / max(1, golden.sum()), 1.0)
    for fold in range(FOLDS):
        taught = np.flatnonzero(folds != fold)
        rows = np.concatenate([questions[n][0] for n in taught])
        labels = np.concatenate([questions[n][1] for n in taught])
        weights = np.concatenate([np.full(len(questions[n][1]), weight[n]) for n in taught])
        model = LogisticRegression(max_iter=1000).fit(rows, labels, weights)
        own = np.flatnonzero(folds == fold)
        ranks[own] = ranks_of([questions[n] for n in own], lambda scores, model=model: model.decision_function(scores))
    return ranks


def _worth(ranks: NDArray[np.int_], golden: NDArray[np.bool_]) -> float:
    """Return the mean reciprocal rank, golden questions and lines counting the same."""
    return float(np.mean([(1 / ranks[own]).mean() for own in (golden, ~golden) if own.any()]))


if __name__ == "__main__":
    sys.exit(main())
