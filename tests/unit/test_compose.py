"""Answers out of the guide's own sentences."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from app.guide.choose import Asked
from app.guide.compose import (
    ALSO,
    NEAREST,
    TO_MIND,
    TO_TRY,
    WHY,
    WORDS_TO_BORROW,
    compose,
    compose_nearest,
    escape,
    markdown,
    unescape,
)
from app.guide.nouns import BlockKind, Citation, Hit, Part, Section, Signals
from app.guide.shape import Shape
from ingest.reader import FrontMatter, Source
from ingest.sections import cut_section
from tests.fakes import CountingEncoder

BODY = """
## Short answer

Go slowly. It *tends* to work.

## Why

Pressing makes people retreat.

## Try this

Before you start, breathe.

1. Choose a moment. Keep it short.
2. Ask once.

Afterwards, rest.

## Words you could use

- "I miss you. Shall we talk?"
- "Take your time."

## When this does not fit

If you are afraid, do not open up more. Nobody owes you a thought.
"""
SAFETY = "If you are afraid, do not open up more."
PLAIN = "Go slowly. It tends to work."
NO_SHORT_ANSWER = BODY.replace("## Short answer\n", "")
SHAPES = [Shape.STEPS, Shape.WORDS, Shape.REASON, Shape.MEANING, Shape.TURN, Shape.TIME, Shape.MORE]
encode = CountingEncoder().encode


def section_of(body: str = BODY, openness: bool = False, slug: str = "talk/slowly", **front: object) -> Section:
    """Cut a body into a section."""
    matter = FrontMatter.model_validate({"title": "Slowly", "openness": openness, **front})
    return cut_section(Source(f"{slug}.md", slug, matter, body))


def hit_of(section: Section, quote: str | None = None) -> Hit:
    """Return a hit whose best passage is this quote, or the section's first sentence."""
    first = section.sentences[0]
    start = section.text.index(quote) if quote else first.start
    return Hit(section, 1.0, start, start + len(quote) if quote else first.end, Signals(0.5, 0.5, 0.5))


def asked(shape: Shape = Shape.STEPS, question: str = "", said: str = "", in_hand: bool = False) -> Asked:
    """Ask something of that kind."""
    return Asked(shape, encode([question])[0], said, in_hand)


def composed(*sections: Section, shape: Shape = Shape.STEPS, question: str = "", **more: object) -> tuple[Part, ...]:
    """Answer a question from sections, best first."""
    return compose(asked(shape, question, **more), [hit_of(section) for section in sections], "edition-1", encode)


