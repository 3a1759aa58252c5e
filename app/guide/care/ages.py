"""Whether a person says that they are under 18. Plain sentences in (see wording.py), yes or no out."""

from __future__ import annotations

import re

_WORDS = "eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
_NUMBERS = f"(?:8|9|1[0-7]|{_WORDS})(?: and a half)?"
_GRADES = "third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
# What may follow an age. "I am 12 weeks pregnant" and "I am 15 years older" are none.
_AFTER = (
    r"(?= *$| (?:and|but|now|nearly|almost|in|my|he|she|the|so|girl|boy|lol|if|with|because|from|what|how|is|too|f|m"
    r"|years? old)\b)(?! in (?:a|the|love|total|all)\b)"
)
_UNDER_18 = re.compile(
    rf"(?<!like )(?<!when )(?<!since )\bi am (?:only |just |still )?(?:{_NUMBERS}|1[0-7][fm]){_AFTER}"
    rf"|\bi am (?:in )?(?:the )?(?:year (?:[3-9]|10|11)\b|(?:[3-9]|10|11)th grade|(?:{_GRADES}) grade)"
    rf"|\b(?:me|i) 1[0-7] ?[fm]\b|^1[0-7] ?[fm]\b|\bas a {_NUMBERS} year old (?:girl|boy)\b"
)


def says_under_18_in(sentence: str) -> bool:
    """Whether this plain sentence gives the writer's own age as under 18."""
    return _UNDER_18.search(sentence) is not None
