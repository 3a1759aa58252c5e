"""`make eval`: the judging half of the golden questions, asked of a fresh edition of the corpus, as a table."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.guide.ask import Guide
from app.guide.encoder import load_encoder
from app.guide.library import Library
from app.guide.settings import read_settings
from ingest.golden import read_golden
from ingest.judge import Outcome, figures, judge
from ingest.progress import TerminalProgress
from ingest.publish import publish

WORST = 12


def main() -> int:
    """Print the figures and the worst questions; with --json, the figures as one object."""
    settings = read_settings()
    with tempfile.TemporaryDirectory(prefix="attune-eval-") as folder:
        library = Library(Path(folder))
        publish(settings.corpus, library, settings.embedding_model, TerminalProgress(), keep=1)
        guide = Guide(library, load_encoder(settings.embedding_model))
        outcomes = judge(guide, read_golden(settings.corpus, "judge"))
        found = figures(outcomes, guide)
    if "--json" in sys.argv:
        print(json.dumps(found))
    else:
        show(found, outcomes)
    return 0


def show(found: dict[str, float | None], outcomes: list[Outcome]) -> None:
    """Print the figures and some questions whose section was not found first."""
    console = Console()
    table = Table("on the judging half of the golden questions", "share")
    for name, share in found.items():
        table.add_row(name, "none asked" if share is None else f"{share:.3f}")
    console.print(table)
    missed = [o for o in outcomes if o.question.expect == "answer" and not o.question.turns and not o.first]
    for outcome in missed[:WORST]:
        console.print(f"[dim]{outcome.question.id}[/] {outcome.turn.ask[:100]}", highlight=False)
        console.print(f"    wanted {outcome.turn.sections[0]}, found {', '.join(outcome.found)}", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
