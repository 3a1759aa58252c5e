"""Answers and talks as Markdown to take along."""

from __future__ import annotations

from app.guide.export import answer_to_keep, talk_to_keep
from app.guide.nouns import Answer, Citation, Kind, Part, Suggestion

CITATION = Citation(1, "trust/bids", "Small *bids*", "Ask once.", 10, 19, "20260102T030405Z-0123abcd")
ANSWER = Answer(
    Kind.ANSWER, (Part(("Ask once.",), citation=CITATION),), "x", understood=Suggestion("trust/bids", "Small *bids*")
)
KEPT = (
    "**Small \\*bids\\***\n\nAsk once. [1]\n\n"
    "\\[1] [Small \\*bids\\*](/read?section=trust/bids&edition=20260102T030405Z-0123abcd&at=10-19)\n"
)


def test_an_answer_is_kept_with_every_citation_as_a_link() -> None:
    assert answer_to_keep(ANSWER) == KEPT


def test_a_talk_is_kept_with_each_message_as_it_was_written() -> None:
    talk = [("my *partner*\n\n# is quiet", ANSWER), ("and?", None)]

    assert talk_to_keep(talk) == f"> my \\*partner\\*\n> \n> \\# is quiet\n\n{KEPT}\n> and?\n\n"


def test_no_talk_keeps_nothing() -> None:
    assert talk_to_keep([]) == ""
