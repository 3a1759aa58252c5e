"""Short, true, fixed answers to what people say to a program rather than ask a guide."""

from __future__ import annotations

import re

_MINE = r"what i (say|write|type)|my (messages?|questions?|words|data|conversations?|chats?)"
_ANSWERS = (
    (
        r"(hi|hello|hey|hiya|good (morning|afternoon|evening)|hallo|greetings)( there| you| attune)?",
        "Hello. Write what is on your mind about closeness with someone, and the guide will answer in its own words.",
    ),
    (
        r"((ok|okay|great|good|lovely|perfect|all right|alright) )?(many )?(thanks?|thank you|thx|cheers|ta)"
        r"( so much| a lot| very much| you)?",
        "You are welcome. Ask again whenever you like.",
    ),
    (
        r"(bye|goodbye|good night|see you|see ya)( then| now| later)?",
        "Goodbye. \u201cClear conversation\u201d removes what was said here.",
    ),
    (
        r"(are you|am i (talking|speaking|chatting) (to|with)) (a |an )?(real )?"
        r"(person|human|bot|robot|ai|machine|computer|someone real|real)",
        "No person is writing here. This is a program that finds and quotes sentences of a written guide.",
    ),
    (
        r"(who|what) are you|what is (this|attune)|what can you do|what do you do|how (do you|does this) work",
        "This is Attune, a written guide to emotional intimacy that can be asked. It searches the guide on this "
        "computer and quotes its sentences word for word, with links to where they stand.",
    ),
    (
        r"who (wrote|made|writes) (this|you|the guide|it)",
        "The guide is an original text that its editors wrote from published research; each section lists its sources.",
    ),
    (
        rf"(do|will) you (store|save|keep|record|log|remember) (this|that|(any|every)thing|{_MINE})( .{{0,20}})?"
        rf"|(is|are) (this|it|{_MINE}) (all )?(private|stored|saved|kept|recorded|logged|confidential)( .{{0,20}})?",
        "Nothing that you write is stored. The conversation stays in this page\u2019s session and is gone when you "
        "clear it or close the page.",
    ),
)


def small_talk(message: str) -> str:
    """Return the fixed answer to a message that is small talk, or an empty string."""
    asked = re.sub(r"[^\w\s']", "", message.lower().replace("\u2019", "'")).strip()
    return next((answer for pattern, answer in _ANSWERS if re.fullmatch(pattern, asked)), "")
