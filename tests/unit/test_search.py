"""Joining and fusing the three lists of a search, in numbers that can be reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest

from app.guide.lexical import WordIndex
from app.guide.nouns import Passage, Signals
from app.guide.search import (
    WITH_ASKED_AS,
    WITHOUT_ASKED_AS,
    Found,
    Weights,
    evidence_of,
    fuse,
    gather,
    weights_for,
    word_scores,
)

EQUAL = Weights(passage=1, asked=1, words=1)
MANY = {"a": 20, "b": 20, "c": 20, "d": 20}


def passage(slug: str, start: int = 0) -> Passage:
    """Return a passage that begins there."""
    return Passage(slug, start, start + 10, f"{slug}-{start}")


def signals(one: float, two: float, three: float) -> tuple[Signals, None]:
    """Return a section's signals without a passage."""
    return Signals(one, two, three), None


def test_a_section_s_passage_signal_is_its_best_cosine() -> None:
    joined = gather([(passage("a", 0), 0.4), (passage("a", 20), 0.6), (passage("b"), 0.5)], [], {}, MANY)

    assert joined == {
        "a": (Signals(0.6, 0.0, 0.0), passage("a", 20)),
        "b": (Signals(0.5, 0.0, 0.0), passage("b")),
    }


def test_of_equal_passages_the_first_in_the_guide_is_kept() -> None:
    joined = gather([(passage("a", 0), 0.5), (passage("a", 20), 0.5)], [], {}, MANY)

    assert joined["a"][1] == passage("a", 0)


def test_a_section_s_asked_signal_is_the_mean_of_its_best_five_and_its_line_the_best_of_them() -> None:
    joined = gather([], [("a", cosine) for cosine in (0.9, 0.3, 0.6, 0.5, 0.4, 0.2)], {}, MANY)

    assert joined["a"][0].asked == pytest.approx((0.9 + 0.6 + 0.5 + 0.4 + 0.3) / 5)
    assert joined["a"][0].line == 0.9


def test_the_least_cosine_stands_in_for_lines_that_are_missing() -> None:
    joined = gather([], [("a", 0.9), ("b", 0.6), ("b", 0.5), ("b", 0.3)], {}, MANY)

    assert joined["a"][0].asked == pytest.approx((0.9 + 4 * 0.3) / 5)


def test_a_section_with_fewer_lines_than_five_is_held_to_those_it_has() -> None:
    joined = gather([], [("a", 0.9), ("a", 0.5), ("b", 0.3)], {}, {"a": 3, "b": 20})

    assert joined["a"][0].asked == pytest.approx((0.9 + 0.5 + 0.3) / 3)


def test_the_least_best_cosine_stands_in_for_a_section_without_a_passage() -> None:
    joined = gather([(passage("a"), 0.8), (passage("b"), 0.2)], [("c", 0.6)], {"d": 2.0}, MANY)

    assert joined == {
        "a": (Signals(0.8, pytest.approx(0.6), 0.0, 0.6), passage("a")),
        "b": (Signals(0.2, pytest.approx(0.6), 0.0, 0.6), passage("b")),
        "c": (Signals(0.2, pytest.approx(0.6), 0.0, 0.6), None),
        "d": (Signals(0.2, pytest.approx(0.6), 2.0, 0.6), None),
    }


def test_a_section_without_asked_as_lines_is_held_to_its_passage_there_too() -> None:
    joined = gather([(passage("a"), 0.8), (passage("b"), 0.2)], [("b", 0.6)], {}, {"a": 0, "b": 20})

    assert joined["a"][0] == Signals(0.8, pytest.approx(0.8), 0.0, 0.8)
    assert joined["b"][0] == Signals(0.2, pytest.approx(0.6), 0.0, 0.6)


def test_lists_without_anything_join_to_nothing() -> None:
    assert gather([], [], {}, {}) == {}
    assert fuse({}, EQUAL) == []


