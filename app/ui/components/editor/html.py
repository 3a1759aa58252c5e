"""What the editor's page says of a process' results, as HTML; every text in it is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from app.guide.feedback import Thumbs

Result = Mapping[str, Any]

FEW = 5
# So many words of what stayed are shown beside a change.
NEAR = 12
_TAGS = {"removed": "del", "added": "ins"}
_KINDS = {"answer": "answered", "partial": "answered in part", "not_covered": "not answered"}


def words_html(runs: Sequence[Result]) -> str:
    """Return a changed text with what went and what came marked, and of what stayed only what is near."""
    last = len(runs) - 1
    marked = (_run(run, first=number == 0, last=number == last) for number, run in enumerate(runs))
    return f'<div class="attune-changed">{"".join(marked)}</div>'


def _run(run: Result, *, first: bool, last: bool) -> str:
    text = str(run["text"])
    if tag := _TAGS.get(str(run["op"])):
        return f"<{tag}>{escape(text)}</{tag}>"
    words = text.split(" ")
    before, after = [] if first else words[:NEAR], [] if last else words[-NEAR:]
    if len(before) + len(after) < len(words):
        text = " ".join([*before, "…", *after])
    return escape(text)


def fields_html(fields: Sequence[Result]) -> str:
    """Return what else of a section changed, a line each."""
    lines = (f"<li>{escape(str(field['name']).replace('_', ' '))}: {_field(field)}</li>" for field in fields)
    return f'<ul class="attune-changed">{"".join(lines)}</ul>'


def _field(field: Result) -> str:
    before, after = field["before"], field["after"]
    if not isinstance(before, list) or not isinstance(after, list):
        return f"<del>{escape(str(before))}</del> <ins>{escape(str(after))}</ins>"
    gone = [f"<del>{escape(str(one))}</del>" for one in before if one not in after]
    come = [f"<ins>{escape(str(one))}</ins>" for one in after if one not in before]
    return " ".join([*gone, *come]) or "in another order"


def questions_html(questions: Sequence[Result]) -> str:
    """Return the golden questions that get another answer, the worse ones first."""
    ranked = sorted(questions, key=lambda one: (_is_right(one, "after"), -_is_right(one, "before")))
    return f"<ul>{''.join(f'<li>{_question(one)}</li>' for one in ranked)}</ul>"


def _question(one: Result) -> str:
    verdict = {(1, 0): "<b>Worse.</b> ", (0, 1): "Better. "}.get(
        (_is_right(one, "before"), _is_right(one, "after")), ""
    )
    change = "in other words" if one["what"] == "words" else f"{_answered(one['before'])} → {_answered(one['after'])}"
    return f"{verdict}{escape(str(one['ask']))} <span class='attune-small'>{change}</span>"


def _is_right(one: Result, side: str) -> int:
    return int(bool(one[side]["right"]))


def _answered(side: Result) -> str:
    kind = _KINDS.get(str(side["kind"]), str(side["kind"]))
    return escape(f"{kind} from {side['sections'][0]}" if side["sections"] else kind)


def findings_html(findings: Sequence[Result], corpus: str) -> str:
    """Return what is worth mending, a line each, by its place in the corpus."""
    rows = (
        f"<li><b>{escape(str(one['file']).removeprefix(corpus).lstrip('/'))}</b>, line {int(one['line'])}: "
        f"{escape(str(one['what']))}</li>"
        for one in findings
    )
    return f"<ul>{''.join(rows)}</ul>"


def asides_html(asides: Sequence[Result]) -> str:
    """Return what of the documents is no part of the guide, a line each: the file, what it is, and its first words."""
    return f"<ul>{''.join(f'<li>{_aside(one)}</li>' for one in asides)}</ul>"


def _aside(one: Result) -> str:
    document, what, first = (escape(str(one[name])) for name in ("document", "what", "first"))
    times = f", {int(one['times'])} times" if one["times"] > 1 else ""
    return f"<b>{document}</b>: {what}{times} <span class='attune-small'>{first}</span>"


def gate_html(gate: Result) -> str:
    """Return what the gate saw: how many questions were answered right, now and before, and what speaks against it."""
    return "".join(f"<p>{line}</p>" for line in _gate_lines(gate)) + _figures(gate)


def _gate_lines(gate: Result) -> Iterator[str]:
    by = "golden questions" if gate.get("by") == "golden questions" else "questions made from the sections themselves"
    if gate.get("accuracy") is None:
        yield "No question could be judged."
    else:
        before = gate.get("accuracy_before")
        than = "" if before is None else f"; the edition before: {before:.1%}"
        yield f"{gate['accuracy']:.1%} of {int(gate['questions'])} {by} answered right{than}."
    if note := gate.get("note"):
        yield escape(sentence(str(note)))
    yield from (escape(sentence(str(reason))) for reason in gate.get("reasons") or ())


def _figures(gate: Result) -> str:
    before = gate.get("before") or {}
    rows = "".join(
        f"<tr><td>{escape(str(name))}</td><td>{_share(before.get(name))}</td><td>{_share(now)}</td></tr>"
        for name, now in (gate.get("figures") or {}).items()
    )
    if not rows:
        return ""
    return (
        f"<details><summary>All figures</summary><table class='attune-figures'><tr><th></th><th>Before</th><th>Now</th>"
        f"</tr>{rows}</table></details>"
    )


def thumbs_html(counts: Sequence[Thumbs]) -> str:
    """Return a table of how often answers were liked, a row for each section and kind."""
    head = "<tr><th>Section</th><th>Question</th><th>Liked</th><th>Not liked</th></tr>"
    cells = ((one.section, _KINDS.get(one.kind, one.kind), one.up, one.down) for one in counts)
    rows = (f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in cells)
    return f"<table class='attune-figures'>{head}{''.join(rows)}</table>"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def changes_in_words(report: Result) -> str:
    """Say how many sections were added, changed, moved and removed, and which, if they are few."""
    moved = [one["slug"] if isinstance(one, Mapping) else one for one in report.get("moved", ())]
    named = {name: report.get(name, ()) for name in ("added", "changed", "removed")} | {"moved": moved}
    said = [f"{len(slugs)} {name}{_few(slugs)}" for name, slugs in named.items() if slugs]
    unchanged = report.get("unchanged", 0)
    return "; ".join([*said, *([f"{unchanged} unchanged"] if unchanged or not said else [])])


def _few(slugs: Sequence[Any]) -> str:
    names = [str(one.get("slug")) if isinstance(one, Mapping) else str(one) for one in slugs]
    return f" ({', '.join(names[:FEW])}{', …' if len(names) > FEW else ''})"


def duration(seconds: float) -> str:
    """Say about how long something takes."""
    return f"about {max(1, round(seconds))} s" if seconds < 90 else f"about {round(seconds / 60)} min"


def sentence(text: str) -> str:
    """Return words as a sentence; a section's name at its beginning stays as it is."""
    first = text if "/" in text.split(" ", 1)[0] else text[:1].upper() + text[1:]
    return first if first.endswith((".", "?")) else f"{first}."
