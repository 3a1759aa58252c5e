"""What tools rely on: the keys of what is printed, exactly."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.guide.care import Category, Strength, Verdict, card_for
from app.guide.nouns import Answer, BlockKind, Citation, Hit, Kind, Part, Practice, Section, Signals, Suggestion
from app.guide.wire import answer_as_dict, answer_text, hit_as_dict, section_as_dict

CITATION = Citation(1, "trust/bids", "Small bids", "Ask once.", 10, 19, "20260102T030405Z-0123abcd")
ANSWER = Answer(
    Kind.ANSWER,
    (Part(("Before.",)), Part(("Ask once.",), BlockKind.STEP, CITATION, "To try")),
    "20260102T030405Z-0123abcd",
    suggestions=(Suggestion("start/today", "Today", "where do I start"),),
    understood=Suggestion("trust/bids", "Small bids"),
    otherwise=(Suggestion("trust/honesty", "Honesty"),),
    practice=Practice("walk", "A walk", "trust/bids", "exercise", "Walk.", "Not in fear.", 10, ()),
    milliseconds=7,
)
SECTION = Section("trust/bids", "Small bids", "Trust", "trust/bids.md", "One.\nTwo. Three.")


def test_an_answer_has_the_contracted_keys() -> None:
    assert answer_as_dict(ANSWER, "q-1") == {
        "id": "q-1",
        "kind": "answer",
        "text": "Before.\n\n**To try**\n\n1. Ask once. [1]",
        "citations": [
            {
                "n": 1,
                "slug": "trust/bids",
                "title": "Small bids",
                "quote": "Ask once.",
                "start": 10,
                "end": 19,
                "edition": "20260102T030405Z-0123abcd",
                "url": "/read?section=trust/bids&edition=20260102T030405Z-0123abcd&at=10-19",
            }
        ],
        "care": None,
        "understood": {"slug": "trust/bids", "title": "Small bids"},
        "otherwise": [{"slug": "trust/honesty", "title": "Honesty"}],
        "suggestions": [{"slug": "start/today", "title": "Today", "question": "where do I start"}],
        "practice": {
            "slug": "walk",
            "title": "A walk",
            "section": "trust/bids",
            "minutes": 10,
            "intro": "Walk.",
            "stop": "Not in fear.",
        },
        "written_by": None,
        "note": "",
        "edition": "20260102T030405Z-0123abcd",
        "milliseconds": 7,
    }


def test_what_care_noticed_is_told_by_category_and_strength() -> None:
    verdict = Verdict(Category.PARTNER_VIOLENCE, Strength.CARE, (Category.MEDICAL,))
    answer = Answer(Kind.ANSWER, (), "an edition", verdict, card_for(verdict))

    assert answer_as_dict(answer, "")["care"] == {"category": "partner_violence", "strength": "CARE"}


def test_the_card_stands_before_the_answer() -> None:
    card = card_for(Verdict(Category.SELF_HARM, Strength.CARE))
    answer = Answer(Kind.ANSWER, (Part(("The guide.",)),), "an edition", card=card)

    assert answer_text(answer) == f"{card.text}\n\nThe guide."


def test_what_was_understood_stands_above_the_answer_and_below_the_card() -> None:
    card = card_for(Verdict(Category.SELF_HARM, Strength.CARE))

    words = answer_text(ANSWER)
    assert answer_text(replace(ANSWER, card=card), titled=True) == f"{card.text}\n\n**Small bids**\n\n{words}"


def test_a_card_without_an_answer_is_the_whole_text() -> None:
    card = card_for(Verdict(Category.SELF_HARM, Strength.NOW))

    assert answer_text(Answer(Kind.CARE, (), "an edition", card=card)) == card.text


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_told_by_its_contracted_word(kind: Kind) -> None:
    told = answer_as_dict(Answer(kind, (), "an edition"), "")["kind"]

    assert json.dumps(told) in ('"answer"', '"partial"', '"not_covered"', '"care"', '"small_talk"')


def test_a_hit_has_the_contracted_keys() -> None:
    hit = Hit(SECTION, 0.123456, 5, 9, Signals(0.1, 0.2, 0.3))

    assert hit_as_dict(hit) == {
        "document": "trust/bids.md",
        "slug": "trust/bids",
        "title": "Small bids",
        "score": 0.1235,
        "quote": "Two.",
        "start": 5,
        "end": 9,
    }


def test_a_section_has_the_contracted_keys() -> None:
    assert section_as_dict(SECTION, "an edition") == {
        "slug": "trust/bids",
        "title": "Small bids",
        "text": "One.\nTwo. Three.",
        "edition": "an edition",
    }