def test_signals_are_scaled_among_the_candidates_and_summed_by_weight() -> None:
    joined = {"a": signals(0.9, 0.1, 0.0), "b": signals(0.5, 0.5, 8.0), "c": signals(0.1, 0.3, 2.0)}

    found = fuse(joined, Weights(passage=2, asked=1, words=1))

    # a: 2/4 of 1; b: 2/4 of .5, 1/4 of 1, 1/4 of 1; c: 1/4 of .5, 1/4 of .25
    assert [(one.slug, pytest.approx(one.score)) for one in found] == [("b", 0.75), ("a", 0.5), ("c", 0.1875)]


def test_a_signal_that_is_equal_for_all_counts_for_none() -> None:
    found = fuse({"a": signals(0.7, 0.2, 0.0), "b": signals(0.7, 0.1, 0.0)}, EQUAL)

    assert [(one.slug, pytest.approx(one.score)) for one in found] == [("a", 1 / 3), ("b", 0.0)]


def test_with_a_fixed_scale_cosines_stay_and_words_count_half_at_their_mark() -> None:
    joined = {"a": signals(0.8, 0.9, 10.0), "b": signals(0.9, 0.1, 0.0)}

    found = fuse(joined, Weights(passage=3, asked=0, words=1, half_at=10.0))

    # a: 3/4 of .8 and 1/4 of .5; b: 3/4 of .9
    assert [(one.slug, pytest.approx(one.score)) for one in found] == [("a", 0.725), ("b", 0.675)]


def test_a_lone_candidate_is_found_with_no_score() -> None:
    assert fuse({"a": signals(0.7, 0.2, 3.0)}, EQUAL) == [Found("a", 0.0, Signals(0.7, 0.2, 3.0), None)]


def test_ties_are_ordered_by_slug_whatever_the_order_they_came_in() -> None:
    tied = {slug: signals(0.5, 0.5, 1.0) for slug in ("c", "a", "b")} | {"z": signals(0.1, 0.1, 0.0)}

    orders = [[one.slug for one in fuse(dict(pairs), EQUAL)] for pairs in (tied.items(), reversed(tied.items()))]

    assert orders == [["a", "b", "c", "z"]] * 2


def test_scores_that_differ_by_a_rounding_error_are_ties() -> None:
    found = fuse({"b": signals(0.5 + 1e-12, 0.0, 0.0), "a": signals(0.5, 0.0, 0.0), "c": signals(0.0, 0.0, 0.0)}, EQUAL)

    assert [one.slug for one in found] == ["a", "b", "c"]


def test_the_fused_section_keeps_its_signals_and_passage() -> None:
    joined = gather([(passage("a"), 0.9), (passage("b"), 0.1)], [], {"a": 1.0}, MANY)

    assert fuse(joined, EQUAL)[0] == Found("a", pytest.approx(2 / 3), Signals(0.9, 0.0, 1.0), passage("a"))


def test_without_asked_as_lines_their_weight_is_nothing() -> None:
    assert (weights_for(0), weights_for(1)) == (WITHOUT_ASKED_AS, WITH_ASKED_AS)
    assert WITHOUT_ASKED_AS.asked == 0


def test_word_scores_name_only_sections_that_share_a_word() -> None:
    index = WordIndex.of(["trust", "listen", "trust trust walk"])

    scores = word_scores(index, "trust", ["a", "b", "c"])

    every = index.scores("trust")
    assert scores == {"a": float(every[0]), "c": float(every[2])}


def test_the_evidence_is_of_the_best_sections_and_of_the_words_that_the_first_holds() -> None:
    index = WordIndex.of(["trust", "listen walk"])
    vector = np.array([1.0, 0.0], dtype=np.float32)
    found = [Found("b", 0.9, Signals(0.5, 0.4, 2.0), None), Found("a", 0.1, Signals(0.3, 0.2, 0.0), None)]

    evidence = evidence_of("listen to trust", vector, found, index, ["a", "b"])

    # Both words have the same idf: the section holds one of two, the guide both.
    assert (evidence.signals, evidence.length) == ((found[0].signals, found[1].signals), 3)
    assert (evidence.held_here, evidence.held_anywhere) == pytest.approx((0.5, 1.0))


def test_nothing_found_holds_no_word() -> None:
    evidence = evidence_of("trust", np.zeros(2, dtype=np.float32), [], WordIndex.of(["trust"]), ["a"])

    assert (evidence.signals, evidence.held_here, evidence.held_anywhere) == ((), 0.0, 0.0)
