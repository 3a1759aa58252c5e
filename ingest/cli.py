"""`python -m ingest`: build, check, list, status, rollback."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from app.guide.edition import Manifest, read_manifest
from app.guide.encoder import load_encoder
from app.guide.errors import AttuneError
from app.guide.library import Library
from app.guide.settings import Settings, read_settings
from ingest.build import Report, fingerprint_of
from ingest.check import check
from ingest.progress import JsonProgress, Progress, TerminalProgress
from ingest.publish import live_manifest, publish, roll_back
from ingest.reader import read_corpus


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
        print(f"{error.filename or 'A file'}: {error.strerror}. Check the disk and the permissions.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped. What was live is still live.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ingest", description="Turn the guide's text into an edition.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = commands.add_parser("build", help="read the corpus and publish it as the live edition")
    build.add_argument("corpus", nargs="?", type=Path, help="a folder with a folder `guide` in it (default: corpus)")
    build.set_defaults(run=_build)
    checking = commands.add_parser("check", help="read the corpus and say what is worth mending; publishes nothing")
    checking.add_argument("corpus", nargs="?", type=Path, help="the folder to check (default: corpus)")
    checking.set_defaults(run=_check)
    listing = commands.add_parser("list", help="show the editions that are kept")
    listing.set_defaults(run=_list)
    status = commands.add_parser("status", help="say which edition is live and whether the corpus is newer")
    status.set_defaults(run=_status)
    status.add_argument("corpus", nargs="?", type=Path, help="the folder to compare with (default: corpus)")
    back = commands.add_parser("rollback", help="make an earlier edition live again")
    back.add_argument("edition", nargs="?", default="", help="which one (default: the newest that is not live)")
    back.set_defaults(run=_rollback)
    for command in (build, checking, listing, status, back):
        command.add_argument("--library", type=Path, help="the folder of editions (default: library)")
        command.add_argument("--json", action="store_true", help="print JSON lines")
    return parser


def _build(given: argparse.Namespace, library: Library, settings: Settings) -> None:
    progress: Progress = JsonProgress() if given.json else TerminalProgress()
    corpus = given.corpus or settings.corpus
    report = publish(corpus, library, settings.embedding_model, progress, settings.keep_editions)
    print(json.dumps(asdict(report)) if given.json else _in_words(report))


def _in_words(report: Report) -> str:
    changes = len(report.added) + len(report.changed) + len(report.removed)
    if not changes and not report.embedded:
        return f"Nothing changed: the live edition is {report.edition}, nothing was embedded ({report.seconds} s)."
    lines = [f"Published the edition {report.edition} in {report.seconds} s."]
    for name in ("added", "changed", "removed"):
        slugs = getattr(report, name)
        if slugs:
            lines.append(f"  {name}: {len(slugs)} ({', '.join(slugs[:6])}{', ...' if len(slugs) > 6 else ''})")
    lines.append(f"  unchanged: {report.unchanged} sections; embedded: {report.embedded} texts")
    return "\n".join(lines)


def _check(given: argparse.Namespace, library: Library, settings: Settings) -> int:
    found = check(given.corpus or settings.corpus, load_encoder(settings.embedding_model))
    for finding in found:
        fields = {"file": str(finding.file), "line": finding.line, "what": finding.what}
        print(json.dumps(fields, ensure_ascii=False) if given.json else finding)
    if not found and not given.json:
        print("Nothing to mend.")
    return 1 if found else 0


def _list(given: argparse.Namespace, library: Library, settings: Settings) -> None:
    live = live_manifest(library)
    for manifest in library.manifests():
        is_live = bool(live and manifest.id == live.id)
        if given.json:
            print(json.dumps({**_summary(manifest), "live": is_live}))
        else:
            counts = ", ".join(f"{count} {name.replace('_', '-')}" for name, count in manifest.counts.items())
            print(f"{'*' if is_live else ' '} {manifest.id}  {counts}")


def _status(given: argparse.Namespace, library: Library, settings: Settings) -> None:
    live = read_manifest(library.folder(library.live_id()))
    newer = fingerprint_of(read_corpus(given.corpus or settings.corpus)) != live.corpus_fingerprint
    if given.json:
        print(json.dumps({**_summary(live), "corpus_is_newer": newer}))
    else:
        print(f"Live: {live.id}, {live.counts['sections']} sections, encoder {live.encoder_name}.")
        print("The corpus has changed since: run `python -m ingest build`." if newer else "The corpus is the same.")


def _rollback(given: argparse.Namespace, library: Library, settings: Settings) -> None:
    chosen = roll_back(library, given.edition)
    print(json.dumps({"edition": chosen}) if given.json else f"The live edition is now {chosen}.")


def _summary(manifest: Manifest) -> dict[str, object]:
    return {
        "edition": manifest.id,
        "created": manifest.created,
        "parent": manifest.parent,
        "encoder": manifest.encoder_name,
        "counts": manifest.counts,
    }
