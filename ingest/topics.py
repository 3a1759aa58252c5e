"""Where the topic shifts in a text without headings: the cuts that leave the most alike sentences together.

Kernel change-point detection over sentence embeddings: the text is cut so that the scatter of the sentences around
their part's mean, plus a price for each part, is least over all ways to cut it; dynamic programming finds that cut
(Harchaoui and Cappé 2007, "Retrospective multiple change-point estimation with kernels", IEEE SSP; for text, Utiyama
and Isahara 2001, "A Statistical Model for Domain-Independent Text Segmentation", ACL). Unlike TextTiling (Hearst 1997)
it needs no window and honours a longest part.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.guide.encoder import Vectors

# What a further part costs, in squared distance of unit vectors.
PRICE = 0.8
# What a part costs in addition that is too short to be read alone.
PRICE_OF_A_SHORT_ONE = 5.0
FEWEST_WORDS = 50
MOST_WORDS = 300


def cut_at_topics(vectors: Vectors, owners: Sequence[int], words: Sequence[int]) -> list[int]:
    """Return the pieces at which a part begins, the first of them 0.

    `vectors` holds one unit row a sentence, `owners` the piece that each sentence belongs to, in order, and `words` the
    length of each piece. A part has at most `MOST_WORDS` words, unless one piece alone has more.
    """
    pieces = len(words)
    first = np.searchsorted(np.asarray(owners), np.arange(pieces + 1))  # each piece's first sentence
    sums = np.vstack([np.zeros((1, vectors.shape[1])), np.cumsum(vectors, axis=0, dtype=np.float64)])[first]
    lengths = np.concatenate([[0], np.cumsum(words)])
    least = np.full(pieces + 1, np.inf)
    least[0] = 0.0
    before = np.zeros(pieces + 1, dtype=int)
    for end in range(1, pieces + 1):
        start = min(end - 1, int(np.searchsorted(lengths, lengths[end] - MOST_WORDS)))
        starts = np.arange(start, end)
        sentences = first[end] - first[starts]
        spread = sums[end] - sums[starts]
        scatter = sentences - (spread**2).sum(axis=1) / np.maximum(sentences, 1)
        short = lengths[end] - lengths[starts] < FEWEST_WORDS
        costs = least[starts] + scatter + PRICE + PRICE_OF_A_SHORT_ONE * short
        best = int(np.argmin(costs))
        least[end], before[end] = costs[best], starts[best]
    cuts = [pieces]
    while cuts[-1]:
        cuts.append(int(before[cuts[-1]]))
    return cuts[:0:-1]
