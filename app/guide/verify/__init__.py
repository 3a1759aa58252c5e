"""Whether a sentence that a model wrote is borne out by the passage that it cites."""

from __future__ import annotations

from app.guide.verify.check import Checker, Claim, read_claim
from app.guide.verify.features import Passage

__all__ = ["Checker", "Claim", "Passage", "read_claim"]
