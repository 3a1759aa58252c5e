"""`python -m app`: ask, search, section."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.markdown import Markdown

from app.guide import open as opening
from app.guide.ask import Guide
from app.guide.errors import AttuneError, UnusableInput
from app.guide.nouns import Answer, Speaker, Turn
from app.guide.settings import read_settings
from app.guide.wire import answer_as_dict, answer_text, hit_as_dict, section_as_dict


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what goes wrong is one sentence on standard error."""
    try:
        given = _parser().parse_args(arguments)
        guide = opening.open_guide(read_settings())
        return int(given.run(given, guide) or 0)
    except AttuneError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app", description="Ask the guide, search it, or read a section.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    ask = commands.add_parser("ask", help="answer a question in the guide's own words")
    ask.add_argument("question", nargs="?", help="what is on your mind")
    ask.add_argument("--json", action="store_true", help="print one JSON object")
    ask.add_argument("--jsonl", action="store_true", help='read {"id", "message", "conversation"} lines, print answers')
    ask.set_defaults(run=_ask)
    search = commands.add_parser("search", help="list the sections nearest to a query")
    search.add_argument("query", nargs="?", help="words to search for")
    search.add_argument("--jsonl", action="store_true", help='read {"id", "query"} lines, print hits')
    search.add_argument("--top", type=int, default=5, metavar="N", help="how many sections (default: 5)")
    search.set_defaults(run=_search)
    section = commands.add_parser("section", help="print a section of the guide")
    section.add_argument("slug", nargs="?", help="such as trust/bids; without it, all are listed")
    section.add_argument("--edition", default="", metavar="ID", help="as that edition had it (default: the live one)")
    section.add_argument("--json", action="store_true", help="print one JSON object")
    section.set_defaults(run=_section)
    return parser


def _ask(given: argparse.Namespace, guide: Guide) -> int:
    if given.jsonl:
        return _ask_lines(guide)
    answer = guide.ask(given.question or "")
    if given.json:
        _print_json(answer_as_dict(answer, uuid.uuid4().hex))
    else:
        _print_for_people(answer)
    return 0


def _ask_lines(guide: Guide) -> int:
    """Answer every line of standard input; a line that cannot be used yields an object with `error` and exit code 2."""
    talks: dict[str, list[Turn]] = defaultdict(list)
    worst = 0
    for line in _objects("message"):
        talk = talks[str(line["conversation"])] if line.get("conversation") is not None else []
        line_id = str(line.get("id", ""))
        try:
            if "error" in line:
                raise UnusableInput(str(line["error"]))
            answer = guide.ask(line["message"], talk)
        except UnusableInput as error:
            worst = error.exit_code
            _print_json({"id": line_id, "error": str(error)})
            continue
        talk.append(Turn(Speaker.PERSON, line["message"]))
        talk.append(Turn(Speaker.GUIDE, answer_text(answer), answer.sections, answer.care))
        _print_json(answer_as_dict(answer, line_id))
    return worst


def _search(given: argparse.Namespace, guide: Guide) -> int:
    if given.top < 1:
        raise UnusableInput(f"--top {given.top} asks for no section. Give a number from 1.")
    if given.jsonl:
        worst = 0
        for line in _objects("query"):
            found = {"error": line["error"]} if "error" in line else {"hits": _hits(guide, line["query"], given.top)}
            worst = 2 if "error" in line else worst
            _print_json({"id": str(line.get("id", "")), **found})
        return worst
    for hit in guide.search(given.query or "", given.top):
        print(f"{hit.score:.2f}  {hit.section.slug}  {hit.section.title}\n      {hit.quote.replace(chr(10), ' ')}")
    return 0


def _hits(guide: Guide, query: str, top: int) -> list[dict[str, Any]]:
    return [hit_as_dict(hit) for hit in guide.search(query, top)]


def _section(given: argparse.Namespace, guide: Guide) -> int:
    if not given.slug:
        for heading in guide.edition().headings:
            print(f"{heading.slug}  {heading.title}")
        return 0
    section, edition = guide.section(given.slug, given.edition)
    if given.json:
        _print_json(section_as_dict(section, edition))
    else:
        print(f"{section.title}\n\n{section.text}")
    return 0


def _objects(text_key: str) -> Iterator[dict[str, Any]]:
    """Yield an object for each line of standard input; what is wrong with a line stands under `error`."""
    for number, raw in enumerate(sys.stdin, 1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
        except ValueError:
            line = None
        if not isinstance(line, dict):
            yield {"error": f"Line {number} of standard input is no JSON object. Write one object a line."}
        elif not isinstance(line.get(text_key), str):
            yield {**line, "error": f"Line {number} of standard input has no text under {text_key!r}. Add it."}
        else:
            yield line


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


def _print_for_people(answer: Answer) -> None:
    console = Console()
    console.print(Markdown(answer_text(answer)))
    for citation in answer.citations:
        console.print(f"\\[{citation.n}] {citation.title}: {citation.slug}", style="dim")
    for suggestion in answer.suggestions:
        console.print(f"  {suggestion.question or suggestion.title} ({suggestion.slug})", style="dim")
