"""Answers out of the guide's own sentences."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from app.guide.compose import (
    NEAREST,
    TO_MIND,
    TO_TRY,
    WHY,
    WORDS_TO_BORROW,
    Shape,
    compose,
    compose_nearest,
    escape,
    markdown,
    shape_of,
    suggestions,
)
from app.guide.nouns import BlockKind, Citation, Hit, Kind, Part, Section, Signals, Suggestion
from ingest.reader import FrontMatter, Source
from ingest.sections import cut_section

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
QUESTIONS = {
    Shape.STEPS: "my partner is so quiet",
    Shape.WORDS: "what can i say to her",
    Shape.REASON: "why is he so quiet",
    Shape.MEANING: "what is intimacy?",
    Shape.LIMITS: "what if it doesn't work",
}


def section_of(body: str = BODY, openness: bool = False, **front: object) -> Section:
    """Cut a body into a section."""
    matter = FrontMatter.model_validate({"title": "Slowly", "openness": openness, **front})
    return cut_section(Source("talk/slowly.md", "talk/slowly", matter, body))


def hit_of(section: Section, quote: str | None = None) -> Hit:
    """Return a hit whose best passage is this quote, or the section's first sentence."""
    first = section.sentences[0]
    start = section.text.index(quote) if quote else first.start
    return Hit(section, 1.0, start, start + len(quote) if quote else first.end, Signals(0.5, 0.5, 0.5))


def composed(section: Section, question: str = QUESTIONS[Shape.STEPS]) -> tuple[Part, ...]:
    """Answer a question from a section."""
    return compose(question, [hit_of(section)], "edition-1")