def said(parts: tuple[Part, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Return label and items of every part."""
    return [(part.label, part.items) for part in parts]


@pytest.mark.parametrize(
    ("shape", "label", "items", "kind"),
    [
        (Shape.STEPS, TO_TRY, ("Choose a moment. Keep it short.", "Ask once."), BlockKind.STEP),
        (Shape.WORDS, WORDS_TO_BORROW, ('"I miss you. Shall we talk?"', '"Take your time."'), BlockKind.BULLET),
        (Shape.REASON, WHY, ("Pressing makes people retreat.",), BlockKind.PARAGRAPH),
        (Shape.MEANING, "", ("Pressing makes people retreat.",), BlockKind.PARAGRAPH),
        (Shape.TIME, "", ("Pressing makes people retreat.",), BlockKind.PARAGRAPH),
    ],
)
def test_an_answer_is_the_short_answer_and_what_the_question_wants(
    shape: Shape, label: str, items: tuple[str, ...], kind: BlockKind
) -> None:
    parts = composed(section_of(), shape=shape)

    assert said(parts) == [("", (PLAIN,)), (label, items)]
    assert [part.kind for part in parts] == [BlockKind.PARAGRAPH, kind]


def test_what_if_gets_the_steps_and_where_it_turns() -> None:
    parts = composed(section_of(), shape=Shape.TURN)

    assert said(parts)[1:] == [(TO_TRY, ("Choose a moment. Keep it short.", "Ask once.")), (TO_MIND, (SAFETY,))]


def test_a_label_is_not_said_again_for_the_next_piece() -> None:
    body = BODY.replace("Before you start, breathe.\n\n", "").replace("Afterwards, rest.", "If he will not walk, rest.")

    parts = composed(section_of(body), shape=Shape.TURN, question="walk")

    assert said(parts)[1:] == [
        (TO_TRY, ("Choose a moment. Keep it short.", "Ask once.")),
        ("", ("If he will not walk, rest.",)),
    ]


def test_steps_from_the_middle_of_a_list_get_no_numbers() -> None:
    section = section_of("## Short answer\n\nGo.\n\n## Try this\n\n1. Wait.\n2. Walk.\n3. Listen.\n")

    [_, part] = composed(section, said="Wait.")

    assert (part.items, part.kind) == (("Walk.", "Listen."), BlockKind.BULLET)


def test_who_asks_how_long_gets_what_the_next_sections_say_of_it() -> None:
    other = section_of("## Short answer\n\nTrust takes months. Eat well.\n", title="Trust", slug="hard/trust")

    parts = composed(section_of(), other, shape=Shape.TIME, question="trust")

    assert said(parts)[-1] == (ALSO.format(title="Trust"), ("Trust takes months.",))


def test_who_asks_for_something_else_is_answered_from_one_section() -> None:
    other = section_of("## Short answer\n\nTrust takes months. Eat well.\n", title="Trust", slug="hard/trust")

    assert said(composed(section_of(), other, question="trust")) == said(composed(section_of(), question="trust"))


@pytest.mark.parametrize("short", ["Yes, trust takes months.", "Trust takes courage."])
def test_what_answers_another_question_or_says_nothing_of_time_is_left_out(short: str) -> None:
    other = section_of(f"## Short answer\n\n{short}\n", slug="hard/trust")

    parts = composed(section_of(), other, shape=Shape.TIME, question="trust")

    assert {part.citation.slug for part in parts if part.citation} == {"talk/slowly"}


def test_each_section_that_asks_for_openness_brings_its_own_safety_sentence() -> None:
    body = "## Short answer\n\nTrust takes months.\n\n## When this does not fit\n\nIf you fear to argue, stop.\n"
    other = section_of(body, openness=True, title="Trust", slug="hard/trust")

    parts = composed(section_of(openness=True), other, shape=Shape.TIME, question="trust")

    assert [part.items for part in parts if part.label == TO_MIND] == [(SAFETY,), ("If you fear to argue, stop.",)]


def test_of_a_section_of_which_one_part_may_be_quoted_nothing_else_is() -> None:
    hits = [hit_of(section_of()), hit_of(section_of("## Short answer\n\nTrust takes months.\n"))]

    parts = compose(asked(Shape.TIME, "trust"), hits, "edition-1", encode, lambda slug: "limits")

    assert said(parts) == [(TO_MIND, (f"{SAFETY} Nobody owes you a thought.",))]


def test_a_section_of_which_one_part_may_be_quoted_is_never_the_one_besides() -> None:
    other = section_of("## Short answer\n\nTrust takes months.\n", slug="hard/trust")
    hits = [hit_of(section_of()), hit_of(other)]
    only = {"hard/trust": "limits"}

    parts = compose(asked(Shape.TIME, "trust"), hits, "edition-1", encode, lambda slug: only.get(slug, ""))

    assert [part.citation.slug for part in parts if part.citation] == ["talk/slowly", "talk/slowly"]


def test_a_section_without_the_wanted_part_answers_shortly() -> None:
    assert said(composed(section_of("## Short answer\n\nGo slowly."))) == [("", ("Go slowly.",))]


def test_a_section_without_headings_answers_with_its_best_passage() -> None:
    section = section_of("One. Two.\n\nThree. Four.")

    parts = compose(asked(), [hit_of(section, "Two.\nThree.")], "edition-1", encode)

    assert said(parts) == [("", ("Two.", "Three."))]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("body", [BODY, NO_SHORT_ANSWER], ids=["with a short answer", "without"])
def test_whatever_is_quoted_of_an_openness_section_carries_its_safety_sentence(body: str, shape: Shape) -> None:
    parts = composed(section_of(body, openness=True), shape=shape)

    assert SAFETY in "".join(part.citation.quote for part in parts if part.citation)


@pytest.mark.parametrize("body", [BODY, NO_SHORT_ANSWER], ids=["with a short answer", "without"])
def test_the_nearest_quote_of_an_openness_section_carries_its_safety_sentence_too(body: str) -> None:
    parts = compose_nearest(asked(), [hit_of(section_of(body, openness=True))], "edition-1", encode)

    assert SAFETY in "".join(part.citation.quote for part in parts if part.citation)


def test_the_safety_sentence_is_said_once() -> None:
    parts = composed(section_of(openness=True), shape=Shape.TURN)

    assert "".join(item for part in parts for item in part.items).count(SAFETY) == 1


def test_a_section_that_asks_for_no_openness_says_nothing_of_safety() -> None:
    assert SAFETY not in markdown(composed(section_of()))


@pytest.mark.parametrize("openness", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_quote_is_an_exact_part_of_the_text_and_the_items_are_its_lines(shape: Shape, openness: bool) -> None:
    section = section_of(openness=openness)

    parts = composed(section, shape=shape)

    assert [part.citation for part in parts] == [
        Citation(n, "talk/slowly", "Slowly", "\n".join(part.items), part.citation.start, part.citation.end, "edition-1")
        for n, part in enumerate(parts, 1)
    ]
    assert all(section.text[c.start : c.end] == c.quote for part in parts if (c := part.citation))


@pytest.mark.parametrize("shape", SHAPES)
def test_no_quote_holds_a_heading(shape: Shape) -> None:
    """Also where a part of the section comes twice."""
    twice = section_of(
        BODY + "\n## Try this\n\n3. Ask again.\n\n## Why\n\nIt takes time.\n\n## Short answer\n\nSlowly.\n"
    )
    headings = {twice.text[b.start : b.end] for b in twice.blocks if b.kind is BlockKind.HEADING}

    parts = composed(twice, shape=shape)

    assert headings.isdisjoint(item for part in parts for item in part.items)


def test_the_nearest_is_quoted_with_a_word_of_warning() -> None:
    parts = compose_nearest(asked(), [hit_of(section_of())], "edition-1", encode)

    assert said(parts) == [("", (NEAREST,)), ("", (PLAIN,))]
    assert [bool(part.citation) for part in parts] == [False, True]


def test_the_nearest_is_what_is_closest_in_any_part() -> None:
    section = section_of(BODY.replace("Ask once.", "Take a walk."))

    parts = compose_nearest(asked(question="walk"), [hit_of(section)], "edition-1", encode)

    assert ("Take a walk.",) in [items for _, items in said(parts)]


def test_the_nearest_of_a_section_without_a_short_answer_is_its_passage() -> None:
    section = section_of("One. Two.\n\nThree.")

    assert said(compose_nearest(asked(), [hit_of(section, "Two.")], "edition-1", encode))[1:] == [("", ("Two.",))]


@pytest.mark.parametrize("shape", SHAPES)
def test_markers_and_citations_go_together_one_to_one(shape: Shape) -> None:
    section = section_of(BODY.replace("Ask once.", "Ask once [1], or [twice](trust/bids)."), openness=True)

    parts = composed(section, shape=shape)

    markers = [int(n) for n in re.findall(r"(?<!\\)\[(\d+)\]", markdown(parts))]
    assert markers == [part.citation.n for part in parts if part.citation] == list(range(1, len(parts) + 1))


def test_markdown_draws_labels_lists_and_markers() -> None:
    assert markdown(composed(section_of(openness=True))) == (
        "Go slowly. It tends to work. [1]\n\n"
        "**To try**\n\n1. Choose a moment. Keep it short.\n2. Ask once. [2]\n\n"
        "**Where this does not fit**\n\nIf you are afraid, do not open up more. [3]"
    )


@pytest.mark.parametrize(
    "text",
    [
        "*stars* and **more**", "_under_ __lines__", "`code`", "[a](b) ![c](d) [1]", "<b>html</b> <!-- x -->", "```",
        "# no heading", "- no list", "+ no list", "* no list", "1. no list", "12) no list", "> no quote",
        "a \\ b \\* c", "~~gone~~", "| a | b |", "AT&amp;T &lt;b&gt; &copy; &#42;", "http://example.org/a_b_c", "---",
        "===", "***", "2*3*4", "a_b_c", "$x$ :smile:",
    ],
)  # fmt: skip
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    [paragraph, *rest] = MarkdownIt("commonmark").parse(escape(text))[1:-1]

    assert not rest
    assert [(child.type, child.content) for child in paragraph.children or []] == [("text", text)]


@pytest.mark.parametrize("text", ["a \\ b \\* c", "1. one [1]", "- *two* <b>", "plain"])
def test_what_was_escaped_can_be_had_back(text: str) -> None:
    assert unescape(escape(text)) == text
