"""What is offered beside an answer."""

from __future__ import annotations

import pytest

from app.guide.nouns import Hit, Kind, Practice, Section, Signals, Speaker, Suggestion, Turn
from app.guide.onward import otherwise, practice_for, suggestions

SLOWLY = Section("talk/slowly", "Slowly", "Talk", "talk/slowly.md", "Go slowly.", related=("hard/grief",))
GRIEF = Section(
    "hard/grief",
    "Grief",
    "Hard times",
    "hard/grief.md",
    "Wait.",
    asked_as=("my husband grieves alone", "how do two people grieve", "we grieve " + "and grieve " * 20),
)
BARE = Section("hard/bare", "Bare", "Hard times", "hard/bare.md", "Bare.")


def hit_of(section: Section) -> Hit:
    """Return a hit of a section."""
    return Hit(section, 1.0, 0, 1, Signals(0.5, 0.5, 0.5))


def offered(*talk: Turn, message: str = "how slow") -> tuple[Suggestion, ...]:
    """Return what is offered after an answer from the first section."""
    return suggestions(Kind.ANSWER, [hit_of(SLOWLY)], [GRIEF, BARE], talk, message)


def test_after_an_answer_a_plain_question_of_each_related_section_is_offered() -> None:
    """None that names somebody's husband, who is not the reader's."""
    assert offered() == (
        Suggestion("hard/grief", "Grief", "how do two people grieve"),
        Suggestion("hard/bare", "Bare", ""),
    )


def test_what_was_asked_in_this_talk_is_not_offered_again() -> None:
    assert offered(message="How do two people grieve?")[0].question == "my husband grieves alone"


def test_a_section_that_was_answered_from_is_not_offered_again() -> None:
    talk = [Turn(Speaker.PERSON, "grief"), Turn(Speaker.GUIDE, "Wait.", ("hard/grief",))]

    assert [suggestion.slug for suggestion in offered(*talk)] == ["hard/bare"]


@pytest.mark.parametrize("kind", [Kind.PARTIAL, Kind.NOT_COVERED])
def test_without_an_answer_the_nearest_sections_are_offered(kind: Kind) -> None:
    hits = [hit_of(section) for section in (SLOWLY, GRIEF, BARE, SLOWLY)]

    assert [suggestion.title for suggestion in suggestions(kind, hits, [])] == ["Slowly", "Grief", "Bare"]


def test_nothing_found_leaves_nothing_to_offer() -> None:
    assert suggestions(Kind.NOT_COVERED, [], []) == ()


@pytest.mark.parametrize(
    ("kind", "others"), [(Kind.ANSWER, ["Grief", "Bare"]), (Kind.PARTIAL, ["Grief", "Bare"]), (Kind.NOT_COVERED, [])]
)
def test_the_next_two_sections_may_have_been_meant_where_something_was_understood(
    kind: Kind, others: list[str]
) -> None:
    hits = [hit_of(section) for section in (SLOWLY, GRIEF, BARE, SLOWLY)]

    assert [other.title for other in otherwise(kind, hits)] == others


class Practised:
    """An edition in which one section has a practice."""

    def __init__(self, slug: str) -> None:
        self.practice = Practice("walk", "A walk", slug, "exercise", "Walk.", "Not in fear.", 10, ())

    def practices_of(self, slug: str) -> list[Practice]:
        """Return the practices of a section."""
        return [self.practice] if slug == self.practice.section else []


def everything(slug: str) -> bool:
    """Allow every section."""
    return True


@pytest.mark.parametrize(
    ("belongs_to", "found", "fits"),
    [
        ("talk/slowly", [SLOWLY], True),
        ("hard/grief", [SLOWLY, GRIEF], True),
        ("hard/grief", [SLOWLY], False),
        ("hard/bare", [SLOWLY, BARE], False),
    ],
    ids=["its own", "of a related section that was found", "of one that was not", "of one that is not related"],
)
def test_a_practice_fits_where_its_section_answers(belongs_to: str, found: list[Section], fits: bool) -> None:
    edition = Practised(belongs_to)

    practice = practice_for(edition, [hit_of(section) for section in found], everything)

    assert practice == (edition.practice if fits else None)


def test_a_practice_of_a_section_that_is_held_back_is_not_offered() -> None:
    assert practice_for(Practised("talk/slowly"), [hit_of(SLOWLY)], lambda slug: False) is None
