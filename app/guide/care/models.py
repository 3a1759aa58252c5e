"""What may go to a language model: nothing that raised care, nothing after it, and nothing of anybody under 18."""

from __future__ import annotations

from collections.abc import Sequence

from app.guide.care.screen import detection_works, says_under_18, screen
from app.guide.care.verdict import Verdict


def may_be_sent(message: str, earlier: Sequence[str], noticed: Sequence[Verdict], on_again_after: int = 0) -> bool:
    """Whether a message may go to a language model, on this machine or elsewhere.

    `earlier` are the person's messages before it, oldest first, and `noticed` what was noticed in the talk. After the
    first `on_again_after` of them the person turned the model on again: what was noticed in those no longer counts.
    That never lets a message go that itself signals something, nor one of somebody under 18. While the check for danger
    does not work, nothing goes.
    """
    try:
        if not detection_works() or any(verdict.minor for verdict in noticed) or says_under_18(message, earlier):
            return False
        if noticed and not on_again_after:
            return False
        told = [*earlier, message]
        return all(screen(told[place], told[:place]) is None for place in range(on_again_after, len(told)))
    except Exception:  # what could not be checked is not sent
        return False
