"""What is compared between a sentence and the passage that it cites, as a few numbers between 0 and 1.

Sentence embeddings measure nearness of meaning (Reimers and Gurevych 2019), and are nearly blind to "not", to another
number and to another person. So words are compared too: which are shared, which stand together, which are negated, and
who does what.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from app.guide.encoder import Encoder, RememberedVectors
from app.guide.lexical import stems

NAMES = (
    "meaning",  # the highest cosine with a clause or sentence of the passage, of the clause where that is lowest
    "words shared",  # the share of its content words that the passage has
    "together",  # the share of pairs of shared words in one clause that also stand in one clause of the passage
    "negated otherwise",  # the share of shared words that are negated on one side only
    "clauses turned",  # the share of its clauses that are negated and the nearest of the passage is not, or the reverse
    "done by another",  # the share of shared words before which another person was named last
    "opposites",  # 1 where it has a word whose opposite the nearest sentence has instead
)

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"\u201d')]*\s+|\n+")
_CLAUSE_END = re.compile(
    r"[,;:.!?()\"\u201c\u201d\n]+|\s[-\u2013\u2014]\s"
    r"|\b(?:and|but|or|while|because|since|when|if|which|who|until|unless|so|than|though|although|as|with)\b",
    re.IGNORECASE,
)
_SPELLED_ALIKE = (
    (re.compile(r"\brather than\b", re.IGNORECASE), "instead of"),
    (re.compile(r"\bno one\b", re.IGNORECASE), "nobody"),
)
_NEGATING = frozenset("not no never nobody none nothing neither nor cannot without hardly seldom instead".split())
# How many content words a negation reaches, within its clause.
_REACH = 4
_PERSONS = {
    "you": "you i me myself yourself",
    "partner": "partner partners they them he him she her themselves spouse wife husband other others",
    "both": "both we us ourselves each together couple couples",
}
_PERSON_OF = {word: person for person, words in _PERSONS.items() for word in words.split()}
# People of an exercise are told apart by what they do; their names are content words too.
_BY_ROLE = frozenset("speaker listener child therapist".split())
_OPPOSITES = """
more/less most/least before/after always/never best/worst better/worse larger/smaller large/small big/small big/tiny
early/late sooner/later first/last good/bad kind/unkind kinder/harsher safer/riskier high/low higher/lower strong/weak
strong/modest similar/different same/different equal/unequal open/closed start/stop begin/end begin/finish loud/quiet
louder/quieter loudly/softly long/short longer/shorter long/brief fast/slow speed/slow easy/hard easier/harder near/far
closer/further public/private truth/lie silence/talk silent/talking speaking/silent silence/speaking rare/regular
rare/common often/seldom often/rarely gain/loss rise/dip rise/fall hopeful/hopeless possible/impossible
positively/negatively positive/negative alone/together apart/together one/both full/empty inside/outside in/outside
safe/dangerous trust/distrust fair/unfair likely/unlikely keep/break kept/broken calm/angry calm/alarm gentle/harsh
gently/harshly beforehand/afterwards today/tomorrow need/want accept/refuse freely/forced welcome/unwelcome toward/away
old/new ordinary/rare many/few facts/feelings tell/hide share/withhold with/without into/from too/except only/also
"""
_OPPOSED = frozenset(
    pair for one, other in (both.split("/") for both in _OPPOSITES.split()) for pair in ((one, other), (other, one))
)


@dataclass(frozen=True, slots=True)
class Word:
    """A content word where it stands: its stem, whether it is negated, and the person named last before it."""

    stem: str
    negated: bool
    person: str


Clause = tuple[Word, ...]


class Passage:
    """A passage, given as its sentences, ready to be compared with many sentences; safe to share between threads."""

    def __init__(self, sentences: Sequence[str], encoder: Encoder, remembered: RememberedVectors | None = None) -> None:
        """Encode the passage, which has at least one sentence; `remembered` keeps vectors of the guide's own words."""
        self.sentences = tuple(sentences)
        self._encoder = encoder
        self._guide = remembered or RememberedVectors(encoder)
        self._words = [clause for sentence in sentences for clause in words_of(sentence)]
        self._clauses = [clause for sentence in sentences for clause in clauses_of(sentence)] or [sentences[0]]
        self._sentence_vectors = self._guide.encode(sentences)
        self._clause_vectors = self._guide.encode(self._clauses)

    @property
    def text(self) -> str:
        """The sentences joined."""
        return " ".join(self.sentences)

    def only(self, place: int) -> Passage:
        """Return the passage that is one sentence of this one."""
        return Passage(self.sentences[place : place + 1], self._encoder, self._guide)

    def nearest(self, sentence: str) -> int:
        """Return the place of the passage's sentence that is nearest in meaning."""
        return int((self._sentence_vectors @ self._encoder.encode([sentence])[0]).argmax())

    def features(self, sentence: str) -> NDArray[np.float64]:
        """Return one number for each of NAMES; the sentence has at least one letter or digit."""
        whole, *parts = self._encoder.encode([sentence, *_clauses_or_all(sentence)])
        clauses = self._clause_vectors @ np.array(parts).T
        sentences = self._sentence_vectors @ np.array(parts).T
        own, shared = self._shared(sentence)
        return np.array(
            [
                np.maximum(clauses.max(axis=0), sentences.max(axis=0)).min(),
                len(shared) / len(own) if own else 0.0,
                self._together(sentence),
                _share(self._all_differ(word, lambda one: one.negated) for word in shared),
                self._turned(_clauses_or_all(sentence), clauses.argmax(axis=0).tolist()),
                _share(self._all_differ(word, lambda one: one.person) for word in shared),
                float(_opposed(sentence, self.sentences[int((self._sentence_vectors @ whole).argmax())])),
            ]
        )

    def _shared(self, sentence: str) -> tuple[list[Word], list[Word]]:
        known = {word.stem for clause in self._words for word in clause}
        own = [word for clause in words_of(sentence) for word in clause]
        return own, [word for word in own if word.stem in known]

    def _together(self, sentence: str) -> float:
        theirs = [{word.stem for word in clause} for clause in self._words]
        known = set().union(*theirs)
        mine = [sorted({word.stem for word in clause} & known) for clause in words_of(sentence)]
        pairs = [pair for clause in mine for pair in combinations(clause, 2)]
        return _share((any(clause.issuperset(pair) for clause in theirs) for pair in pairs), of_nothing=1.0)

    def _all_differ(self, word: Word, what: Callable[[Word], object]) -> bool:
        same = (other for clause in self._words for other in clause if other.stem == word.stem)
        return all(what(other) != what(word) for other in same)

    def _turned(self, own: Sequence[str], beside: Sequence[int]) -> float:
        pairs = zip(own, (self._clauses[place] for place in beside), strict=True)
        return _share(_is_negated(mine) != _is_negated(theirs) for mine, theirs in pairs)


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text; a line ends one."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def clauses_of(sentence: str) -> list[str]:
    """Return the clauses of a sentence that have a content word."""
    return [clause for clause in _CLAUSE_END.split(_alike(sentence)) if stems(clause)]