def said(parts: tuple[Part, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Return label and items of every part."""
    return [(part.label, part.items) for part in parts]


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("my partner won't open up", Shape.STEPS),
        ("how do I get closer to her", Shape.STEPS),
        ("What can I say when he is silent?", Shape.WORDS),
        ("how do i tell him that i'm lonely", Shape.WORDS),
        ("I can\u2019t find the right words", Shape.WORDS),
        ("can you give me an example", Shape.WORDS),
        ("why does he shut down", Shape.REASON),
        ("But why?", Shape.REASON),
        ("is it normal to feel alone", Shape.REASON),
        ("what is emotional intimacy?", Shape.MEANING),
        ("What\u2019s a bid?", Shape.MEANING),
        ("what does attunement mean", Shape.MEANING),
        ("what if that doesn\u2019t work", Shape.LIMITS),
        ("and if it fails?", Shape.LIMITS),
        ("", Shape.STEPS),
    ],
)
def test_a_question_shows_what_it_wants(question: str, shape: Shape) -> None:
    assert shape_of(question) is shape


@pytest.mark.parametrize(
    ("shape", "label", "items", "kind"),
    [
        (Shape.STEPS, TO_TRY, ("Choose a moment. Keep it short.", "Ask once."), BlockKind.STEP),
        (Shape.WORDS, WORDS_TO_BORROW, ('"I miss you. Shall we talk?"', '"Take your time."'), BlockKind.BULLET),
        (Shape.REASON, WHY, ("Pressing makes people retreat.",), BlockKind.PARAGRAPH),
        (Shape.MEANING, WHY, ("Pressing makes people retreat.",), BlockKind.PARAGRAPH),
        (Shape.LIMITS, TO_MIND, (f"{SAFETY} Nobody owes you a thought.",), BlockKind.PARAGRAPH),
    ],
)
def test_an_answer_is_the_short_answer_and_what_the_question_wants(
    shape: Shape, label: str, items: tuple[str, ...], kind: BlockKind
) -> None:
    parts = composed(section_of(), QUESTIONS[shape])

    assert said(parts) == [("", (PLAIN,)), (label, items)]
    assert [part.kind for part in parts] == [BlockKind.PARAGRAPH, kind]


def test_a_section_without_the_wanted_part_answers_shortly() -> None:
    assert said(composed(section_of("## Short answer\n\nGo slowly."))) == [("", ("Go slowly.",))]


def test_a_section_without_headings_answers_with_its_best_passage() -> None:
    section = section_of("One. Two.\n\nThree. Four.")

    parts = compose("why", [hit_of(section, "Two.\nThree.")], "edition-1")

    assert said(parts) == [("", ("Two.", "Three."))]


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
@pytest.mark.parametrize("body", [BODY, NO_SHORT_ANSWER], ids=["with a short answer", "without"])
def test_whatever_is_quoted_of_an_openness_section_carries_its_safety_sentence(body: str, question: str) -> None:
    parts = composed(section_of(body, openness=True), question)

    assert SAFETY in "".join(part.citation.quote for part in parts if part.citation)


@pytest.mark.parametrize("body", [BODY, NO_SHORT_ANSWER], ids=["with a short answer", "without"])
def test_the_nearest_quote_of_an_openness_section_carries_its_safety_sentence_too(body: str) -> None:
    parts = compose_nearest([hit_of(section_of(body, openness=True))], "edition-1")

    assert SAFETY in "".join(part.citation.quote for part in parts if part.citation)


def test_the_safety_sentence_is_said_once() -> None:
    parts = composed(section_of(openness=True), QUESTIONS[Shape.LIMITS])

    assert "".join(item for part in parts for item in part.items).count(SAFETY) == 1


def test_a_section_that_asks_for_no_openness_says_nothing_of_safety() -> None:
    assert SAFETY not in markdown(composed(section_of(), QUESTIONS[Shape.STEPS]))


@pytest.mark.parametrize("openness", [False, True])
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_every_quote_is_an_exact_part_of_the_text_and_the_items_are_its_lines(question: str, openness: bool) -> None:
    section = section_of(openness=openness)

    parts = composed(section, question)

    assert [part.citation for part in parts] == [
        Citation(n, "talk/slowly", "Slowly", "\n".join(part.items), part.citation.start, part.citation.end, "edition-1")
        for n, part in enumerate(parts, 1)
    ]
    assert all(section.text[c.start : c.end] == c.quote for part in parts if (c := part.citation))


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_no_quote_holds_a_heading(question: str) -> None:
    """Also where a part of the section comes twice."""
    twice = section_of(
        BODY + "\n## Try this\n\n3. Ask again.\n\n## Why\n\nIt takes time.\n\n## Short answer\n\nSlowly.\n"
    )
    headings = {twice.text[b.start : b.end] for b in twice.blocks if b.kind is BlockKind.HEADING}

    parts = composed(twice, question)

    assert headings.isdisjoint(item for part in parts for item in part.items)


def test_the_nearest_is_quoted_with_a_word_of_warning() -> None:
    parts = compose_nearest([hit_of(section_of())], "edition-1")

    assert said(parts) == [("", (NEAREST,)), ("", (PLAIN,))]
    assert [bool(part.citation) for part in parts] == [False, True]


def test_the_nearest_of_a_section_without_a_short_answer_is_its_passage() -> None:
    section = section_of("One. Two.\n\nThree.")

    assert said(compose_nearest([hit_of(section, "Two.")], "edition-1"))[1:] == [("", ("Two.",))]


def test_after_an_answer_questions_of_related_sections_are_offered() -> None:
    related = [section_of(asked_as=["how slow", "why slow"]), section_of(title="Bare")]

    offered = suggestions(Kind.ANSWER, [hit_of(section_of())], related)

    assert offered == (Suggestion("talk/slowly", "Slowly", "how slow"), Suggestion("talk/slowly", "Bare", ""))


@pytest.mark.parametrize("kind", [Kind.PARTIAL, Kind.NOT_COVERED])
def test_without_an_answer_the_nearest_sections_are_offered(kind: Kind) -> None:
    hits = [hit_of(section_of(title=title)) for title in ("One", "Two", "Three", "Four")]

    offered = suggestions(kind, hits, [])

    assert [suggestion.title for suggestion in offered] == ["One", "Two", "Three"]


def test_nothing_found_leaves_nothing_to_offer() -> None:
    assert suggestions(Kind.NOT_COVERED, [], []) == ()


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_markers_and_citations_go_together_one_to_one(question: str) -> None:
    section = section_of(BODY.replace("Ask once.", "Ask once [1], or [twice](trust/bids)."), openness=True)

    parts = composed(section, question)

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
