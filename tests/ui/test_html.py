"""Answers and sections as HTML: every word escaped, tags that never cross, and the marked range exactly the quote."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from app.guide.care import Card, Category, Strength, Verdict, card_for
from app.guide.choose import Asked
from app.guide.compose import compose
from app.guide.nouns import (
    Answer,
    Block,
    BlockKind,
    Hit,
    Kind,
    Mark,
    MarkKind,
    Part,
    Role,
    Section,
    Signals,
    Suggestion,
)
from app.guide.shape import Shape
from app.ui.components.html import answer_html, card_html, copy_html, download_html, question_html, section_html
from tests.fakes import CountingEncoder
from tests.ui.laid_out import ANSWER, BIDS, EDITION, QUIET, SHORT, UNSAFE, quote, section_of
from tests.ui.markup import Drawn

HOSTILE = section_of(
    "a/hostile",
    'Us <script>alert(0)</script> & "them"',
    "## Short <script>alert(1)</script> answer\n\n"
    "Say <script>alert(1)</script> & <img src=x onerror=alert(2)> here. ![a picture](http://elsewhere.invalid/a.png)\n\n"
    "<iframe src='http://elsewhere.invalid'></iframe>\n\n"
    "## Try this\n\n"
    "1. A **bold <b>step** and a [link & <i>more</i>](trust/bids).\n"
    "2. [Out](https://elsewhere.invalid/?a=1), [run](javascript:alert(3)), [data](data:text/html,x).\n\n"
    "- `</li></ul><script>alert(4)</script>`\n\n"
    "    </article><mark>code</mark>\n\n"
    "&lt;mark&gt; and &amp;lt; and $x$ and :smile: and \\*stars\\*.\n",
)
TAGS = {"article", "section", "div", "p", "ol", "ul", "li", "strong", "em", "a", "mark", "button", "b"}
ATTRIBUTES = {
    "class", "href", "data-section", "target", "tabindex", "type", "data-press", "data-quote", "aria-label",
    "data-latest",
}  # fmt: skip


def assert_harmless(drawn: Drawn) -> None:
    """Every element and attribute is one that the page itself draws, and no link leaves the page."""
    assert drawn.problems == []
    assert drawn.tags <= TAGS | {f"h{n}" for n in range(2, 7)}
    for tag, attributes in drawn.elements:
        assert set(attributes) <= ATTRIBUTES, tag
        assert attributes.get("href", "/read?section=").startswith("/read?section=")


def edges_of_words(text: str) -> tuple[list[int], list[int]]:
    """Where words begin, and where they end."""
    words = list(re.finditer(r"\S+", text))
    return [word.start() for word in words], [word.end() for word in words]


@pytest.mark.parametrize("section", [BIDS, QUIET, UNSAFE, HOSTILE], ids=lambda section: section.slug)
def test_a_section_is_drawn_with_every_character_of_its_text(section: Section) -> None:
    drawn = Drawn(section_html(section))

    assert drawn.text == section.text
    assert_harmless(drawn)
    assert drawn.marked == ""


def test_hostile_text_is_text() -> None:
    html = section_html(HOSTILE)

    assert "Say <script>alert(1)</script> & <img src=x onerror=alert(2)> here." in Drawn(html).text
    assert "<script" not in html
    assert "<img" not in html
    assert "<iframe" not in html
    assert "elsewhere.invalid" not in " ".join(str(attributes) for _, attributes in Drawn(html).elements)


def test_emphasis_and_links_stand_exactly_where_the_editor_set_them() -> None:
    drawn = Drawn(section_html(QUIET))

    assert drawn.within("em") == ["closed", "one"]
    assert drawn.within("strong") == ["further", "bids"]
    assert "".join(drawn.within("a")) == "Small bidsWhen it is not safe"
    assert {link["data-section"] for link in drawn.attributes("a")} == {"trust/bids", "safety/unsafe"}


def test_lists_are_lists_and_headings_stand_below_the_pages_title() -> None:
    drawn = Drawn(section_html(QUIET))

    assert drawn.within("h2") == ["Short answer", "Try this", "When this does not fit"]
    assert drawn.within("ol") == [
        "Take a walk side by side.Ask one question, and read Small bids first.Thank them.",
    ]
    assert drawn.within("ul") == ["A list.Of two."]
    assert "h1" not in drawn.tags


@pytest.mark.parametrize("section", [QUIET, HOSTILE], ids=lambda section: section.slug)
def test_whatever_range_is_quoted_exactly_that_is_marked_and_tags_never_cross(section: Section) -> None:
    """Every range of whole words: over several blocks, and beginning or ending inside links and emphasis."""
    starts, ends = edges_of_words(section.text)
    ranges = [(start, end) for start in starts for end in ends if start < end]

    for start, end in ranges:
        drawn = Drawn(section_html(section, (start, end)))

        assert drawn.marked == section.text[start:end]
        assert drawn.text == section.text
        assert drawn.problems == []
        assert len([mark for mark in drawn.attributes("mark") if mark]) == 1
        assert drawn.attributes("mark")[0] == {"class": "attune-quote", "tabindex": "-1"}


def test_a_range_that_ends_inside_a_link_leaves_the_link_whole() -> None:
    start = QUIET.text.index("read Small")
    drawn = Drawn(section_html(QUIET, (start, start + len("read Sma"))))

    assert drawn.marked == "read Sma"
    assert "".join(drawn.within("a")).startswith("Small bids")
    assert {link["href"] for link in drawn.attributes("a")} == {
        "/read?section=trust/bids",
        "/read?section=safety/unsafe",
    }


def test_marks_that_stand_inside_each_other_are_drawn_inside_each_other() -> None:
    """Strong in a link in emphasis, each with edges of its own."""
    text = "one two three four five"
    marks = (
        Mark(MarkKind.STRONG, 8, 13),
        Mark(MarkKind.LINK, 4, 18, "a/b"),
        Mark(MarkKind.EMPHASIS, 0, 23),
    )
    section = Section("s", "S", "", "s.md", text, blocks=(Block(BlockKind.PARAGRAPH, 0, 23, Role.TEXT),), marks=marks)

    for start, end in combinations(range(len(text) + 1), 2):
        drawn = Drawn(section_html(section, (start, end)))

        assert drawn.problems == []
        assert drawn.marked == text[start:end]
        assert "".join(drawn.within("em")) == text
        assert "".join(drawn.within("a")) == "two three four"
        assert "".join(drawn.within("strong")) == "three"


def test_a_link_without_a_section_is_words_only() -> None:
    drawn = Drawn(section_html(HOSTILE))

    assert [link["data-section"] for link in drawn.attributes("a")] == ["trust/bids"]
    assert "Out, [run](javascript:alert(3)), " in drawn.text


def test_a_target_cannot_leave_its_attribute() -> None:
    mark = Mark(MarkKind.LINK, 0, 4, '"><script>alert(1)</script>')
    section = replace(UNSAFE, marks=(mark,))

    drawn = Drawn(section_html(section))

    assert drawn.text == section.text
    assert_harmless(drawn)
    assert drawn.attributes("a")[0]["data-section"] == '"><script>alert(1)</script>'


def test_what_else_was_meant_and_what_is_taken_along_are_text_too() -> None:
    hostile = Suggestion('a/"><script>', '"><script>alert(1)</script>')
    html = answer_html(replace(ANSWER, understood=hostile, otherwise=(hostile,)), "0")

    drawn = Drawn(html + copy_html("<b>", '"><script>', "<i>") + download_html("<b>", '"><script>', '"<i>'))

    assert drawn.problems == []
    assert drawn.tags.isdisjoint({"script", "i"})
    assert drawn.blocks[0] == '"><script>alert(1)</script>'
    assert 'other-0-a-"><script>' in [button.get("data-press") for button in drawn.attributes("button")]


def test_a_hostile_answer_is_text() -> None:
    sentence = HOSTILE.sentences[0]
    part = quote(HOSTILE, 1, HOSTILE.text[sentence.start : sentence.end], label="<b>label</b>")
    answer = Answer(Kind.ANSWER, (part, Part(("<script>ours</script>",), BlockKind.BULLET)), EDITION)

    drawn = Drawn(answer_html(answer, '"0'))

    assert drawn.blocks == [
        'Us <script>alert(0)</script> & "them"',
        "<b>label</b>",
        f"{part.items[0]} 1",
        "<script>ours</script>",
    ]
    assert_harmless(drawn)
    assert drawn.attributes("button")[0]["aria-label"] == 'Source 1: Us <script>alert(0)</script> & "them"'
    assert drawn.attributes("button")[0]["data-press"] == 'cite-"0-1'


@pytest.mark.parametrize("section", [BIDS, QUIET, UNSAFE, HOSTILE], ids=lambda section: section.slug)
@pytest.mark.parametrize("shape", Shape)
def test_a_composed_answer_shows_each_quote_word_for_word_before_its_marker(section: Section, shape: Shape) -> None:
    hit = Hit(section, 1.0, 0, len(section.text), Signals(1.0, 1.0, 1.0))
    encode = CountingEncoder().encode
    parts = compose(Asked(shape, encode(["quiet"])[0]), [hit], EDITION, encode)

    drawn = Drawn(answer_html(Answer(Kind.ANSWER, parts, EDITION), "0"))

    assert_harmless(drawn)
    assert drawn.within("button") == [str(part.citation.n) for part in parts if part.citation]
    for part in parts:
        assert part.citation
        assert "\n".join(part.items) == part.citation.quote == section.text[part.citation.start : part.citation.end]
        assert f"{part.citation.quote} {part.citation.n}" in drawn.text


def test_the_links_of_a_quote_over_several_items_stand_in_their_items() -> None:
    drawn = Drawn(answer_html(ANSWER, "0"))

    assert drawn.within("a") == ["Small bids", "When it is not safe"]
    assert [link["data-section"] for link in drawn.attributes("a")] == ["trust/bids", "safety/unsafe"]


def test_while_an_answer_comes_its_parts_appear_in_order() -> None:
    upto = [Drawn(answer_html(ANSWER, "0", n)) for n in (1, 2, 3)]

    assert [drawn.within("button") for drawn in upto] == [["1"], ["1", "2"], ["1", "2", "3"]]
    assert upto[0].blocks == ["A quiet partner", f"{SHORT} 1"]
    assert all(drawn.problems == [] for drawn in upto)


@pytest.mark.parametrize("category", Category)
def test_a_card_stands_before_every_word_of_the_guide(category: Category) -> None:
    verdict = Verdict(category, Strength.CARE)
    card = card_for(verdict)

    drawn = Drawn(answer_html(replace(ANSWER, care=verdict, card=card), "0"))

    assert_harmless(drawn)
    assert drawn.elements[1] == ("section", {"class": "attune-card", "aria-label": "Help"})
    assert drawn.text.index(card.title) < drawn.text.index(card.step) < drawn.text.index(SHORT)


def test_a_raised_help_line_is_drawn_more_quietly_than_a_card() -> None:
    drawn = Drawn(card_html(card_for(Verdict(Category.SELF_HARM, Strength.MAYBE))))

    assert drawn.attributes("section")[0]["class"] == "attune-card attune-card-quiet"
    assert "findahelpline.com" in drawn.text


def test_a_card_is_drawn_in_the_order_of_the_policy_and_escaped() -> None:
    """What has to be thought of first stands first: could anyone else see this screen?"""
    card = Card("<b>t</b>", ("<img src=x>",), (), "<script>", Strength.NOW, None, date(2026, 6, 30), "<i>before</i>")

    drawn = Drawn(card_html(card))

    assert_harmless(drawn)
    assert drawn.blocks == ["<i>before</i>", "<b>t</b>", "<img src=x>", "<script>"]


def test_a_question_keeps_its_line_breaks_and_is_marked_as_the_latest_only_when_it_is() -> None:
    assert Drawn(question_html("one\n two")).text == "one\n two"
    assert "data-latest" not in question_html("data")
    assert Drawn(question_html("<b>", latest=True)).elements == [
        ("div", {"class": "attune-question", "data-latest": ""})
    ]
