"""`make eval`: the judging half of the golden questions, asked of a fresh edition of the corpus.

A table on the terminal; with `--html FILE` also a page with plots, with `--json` the same figures as one object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.guide import care
from app.guide.care.verdict import Strength
from app.guide.encoder import load_encoder
from app.guide.library import Library
from app.guide.settings import read_settings
from ingest.gate import Remembering
from ingest.golden import Golden, read_golden
from ingest.progress import TerminalProgress
from ingest.publish import Wishes, publish
from tests.evaluation.measure import Measured, coverage_and_risk, measure, recall_by_rank, reliability, worst
from tests.evaluation.page import page

WORST = 12


def main(arguments: Sequence[str] | None = None) -> int:
    """Build an edition, judge it, and show what came out."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description="Judge the search.")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with plots")
    parser.add_argument("--json", action="store_true", help="print the figures as one object")
    given = parser.parse_args(arguments)
    settings = read_settings()
    with tempfile.TemporaryDirectory(prefix="attune-eval-") as folder:
        library = Library(Path(folder))
        wishes = Wishes(anyway="evaluation", tune=settings.tune)
        gate = publish(settings.corpus, library, settings.embedding_model, TerminalProgress(), 1, wishes).gate
        golden = read_golden(settings.corpus, "judge")
        encoder = Remembering(load_encoder(settings.embedding_model), [one.ask for one in golden if one.ask])
        edition = library.open_live()
        found = {**(gate.figures if gate else {}), **care_figures(golden)}
        measured = measure(edition, encoder, golden)
        answer_from = float(edition.coverage["answer_from"])
        language = edition.coverage.get("language")
        edition.close()
    if given.html:
        given.html.write_text(page(found, measured, answer_from), encoding="utf-8")
    if given.json:
        print(json.dumps(as_object(found, measured) | {"language": language}))
    else:
        show(found, measured)
    return 0


def care_figures(golden: Sequence[Golden]) -> dict[str, float]:
    """Return how often care speaks of single questions, which no edition decides and the gate does not ask."""
    covered = [care.screen(one.ask) for one in golden if one.ask and one.expect == "answer"]
    danger = [care.screen(one.ask) for one in golden if one.ask and one.expect == "care"]
    return {
        "covered but a card instead": sum(one is not None and one.strength is Strength.NOW for one in covered)
        / max(1, len(covered)),
        "danger noticed": sum(one is not None for one in danger) / max(1, len(danger)),
    }


def as_object(found: dict[str, float | None], measured: Sequence[Measured]) -> dict[str, object]:
    """Return the figures and the numbers of the plots."""
    return {
        "figures": found,
        "recall by rank": [round(share, 4) for share in recall_by_rank(measured)],
        "coverage and risk": [[round(x, 4), round(y, 4)] for x, y in coverage_and_risk(measured)],
        "reliability": [[round(said, 4), round(was, 4), count] for said, was, count in reliability(measured)],
    }


def show(found: dict[str, float | None], measured: Sequence[Measured]) -> None:
    """Print the figures and some questions whose section was not found first."""
    console = Console()
    table = Table("on the judging half of the golden questions", "share")
    for name, share in found.items():
        table.add_row(name, "none asked" if share is None else f"{share:.3f}")
    console.print(table)
    for one in worst(measured)[:WORST]:
        console.print(f"[dim]{one.id}[/] {one.text[:100]}", highlight=False)
        missed = f"wanted {one.wanted[0]}, found {', '.join(one.found[:3])}; likeness {one.likeness:.2f}"
        console.print(f"    {missed}", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
