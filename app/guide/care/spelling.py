"""Typing slips undone: an unknown word becomes the common word one slip away, so that a slip changes no verdict.

words.txt holds the words: first those that a slip may be corrected to, most frequent first, then, after an empty line,
other words that are simply known and left alone. They come from the examples and from the encoder's vocabulary.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "words.txt"
SHORTEST, LONGEST = 4, 20
_DOUBLED = re.compile(r"([a-z])\1")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@cache
def known_words() -> tuple[dict[str, int], frozenset[str]]:
    """The words to correct to with their rank, and all known words."""
    common, _, other = WORDS.read_text(encoding="utf-8").partition("\n\n")
    ranks = {word: rank for rank, word in enumerate(common.split())}
    return ranks, frozenset(ranks) | frozenset(other.split())


def corrected(word: str) -> str:
    """The most frequent word one slip away from an unknown word; every other word as it is.

    Nothing is remembered between calls, since unknown words are often names.
    """
    ranks, known = known_words()
    if not SHORTEST <= len(word) <= LONGEST or word in known or not word.isalpha():
        return word
    for slips in (_undoubled(word), _slips(word)):
        found = [slip for slip in slips if slip in ranks]
        if found:
            return min(found, key=ranks.__getitem__)
    return word


def _undoubled(word: str) -> set[str]:
    """The word with any one doubled letter made single, or all of them."""
    single = {word[: found.start()] + word[found.start() + 1 :] for found in _DOUBLED.finditer(word)}
    return single | {_DOUBLED.sub(r"\1", word)} - {word}


def _slips(word: str) -> set[str]:
    """Every text one slip away: letters swapped, one missing, one wrong, one too many."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    missing = {left + letter + right for left, right in cuts for letter in _LETTERS if left}
    wrong = {left + letter + right[1:] for left, right in cuts if left and right for letter in _LETTERS}
    return swapped | missing | wrong | {left + right[1:] for left, right in cuts if right}
