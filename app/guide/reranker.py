"""A second look at what was found: a cross-encoder of sentence-transformers, off unless one is named.

It reads question and passage together (Nogueira and Cho 2019, "Passage Re-ranking with BERT"): better, and much slower.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol

from app.guide.encoder import stay_offline
from app.guide.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class Reranker(Protocol):
    """Says how well texts answer a question."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one number a text, in order; higher is better."""


class CrossReranker:
    """A cross-encoder; safe to share between threads."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model
        self._turn = threading.Lock()

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one number a text, in order; higher is better."""
        with self._turn:
            found = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return [float(score) for score in found]


@cache
def load_reranker(model: str) -> CrossReranker:
    """Load the cross-encoder of that name or folder, once a process.

    Raises `EncoderError` where it is not on this machine: the hub is never asked.
    """
    stay_offline()
    from sentence_transformers import CrossEncoder

    try:
        return CrossReranker(CrossEncoder(model, device="cpu", local_files_only=True))
    except Exception as error:  # the library raises many unrelated classes for one fact
        raise EncoderError(
            f"The reranker {model} cannot be loaded from this machine ({type(error).__name__}). Set ATTUNE_RERANKER to "
            "a folder that holds a sentence-transformers CrossEncoder, or leave it empty."
        ) from error
