"""What a question wants, read from its wording."""

from __future__ import annotations

import pytest

from app.guide.shape import Shape, shape_of


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("my partner won't open up", Shape.STEPS),
        ("how do I get closer to her", Shape.STEPS),
        ("What can I say when he is silent?", Shape.WORDS),
        ("how do i tell him that i'm lonely", Shape.WORDS),
        ("what questions can I ask to know him better", Shape.WORDS),
        ("questions to ask on a long drive", Shape.WORDS),
        ("how can I tell if we are close", Shape.STEPS),
        ("I can\u2019t find the right words", Shape.WORDS),
        ("can you give me an example", Shape.WORDS),
        ("why does he shut down", Shape.REASON),
        ("But why?", Shape.REASON),
        ("is it normal to feel alone", Shape.REASON),
        ("what is emotional intimacy?", Shape.MEANING),
        ("What\u2019s a bid?", Shape.MEANING),
        ("what does attunement mean", Shape.MEANING),
        ("what is emotional intimacy, really", Shape.MEANING),
        ("what are bids for connection", Shape.MEANING),
        ("what are good ways to listen", Shape.STEPS),
        ("what is wrong with us", Shape.STEPS),
        ("what's the best thing we can do", Shape.STEPS),
        ("what if that doesn\u2019t work", Shape.TURN),
        ("and if it fails?", Shape.TURN),
        ("what if my partner won't open up", Shape.TURN),
        ("if he says no, what then?", Shape.TURN),
        ("how long does it take to trust again", Shape.TIME),
        ("how often should couples text", Shape.TIME),
        ("no idea how long we have been like this, help", Shape.STEPS),
        ("am I too sensitive or is this normal?", Shape.REASON),
        ("i don't know why she left", Shape.REASON),
        ("can you be too honest", Shape.REASON),
        ("isn't being vulnerable just weakness", Shape.REASON),
        ("are there things one should never tell", Shape.REASON),
        ("is there a way to help him talk", Shape.STEPS),
        ("can we do something tonight", Shape.STEPS),
        ("tell me more", Shape.MORE),
        ("what else?", Shape.MORE),
        ("", Shape.STEPS),
    ],
)
def test_a_question_shows_what_it_wants(question: str, shape: Shape) -> None:
    assert shape_of(question) is shape