def words_of(sentence: str) -> list[Clause]:
    """Return the content words of a sentence, clause by clause.

    The guide speaks to its reader, so what has no person before it is the reader's to do.
    """
    found: list[Clause] = []
    person = "you"
    for clause in clauses_of(sentence):
        words: list[Word] = []
        reach = 0
        for token in _tokens(clause):
            if _negates(token):
                reach = _REACH
                continue
            person = token if token in _BY_ROLE else _PERSON_OF.get(token, person)
            if token not in _PERSON_OF:
                words += [Word(stem, reach > 0, person) for stem in stems(token)]
            reach -= bool(stems(token))
        found.append(tuple(words))
    return found


def _clauses_or_all(sentence: str) -> list[str]:
    return clauses_of(sentence) or [sentence]


def _alike(text: str) -> str:
    for pattern, usual in _SPELLED_ALIKE:
        text = pattern.sub(usual, text)
    return text


def _tokens(text: str) -> list[str]:
    return [token.lower().replace("\u2019", "'") for token in _WORD.findall(_alike(text))]


def _negates(token: str) -> bool:
    return token in _NEGATING or token.endswith("n't")


def _is_negated(text: str) -> bool:
    return any(map(_negates, _tokens(text)))


def _opposed(sentence: str, beside: str) -> bool:
    own, theirs = set(_tokens(sentence)), set(_tokens(beside))
    return any((word, other) in _OPPOSED for word in own - theirs for other in theirs - own)


def _share(truths: Iterable[bool], of_nothing: float = 0.0) -> float:
    found = list(truths)
    return sum(found) / len(found) if found else of_nothing
