"""`python -m ingest`: build, watch, check, diff, list, status, rollback.

What a command needs is imported when it runs: going back is done within a second, without loading what building needs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.guide.errors import AttuneError, Refused, UnusableInput
from app.guide.library import Library
from app.guide.settings import Settings, read_settings

if TYPE_CHECKING:
    from ingest.forget import Plan
    from ingest.progress import Progress
    from ingest.publish import Report, Wishes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what goes wrong is one sentence on standard error."""
    try:
        settings = read_settings()
        given = _parser().parse_args(arguments)
        library = Library(given.library or settings.library)
        return int(given.run(given, library, settings) or 0)
    except AttuneError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(
            f"{error.filename or 'A file'}: {error.strerror or error}. Check the disk and the permissions.",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print("Stopped. What was live is still live.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ingest", description="Turn the guide's text into an edition.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = commands.add_parser("build", help="read the corpus and publish it as the live edition")
    build.add_argument(
        "corpus", nargs="?", type=Path, help="a folder of texts, or with a folder `guide` in it (default: corpus)"
    )
    build.set_defaults(run=_build)
    build.add_argument(
        "--forget", action="store_true", help="remove what is no longer in the guide from every edition and kept text"
    )
    build.add_argument(
        "--forget-earlier", action="append", default=[], metavar="SLUG", help="and all earlier texts of this section"
    )
    build.add_argument("--yes", action="store_true", help="forget without asking")
    watch = commands.add_parser("watch", help="publish whenever the corpus was saved; Ctrl+C ends it")
    watch.add_argument("corpus", nargs="?", type=Path, help="the folder to watch (default: corpus)")
    watch.add_argument("--with-parent", action="store_true", help="end with the process that started this one")
    watch.set_defaults(run=_watch)
    for command in (build, watch):
        command.add_argument(
            "--publish-anyway", default="", metavar="REASON", help="publish against the gate; the reason is stored"
        )
        command.add_argument(
            "--tune",
            action=argparse.BooleanOptionalAction,
            help="learn the guide's own language (default: ATTUNE_TUNE, which is off)",
        )
        command.add_argument(
            "--allow-skips", action="store_true", help="publish without the files that cannot be used, and list them"
        )
    checking = commands.add_parser("check", help="read and judge the corpus and say what is worth mending")
    checking.add_argument("corpus", nargs="?", type=Path, help="the folder to check (default: corpus)")
    checking.add_argument("--no-questions", action="store_true", help="only read, judge nothing")
    checking.set_defaults(run=_check)
    diff = commands.add_parser("diff", help="say what publishing would change, or what changed between two editions")
    diff.add_argument("before", nargs="?", default="", metavar="A", help="an edition (default: the live one)")
    diff.add_argument("after", nargs="?", default="", metavar="B", help="another edition (default: the corpus)")
    diff.add_argument("--corpus", type=Path, help="the folder to compare with (default: corpus)")
    diff.add_argument("--no-questions", action="store_true", help="compare the texts only, ask no golden question")
    diff.set_defaults(run=_diff)
    listing = commands.add_parser("list", help="show the editions that are kept")
    listing.set_defaults(run=_list)
    status = commands.add_parser("status", help="say which edition is live and whether the corpus is newer")
    status.set_defaults(run=_status)
    status.add_argument("corpus", nargs="?", type=Path, help="the folder to compare with (default: corpus)")
    back = commands.add_parser("rollback", help="make an earlier edition live again")
    back.add_argument("edition", nargs="?", default="", help="which one (default: the newest before the live one)")
    back.set_defaults(run=_rollback)
    for command in (build, watch, checking, diff, listing, status, back):
        command.add_argument("--library", type=Path, help="the folder of editions (default: library)")
        command.add_argument("--json", action="store_true", help="print JSON lines")
    return parser


def _build(given: argparse.Namespace, library: Library, settings: Settings) -> None:
    from ingest.publish import publish
    from ingest.show import report_in_words

    report = publish(
        given.corpus or settings.corpus,
        library,
        settings.embedding_model,
        _progress(given),
        settings.keep_editions,
        _wishes(given, settings),
    )
    print(_json(asdict(report)) if given.json else report_in_words(report))
    if report.refused:
        raise Refused(refusal(report))


def refusal(report: Report) -> str:
    """Return the sentence with which a build ends that the gate refused."""
    return (
        f"The gate refused the edition {report.edition}: {report.refused}. What was live is still live. See `python -m "
        "ingest diff`, mend the text or golden.yaml, or publish it with --publish-anyway REASON."
    )


def _wishes(given: argparse.Namespace, settings: Settings) -> Wishes:
    from ingest.publish import Wishes

    earlier = tuple(getattr(given, "forget_earlier", ()))
    return Wishes(
        margin=settings.gate_margin,
        anyway=" ".join(given.publish_anyway.split()),
        forget=bool(earlier) or getattr(given, "forget", False),
        earlier_of=earlier,
        confirm=lambda plan: _confirm(plan, given),
        allow_skips=given.allow_skips,
        tune=settings.tune if given.tune is None else given.tune,
    )


def _confirm(plan: Plan, given: argparse.Namespace) -> None:
    """Say what is forgotten, and ask whether to go on; without a terminal, `--yes` has said so."""
    from ingest.show import plan_in_words

    if given.json:
        print(_json({"forget": asdict(plan)}), flush=True)
    else:
        print(plan_in_words(plan), flush=True)
    if given.yes:
        return
    if given.json or not sys.stdin.isatty():
        raise UnusableInput(
            "Nothing was forgotten or published, since what is forgotten cannot come back. To go on, add --yes."
        )
    if input("Forget all this? It cannot be undone. [y/N] ").strip().lower() not in ("y", "yes"):
        raise UnusableInput("Nothing was forgotten or published.")


def _watch(given: argparse.Namespace, library: Library, settings: Settings) -> None:
    from ingest.publish import publish
    from ingest.show import report_in_words
    from ingest.watch import watch

    corpus = given.corpus or settings.corpus
    wishes = _wishes(given, settings)

    def run() -> None:
        report = publish(corpus, library, settings.embedding_model, _progress(given), settings.keep_editions, wishes)
        print(_json(asdict(report)) if given.json else report_in_words(report), flush=True)
        if report.refused:
            raise Refused(refusal(report))

    def tell(error: AttuneError) -> None:
        print(error, file=sys.stderr, flush=True)
        if given.json:
            print(_json({"error": str(error), "exit_code": error.exit_code}), flush=True)

    watch(corpus, run, tell, with_parent=given.with_parent)


def _check(given: argparse.Namespace, library: Library, settings: Settings) -> int:
    from app.guide.encoder import load_encoder
    from ingest.candidate import candidate
    from ingest.check import check, knowing_live_lines
    from ingest.show import judgement_in_words

    corpus = given.corpus or settings.corpus
    progress = _progress(given)
    progress.step("loading the encoder")
    encoder = knowing_live_lines(load_encoder(settings.embedding_model), library)
    found = check(corpus, encoder, progress)
    for finding in found:
        fields = {"file": str(finding.file), "line": finding.line, "what": finding.what}
        print(_json(fields) if given.json else finding)
    if not found and not given.json:
        print("Nothing to mend.")
    if given.no_questions:
        return 1 if found else 0
    with candidate(corpus, library, settings.embedding_model, progress) as built:
        judgement = built.judge(settings.gate_margin, progress)
    print(_json({"gate": asdict(judgement)}) if given.json else judgement_in_words(judgement))
    return 1 if found or judgement.reasons else 0


def _diff(given: argparse.Namespace, library: Library, settings: Settings) -> None:
    from ingest.diff import difference
    from ingest.show import difference_in_words

    found = difference(
        library,
        given.before,
        given.after,
        given.corpus or settings.corpus,
        settings.embedding_model,
        _progress(given),
        ask=not given.no_questions,
    )
    print(_json(asdict(found)) if given.json else difference_in_words(found))


def _list(given: argparse.Namespace, library: Library, settings: Settings) -> None:
    from ingest.shelf import shelf
    from ingest.show import edition_in_words

    for one in shelf(library).editions:
        print(_json(one.as_dict()) if given.json else edition_in_words(one))


def _status(given: argparse.Namespace, library: Library, settings: Settings) -> None:
    from ingest.build import fingerprint_of
    from ingest.reader import read_corpus
    from ingest.shelf import shelf
    from ingest.show import status_in_words

    found = shelf(library)
    live = found.live()
    newer = fingerprint_of(read_corpus(given.corpus or settings.corpus)) != live.manifest.corpus_fingerprint
    if given.json:
        print(
            _json({**live.as_dict(), "corpus_is_newer": newer, "library_bytes": found.bytes, "warning": found.warning})
        )
    else:
        print(status_in_words(found, newer))


def _rollback(given: argparse.Namespace, library: Library, settings: Settings) -> None:
    from ingest.rollback import roll_back

    chosen = roll_back(library, given.edition)
    print(_json({"edition": chosen}) if given.json else f"The live edition is now {chosen}.")


def _progress(given: argparse.Namespace) -> Progress:
    from ingest.progress import JsonProgress, TerminalProgress

    return JsonProgress() if given.json else TerminalProgress()


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
