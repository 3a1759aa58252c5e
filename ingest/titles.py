"""A title for a part of a text that has none: its own words.

The sentence nearest to the mean of all of them stands for the part (the centroid of Radev et al. 2004, "Centroid-based
summarization of multiple documents", Information Processing & Management 40), earlier ones preferred; it is cut at a
clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from app.guide.encoder import Vectors

MOST_WORDS = 12
FEWEST_WORDS = 3
# So much less like the whole a later sentence may be preferred to the first of all, over the length of the part.
LATER = 0.15
# Sentences that begin so point to the one before, and name nothing.
POINTS_BACK = re.compile(
    r"(?:yes|no|this|that|these|those|it|they|he|she|its|their|but|and|so|or|however|finally|instead|also|another|then|"
    r"because|therefore|thus|for example|for instance)\b",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"\s*(?:[,;:]\s|\s[-–—]\s|—|\s\()")
# A head that ends so waits for its other half.
HANGING = re.compile(
    r"\b(?:is|are|was|were|be|can|may|must|of|the|a|an|and|or|but|that|which|to|in|for|with)$", re.IGNORECASE
)
END = re.compile(r"[.!,;:…\s]+$")


def title_of(sentences: Sequence[str], vectors: Vectors) -> str:
    """Return at most `MOST_WORDS` words of one of the sentences; `vectors` holds one unit row a sentence."""
    closeness = vectors @ vectors.mean(axis=0) - LATER * np.linspace(0, 1, len(sentences))
    points_back = np.array([bool(POINTS_BACK.match(sentence)) for sentence in sentences])
    short = np.array([len(sentence.split()) < FEWEST_WORDS for sentence in sentences])
    return shortened(sentences[int(np.argmax(closeness - points_back - short))])


def shortened(sentence: str) -> str:
    """Return a sentence as a title: without its full stop, cut at its last clause that fits, else after a word."""
    whole = END.sub("", sentence)
    if len(whole.split()) <= MOST_WORDS:
        return whole
    heads = [END.sub("", whole[: found.start()]) for found in CLAUSE.finditer(whole)]
    # What follows a head that waits is a clause put in between, and cutting after it would leave the wait.
    waits = next((n for n, head in enumerate(heads) if HANGING.search(head)), len(heads))
    fitting = [head for head in heads[:waits] if FEWEST_WORDS < len(head.split()) <= MOST_WORDS]
    return fitting[-1] if fitting else " ".join(whole.split()[:MOST_WORDS]) + " …"
