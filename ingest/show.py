"""What the commands say to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ingest.shelf import Kept, Shelf

if TYPE_CHECKING:  # listing editions must not wait for what building needs
    from ingest.diff import ChangedSection, Difference, QuestionChange
    from ingest.forget import Plan
    from ingest.gate import Judgement
    from ingest.publish import Report
    from ingest.reader import Aside
    from ingest.wording import Run

FEW = 6
CONTEXT = 5


def report_in_words(report: Report) -> str:
    """Say what a build did."""
    return "\n".join(_report_lines(report))


def _report_lines(report: Report) -> Iterator[str]:
    if report.gate is None:
        yield f"Nothing changed: the live edition is {report.edition}, nothing was embedded ({report.seconds} s)."
    elif report.refused:
        yield f"Kept the edition {report.edition} aside after {report.seconds} s; it is not live."
    else:
        yield f"Published the edition {report.edition} in {report.seconds} s."
    if report.gate:
        yield from _changes(report)
        yield judgement_in_words(report.gate)
    yield from (f"  skipped: {complaint}" for complaint in report.skipped)
    yield from _asides(report.left_out)
    if report.forgotten:
        yield f"  forgotten: {_counted(report.forgotten, 'link')} will only say that the passage was removed"


def _changes(report: Report) -> Iterator[str]:
    moved = [move.slug if move.slug == move.from_slug else f"{move.from_slug} to {move.slug}" for move in report.moved]
    named = (("added", report.added), ("changed", report.changed), ("moved", moved), ("removed", report.removed))
    for name, slugs in named:
        if slugs:
            yield f"  {name}: {len(slugs)} ({_few(slugs)})"
    yield f"  unchanged: {report.unchanged} sections; embedded: {report.embedded} texts"


def _asides(left_out: Sequence[Aside]) -> Iterator[str]:
    """Say by kind what was left out, and of which documents."""
    for what in dict.fromkeys(aside.what for aside in left_out):
        these = [aside for aside in left_out if aside.what == what]
        documents = _few([aside.document for aside in these])
        yield f"  left out: {what}, {sum(aside.times for aside in these)} times ({documents})"


def judgement_in_words(gate: Judgement) -> str:
    """Say what the gate saw, in one line and one for each reason to refuse."""
    before = "" if gate.accuracy_before is None else f", before it were {gate.accuracy_before:.1%}"
    right = "no question could be judged" if gate.accuracy is None else f"{gate.accuracy:.1%} right{before}"
    lines = [f"  judged by {gate.questions} {_asked(gate.by)}: {right}"]
    lines += [f"    {gate.note}"] if gate.note else []
    return "\n".join(lines + [f"    against it: {reason}" for reason in gate.reasons])


def plan_in_words(plan: Plan) -> str:
    """Say what forgetting costs, before it is done."""
    editions = f"drops the editions {', '.join(plan.editions)}" if plan.editions else "drops no edition"
    lines = [f"This forgets {_counted(len(plan.slugs), 'section')} for good ({', '.join(plan.slugs)}) and {editions}."]
    if plan.editions:
        lines.append("There is no way back to these. Links into them keep showing the sections that stay.")
    lines.append("These links will only say that the passage was removed:")
    return "\n".join(lines + [f"  /read?section={slug}&edition={edition}" for edition, slug in plan.links])


def difference_in_words(found: Difference) -> str:
    """Say what differs between two editions, or between an edition and the corpus."""
    return "\n".join(_difference_lines(found))


def _difference_lines(found: Difference) -> Iterator[str]:
    yield f"From {found.before} to {found.after or 'the corpus'}: " + ", ".join(
        (
            f"{len(found.added)} added",
            f"{len(found.changed)} changed",
            f"{len(found.moved)} moved",
            f"{len(found.removed)} removed",
            f"{found.unchanged} unchanged",
        )
    )
    yield from (f"+ {one.slug}  {one.title}" for one in found.added)
    yield from (f"- {one.slug}  {one.title}" for one in found.removed)
    for move in found.moved:
        yield f"> {move.from_slug} ({move.from_document}) is now {move.slug} ({move.document})"
    for section in found.changed:
        yield from _section_lines(section)
    if found.questions is None:
        yield "No golden question was asked."
    else:
        yield f"Golden questions whose answer changes: {len(found.questions)} of {found.asked}"
        yield from map(_question_line, found.questions)


def _section_lines(section: ChangedSection) -> Iterator[str]:
    yield f"~ {section.slug}  {section.title}"
    for field in section.fields:
        if isinstance(field.before, tuple) and isinstance(field.after, tuple):
            yield from (f"    {field.name}: [-{one}-]" for one in field.before if one not in field.after)
            yield from (f"    {field.name}: {{+{one}+}}" for one in field.after if one not in field.before)
        else:
            yield f"    {field.name}: [-{field.before}-] {{+{field.after}+}}"
    if section.words:
        yield from (f"    {line}" for line in marked(section.words).splitlines() if line.strip())


def marked(runs: Sequence[Run]) -> str:
    """Return a text with [-what went-] and {+what came+}; of what stayed, a few words around."""
    signs = {"removed": ("[-", "-]"), "added": ("{+", "+}")}
    pieces = []
    for number, run in enumerate(runs):
        if run.op == "same":
            pieces.append(_around(run.text, first=number == 0, last=number == len(runs) - 1))
        else:
            opening, closing = signs[run.op]
            pieces.append(f"{opening}{run.text}{closing}")
    return "".join(pieces)


def _around(text: str, *, first: bool, last: bool) -> str:
    words = text.split(" ")
    head = [] if first else words[:CONTEXT]
    tail = [] if last else words[-CONTEXT:]
    if len(head) + len(tail) >= len(words):
        return text
    return " ".join(head) + (" ... " if head and tail else "... " if tail else " ...") + " ".join(tail)


def _question_line(one: QuestionChange) -> str:
    better = {(False, True): "better", (True, False): "WORSE"}.get((one.before.right, one.after.right), "")
    sides = [f"{side.kind}{' from ' + side.sections[0] if side.sections else ''}" for side in (one.before, one.after)]
    change = "other words" if one.what == "words" else f"{sides[0]} -> {sides[1]}"
    return f"  {one.id}: {change}{'  ' + better if better else ''}\n      {one.ask}"


def edition_in_words(one: Kept) -> str:
    """Say what an edition is, in one line."""
    counts = ", ".join(f"{count} {name.replace('_', '-')}" for name, count in one.manifest.counts.items())
    notes = [f"refused: {one.manifest.refused}" if one.manifest.refused else ""]
    notes += [f"published anyway: {one.manifest.published_anyway}" if one.manifest.published_anyway else ""]
    notes += ["damaged" if one.damage else ""]
    parts = [counts, size(one.bytes), _right(one.gate), *notes]
    return f"{'*' if one.live else ' '} {one.manifest.id}  {'; '.join(part for part in parts if part)}"


def status_in_words(found: Shelf, newer: bool) -> str:
    """Say which edition is live, what it is worth, and whether the corpus is newer."""
    live = found.live()
    lines = [
        f"Live: {live.manifest.id}, {live.manifest.counts['sections']} sections, encoder {live.manifest.encoder_name}."
    ]
    if right := _right(live.gate):
        lines.append(f"Judged before it was published: {right}.")
    if live.manifest.published_anyway:
        lines.append(f"Published against the gate: {live.manifest.published_anyway}")
    lines.append(f"The library holds {_counted(len(found.editions), 'edition')} in {size(found.bytes)}.")
    if found.warning:
        lines.append(f"Warning: {found.warning}")
    lines.append("The corpus has changed since: run `python -m ingest build`." if newer else "The corpus is the same.")
    return "\n".join(lines)


def size(count: int) -> str:
    """Return a number of bytes for people."""
    return f"{count / 1_000_000:,.1f} MB"


def _right(gate: Mapping[str, Any] | None) -> str:
    if not gate or gate.get("accuracy") is None:
        return ""
    return f"{gate['accuracy']:.1%} of {gate['questions']} {_asked(gate['by'])} right"


def _asked(by: str) -> str:
    return by.replace("self-check", "questions of a self-check")


def _few(slugs: Sequence[str]) -> str:
    return f"{', '.join(slugs[:FEW])}{', ...' if len(slugs) > FEW else ''}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
