"""Words that match: the one file that knows BM25 (bm25s) and the stemmer.

BM25 as in Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", with Lucene's idf.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from app.guide.errors import LibraryError

WORD = re.compile(r"[^\W_]+")
APOSTROPHES = str.maketrans("", "", "'\u2019")
# Question and function words carry no topic; negations and pronouns of the couple do, so they stay.
STOPWORDS = frozenset(
    """
    a an the and or but if of at by for with about to from in on off out over as is am are was were be been
    being do does did doing have has had having it its this that these those there here so than too very just
    what which who whom how when where why can could should would will shall may might must
    """.split()
)
_stemmer = threading.local()


def stems(text: str) -> list[str]:
    """Return the stems of a text's words, in order, without stopwords; case and apostrophes do not matter."""
    words = WORD.findall(text.lower().translate(APOSTROPHES))
    return _stem([word for word in words if word not in STOPWORDS])


def _stem(words: list[str]) -> list[str]:
    # A PyStemmer object must not be shared between threads.
    if not hasattr(_stemmer, "english"):
        _stemmer.english = Stemmer.Stemmer("english")
    stemmed: list[str] = _stemmer.english.stemWords(words)
    return stemmed


class WordIndex:
    """BM25 scores of a fixed list of texts."""

    def __init__(self, bm25: bm25s.BM25) -> None:
        self._bm25 = bm25

    @classmethod
    def of(cls, texts: Sequence[str]) -> WordIndex:
        """Index these texts; scores come back in their order."""
        bm25 = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        # bm25s cannot index a corpus without any word; a token that no question holds stands in.
        bm25.index([stems(text) or ["\0"] for text in texts], show_progress=False)
        return cls(bm25)

    @classmethod
    def read(cls, folder: Path) -> WordIndex:
        """Open a saved index, mapped into memory; raises `LibraryError` where it cannot be read."""
        try:
            return cls(bm25s.BM25.load(str(folder), mmap=True, show_progress=False))
        except Exception as error:  # numpy, json and bm25s each raise their own for a damaged file
            raise LibraryError(
                f"The word index at {folder} cannot be opened ({type(error).__name__}). Build the guide again: "
                "`python -m ingest build`."
            ) from error

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self._bm25.save(str(folder), show_progress=False)

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return one score a text, zero where no word matches."""
        known = [stem for stem in stems(question) if stem in self._bm25.vocab_dict]
        if not known:
            return np.zeros(int(self._bm25.scores["num_docs"]), dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def shares(self, question: str, place: int) -> tuple[float, float]:
        """Return what share of a question's words one text holds, and what share any text holds.

        Each word counts by its idf, so that a rare word that is missing weighs more; both shares are 0 to 1, and 0 for
        a question without words.
        """
        postings = [self._texts_with(stem) for stem in stems(question)]
        weights = [self._idf(len(texts)) for texts in postings]
        here = sum(w for w, texts in zip(weights, postings, strict=True) if place in texts)
        anywhere = sum(w for w, texts in zip(weights, postings, strict=True) if len(texts))
        total = sum(weights) or 1.0
        return here / total, anywhere / total

    def _texts_with(self, stem: str) -> NDArray[np.int32]:
        token = self._bm25.vocab_dict.get(stem)
        if token is None:
            return np.empty(0, dtype=np.int32)
        starts = self._bm25.scores["indptr"]
        return np.asarray(self._bm25.scores["indices"][starts[token] : starts[token + 1]], dtype=np.int32)

    def _idf(self, texts: int) -> float:
        return math.log(1 + (int(self._bm25.scores["num_docs"]) - texts + 0.5) / (texts + 0.5))
