"""The committed small model: what the reader and the words say together, as one probability for each label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.guide.care import words
from app.guide.care.reader import Reader
from app.guide.care.verdict import Category
from app.guide.care.wording import windows

Array = NDArray[np.float32]

MODEL = Path(__file__).parent / "model.npz"
# The order of the model's columns; "none" is harmless.
LABELS = ("none", *(category.value for category in Category))
# A pasted book is not read piece by piece: of more pieces than this, those whose words weigh most are read.
MOST_PIECES = 16


class Judge:
    """The model, loaded and ready; safe to share between threads, since nothing in it changes."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        """Raises EncoderError where the pinned weights are not there; the arrays are those of model.npz."""
        self._arrays = arrays
        self._reader = Reader(adapter_sets(arrays))

    def probabilities(self, parts: Sequence[str]) -> tuple[Array, str]:
        """The probability of each of LABELS for a message of plain sentences, and the piece that speaks loudest."""
        whole, pieces = ". ".join(parts), windows(parts)
        spoken = self._loudest_words(pieces)
        # A message of one sentence is its own only piece, and is read once.
        texts = list(dict.fromkeys([whole, *spoken]))
        read = dict(zip(texts, self._reader.scores(texts), strict=True))
        loudest = max(spoken, key=lambda piece: danger(read[piece]), default=whole)
        row = features(read[whole], read[loudest], self._words([whole])[0])
        return self.combine(row), loudest

    def combine(self, row: Array) -> Array:
        """The probabilities that the last layer gives to one row of features."""
        scores = self._arrays["last"] @ row + self._arrays["last_bias"]
        powers = np.exp(scores - scores.max())
        return np.asarray(powers / powers.sum(), dtype=np.float32)

    def _words(self, texts: Sequence[str]) -> Array:
        return words.scores(texts, self._arrays["rarity"], self._arrays["words"])

    def _loudest_words(self, pieces: Sequence[str]) -> list[str]:
        if len(pieces) <= MOST_PIECES:
            return list(pieces)
        loud = np.argsort([-danger(row) for row in self._words(pieces)], kind="stable")[:MOST_PIECES]
        return [pieces[place] for place in sorted(loud)]


def adapter_sets(arrays: Mapping[str, Array]) -> list[dict[str, Array]]:
    """The sets of adapters in model.npz, where the arrays of set N are named "N/..."."""
    numbers = sorted({name.partition("/")[0] for name in arrays if "/" in name})
    return [
        {name.removeprefix(f"{n}/"): value for name, value in arrays.items() if name.startswith(f"{n}/")}
        for n in numbers
    ]


@cache
def bundled_judge() -> Judge:
    """The committed model, loaded once a process."""
    with np.load(MODEL, allow_pickle=False) as stored:
        return Judge({name: stored[name].astype(np.float32) for name in stored.files})


def danger(scores: Array) -> float:
    """How far the dangers together outweigh harmlessness in one row of scores."""
    return float(np.logaddexp.reduce(scores[1:]) - scores[0])


def features(whole: Array, loudest: Array, spelled: Array) -> Array:
    """The row that the last layer sees: the whole message, its loudest piece, and its words."""
    return np.concatenate([_centred(whole), _centred(loudest), _centred(spelled)]).astype(np.float32)


def _centred(scores: Array) -> Array:
    return np.append(scores - scores.mean(), danger(scores))
