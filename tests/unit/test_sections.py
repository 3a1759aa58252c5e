"""Cutting a source: plain text, with blocks, marks and sentences at exact offsets."""

from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

import pytest

from app.guide.errors import CorpusError
from app.guide.nouns import Block, BlockKind, Mark, MarkKind, Role, Section, Sentence
from ingest.reader import FrontMatter, Source
from ingest.sections import cut_section

HEADING, PARAGRAPH, STEP, BULLET = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.STEP, BlockKind.BULLET


def cut(body: str, document: str = "a.md", **front: object) -> Section:
    """Cut a body with this front matter."""
    return cut_section(Source(document, "a", FrontMatter.model_validate(front), body))


def blocks(section: Section) -> list[tuple[BlockKind, str]]:
    """Return the words of every block."""
    return [(block.kind, section.text[block.start : block.end]) for block in section.blocks]


def marks(section: Section) -> list[tuple[MarkKind, str, str]]:
    """Return the words and the target of every mark."""
    return [(mark.kind, section.text[mark.start : mark.end], mark.target) for mark in section.marks]


def sentences(section: Section) -> list[str]:
    """Return the words of every sentence."""
    return [section.text[sentence.start : sentence.end] for sentence in section.sentences]


def test_a_section_is_plain_text_with_everything_at_its_place() -> None:
    section = cut("## Try this\n\n1. **Ask** once. Then wait.\n2. Read [bids](trust/bids).\n")

    assert section.text == "Try this\nAsk once. Then wait.\nRead bids."
    assert section.blocks == (
        Block(HEADING, 0, 8, Role.TRY_THIS, 2),
        Block(STEP, 9, 29, Role.TRY_THIS, 1),
        Block(STEP, 30, 40, Role.TRY_THIS, 1),
    )
    assert section.marks == (Mark(MarkKind.STRONG, 9, 12), Mark(MarkKind.LINK, 35, 39, "trust/bids"))
    assert section.sentences == (
        Sentence(9, 18, Role.TRY_THIS, STEP),
        Sentence(19, 29, Role.TRY_THIS, STEP),
        Sentence(30, 40, Role.TRY_THIS, STEP),
    )


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Short answer", Role.SHORT_ANSWER),
        ("WHY", Role.WHY),
        ("Try this.", Role.TRY_THIS),
        ("**Words you could use**", Role.WORDS),
        ("When this does not fit", Role.LIMITS),
        ("Something else", Role.TEXT),
    ],
)
def test_a_heading_gives_what_stands_under_it_its_role(heading: str, role: Role) -> None:
    section = cut(f"## {heading}\n\nText.")

    assert [block.role for block in section.blocks] == [role, role]
    assert [sentence.role for sentence in section.sentences] == [role]


def test_text_before_any_heading_has_no_role_of_its_own() -> None:
    assert [sentence.role for sentence in cut("Text.\n\n## Why\n\nBecause.").sentences] == [Role.TEXT, Role.WHY]


def test_nested_lists_keep_their_kinds_and_depths() -> None:
    section = cut("- a\n  - b\n    1. c\n\n  more of a\n- d\n\nafter")

    assert [(block.kind, section.text[block.start : block.end]) for block in section.blocks] == [
        (BULLET, "a"),
        (BULLET, "b"),
        (STEP, "c"),
        (PARAGRAPH, "more of a"),
        (BULLET, "d"),
        (PARAGRAPH, "after"),
    ]
    assert [block.level for block in section.blocks] == [1, 2, 3, 1, 1, 1]


def test_nested_emphasis_and_links_are_marked_each() -> None:
    section = cut("***both*** and **strong *inside* it** and *[a link](talk/listening)*.")

    assert section.text == "both and strong inside it and a link."
    assert sorted(marks(section)) == [
        (MarkKind.EMPHASIS, "a link", ""),
        (MarkKind.EMPHASIS, "both", ""),
        (MarkKind.EMPHASIS, "inside", ""),
        (MarkKind.LINK, "a link", "talk/listening"),
        (MarkKind.STRONG, "both", ""),
        (MarkKind.STRONG, "strong inside it", ""),
    ]


@pytest.mark.parametrize("target", ["trust/bids", "/trust/bids", "trust/bids.md", "trust/bids/"])
def test_a_link_to_a_section_keeps_its_slug(target: str) -> None:
    assert marks(cut(f"Read [this]({target}).")) == [(MarkKind.LINK, "this", "trust/bids")]


@pytest.mark.parametrize("target", ["https://example.org/a", "mailto:a@example.org", "//example.org/a", "#why", "<>"])
def test_a_link_to_elsewhere_loses_its_target(target: str) -> None:
    assert marks(cut(f"Read [this]({target}).")) == [(MarkKind.LINK, "this", "")]


def test_a_mark_holds_words_only() -> None:
    """White space at either edge of what is marked is no part of the mark."""
    section = cut("see[ this ](trust/bids)now")

    assert section.text == "see this now"
    assert marks(section) == [(MarkKind.LINK, "this", "trust/bids")]


