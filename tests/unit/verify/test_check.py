"""A sentence stands only if its passage bears it out; how often the check is right is held here in figures."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from app.guide.encoder import SentenceEncoder
from app.guide.verify import Checker, Claim, Passage, read_claim
from app.guide.verify.check import SUPPORT, bundled_support, quotations_are_exact
from app.guide.verify.fit import SUPPORTED, lowest_threshold, measure, np, read_pairs

PAUSE = ["A pause of 20 minutes gives a racing heart time.", "The person who leaves says when they will be back."]


@pytest.mark.parametrize(
    ("written", "text", "cites"),
    [
        ("Trust grows [1].", "Trust grows.", (1,)),
        ("Trust grows. [2][1]", "Trust grows.", (2, 1)),
        ("- **Trust** grows [1, 3; 3].", "Trust grows.", (1, 3)),
        ("2. Trust grows [ 4 ].", "Trust grows.", (4,)),
        ("Trust  grows.", "Trust grows.", ()),
    ],
)
def test_a_sentence_is_parted_from_its_markers(written: str, text: str, cites: tuple[int, ...]) -> None:
    assert read_claim(written) == Claim(text, cites)


@pytest.mark.parametrize(
    ("sentence", "exact"),
    [
        ('Say "I need a pause" now.', True),
        ("Say \u201cI need a pause.\u201d", True),
        ('Say "I\u2019d like a pause" now.', True),
        ('Say "I want a pause" now.', False),
        ('Say "I need a pause" or "I leave".', False),
        ("Say that you need a pause.", True),
    ],
)
def test_words_in_quotation_marks_must_be_exact(sentence: str, exact: bool) -> None:
    assert quotations_are_exact(sentence, 'You can say "I need a pause" or "I\'d like a pause".') is exact


@pytest.mark.parametrize(
    "sentence",
    [
        "The person who leaves says when they will be back <b>today</b>.",
        "The person who leaves says when they will be back, see https://example.org.",
        "[The person who leaves](x) says when they will be back.",
        "The person who leaves says when they will be back. " * 20,
        "...",
        "",
    ],
)
def test_what_no_sentence_of_the_guide_looks_like_is_never_borne_out(
    sentence: str, real_encoder: SentenceEncoder
) -> None:
    assert not Checker().bears_out(sentence, Passage(PAUSE, real_encoder))


def test_one_sentence_is_cited_where_one_is_enough(real_encoder: SentenceEncoder) -> None:
    told = "The person who leaves says when they will be back."

    assert Checker().enough(told, Passage(PAUSE, real_encoder)) == range(1, 2)


def test_there_are_enough_pairs_of_every_kind_and_no_passage_is_on_both_sides() -> None:
    pairs = read_pairs()
    kinds = Counter(pair.kind for pair in pairs)
    fitted, held_out = ({pair.passage for pair in pairs if pair.held_out is side} for side in (False, True))

    assert kinds[SUPPORTED] >= 150
    assert kinds.total() - kinds[SUPPORTED] >= 150
    assert min(kinds["negation"], kinds["number"], kinds["role"], kinds["opposite"]) >= 40
    assert not fitted & held_out


def test_the_check_is_as_good_on_what_was_held_out_as_the_file_says(real_encoder: SentenceEncoder) -> None:
    """These figures are what may be claimed for it. Fitting anew moves them; lower ones are a finding, not a chore."""
    found = measure(bundled_support(), [pair for pair in read_pairs() if pair.held_out], real_encoder)

    assert found == json.loads(SUPPORT.read_text())["held_out"]
    assert found["precision"] >= 0.90
    assert found["recall"] >= 0.60
    assert found["let_through"]["negation"].startswith("0 of")
    assert found["let_through"]["number"].startswith("0 of")


def test_the_threshold_is_the_lowest_that_is_precise_enough() -> None:
    told = np.array([0.9, 0.8, 0.6, 0.4])

    assert lowest_threshold(told, np.array([True, True, False, True])) == 0.61
