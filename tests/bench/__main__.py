"""`make bench`: speed as ratios against a named baseline of the same run, since seconds do not travel."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.guide.ask import Guide
from app.guide.encoder import load_encoder
from app.guide.library import Library
from app.guide.settings import read_settings
from ingest.golden import read_golden
from ingest.progress import Progress
from ingest.publish import publish

ROUNDS = 3
QUESTIONS = 40


class Silent(Progress):
    """Progress that nobody watches."""

    def step(self, name: str) -> None:
        """Say nothing."""


def main() -> int:
    """Print the ratios with the seconds of their baselines."""
    settings = read_settings()
    encoder = load_encoder(settings.embedding_model)
    encoder.encode(["warm"])
    table = Table("measured", "ratio", "baseline", "seconds of the baseline")
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as scratch:
        _building(Path(scratch), settings.corpus, table)
        _asking(Path(scratch), settings.corpus, table)
    Console().print(table)
    return 0


def _building(scratch: Path, corpus: Path, table: Table) -> None:
    copy = scratch / "corpus"
    shutil.copytree(corpus, copy)
    edited = sorted((copy / "guide").rglob("*.md"))[0]
    whole, one, none = [], [], []
    for number in range(ROUNDS):
        library = Library(scratch / f"library-{number}")
        whole.append(_seconds(lambda library=library: publish(copy, library, "", Silent(), 5)))
        edited.write_text(edited.read_text(encoding="utf-8") + f"\nOne more sentence, number {number}.\n", "utf-8")
        one.append(_seconds(lambda library=library: publish(copy, library, "", Silent(), 5)))
        none.append(_seconds(lambda library=library: publish(copy, library, "", Silent(), 5)))
    baseline = statistics.median(whole)
    for name, seconds in (("one section changed", one), ("nothing changed", none)):
        table.add_row(name, f"{statistics.median(seconds) / baseline:.3f}", "a whole build", f"{baseline:.2f}")


def _asking(scratch: Path, corpus: Path, table: Table) -> None:
    library = Library(scratch / "library-0")
    encoder = load_encoder()
    guide = Guide(library, encoder)
    questions = [golden.ask for golden in read_golden(corpus, "tune") if golden.ask][:QUESTIONS]
    for question in questions[:5]:
        guide.ask(question)
    encoding = statistics.median(_seconds(lambda q=q: encoder.encode([q])) for q in questions)
    asking = statistics.median(_seconds(lambda q=q: guide.ask(q)) for q in questions)
    opening = statistics.median(_seconds(lambda: library.open_live().close()) for _ in range(ROUNDS))
    for name, seconds in (("asking a question", asking), ("opening an edition", opening)):
        table.add_row(name, f"{seconds / encoding:.2f}", "embedding that question", f"{encoding:.4f}")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
