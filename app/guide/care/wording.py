"""One plain spelling for what people type, so that case, apostrophes, typos and emoji change no verdict.

Pure text in, pure text out. Nothing here judges; it only makes "I don't", "i dont" and "I DON\u2019T" the same words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from app.guide.care.spelling import corrected

_APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u00b4`\u2032]")
_SENTENCE_END = re.compile(r"[.!?;:\n\r\u2026\u0964\u2028\u2029]+|\s[-\u2013\u2014]+\s|\u2014")
_NOT_A_WORD = re.compile(r"[^a-z0-9 ]+")
# Fewer words than this do not make a piece of their own, at the start or at the end of one.
_FULL, _SHORT = 5, 4
_THREE_OR_MORE = re.compile(r"([a-z])\1{2,}")

# Contractions (apostrophe already gone), chat spellings and the typos that matter most. A word that is also an ordinary
# English word of another meaning ("hell", "ill", "were") is not here; see _WILL.
_SPELLINGS: dict[str, str] = {
    "im": "i am", "ive": "i have", "hes": "he is", "shes": "she is", "thats": "that is", "whats": "what is",
    "theyre": "they are", "youre": "you are", "theyll": "they will", "youll": "you will", "theyve": "they have",
    "weve": "we have", "youve": "you have", "dont": "do not", "doesnt": "does not", "didnt": "did not",
    "cant": "can not", "cannot": "can not", "couldnt": "could not", "wont": "will not", "wouldnt": "would not",
    "isnt": "is not", "arent": "are not", "wasnt": "was not", "werent": "were not", "hasnt": "has not",
    "havent": "have not", "hadnt": "had not", "shouldnt": "should not", "mustnt": "must not", "theres": "there is",
    "aint": "is not", "hed": "he would", "theyd": "they would", "youd": "you would", "itll": "it will",
    "moms": "mum s",
    "bf": "boyfriend", "boyf": "boyfriend", "bfs": "boyfriend s", "gf": "girlfriend", "gfs": "girlfriend s",
    "hubby": "husband", "hubbys": "husband s", "missus": "wife", "misses": "wife", "mrs": "wife", "fiancee": "fiance",
    "mom": "mum", "mommy": "mum", "mummy": "mum", "momma": "mum", "mam": "mum", "daddy": "dad", "papa": "dad",
    "stepdad": "step dad", "stepmum": "step mum", "stepmom": "step mum", "stepfather": "step father",
    "stepmother": "step mother", "stepson": "step son", "stepdaughter": "step daughter",
    "u": "you", "ur": "your", "r": "are", "n": "and", "y": "why", "idk": "i do not know", "ppl": "people",
    "cos": "because", "coz": "because", "cuz": "because", "bcs": "because", "bc": "because", "b4": "before",
    "wanna": "want to", "gonna": "going to", "gotta": "have to", "tryna": "trying to", "iam": "i am", "alot": "a lot",
    "thru": "through", "tho": "though", "til": "until", "till": "until", "tonite": "tonight", "nite": "night",
    "2nite": "tonight", "2night": "tonight", "2moro": "tomorrow", "tmrw": "tomorrow", "tmr": "tomorrow",
    "msgs": "messages", "msg": "message", "fone": "phone", "plz": "please", "pls": "please", "rn": "right now",
    "kms": "kill myself", "ctb": "kill myself", "unalive": "kill", "unaliving": "killing", "unalived": "killed",
    "kys": "kill yourself", "offing": "killing", "suiside": "suicide", "suicde": "suicide", "sucide": "suicide",
    "suacide": "suicide", "suicidle": "suicidal", "sucidal": "suicidal", "suicidel": "suicidal",
    "od": "overdose", "oded": "overdosed", "odd": "odd", "selfharm": "self harm", "selfharming": "self harming",
    "anymore": "any more", "dissapear": "disappear", "disapear": "disappear", "dissappear": "disappear",
    "hurst": "hurts", "hitted": "hit", "hitt": "hit", "slaped": "slapped", "pushd": "pushed", "puched": "punched",
    "puncht": "punched", "choaked": "choked", "chocked": "choked", "chocking": "choking", "strangeled": "strangled",
    "boyfrend": "boyfriend", "boyfreind": "boyfriend", "girlfrend": "girlfriend", "girlfreind": "girlfriend",
    "husbend": "husband", "husbad": "husband", "afriad": "afraid", "affraid": "afraid", "scarred": "scared",
    "scard": "scared", "frightend": "frightened", "threatend": "threatened", "threatning": "threatening",
    "abusiv": "abusive", "forsed": "forced", "forcd": "forced", "knifes": "knives", "kiling": "killing", "kil": "kill",
    "dieing": "dying", "wan": "want", "alowed": "allowed", "alow": "allow", "permision": "permission",
    "yr": "year", "yrs": "years", "yo": "years old", "mins": "minutes", "hrs": "hours",
    "passwrd": "password", "pics": "pictures", "pic": "picture", "nudes": "nude pictures",
}  # fmt: skip

_KIN = (
    *(
        "mum",
        "dad",
        "mother",
        "father",
        "husband",
        "boyfriend",
        "wife",
        "girlfriend",
        "partner",
        "fiance",
        "ex",
        "sister",
    ),
    *("brother", "friend", "mate", "neighbour", "neighbor", "daughter", "son", "cousin", "colleague", "uncle", "aunt"),
    *("nan", "gran", "grandad", "flatmate", "roommate"),
)
_SPELLINGS |= {f"{person}s": f"{person} s" for person in _KIN}

# "he'll" without its apostrophe is "hell": a will only where a person would put one.
_BEFORE_WILL = (
    *("if", "or", "so", "and", "but", "say", "says", "said", "that", "when", "then", "know", "goes", "think", "day"),
    *("leave", "sulks", "because", "afraid", "scared", "hope"),
)
_WILL = re.compile(r"(?:^|" + "|".join(rf"(?<= {word} )" for word in _BEFORE_WILL) + r")(s?he)ll (?=[a-z])")
_VERBS = "be|never|do|kill|hurt|tell|take|go|get|ruin|burn|make|find|just|throw|have|show|end"
_I_WILL = re.compile(rf"(?<![a-z])ill (?=(?:{_VERBS}) )")
_MASKED = {"$": "s", "@": "a", "0": "o", "1": "i", "3": "e"}
_MASK_IN_WORD = re.compile(r"(?<=[a-z])[$@013](?=[a-z])")
_STARRED = {"k*ll": "kill", "su*cide": "suicide", "d*e": "die", "r*pe": "rape", "r*ped": "raped", "s*x": "sex"}


def _fold(text: str) -> str:
    """Lower case, one kind of letter, no accents, no invisible characters, apostrophes gone."""
    folded = unicodedata.normalize("NFKD", text).lower()
    kept = "".join(c for c in folded if unicodedata.category(c) not in ("Mn", "Cf") or c == "\n")
    return _APOSTROPHES.sub("", kept)


def _unmask(text: str) -> str:
    for masked, word in _STARRED.items():
        text = text.replace(masked, word)
    return _MASK_IN_WORD.sub(lambda found: _MASKED[found.group()], text)


def _spell(word: str) -> str:
    known = _SPELLINGS.get(word)
    if known is not None:
        return known
    shorter = _THREE_OR_MORE.sub(r"\1", word)
    if shorter != word:
        doubled = _THREE_OR_MORE.sub(r"\1\1", word)
        word = doubled if doubled in _KEEP_DOUBLE else shorter
    word = corrected(word)
    return _SPELLINGS.get(word, word)


# Where three or more of a letter shrink to two, not one.
_KEEP_DOUBLE = frozenset(
    (
        *(
            "kill",
            "killed",
            "killing",
            "kills",
            "hell",
            "well",
            "still",
            "tell",
            "all",
            "call",
            "will",
            "hitting",
            "ill",
        ),
        *("slapped", "off", "feel", "need", "soon", "too", "see", "sleep", "been", "happy", "hurry", "fell", "good"),
        *(
            "bleed",
            "bleeding",
            "beer",
            "pills",
            "pill",
            "school",
            "missed",
            "kissing",
            "loss",
            "less",
            "yelled",
            "yells",
        ),
    )
)


def plain(text: str) -> str:
    """The words of one sentence in their plain spelling, separated by single spaces."""
    bare = _NOT_A_WORD.sub(" ", _unmask(text).replace(",", " "))
    words = " ".join(_spell(word) for word in bare.split())
    return _I_WILL.sub("i will ", _WILL.sub(r"\1 will ", words))


def sentences(message: str) -> tuple[str, ...]:
    """The sentences of a message, each in plain spelling; empty ones left out."""
    parts = (plain(part) for part in _SENTENCE_END.split(_fold(message)))
    return tuple(part for part in parts if part)


def windows(parts: Sequence[str]) -> tuple[str, ...]:
    """A long message in overlapping pieces of about two sentences; none where the message is short itself."""
    merged: list[str] = []
    for part in parts:
        if merged and (len(merged[-1].split()) < _FULL or len(part.split()) < _SHORT):
            merged[-1] += f". {part}"
        else:
            merged.append(part)
    if len(merged) < 3:
        return ()
    return tuple(f"{first}. {second}" for first, second in pairwise(merged))
