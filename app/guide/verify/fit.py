"""`python -m app.guide.verify.fit`: fit the judgement of support on the labelled pairs, and write support.json.

A logistic regression over the features, on the passages that are not held out. The threshold is the lowest at which, in
cross-validation by passage, at least PRECISION of what is let through is supported. Takes a minute.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from app.guide.encoder import Encoder, bundled_encoder
from app.guide.verify.check import SUPPORT, Checker, Support
from app.guide.verify.features import NAMES, Passage, sentences_of
from app.guide.verify.numbers import numbers_agree

PAIRS = Path(__file__).parent / "pairs.yaml"
SUPPORTED = "supported"
PRECISION = 0.95
FOLDS = 12


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence beside a passage; `kind` is "supported", or what is wrong with it."""

    sentence: str
    passage: str
    kind: str
    held_out: bool


def read_pairs(path: Path = PAIRS) -> list[Pair]:
    """Return every labelled pair, in the file's order."""
    return [
        Pair(sentence, group["passage"], kind, group["held_out"])
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))
        for kind, sentences in {SUPPORTED: group["supported"], **group["unsupported"]}.items()
        for sentence in sentences
    ]


def main() -> None:
    """Fit, measure on what was held out, and write both."""
    pairs, encoder = read_pairs(), bundled_encoder()
    support = fit([pair for pair in pairs if not pair.held_out], encoder)
    stored = {
        "weights": dict(zip(NAMES, support.weights, strict=True)),
        "bias": support.bias,
        "threshold": support.threshold,
        "held_out": measure(support, [pair for pair in pairs if pair.held_out], encoder),
    }
    SUPPORT.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(SUPPORT.read_text(encoding="utf-8"))


def fit(pairs: Sequence[Pair], encoder: Encoder) -> Support:
    """Return the judgement fitted on these pairs; those whose numbers disagree never reach it, and are left out."""
    reached = [pair for pair in pairs if numbers_agree(pair.sentence, pair.passage)]
    passages = passages_of(reached, encoder)
    rows = np.array([passages[pair.passage].features(pair.sentence) for pair in reached])
    labels = np.array([pair.kind == SUPPORTED for pair in reached])
    groups = [list(passages).index(pair.passage) for pair in reached]
    model = LogisticRegression(C=10)
    told = cross_val_predict(model, rows, labels, groups=groups, cv=GroupKFold(FOLDS), method="predict_proba")
    model.fit(rows, labels)
    weights = tuple(round(float(weight), 3) for weight in model.coef_[0])
    return Support(weights, round(float(model.intercept_[0]), 3), lowest_threshold(told[:, 1], labels))


def lowest_threshold(told: NDArray[np.float64], labels: NDArray[np.bool_]) -> float:
    """Return the lowest threshold, in hundredths, at which the precision is PRECISION or more."""
    steps = [step / 100 for step in range(1, 100)]
    return next(step for step in steps if labels[told >= step].sum() >= PRECISION * max(1, (told >= step).sum()))


def measure(support: Support, pairs: Sequence[Pair], encoder: Encoder) -> dict[str, Any]:
    """Return precision and recall on these pairs, and how many of each kind were let through."""
    checker, passages = Checker(support), passages_of(pairs, encoder)
    shown = [pair for pair in pairs if checker.bears_out(pair.sentence, passages[pair.passage])]
    through, all_kinds = Counter(pair.kind for pair in shown), Counter(pair.kind for pair in pairs)
    return {
        "precision": round(through[SUPPORTED] / len(shown), 3),
        "recall": round(through[SUPPORTED] / all_kinds[SUPPORTED], 3),
        "let_through": {kind: f"{through[kind]} of {count}" for kind, count in sorted(all_kinds.items())},
    }


def passages_of(pairs: Sequence[Pair], encoder: Encoder) -> dict[str, Passage]:
    """Return the passage for each text, in order."""
    return {text: Passage(sentences_of(text), encoder) for text in dict.fromkeys(pair.passage for pair in pairs)}


if __name__ == "__main__":
    main()
