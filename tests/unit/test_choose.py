"""Sentences chosen by role and closeness; the counting encoder makes every cosine one that can be reckoned."""

from __future__ import annotations

import pytest

from app.guide.choose import LEAST, MOST, Asked, Line, choose, lines_of, run, spread
from app.guide.shape import Shape
from ingest.reader import FrontMatter, Source
from ingest.sections import cut_section
from tests.fakes import CountingEncoder

encode = CountingEncoder().encode
SAFETY = "If you fear it, stop."


def lines(body: str, question: str = "trust", openness: bool = False) -> list[Line]:
    """Return the sentences of a body, with their closeness to a question."""
    matter = FrontMatter(title="Title", openness=openness)
    section = cut_section(Source("a/b.md", "a/b", matter, body))
    return lines_of(section, asked(question), encode)


def asked(question: str = "trust", shape: Shape = Shape.STEPS, said: str = "", in_hand: bool = False) -> Asked:
    """Ask something of that kind."""
    return Asked(shape, encode([question])[0], said, in_hand)


def chosen(body: str, question: str = "trust", openness: bool = False, **more: object) -> list[str]:
    """Return the words of what is chosen."""
    return [line.text for line in choose(lines(body, question, openness), asked(question, **more))]


def part(heading: str, *sentences: str, mark: str = "") -> str:
    """Return a part of a section; with a mark, each sentence is an item of a list."""
    return f"## {heading}\n\n" + ("\n".join(f"{mark} {s}" for s in sentences) if mark else " ".join(sentences)) + "\n\n"


def limits() -> str:
    """Return a last part with the safety sentence."""
    return part("When this does not fit", SAFETY)


def test_a_sentence_is_as_close_as_its_cosine() -> None:
    [one, two] = lines("Trust trust listen. Walk.")

    assert (round(one.near, 4), two.near) == (round(2 / 5**0.5, 4), 0)


def test_a_run_is_the_neighbours_that_are_closest() -> None:
    found = lines("Walk. Listen. Trust. Argue and trust.")

    assert run(found, 2) == found[2:]


def test_a_run_begins_at_the_beginning_unless_another_is_clearly_closer() -> None:
    found = lines("Walk. Listen. Argue.")

    assert run(found, 2) == found[:2]


def test_what_says_the_same_as_what_is_chosen_is_passed_over() -> None:
    found = lines("Trust. Trust, trust. Trust and listen. Walk.")

    assert [line.text for line in spread(found, 3)] == ["Trust.", "Trust and listen.", "Walk."]


def test_what_is_close_and_new_goes_before_what_is_closer_and_said_already() -> None:
    found = lines("Trust and walk. Trust, trust and walk. Trust and listen.")

    picked = spread(found[1:], 1, found[:1])

    assert [line.text for line in picked] == ["Trust and listen."]


def test_a_run_stays_whole_where_it_fits() -> None:
    found = lines("Walk. Trust. Listen.")

    assert run(found, 3) == found


@pytest.mark.parametrize("shape", [Shape.STEPS, Shape.TURN])
def test_a_list_of_steps_is_quoted_whole_and_the_rest_makes_room(shape: Shape) -> None:
    steps = [f"Step {n} is to walk." for n in range(6)]
    body = part("Short answer", "Trust.", "Trust and walk.", "Trust and thank.") + part("Try this", *steps, mark="1.")

    answer = chosen(body + limits(), openness=True, shape=shape)

    assert [text for text in answer if text in steps] == steps
    assert (len(answer), answer[-1]) == (MOST, SAFETY)


@pytest.mark.parametrize(("steps", "quoted"), [(5, 3), (6, 3), (7, 2)])
def test_a_short_answer_is_quoted_whole_where_there_is_room(steps: int, quoted: int) -> None:
    short = ("Trust.", "Listen.", "You owe nobody trust.")
    tries = tuple(f"Walk {n} times." for n in range(steps))

    found = chosen(part("Short answer", *short) + part("Try this", *tries, mark="1."))

    assert [text for text in found if text in short] == list(short[:quoted])


def test_no_answer_is_longer_than_nine_sentences_also_where_a_list_is() -> None:
    body = part("Short answer", "Trust.") + part("Try this", *[f"Walk {n}." for n in range(30)], mark="1.") + limits()

    answer = chosen(body, openness=True)

    assert (len(answer), answer[0], answer[1], answer[-1]) == (MOST, "Trust.", "Walk 0.", SAFETY)


def test_a_short_answer_is_filled_up_with_what_is_close_and_new() -> None:
    body = part("Short answer", "Trust.") + part("Why", "Listen.", "Walk.", "Argue.", "Thank.")

    assert len(chosen(body)) == LEAST


def test_a_sentence_of_another_part_that_is_clearly_closer_comes_along() -> None:
    body = (
        part("Short answer", "Walk.", "Listen.")
        + part("Why", "Grief is slow.")
        + part("Words you could use", "Argue?", "Thank you.", mark="-")
    )

    assert chosen(body, "grief", shape=Shape.WORDS) == ["Walk.", "Listen.", "Grief is slow.", "Argue?", "Thank you."]


def test_what_the_guide_said_before_in_the_talk_is_not_said_again() -> None:
    body = part("Short answer", "Walk.") + part("Try this", "Listen.", mark="1.") + part("Why", "Trust.", "Argue.")

    answer = chosen(body, shape=Shape.MORE, said="Walk. Listen.", in_hand=True)

    assert answer == ["Trust.", "Argue."]


def test_the_safety_sentence_is_said_again_each_time() -> None:
    body = part("Short answer", "Walk.") + part("Why", "Trust.") + limits()

    assert chosen(body, openness=True, said=f"Walk. {SAFETY}", in_hand=True)[-1] == SAFETY


def test_where_everything_was_said_the_short_answer_is_said_again() -> None:
    body = part("Short answer", "Walk.") + part("Why", "Trust.")

    assert chosen(body, said="Walk. Trust.", in_hand=True) == ["Walk."]


def test_how_long_is_answered_by_what_speaks_of_time() -> None:
    body = part("Short answer", "Trust.") + part("Why", "Listen.", "It takes months to walk.", "Argue.")

    assert "It takes months to walk." in chosen(body, shape=Shape.TIME)


def test_what_is_chosen_stands_in_the_guide_s_order() -> None:
    body = part("Short answer", "Walk.", "Listen.", "Argue.") + part("Why", "Thank.", "Trust.")

    answer = lines(body)

    assert choose(answer, asked()) == sorted(choose(answer, asked()), key=lambda line: line.sentence.start)


def test_a_section_without_a_short_answer_is_left_to_its_passage() -> None:
    assert chosen("Walk. Trust.") == []
