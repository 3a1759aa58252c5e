"""Fit an edition to its guide: the judgement of coverage, and on request a layer for questions, kept where it helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.guide.coverage import coverage_of
from app.guide.edition import Edition
from app.guide.encoder import Vectors
from app.guide.layer import apply
from app.guide.nouns import Section
from app.guide.vectors import ASKED_AS, PASSAGES, QUESTIONS
from ingest.calibrate import calibrate
from ingest.examples import FOLDS, Example, Material, Source, material, single
from ingest.golden import Golden
from ingest.learn import STEPS, Lessons, learn
from ingest.passages import vector_id
from ingest.progress import Advance, Progress

AMONG = 3
# Brier scores that differ by less are the same on a hundred questions, whose standard error is larger.
SAME_BRIER = 0.005


def fit(
    edition: Edition,
    sections: Sequence[Section],
    golden: Sequence[Golden],
    progress: Progress,
    *,
    tune: bool = False,
) -> tuple[dict[str, Any], Vectors | None]:
    """Return what coverage.json holds, and the layer for questions where one was asked for and is better.

    With `tune`, both ways are judged on the golden questions for judging (without any, on the examples, each by a layer
    that was learned without it), and the figures are stored.
    """
    plain = material(edition, sections, golden)
    before = calibrate(plain, progress)
    if not tune:
        return before, None
    lessons = _lessons(edition, sections)
    with progress.count("learning the guide's own language", (1 + FOLDS) * STEPS) as advance:
        layer = learn(lessons, advance)
        if layer is None:
            return before, None
        turned = _turned(plain, lessons, layer, sections, advance)
    after = calibrate(turned, progress)
    questions = _for_judging(sections, golden, plain, edition)
    figures = {
        "before": _figures(questions or plain, before),
        "after": _figures(_with_layer(questions, layer) if questions else turned, after),
    }
    kept = _is_better(figures["before"], figures["after"])
    return {**(after if kept else before), "language": {**figures, "kept": kept}}, layer if kept else None


def _lessons(edition: Edition, sections: Sequence[Section]) -> Lessons:
    lines = [(number, vector_id(line)) for number, section in enumerate(sections) for line in section.asked_as]
    passages = [(number, p.vector) for number, s in enumerate(sections) for p in edition.passages_of(s.slug)]
    return Lessons(
        edition.vectors.vectors(ASKED_AS, [vector for _, vector in lines]),
        np.array([number for number, _ in lines], dtype=np.intp),
        edition.vectors.vectors(PASSAGES, [vector for _, vector in passages]),
        np.array([number for number, _ in passages], dtype=np.intp),
    )


def _turned(
    plain: Material, lessons: Lessons, layer: Vectors, sections: Sequence[Section], advance: Advance
) -> Material:
    """Turn every example's vector; an asked-as line by a layer that was learned without its fold."""
    line_folds = np.array([n % FOLDS for section in sections for n in range(len(section.asked_as))])
    turned = apply(layer, plain.vectors)
    is_line = np.array([one.source is Source.ASKED_AS for one in plain.examples])
    for fold in range(FOLDS):
        own = is_line & (plain.folds == fold)
        without = learn(lessons.without(line_folds == fold), advance)
        turned[own] = plain.vectors[own] if without is None else apply(without, plain.vectors[own])
    return replace(plain, turned=turned)


def _for_judging(
    sections: Sequence[Section], golden: Sequence[Golden], plain: Material, edition: Edition
) -> Material | None:
    found = [Example(one.ask, Source.GOLDEN, one.sections) for one in single(sections, golden) if one.split == "judge"]
    if not any(one.covered for one in found):
        return None
    vectors = edition.vectors.vectors(QUESTIONS, [vector_id(one.text) for one in found])
    return Material(found, vectors, vectors, plain.seen)


def _with_layer(questions: Material, layer: Vectors) -> Material:
    return replace(questions, turned=apply(layer, questions.vectors))


def _figures(questions: Material, coverage: dict[str, Any]) -> dict[str, float]:
    """Return how often the right section is first and among three, and the Brier score of coverage."""
    model = coverage_of(coverage)
    first: list[float] = []
    among: list[float] = []
    errors: list[float] = []
    for example, (slugs, evidence) in zip(questions.examples, questions.looks(), strict=True):
        errors.append((model.probability(evidence) - example.covered) ** 2)
        if example.covered:
            first.append(slugs[0] in example.accepted)
            among.append(any(slug in example.accepted for slug in slugs[:AMONG]))
    found = {"first": first, "among three": among, "brier": errors}
    return {name: round(float(np.mean(values)), 4) for name, values in found.items()}


def _is_better(before: dict[str, float], after: dict[str, float]) -> bool:
    """Better in finding the section, and no worse in judging what is covered."""
    found = [figures["first"] + figures["among three"] for figures in (before, after)]
    return found[1] > found[0] and after["brier"] <= before["brier"] + SAME_BRIER
