"""The report of `make eval` as one page that needs nothing else: tables, and plots as inline SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from tests.evaluation.measure import (
    Measured,
    confusion,
    coverage_and_risk,
    recall_by_rank,
    reliability,
    worst,
    wrongly_sure,
)

WIDE, HIGH, EDGE = 420, 260, 40
STYLE = """
body { font: 16px/1.5 Georgia, serif; color: #2b2622; background: #fbf8f4; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; } td, th { padding: .25rem .7rem; text-align: left;
  border-bottom: 1px solid #d9cfc4; vertical-align: top; } td.n { text-align: right; }
svg { background: #fff; border: 1px solid #d9cfc4; max-width: 100%; height: auto; } text { font: 12px sans-serif; }
.plots { display: flex; flex-wrap: wrap; gap: 1.5rem; } figure { margin: 0; } figcaption { max-width: 26rem; }
"""


def page(figures: Mapping[str, float | None], measured: Sequence[Measured], answer_from: float) -> str:
    """Return the whole page as HTML."""
    recall = [(float(rank), share) for rank, share in enumerate(recall_by_rank(measured), 1)]
    said = [(mean, was) for mean, was, _ in reliability(measured)]
    plots = [
        _plot("Recall by rank", "How often an accepted section is at this rank or before.", recall, (1, len(recall))),
        _plot(
            "Coverage and risk",
            "Across: the share of questions answered, the surest first. Up: the share of these answered wrongly.",
            coverage_and_risk(measured),
        ),
        _plot(
            "Reliability",
            "Across: the probability that was said. Up: how often it was so.",
            said,
            diagonal=True,
            dots=True,
        ),
        _plot(
            "Likeness and rank",
            "Each covered question: across, its cosine with the nearest asked-as line; up, one over the rank.",
            [(one.likeness, 1 / one.rank) for one in measured if one.wanted],
            line=False,
            dots=True,
        ),
    ]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Attune: quality of the search</title>'
        f"<style>{STYLE}</style><h1>Quality of the search</h1>"
        "<p>On the judging half of the golden questions, which nothing was fitted on.</p>"
        f"{_figures(figures)}<div class='plots'>{''.join(plots)}</div>"
        f"<h2>Chapters taken for one another</h2>{_confusion(measured)}"
        f"<h2>Not found first</h2>{_questions(worst(measured))}"
        f"<h2>Not covered, and answered</h2>{_questions(wrongly_sure(measured, answer_from))}"
        f"<h2>Every question</h2>{_questions(measured)}</html>\n"
    )


def _figures(figures: Mapping[str, float | None]) -> str:
    return _table(
        ["what", "share"],
        [[name, "none asked" if share is None else f"{share:.3f}"] for name, share in figures.items()],
    )


def _confusion(measured: Sequence[Measured]) -> str:
    pairs = confusion(measured)
    chapters = sorted({chapter for pair in pairs for chapter in pair})
    rows = [[wanted, *(str(pairs[wanted, found] or "") for found in chapters)] for wanted in chapters]
    return _table(["wanted, down; found, across", *chapters], rows)


def _questions(measured: Sequence[Measured]) -> str:
    if not measured:
        return "<p>None.</p>"
    rows = [
        [
            one.id,
            one.text,
            ", ".join(one.wanted) or "not covered",
            ", ".join(one.found[:3]),
            str(one.rank) if one.wanted and one.rank <= len(one.found) else "",
            f"{one.probability:.2f}",
            f"{one.likeness:.2f}",
        ]
        for one in measured
    ]
    return _table(["", "question", "wanted", "found", "rank", "covered?", "likeness"], rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _plot(
    title: str,
    caption: str,
    points: Sequence[tuple[float, float]],
    across: tuple[float, float] = (0, 1),
    *,
    line: bool = True,
    dots: bool = False,
    diagonal: bool = False,
) -> str:
    """Draw points whose second number is a share."""
    low, high = across

    def place(x: float, y: float) -> tuple[float, float]:
        return EDGE + (x - low) / ((high - low) or 1) * (WIDE - 2 * EDGE), HIGH - EDGE - y * (HIGH - 2 * EDGE)

    (left, bottom), (right, top) = place(low, 0), place(high, 1)
    drawn = [f'<path d="M{left:.1f} {top:.1f}V{bottom:.1f}H{right:.1f}" fill="none" stroke="#8a7f75"/>']
    for share in (0, 0.25, 0.5, 0.75, 1):
        drawn.append(f'<text x="{left - 6:.1f}" y="{place(low, share)[1] + 4:.1f}" text-anchor="end">{share:g}</text>')
    for at in (low, (low + high) / 2, high):
        drawn.append(f'<text x="{place(at, 0)[0]:.1f}" y="{bottom + 18:.1f}" text-anchor="middle">{at:g}</text>')
    if diagonal:
        drawn.append(f'<path d="M{left:.1f} {bottom:.1f}L{right:.1f} {top:.1f}" stroke="#d9cfc4"/>')
    if line and points:
        path = "L".join("{:.1f} {:.1f}".format(*place(*point)) for point in points)
        drawn.append(f'<path d="M{path}" fill="none" stroke="#9c4a3c" stroke-width="2"/>')
    if dots:
        drawn += ['<circle cx="{:.1f}" cy="{:.1f}" r="3" fill="#9c4a3c"/>'.format(*place(*point)) for point in points]
    name = escape(title)
    svg = f'<svg viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" role="img" aria-label="{name}">{"".join(drawn)}</svg>'
    return f"<figure><h2>{name}</h2>{svg}<figcaption>{escape(caption)}</figcaption></figure>"
