"""`make eval`: the judging half of the golden questions, asked of a fresh edition of the corpus.

A table on the terminal; with `--html FILE` also a page with plots, with `--json` the same figures as one object.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.guide import care
from app.guide.care.verdict import Strength, Verdict
from app.guide.library import Library
from app.guide.settings import read_settings
from ingest.candidate import candidate
from ingest.changes import Changes
from ingest.gate import Contestant, Remembering, judge_edition
from ingest.golden import Golden, read_golden
from ingest.progress import TerminalProgress
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
    golden = read_golden(settings.corpus, "judge")
    # Only what the library does not know yet is embedded, and the library is not written to.
    fresh = candidate(
        settings.corpus, Library(settings.library), settings.embedding_model, TerminalProgress(), tune=settings.tune
    )
    with ThreadPoolExecutor(1) as beside, fresh as built:
        spoken = beside.submit(care_figures, golden)
        edition = built.contestant.edition
        encoder = Remembering(built.contestant.encoder, [one.ask for one in golden if one.ask])
        new = Contestant(edition, encoder)
        gate = judge_edition(new, None, golden, Changes(), settings.gate_margin, TerminalProgress())
        measured = measure(edition, encoder, golden)
        found = {**gate.figures, **spoken.result()}
        answer_from = float(edition.coverage["answer_from"])
        language = edition.coverage.get("language")
    if given.html:
        given.html.write_text(page(found, measured, answer_from), encoding="utf-8")
    if given.json:
        print(json.dumps(as_object(found, measured) | {"language": language}))
    else:
        show(found, measured)
    return 0


def care_figures(golden: Sequence[Golden]) -> dict[str, float]:
    """Return how often care speaks, which no edition decides and the gate leaves out."""
    single, later, danger = [], [], []
    for one in golden:
        asks = [turn.ask for turn in one.talk]
        verdicts = [care.screen(ask, asks[:number]) for number, ask in enumerate(asks)]
        if one.expect == "care":
            danger += verdicts
        elif one.turns:
            later += [verdict for verdict, turn in list(zip(verdicts, one.turns, strict=True))[1:] if turn.sections]
        elif one.expect == "answer":
            single += verdicts
    return {
        "covered but a card instead": _share(_is_card(verdict) for verdict in single),
        "follow-up but a card": _share(_is_card(verdict) for verdict in later),
        "danger noticed": _share(verdict is not None for verdict in danger),
    }


def _is_card(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.strength is not Strength.MAYBE


def _share(holds: Iterable[bool]) -> float:
    counted = list(holds)
    return sum(counted) / max(1, len(counted))


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