def test_a_mark_around_nothing_is_dropped() -> None:
    section = cut("see [ ](trust/bids) now")

    assert (section.text, section.marks) == ("see now", ())


def test_html_stays_text() -> None:
    section = cut("A <b>bold</b> word, <script>alert(1)</script> and &lt;i&gt;.\n\n<div>\nblock\n</div>")

    assert section.text == "A <b>bold</b> word, <script>alert(1)</script> and <i>.\n<div> block </div>"
    assert section.marks == ()


def test_a_link_that_would_run_something_stays_text() -> None:
    section = cut("[x](javascript:alert(1))")

    assert (section.text, section.marks) == ("[x](javascript:alert(1))", ())


@pytest.mark.parametrize(
    "hidden",
    ["\u0007", "\u001b", "\u007f", "\u0090", "\u00ad", "\u200b", "\u200d", "\u202e", "\u2060", "\u2066", "\ufeff"],
)
def test_control_and_zero_width_characters_go(hidden: str) -> None:
    assert cut(f"one{hidden}two").text == "onetwo"


def test_a_null_goes_or_is_shown_but_is_never_kept() -> None:
    assert "\0" not in cut("one\0two").text


@pytest.mark.parametrize("space", ["  ", "\t", "\u00a0", "\u3000", "\n", "  \n", "\\\n", "&nbsp;", "&#10; "])
def test_white_space_is_folded_to_one_space(space: str) -> None:
    assert cut(f"one{space}two").text == "one two"


def test_code_is_one_block_a_line_and_keeps_its_characters() -> None:
    assert blocks(cut("```\nx = *1*\n\ny\n```\n\n    z\n")) == [
        (PARAGRAPH, "x = *1*"),
        (PARAGRAPH, "y"),
        (PARAGRAPH, "z"),
    ]


def test_a_rule_and_a_quote_leave_only_their_words() -> None:
    assert cut("> Said once. Said twice.\n\n---\n\nAfter.").text == "Said once. Said twice.\nAfter."


def test_an_image_leaves_its_description() -> None:
    assert cut("Before ![two people](a.png) after.").text == "Before two people after."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“I'm fine. Really. Go.” Then he left.", ["“I'm fine. Really. Go.”", "Then he left."]),
        ('"I\'m fine. Really." Then he left.', ['"I\'m fine. Really."', "Then he left."]),
        ("Ask Dr. Smith, e.g. on Monday. It costs 3.50.", ["Ask Dr. Smith, e.g. on Monday.", "It costs 3.50."]),
        ("No full stop", ["No full stop"]),
        ("Is it? It is! So.", ["Is it?", "It is!", "So."]),
        ("Read Is this abuse? first. Then wait.", ["Read Is this abuse? first.", "Then wait."]),
        ("You may say no. Then wait.", ["You may say no.", "Then wait."]),
    ],
    ids=["curly quotation", "straight quotation", "abbreviations", "no full stop", "marks", "a mark inside", "no"],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert sentences(cut(text)) == expected


def test_offsets_count_code_points() -> None:
    """An emoji beyond the basic plane is one; a letter with a combining accent is two."""
    section = cut("👩🏽 smiles. E\u0301toile 🏳️‍🌈 **zwei**. Ende.")

    assert sentences(section) == ["👩🏽 smiles.", "E\u0301toile 🏳️🌈 zwei.", "Ende."]
    assert marks(section) == [(MarkKind.STRONG, "zwei", "")]
    assert section.sentences[1].start == len("👩🏽 smiles. ")


def test_headings_hold_no_sentences() -> None:
    assert sentences(cut("## A heading. With a stop.\n\nText.")) == ["Text."]


@pytest.mark.parametrize(
    ("body", "front", "document", "title"),
    [
        ("# From the text\n\nText.", {"title": " From the front "}, "a.md", "From the front"),
        ("# From *the* text\n\nText.", {}, "a.md", "From the text"),
        ("Text.", {}, "trust/small-bids_again.md", "Small bids again"),
        ("## Why\n\nText.", {}, "trust/bids.md", "Bids"),
    ],
    ids=["front matter", "first heading", "file name", "a smaller heading is no title"],
)
def test_the_title_comes_from_the_first_place_that_has_one(body: str, front: dict, document: str, title: str) -> None:
    assert cut(body, document, **front).title == title


def test_a_heading_that_repeats_the_title_is_no_part_of_the_text() -> None:
    assert cut("# The title\n\nText.", title="The title").text == "Text."


def test_a_heading_that_differs_from_the_title_is_kept() -> None:
    assert cut("# Another\n\nText.", title="The title").text == "Another\nText."


def test_a_file_name_without_a_letter_takes_nothing_from_the_text() -> None:
    section = cut("One.\n\nTwo.", "_.md")

    assert section.text == "One.\nTwo."
    assert section.title


def test_what_cannot_be_seen_goes_from_the_front_matter_too() -> None:
    """Half a character, which YAML can write, could be neither embedded nor stored."""
    section = cut("Text.", title="Two\nlines\u200b", summary="In \u202eshort", asked_as=["half \ud83d a  line"])

    assert (section.title, section.summary, section.asked_as) == ("Two lines", "In short", ("half a line",))


