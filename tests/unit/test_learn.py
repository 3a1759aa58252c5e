"""Learning the guide's own language from asked-as lines."""

from __future__ import annotations

import numpy as np
import pytest

from app.guide.encoder import Vectors
from app.guide.layer import apply
from ingest.learn import Lessons, learn


def axes(*numbers: int) -> Vectors:
    """Return unit vectors along these axes of six."""
    return np.eye(6, dtype=np.float32)[list(numbers)]


# Two sections: people who ask for the first say 0 or 1, and it says 4; for the second 2 or 3, and it says 5.
LESSONS = Lessons(axes(0, 1, 2, 3), np.array([0, 0, 1, 1]), axes(4, 5), np.array([0, 1]))


def test_a_question_comes_nearer_to_what_others_ask_of_its_section_and_to_what_it_says() -> None:
    layer = learn(LESSONS)
    assert layer is not None

    asked = apply(layer, axes(0))[0]

    own_line, own_passage = asked @ axes(1)[0], asked @ axes(4)[0]
    assert min(own_line, own_passage) > 0.05
    assert max(asked @ axes(2)[0], asked @ axes(3)[0], asked @ axes(5)[0]) < 0


def test_the_same_lessons_make_the_same_layer() -> None:
    one, two = learn(LESSONS), learn(LESSONS)

    assert one is not None
    assert two is not None
    assert one.tobytes() == two.tobytes()


@pytest.mark.parametrize("left_out", [[True, False, False, False], [True, True, True, True]])
def test_nothing_is_learned_unless_two_sections_have_two_lines(left_out: list[bool]) -> None:
    assert learn(LESSONS.without(np.array(left_out))) is None


def test_a_section_without_a_passage_teaches_nothing() -> None:
    lessons = Lessons(LESSONS.lines, LESSONS.line_sections, axes(4), np.array([0]))

    assert learn(lessons) is None
