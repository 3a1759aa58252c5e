"""What writes an answer from numbered passages, and how it may fail: the port that a language model stands behind."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from enum import StrEnum
from typing import Protocol

from app.guide.errors import AttuneError


class Failure(StrEnum):
    """Why a model gave no answer that can be used."""

    LATE = "late"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    BROKEN = "broken"
    UNSUPPORTED = "unsupported"


class ModelFailed(AttuneError):
    """The language model gave nothing that can be used; `failure` says why, and no word of the talk is in it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"The language model gave nothing that can be used ({failure}).")
        self.failure = failure


class Writer(Protocol):
    """Writes an answer from numbered passages."""

    @property
    def name(self) -> str:
        """What a person calls the model."""

    def write(self, question: str, passages: Sequence[str]) -> Generator[str, None, None]:
        """Yield the answer piece by piece as it comes, and "" where nothing came for a moment.

        Ends within the time that is set; raises `ModelFailed`. When the iterator is closed, the model is stopped.
        """
