"""A sentence is shown only if a passage that it cites bears it out: its numbers, its quotations and what it says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.guide.verify.features import NAMES, Passage
from app.guide.verify.numbers import numbers_agree

SUPPORT = Path(__file__).parent / "support.json"

_MARKER = re.compile(r"\s*\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]")
_LIST_MARK = re.compile(r"^\s*(?:[-*\u2022]+|#+|\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"\*+|__+|`+")
_QUOTED = re.compile(r"[\"\u201c\u201d]([^\"\u201c\u201d]+)[\"\u201c\u201d]")
_ALIKE = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
# A sentence of the guide has none of these; what has is an address, a mark-up or a marker that is none.
_FOREIGN = re.compile(r"https?:|www\.|[<>{}\[\]|\\]")
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence as a person would read it, and the numbers of the passages that it cites."""

    text: str
    cites: tuple[int, ...]


class Support(NamedTuple):
    """The fitted judgement: a weight for each of NAMES, a bias, and the probability from which a sentence is shown."""

    weights: tuple[float, ...]
    bias: float
    threshold: float


class Checker:
    """Judges sentences by the fitted judgement, or by the one that is given."""

    def __init__(self, support: Support | None = None) -> None:
        self._support = support or bundled_support()

    def bears_out(self, sentence: str, passage: Passage) -> bool:
        """Whether the passage bears the sentence out: its numbers and quotations exactly, and what it says."""
        if len(sentence) > LONGEST or not any(map(str.isalnum, sentence)) or _FOREIGN.search(sentence):
            return False
        exact = numbers_agree(sentence, passage.text) and quotations_are_exact(sentence, passage.text)
        return exact and self.probability(sentence, passage) >= self._support.threshold

    def probability(self, sentence: str, passage: Passage) -> float:
        """Return how probable it is, by the fitted judgement, that the passage supports what the sentence says."""
        score = float(np.dot(self._support.weights, passage.features(sentence))) + self._support.bias
        return float(1 / (1 + np.exp(-score)))

    def enough(self, sentence: str, passage: Passage) -> range | None:
        """Return which of a passage's sentences bear a sentence out: one where one is enough, else all; or None."""
        if not self.bears_out(sentence, passage):
            return None
        place = passage.nearest(sentence)
        alone = self.bears_out(sentence, passage.only(place))
        return range(place, place + 1) if alone else range(len(passage.sentences))


def read_claim(written: str) -> Claim:
    """Part a written sentence from its markers, list marks and emphasis."""
    numbers = tuple(int(number) for group in _MARKER.findall(written) for number in re.findall(r"\d+", group))
    text = _EMPHASIS.sub("", _LIST_MARK.sub("", _MARKER.sub("", written)))
    return Claim(" ".join(text.split()), tuple(dict.fromkeys(numbers)))


def quotations_are_exact(sentence: str, passage: str) -> bool:
    """Whether all that a sentence has in quotation marks stands in the passage; only the marks' shape may differ."""
    told = passage.translate(_ALIKE)
    return all(quoted.strip().rstrip(".,").translate(_ALIKE) in told for quoted in _QUOTED.findall(sentence))


@cache
def bundled_support() -> Support:
    """Return the judgement that comes with the program."""
    stored = json.loads(SUPPORT.read_text(encoding="utf-8"))
    return Support(tuple(stored["weights"][name] for name in NAMES), stored["bias"], stored["threshold"])