def test_asked_as_lines_are_trimmed_and_kept_once() -> None:
    assert cut("Text.", asked_as=[" why ", "how", "why", "  "]).asked_as == ("why", "how")


@pytest.mark.parametrize("body", ["", "\n \n", "# Only a title", "\u200b", "---"])
def test_a_section_without_text_is_refused_by_name(body: str) -> None:
    with pytest.raises(CorpusError, match=r"^trust/a\.md has no text below its front matter\."):
        cut(body, "trust/a.md")


def test_a_section_of_headings_only_is_refused_by_name() -> None:
    """It would have no sentence to quote."""
    with pytest.raises(CorpusError, match=r"^trust/a\.md has no "):
        cut("## Why\n\n## Try this", "trust/a.md")


@pytest.mark.parametrize(
    "body",
    ["Open up.", "## When this does not fit\n\n## Why\n\nText.", "## When this doesn't fit\n\nWhere you are afraid."],
    ids=["no such heading", "nothing under it", "another heading"],
)
def test_openness_without_a_safety_sentence_is_refused(body: str) -> None:
    with pytest.raises(CorpusError, match=r"^a\.md asks for openness but has no sentence under"):
        cut(body, openness=True)


def test_the_safety_sentence_is_the_first_under_its_heading() -> None:
    section = cut("Open up.\n\n## When this does not fit\n\nNot where you are afraid. Nor when tired.", openness=True)

    safety = section.safety_sentence

    assert safety is not None
    assert section.text[safety.start : safety.end] == "Not where you are afraid."


def test_a_section_that_asks_for_no_openness_has_no_safety_sentence() -> None:
    assert cut("## When this does not fit\n\nNever.").safety_sentence is None


PIECES = [
    "word", "Two words.", "“Quoted. Twice.”", "*em*", "**strong *and* more**", "[link](trust/bids)", "[far](https://x.y)",
    "`code.`", "<b>html</b>", "&amp;", "\u200b", "\u0007", "\U0001f469\U0001f3fd\u200d\U0001f9b0", "e\u0301", "信頼。",
    "e.g. this", "3.50", "...", "?!", "  ", "\\*", "![image](x.png)", "\u00a0", "***", "_", "[", "](", "Dr. No", "\t",
    "A.", "B!", "no. Then", "Is this it? he said",
]  # fmt: skip
OPENINGS = [
    "",
    "## ",
    "# ",
    "- ",
    "1. ",
    "  - ",
    "> ",
    "    ",
    "```\n",
    "\n",
    "### Why\n\n",
    "## Try this\n\n",
    "---\n\n",
]


def some_markdown(seed: int) -> str:
    """Return Markdown out of awkward pieces; the same for the same seed."""
    chosen = random.Random(seed)
    lines = (
        chosen.choice(OPENINGS) + chosen.choice(["", " "]).join(chosen.choices(PIECES, k=chosen.randint(1, 9)))
        for _ in range(chosen.randint(1, 12))
    )
    return "Start.\n\n" + "".join(line + chosen.choice(["\n", "\n\n", "  \n"]) for line in lines)


@pytest.mark.parametrize("seed", range(100))
def test_whatever_the_markdown_every_offset_is_exact(seed: int) -> None:
    section = cut(some_markdown(seed))
    text = section.text

    assert text == "\n".join(text[block.start : block.end] for block in section.blocks)
    assert text == "\n".join(line.strip() for line in text.split("\n") if line.strip())
    assert not [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cs")]
    assert all(before.end + 1 == after.start for before, after in pairwise(section.blocks))
    for block in section.blocks:
        inside = [s for s in section.sentences if block.start <= s.start and s.end <= block.end]
        said = [text[s.start : s.end] for s in inside]
        assert bool(said) == (block.kind is not HEADING)
        assert all(one and one == one.strip() for one in said)
        assert {(s.role, s.kind) for s in inside} <= {(block.role, block.kind)}
        # Nothing but white space lies between sentences, so that no word of the guide is lost.
        assert not said or "".join("".join(said).split()) == "".join(text[block.start : block.end].split())
    for mark in section.marks:
        words = text[mark.start : mark.end]
        assert words
        assert words == words.strip()
        assert any(block.start <= mark.start and mark.end <= block.end for block in section.blocks)
    assert all(before.end <= after.start for before, after in pairwise(section.sentences))
    assert all(any(b.start <= s.start and s.end <= b.end for b in section.blocks) for s in section.sentences)


def test_a_heading_below_another_divides_its_part_and_does_not_end_it() -> None:
    section = cut("## Try this\n\n### Tonight\n\n1. Sit down.\n\n## Other\n\nMore.")

    assert [sentence.role for sentence in section.sentences] == [Role.TRY_THIS, Role.TEXT]


@pytest.mark.parametrize("target", ["trust/bids#why", "../trust/bids.md", "./trust/bids", "trust/bids/"])
def test_a_link_leads_to_its_section_however_it_is_written(target: str) -> None:
    section = cut(f"Read [this]({target}) first.")

    assert [mark.target for mark in section.marks] == ["trust/bids"]
