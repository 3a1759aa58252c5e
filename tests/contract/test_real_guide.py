"""The guide as it is shipped, with the model that comes with it."""

from __future__ import annotations

import pytest

from app.guide.ask import Guide
from app.guide.compose import NOT_COVERED
from app.guide.nouns import Kind, Speaker, Turn
from app.guide.wire import answer_text

WONT_OPEN_UP = "what if my partner won't open up"
QUESTIONS = [
    WONT_OPEN_UP,
    "what is emotional intimacy?",
    "how do we start a daily check-in",
    "what should I say when she tells me something hard",
    "why does he go silent when we argue",
    "how can I trust him again after he cheated",
    "we live like flatmates",
    "give me an example of an I feel statement",
    "what is a bid for connection",
    "is it normal to feel lonely in a marriage",
    "how do I listen without fixing it",
    "we never have time for each other since the baby came",
    "my girlfriend wants more closeness than I do",
    "how do I apologise after a fight",
    "how do we put the phones away at dinner",
    "when should we see a therapist",
    "how can we stay close at a distance",
    "I am afraid of opening up",
    "what rituals can couples have",
    "where do I start today",
]
OFF_TOPIC = [
    "how do I descale a coffee machine",
    "what is the capital of Mongolia",
    "which python web framework is fastest",
    "how long do I boil an egg",
    "my printer prints blank pages",
]


def test_the_first_question_of_all_is_answered_from_its_section(real_guide: Guide) -> None:
    answer = real_guide.ask(WONT_OPEN_UP)

    assert (answer.kind, answer.sections, answer.care) == (Kind.ANSWER, ("barriers/partner-wont-open-up",), None)


def test_its_answer_says_where_not_to_open_up(real_guide: Guide) -> None:
    section, _ = real_guide.section("barriers/partner-wont-open-up")
    safety = section.safety_sentence
    assert safety is not None

    answer = real_guide.ask(WONT_OPEN_UP)

    assert section.text[safety.start : safety.end] in [citation.quote for citation in answer.citations]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_an_exact_part_of_its_section(real_guide: Guide, question: str) -> None:
    answer = real_guide.ask(question)

    texts = [real_guide.section(c.slug, c.edition)[0].text for c in answer.citations]
    assert answer.citations
    assert [text[c.start : c.end] for text, c in zip(texts, answer.citations, strict=True)] == [
        citation.quote for citation in answer.citations
    ]


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_what_is_off_topic_is_not_answered(real_guide: Guide, question: str) -> None:
    answer = real_guide.ask(question)

    assert (answer.kind, answer.citations, answer_text(answer)) == (Kind.NOT_COVERED, (), NOT_COVERED)


def test_every_section_is_found_first_by_its_own_title(real_guide: Guide) -> None:
    headings = real_guide.edition().headings

    found = {heading.slug: real_guide.search(heading.title, 1)[0].section.slug for heading in headings}

    assert {slug: first for slug, first in found.items() if slug != first} == {}


def test_every_section_that_asks_for_openness_has_its_safety_sentence(real_guide: Guide) -> None:
    sections = [real_guide.section(heading.slug)[0] for heading in real_guide.edition().headings]

    assert [section.slug for section in sections if section.openness and not section.safety_sentence] == []
    assert any(section.openness for section in sections)


def test_a_question_that_stands_alone_is_answered_alike_in_the_middle_of_a_talk(real_guide: Guide) -> None:
    rituals = real_guide.ask("how do we keep a weekly ritual going")
    talk = [
        Turn(Speaker.PERSON, "how do we keep a weekly ritual going"),
        Turn(Speaker.GUIDE, answer_text(rituals), rituals.sections),
    ]

    assert real_guide.ask(WONT_OPEN_UP, talk).sections == ("barriers/partner-wont-open-up",)


def test_the_same_question_gets_the_same_answer(real_guide: Guide) -> None:
    one, two = (real_guide.ask("how can I trust him again after he cheated") for _ in range(2))

    assert (one.parts, one.suggestions) == (two.parts, two.suggestions)
