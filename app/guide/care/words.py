"""The second opinion on a message: which words, pairs of words and bits of words it is made of, as hashed counts."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

SIZE = 2**14
_BITS = (3, 4, 5)


def counts(text: str) -> dict[int, float]:
    """How often each feature of a plain text occurs, damped, by its place in a table of SIZE."""
    words = text.replace(".", " . ").split()
    found = Counter(f"w {word}" for word in words)
    found.update(f"p {first} {second}" for first, second in pairwise(words))
    found.update(f"s {first} {third}" for first, third in zip(words, words[2:], strict=False))
    for word in words:
        edged = f"<{word}>"
        found.update(f"b {edged[at : at + size]}" for size in _BITS for at in range(len(edged) - size + 1))
    table: dict[int, float] = {}
    for name, count in found.items():
        place = zlib.crc32(name.encode()) % SIZE
        table[place] = table.get(place, 0.0) + 1.0 + float(np.log(count))
    return table


def scores(texts: Sequence[str], rarity: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """One row for each text: the linear score of each label over its weighted counts, scaled to unit length."""
    rows = np.zeros((len(texts), len(weights)), dtype=np.float32)
    for row, text in enumerate(texts):
        table = counts(text)
        places = np.fromiter(table, dtype=np.int64)
        values = np.fromiter(table.values(), dtype=np.float32) * rarity[places]
        size = float(np.linalg.norm(values)) or 1.0
        rows[row] = weights[:, places] @ (values / size)
    return rows
