"""Words that match: stems and BM25."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.guide.errors import LibraryError
from app.guide.lexical import WordIndex, stems

TEXTS = ["trust trust listen", "listen walk walk walk quiet argue", "quiet", ""]


def bm25(word: str, text: str, texts: list[str], k1: float = 1.2, b: float = 0.75) -> float:
    """Return the score of one word by the formula of Robertson and Zaragoza with Lucene's idf.

    A text without words counts as one of one word, since the index puts a token there.
    """
    lengths = [len(other.split()) or 1 for other in texts]
    holding = sum(word in other.split() for other in texts)
    idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
    times = text.split().count(word)
    length = len(text.split()) or 1
    return idf * times / (times + k1 * (1 - b + b * length / (sum(lengths) / len(lengths))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Listening, listens; LISTENED!", ["listen", "listen", "listen"]),
        ("What is the trust in it?", ["trust"]),
        ("won't won\u2019t wont", ["wont", "wont", "wont"]),
        ("not you", ["not", "you"]),
        ("snake_case 2 caf\u00e9s", ["snake", "case", "2", "caf\u00e9"]),
        ("?!", []),
        ("", []),
    ],
)
def test_stems_look_past_case_endings_and_apostrophes(text: str, expected: list[str]) -> None:
    assert stems(text) == expected


@pytest.mark.parametrize("question", ["trust", "listen", "walk", "quiet argue", "listen listen walk"])
def test_scores_are_those_of_the_formula(question: str) -> None:
    scores = WordIndex.of(TEXTS).scores(question)

    assert list(scores) == pytest.approx(
        [sum(bm25(word, text, TEXTS) for word in question.split()) for text in TEXTS], abs=1e-5
    )


@pytest.mark.parametrize("question", ["", "the of", "unheard", "\0", "?"])
def test_a_question_that_shares_no_word_scores_nothing(question: str) -> None:
    assert list(WordIndex.of(TEXTS).scores(question)) == [0.0] * len(TEXTS)


def test_texts_without_any_word_can_be_indexed() -> None:
    assert list(WordIndex.of(["", "..."]).scores("trust")) == [0.0, 0.0]


def test_a_saved_index_gives_the_same_scores(tmp_path: Path) -> None:
    index = WordIndex.of(TEXTS)
    index.save(tmp_path / "lexical")

    read = WordIndex.read(tmp_path / "lexical")

    assert list(read.scores("quiet walk")) == list(index.scores("quiet walk"))
    assert list(read.scores("unheard")) == [0.0] * len(TEXTS)


def test_reading_an_index_writes_nothing(tmp_path: Path) -> None:
    WordIndex.of(TEXTS).save(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    WordIndex.read(tmp_path).scores("quiet walk")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_holds_no_index_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(LibraryError) as caught:
        WordIndex.read(tmp_path / "gone")

    assert str(caught.value).startswith(f"The word index at {tmp_path / 'gone'} cannot be opened (")


def test_threads_may_share_an_index() -> None:
    index = WordIndex.of(TEXTS)
    expected = list(index.scores("quiet walk"))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: list(index.scores("quiet walk")), range(64)))

    assert found == [expected] * 64


def test_shares_count_the_words_that_a_text_and_any_text_holds_by_their_idf() -> None:
    index = WordIndex.of(["trust walk", "trust listen"])
    rare, common, unknown = math.log(1 + 1.5 / 1.5), math.log(1 + 0.5 / 2.5), math.log(1 + 2.5 / 0.5)

    here, anywhere = index.shares("trust a walk to Reykjavik", 1)

    total = rare + common + unknown
    assert (here, anywhere) == pytest.approx((common / total, (common + rare) / total))


def test_a_question_without_words_shares_nothing() -> None:
    assert WordIndex.of(["trust"]).shares("what is the", 0) == (0.0, 0.0)
