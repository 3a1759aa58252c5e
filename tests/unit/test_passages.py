"""Cutting a section into what is retrieved."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from app.guide.nouns import BlockKind, Section
from ingest.passages import MOST_WORDS, cut_passages, passage_text, vector_id
from ingest.reader import FrontMatter, Source
from ingest.sections import cut_section


def section_of(body: str, title: str = "Title") -> Section:
    """Cut a body into a section."""
    return cut_section(Source("a.md", "a", FrontMatter(title=title), body))


def words(count: int, first: str = "Word") -> str:
    """Return a sentence of so many words."""
    return " ".join([first, *["word"] * (count - 1)]) + "."


def quotes(section: Section) -> list[str]:
    """Return the words of every passage."""
    return [section.text[passage.start : passage.end] for passage in cut_passages(section)]


def test_sentences_are_joined_up_to_the_length_limit() -> None:
    section = section_of(f"{words(MOST_WORDS - 2)} {words(2)} {words(1)}")

    assert quotes(section) == [f"{words(MOST_WORDS - 2)} {words(2)}", words(1)]


def test_a_sentence_that_would_pass_the_limit_begins_a_new_passage() -> None:
    section = section_of(f"{words(MOST_WORDS - 1)} {words(2)}")

    assert quotes(section) == [words(MOST_WORDS - 1), words(2)]


def test_one_long_sentence_stands_alone() -> None:
    section = section_of(f"Before. {words(MOST_WORDS * 3)} After.")

    assert quotes(section) == ["Before.", words(MOST_WORDS * 3), "After."]


def test_no_passage_crosses_a_heading() -> None:
    section = section_of("Start.\n\n## Why\n\nOne. Two.\n\n### More\n\nThree.")

    assert quotes(section) == ["Start.", "One. Two.", "Three."]


def test_blocks_under_one_heading_may_share_a_passage() -> None:
    section = section_of("## Try this\n\nFirst.\n\n1. Second.\n2. Third.")

    assert quotes(section) == ["First.\nSecond.\nThird."]


def test_a_passage_is_embedded_under_its_section_s_title() -> None:
    section = section_of("One. Two.", "Small bids")

    [passage] = cut_passages(section)

    assert passage_text(section, passage.start, passage.end) == "Small bids\nOne. Two."
    assert passage.vector == vector_id("Small bids\nOne. Two.")


def test_equal_texts_share_a_vector_and_others_do_not() -> None:
    [one] = cut_passages(section_of("Same."))
    [two] = cut_passages(section_of("Same."))
    [other] = cut_passages(section_of("Same.", "Another title"))

    assert one.vector == two.vector != other.vector


@pytest.mark.parametrize("seed", range(20))
def test_every_sentence_stands_in_exactly_one_passage(seed: int) -> None:
    chosen = random.Random(seed)
    body = "\n\n".join(
        chosen.choice(["", "## Why\n\n", "### Sub\n\n"])
        + chosen.choice(["", "- ", "1. "])
        + " ".join(words(chosen.choice([1, 5, 20, 59, 60, 61, 90])) for _ in range(chosen.randint(1, 6)))
        for _ in range(8)
    )
    section = section_of(body)

    passages = list(cut_passages(section))

    held = [[s for s in section.sentences if p.start <= s.start and s.end <= p.end] for p in passages]
    assert [sentence for run in held for sentence in run] == list(section.sentences)
    assert all((run[0].start, run[-1].end) == (p.start, p.end) for run, p in zip(held, passages, strict=True))
    assert all(before.end < after.start for before, after in pairwise(passages))
    headings = [block.start for block in section.blocks if block.kind is BlockKind.HEADING]
    for passage, run in zip(passages, held, strict=True):
        assert not any(passage.start <= start < passage.end for start in headings)
        assert len(run) == 1 or len(section.text[passage.start : passage.end].split()) <= MOST_WORDS
