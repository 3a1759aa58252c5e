"""Word-level differences: what went, what came, and what stayed."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from ingest.show import marked
from ingest.wording import Run, word_changes


def spelled(runs: tuple[Run, ...], without: str) -> str:
    """Return the text that the runs spell without one kind of them."""
    return "".join(run.text for run in runs if run.op != without)


def test_only_the_words_that_changed_are_marked() -> None:
    assert word_changes("Keep trust small.", "Keep your trust slow.") == (
        Run("same", "Keep"),
        Run("added", " your"),
        Run("same", " trust "),
        Run("removed", "small"),
        Run("added", "slow"),
        Run("same", "."),
    )


def test_a_sentence_that_was_written_anew_is_one_change() -> None:
    before = "You cannot make a partner open up, but you can make it easier. Small invitations help."

    assert word_changes(before, "Silence is seldom a wall; it is a door that sticks. Small invitations help.") == (
        Run("removed", "You cannot make a partner open up, but you can make it easier"),
        Run("added", "Silence is seldom a wall; it is a door that sticks"),
        Run("same", ". Small invitations help."),
    )


def test_paragraphs_that_were_written_anew_are_shown_one_by_one() -> None:
    assert word_changes("Old one.\nOld two.", "New first.\nNew second.") == (
        Run("removed", "Old one"),
        Run("added", "New first"),
        Run("same", ".\n"),
        Run("removed", "Old two"),
        Run("added", "New second"),
        Run("same", "."),
    )


def test_a_line_that_came_is_one_run() -> None:
    assert word_changes("One.\nTwo.", "One.\nBetween.\nTwo.") == (
        Run("same", "One.\n"),
        Run("added", "Between.\n"),
        Run("same", "Two."),
    )


@pytest.mark.parametrize(("before", "after"), [("", ""), ("", "New."), ("Old.", ""), ("don't", "don\u2019t")])
def test_the_edges_are_spelled_too(before: str, after: str) -> None:
    runs = word_changes(before, after)

    assert (spelled(runs, "added"), spelled(runs, "removed")) == (before, after)


def test_the_runs_always_spell_both_texts() -> None:
    chance = random.Random(7)
    words = ["trust", " ", "\n", "small", "静か", ".", "\U0001f642", "it's", "\t", "\r\n"]
    for _ in range(300):
        before, after = ("".join(chance.choices(words, k=chance.randrange(30))) for _ in range(2))

        runs = word_changes(before, after)

        assert (spelled(runs, "added"), spelled(runs, "removed")) == (before, after)
        assert all(one.op != other.op for one, other in pairwise(runs))


def test_for_people_a_few_words_around_a_change_are_enough() -> None:
    before = "one two three four five six seven old eight nine ten eleven twelve thirteen"

    shown = marked(word_changes(before, before.replace("old", "new")))

    assert shown == "... four five six seven [-old-]{+new+} eight nine ten eleven ..."
