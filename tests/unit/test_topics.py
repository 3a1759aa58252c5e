"""Cutting a text without headings where its topic shifts, and naming the parts by their own words."""

from __future__ import annotations

import itertools

import numpy as np

from app.guide.encoder import SentenceEncoder, Vectors
from ingest.titles import shortened, title_of
from ingest.topics import FEWEST_WORDS, MOST_WORDS, cut_at_topics
from tests.fakes import CountingEncoder

TRUST, LISTEN = "Trust.", "Listen."


def cuts(sentences: list[str], words: int = FEWEST_WORDS) -> list[int]:
    """Return where parts begin in a text whose pieces are one sentence of so many words each."""
    vectors = CountingEncoder().encode(sentences)
    return cut_at_topics(vectors, list(range(len(sentences))), [words] * len(sentences))


def test_a_part_begins_where_the_topic_shifts() -> None:
    """Three alike sentences scatter by nothing, so each further part would only cost its price."""
    assert cuts([TRUST] * 3 + [LISTEN] * 3) == [0, 3]


def test_a_text_about_one_thing_is_not_cut() -> None:
    assert cuts([TRUST] * 5) == [0]


def test_no_part_is_longer_than_is_readable_though_nothing_shifts() -> None:
    found = [*cuts([TRUST] * 20), 20]

    assert max(b - a for a, b in itertools.pairwise(found)) * FEWEST_WORDS <= MOST_WORDS


def test_a_piece_that_is_too_short_alone_goes_with_a_neighbour() -> None:
    assert cut_at_topics(CountingEncoder().encode([TRUST, LISTEN]), [0, 1], [FEWEST_WORDS, FEWEST_WORDS - 1]) == [0]


def test_a_piece_that_is_too_long_alone_is_a_part_of_its_own() -> None:
    vectors = CountingEncoder().encode([TRUST, TRUST, TRUST])

    assert cut_at_topics(vectors, [0, 1, 2], [60, MOST_WORDS + 1, 60]) == [0, 1, 2]


def test_a_piece_without_a_sentence_changes_nothing() -> None:
    """A heading that stands in the text has words and no sentence."""
    vectors = CountingEncoder().encode([TRUST, LISTEN])

    assert cut_at_topics(vectors, [0, 2], [60, 2, 60]) == [0, 1]


def test_the_cut_is_the_cheapest_of_all_ways_to_cut() -> None:
    """Compared with trying every way, on sentences at random places."""
    random = np.random.default_rng(7)
    vectors = random.normal(size=(9, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = [int(n) for n in random.integers(20, 120, 9)]

    best = min((price(vectors, words, ways), ways) for ways in every_way(9))

    assert cut_at_topics(vectors, list(range(9)), words) == best[1]


def every_way(pieces: int) -> list[list[int]]:
    """Return every list of beginnings."""
    return [[0, *(n for n in range(1, pieces) if mask >> n & 1)] for mask in range(0, 2**pieces, 2)]


def price(vectors: Vectors, words: list[int], starts: list[int]) -> float:
    """Return what a way to cut costs, reckoned from the definition."""
    total = 0.0
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        part = vectors[start:end].astype(np.float64)
        length = sum(words[start:end])
        if length > MOST_WORDS and end - start > 1:
            return float("inf")
        total += ((part - part.mean(axis=0)) ** 2).sum() + 0.8 + (5.0 if length < FEWEST_WORDS else 0.0)
    return total


def test_real_paragraphs_are_cut_between_their_subjects(real_encoder: SentenceEncoder) -> None:
    bread = ["The dough needs flour, water and yeast.", "Knead it until it is smooth.", "Bake the loaf in a hot oven."]
    bikes = [
        "A flat tyre is mended with a patch.",
        "Take the wheel off the bicycle.",
        "Pump the tube up to find the hole.",
    ]

    assert cut_at_topics(real_encoder.encode(bread + bikes), list(range(6)), [FEWEST_WORDS] * 6) == [0, 3]


def test_a_part_is_titled_by_the_sentence_that_is_most_like_all_of_it() -> None:
    sentences = ["Grief.", "We trust and listen now.", "People trust others slowly.", "They trust others who listen."]

    assert title_of(sentences, CountingEncoder().encode(sentences)) == "We trust and listen now"


def test_a_sentence_that_points_back_is_no_title() -> None:
    sentences = ["This is trust at work.", "Trust is slow to grow."]

    assert title_of(sentences, CountingEncoder().encode(sentences)) == "Trust is slow to grow"


def test_a_long_sentence_is_cut_at_a_clause_for_a_title() -> None:
    assert (
        shortened("Bread needs flour and water and time, and whoever bakes it in a hurry will be sorry for that later.")
        == "Bread needs flour and water and time"
    )


def test_a_long_sentence_without_a_clause_is_cut_after_a_word() -> None:
    assert shortened(" ".join("abcdefghijklmnop") + ".") == "a b c d e f g h i j k l …"


def test_a_clause_that_waits_for_its_other_half_is_no_title() -> None:
    assert shortened("The wish to bake is, at heart, the wish to feed the people whom one loves most.").endswith(" …")
