"""`python -m app`: ask, search, section."""

from __future__ import annotations

import argparse
import io
import json
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.console import Console
from rich.markdown import Markdown

from app.guide import open as opening
from app.guide.ask import Guide
from app.guide.errors import AttuneError, UnusableInput
from app.guide.nouns import Answer, Speaker, Turn
from app.guide.settings import read_settings
from app.guide.wire import answer_as_dict, answer_text, choices_of, hit_as_dict, section_as_dict


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what goes wrong is one sentence on standard error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # JSON lines are UTF-8 whatever the terminal speaks; half a character is written as JSON's own escape.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
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
    lines = 'read {"id", "message", "conversation", "went_on", "model_again"} lines, print answers'
    ask.add_argument("--jsonl", action="store_true", help=lines)
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
    for line in _lines("message"):
        talk = talks[line.conversation] if line.conversation else []
        if talk:
            talk[-1] = _with_choices(talk[-1], line)
        try:
            answer = guide.ask(line.text, talk)
        except UnusableInput as error:
            worst = error.exit_code
            _print_json({"id": line.id, "error": line.error or str(error)})
            continue
        talk.append(Turn(Speaker.PERSON, line.text))
        talk.append(Turn(Speaker.GUIDE, answer_text(answer), answer.sections, answer.care))
        _print_json(answer_as_dict(answer, line.id))
    return worst


def _with_choices(answer: Turn, line: _Line) -> Turn:
    """Return the last answer with what the person chose below it."""
    went_on, model_again = answer.went_on or line.went_on, answer.model_again or line.model_again
    return replace(answer, went_on=went_on, model_again=model_again)


def _search(given: argparse.Namespace, guide: Guide) -> int:
    if given.top < 1:
        raise UnusableInput(f"--top {given.top} asks for no section. Give a number from 1.")
    if given.jsonl:
        return _search_lines(guide, given.top)
    for hit in guide.search(given.query or "", given.top):
        print(f"{hit.score:.2f}  {hit.section.slug}  {hit.section.title}\n      {hit.quote.replace(chr(10), ' ')}")
    return 0


def _search_lines(guide: Guide, top: int) -> int:
    worst = 0
    for line in _lines("query"):
        try:
            hits = [hit_as_dict(hit) for hit in guide.search(line.text, top)]
            _print_json({"id": line.id, "hits": hits})
        except UnusableInput as error:
            worst = error.exit_code
            _print_json({"id": line.id, "error": line.error or str(error)})
    return worst


def _section(given: argparse.Namespace, guide: Guide) -> int:
    if not given.slug:
        for heading in guide.edition().headings:
            if given.json:
                _print_json({"slug": heading.slug, "title": heading.title, "chapter": heading.chapter})
            else:
                print(f"{heading.slug}  {heading.title}")
        return 0
    section, edition = guide.section(given.slug, given.edition)
    if given.json:
        _print_json(section_as_dict(section, edition))
    else:
        print(f"{section.title}\n\n{section.text}")
    return 0


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of standard input; where it cannot be used, `text` is empty and `error` says why.

    `id` goes back as it came, whatever it is. `went_on` and `model_again` are what the person chose before it, below
    the answer before.
    """

    id: Any
    text: str
    conversation: str = ""
    went_on: bool = False
    model_again: bool = False
    error: str = ""


def _lines(text_key: str) -> Iterator[_Line]:
    """Yield the lines of standard input that are not blank."""
    for number, raw in enumerate(sys.stdin.buffer, 1):
        if raw.strip():
            yield _line(number, raw, text_key)


def _line(number: int, raw: bytes, text_key: str) -> _Line:
    try:
        loaded = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        loaded = None
    if not isinstance(loaded, dict):
        return _Line("", "", error=f"Line {number} of standard input is no JSON object. Write one object a line.")
    line_id, text, conversation = loaded.get("id", ""), loaded.get(text_key), loaded.get("conversation")
    if not isinstance(text, str):
        return _Line(line_id, "", error=f"Line {number} of standard input has no text under {text_key!r}. Add it.")
    try:
        choices = choices_of(loaded, f"Line {number} of standard input")
    except UnusableInput as error:
        return _Line(line_id, "", error=str(error))
    return _Line(line_id, text, "" if conversation is None else str(conversation), *choices)


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


def _print_for_people(answer: Answer) -> None:
    console = Console()
    console.print(Markdown(answer_text(answer, titled=True)))
    for citation in answer.citations:
        console.print(f"\\[{citation.n}] {citation.title}: {citation.slug}", style="dim")
    for suggestion in answer.suggestions:
        console.print(f"  {suggestion.question or suggestion.title} ({suggestion.slug})", style="dim")
