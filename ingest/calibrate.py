"""Fit the coverage model of an edition: when does the guide answer a question?

Everything that is reported, and both thresholds, come from examples that the model had not seen (cross-fitting).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from app.guide.coverage import FEATURES, Logistic, features
from ingest.examples import FOLDS, Example, Material, Source
from ingest.progress import Progress, each

# The share of covered questions that may be refused, and of the others that may be answered as if covered.
COVERED_REFUSED = 0.05
OTHERS_ANSWERED = 0.06
# How freely vectors and features may be read (C of scikit-learn's LogisticRegression).
TOPIC_FREEDOM = 1.0
FREEDOM = 1.0
BINS = 10

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]


def calibrate(found: Material, progress: Progress) -> dict[str, Any]:
    """Return what coverage.json holds: the fitted models, their thresholds, and how they were found."""
    covered = np.array([one.covered for one in found.examples])
    weights = weights_of(found.examples)
    folds = found.folds

    topic, topic_logits = _cross_fit(
        found.vectors.astype(np.float64), covered, weights, folds, TOPIC_FREEDOM, scaled=False
    )
    with progress.count("calibrating coverage", len(found.examples)) as advance:
        evidences = [evidence for _, evidence in each(found.looks(), advance)]
    rows = np.array([features(*pair) for pair in zip(evidences, topic_logits, strict=True)])
    model, logits = _cross_fit(rows, covered, weights, folds, FREEDOM, scaled=True)
    probabilities = 1 / (1 + np.exp(-logits))
    partial_from, answer_from = _thresholds(probabilities, covered, weights)
    return {
        "features": list(FEATURES),
        "intercept": model.intercept,
        "weights": list(model.weights),
        "topic": {"intercept": topic.intercept, "weights": list(topic.weights)},
        "partial_from": partial_from,
        "answer_from": answer_from,
        "fitted_on": _counts(found.examples),
        "curve": _curve(probabilities, covered, weights),
        "reliability": _reliability(probabilities, covered, weights),
    }


def weights_of(found: Sequence[Example]) -> Floats:
    """Let covered and other questions count the same in sum, and on each side every source the same.

    What is asked of sections without asked-as lines counts among the lines: of one such section in a guide that has
    them there are two questions, which as a source of their own would outweigh hundreds.
    """
    groups = Counter(_group(one) for one in found)
    sources = Counter(covered for covered, _ in groups)
    return np.array([1 / (groups[group] * sources[group[0]]) for group in map(_group, found)]) * len(found) / 2


def _group(one: Example) -> tuple[bool, Source]:
    return one.covered, Source.ASKED_AS if one.source is Source.SECTION else one.source


def _cross_fit(
    rows: Floats, labels: Labels, weights: Floats, folds: NDArray[np.int_], freedom: float, *, scaled: bool
) -> tuple[Logistic, Floats]:
    """Return the model fitted on all rows, and for each row the logit of a model that had not seen its fold."""
    final = _fit(rows, labels, weights, freedom, scaled)
    logits = np.empty(len(rows))
    for fold in range(FOLDS):
        others, own = folds != fold, folds == fold
        # With very few examples, what is left without a fold may be all of one kind.
        enough = len({*labels[others].tolist()}) > 1
        model = _fit(rows[others], labels[others], weights[others], freedom, scaled) if enough else final
        logits[own] = [model.logit(row) for row in rows[own]]
    return final, logits


def _fit(rows: Floats, labels: Labels, weights: Floats, freedom: float, scaled: bool) -> Logistic:
    """Fit, on features of one scale where asked, and fold the scale into the weights: reading needs no scaler."""
    mean = rows.mean(axis=0)
    spread = rows.std(axis=0) if scaled else np.ones(rows.shape[1])
    spread[spread < 1e-9] = 1.0
    model = LogisticRegression(C=freedom, max_iter=1000).fit((rows - mean) / spread, labels, weights)
    read = model.coef_[0] / spread
    return Logistic(float(model.intercept_[0] - read @ mean), tuple(float(w) for w in read))


def _thresholds(probabilities: Floats, covered: Labels, weights: Floats) -> tuple[float, float]:
    """Return from where to show the nearest section, and from where to answer."""
    partial_from = _quantile(probabilities[covered], weights[covered], COVERED_REFUSED)
    answer_from = _quantile(probabilities[~covered], weights[~covered], 1 - OTHERS_ANSWERED)
    return min(partial_from, answer_from), answer_from


def _quantile(values: Floats, weights: Floats, share: float) -> float:
    """Return the value below which `share` of the weight lies."""
    if not len(values):
        return 0.5
    order = np.argsort(values)
    below = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][min(len(values) - 1, int(np.searchsorted(below, share)))])


def _counts(found: Sequence[Example]) -> dict[str, int]:
    return {
        "covered": sum(one.covered for one in found),
        "others": sum(not one.covered for one in found),
        "golden": sum(one.source is Source.GOLDEN for one in found),
    }


def _curve(probabilities: Floats, covered: Labels, weights: Floats) -> list[dict[str, float]]:
    """How many covered and other questions stand above each probability."""
    return [
        {
            "probability": round(float(at), 2),
            "covered": _share(probabilities[covered] >= at, weights[covered]),
            "others": _share(probabilities[~covered] >= at, weights[~covered]),
        }
        for at in np.arange(0.05, 1.0, 0.05)
    ]


def _reliability(probabilities: Floats, covered: Labels, weights: Floats) -> dict[str, Any]:
    """Return the Brier score, and for each tenth of the probability what was said and what was so."""
    tenth = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    return {
        "brier": round(float(np.average((probabilities - covered) ** 2, weights=weights)), 4),
        "bins": [
            {
                "said": round(float(np.average(probabilities[own], weights=weights[own])), 4),
                "was": _share(covered[own], weights[own]),
                "questions": int(own.sum()),
            }
            for own in (tenth == number for number in range(BINS))
            if own.any()
        ],
    }


def _share(holds: Labels, weights: Floats) -> float:
    return round(float(np.average(holds, weights=weights)), 4) if len(holds) else 0.0
