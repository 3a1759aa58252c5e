"""The whole guide in somebody else's chain."""

from __future__ import annotations

import re

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.runnables import RunnableLambda

from app.guide import open as opening
from app.guide.ask import Guide
from app.guide.errors import UnusableInput
from app.guide.runnable import as_message, guide_runnable
from app.guide.wire import answer_as_dict
from tests.conftest import ROOT

QUIET = "my partner is so quiet"
DANGER = "my husband hits me"
EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "langchain.md").read_text(encoding="utf-8"), re.DOTALL)


def test_a_question_gets_what_every_other_door_gives(guide: Guide) -> None:
    answer = guide_runnable(guide).invoke({"question": QUIET})

    expected = answer_as_dict(guide.ask(QUIET), answer["id"])
    assert {**answer, "milliseconds": 0} == {**expected, "milliseconds": 0}


def test_a_kept_answer_lets_a_follow_up_stay_in_its_section(guide: Guide) -> None:
    ask = guide_runnable(guide)
    talk = [SystemMessage("Be brief."), HumanMessage(QUIET), as_message(ask.invoke({"question": QUIET}))]

    more = ask.invoke({"question": "tell me more", "history": talk})

    assert {citation["slug"] for citation in more["citations"]} == {"barriers/quiet"}


@pytest.mark.parametrize("history", [[HumanMessage(DANGER), AIMessage("Well.")], [("human", DANGER), ("ai", "Well.")]])
def test_danger_told_earlier_still_holds(guide: Guide, history: list[object]) -> None:
    answer = guide_runnable(guide).invoke({"question": QUIET, "history": history})

    assert (answer["kind"], answer["citations"], answer["suggestions"]) == ("care", [], [])
    assert answer["care"]["category"] == "partner_violence"


def test_it_is_a_link_of_a_chain_and_answers_many(guide: Guide) -> None:
    chain = RunnableLambda(lambda words: {"question": words}) | guide_runnable(guide) | (lambda a: a["kind"])

    assert chain.batch([QUIET, "best bread flour"]) == ["answer", "not_covered"]


def test_a_question_that_cannot_be_used_is_refused(guide: Guide) -> None:
    with pytest.raises(UnusableInput):
        guide_runnable(guide).invoke({"question": "?!"})


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_documented_examples_run(
    guide: Guide, example: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(opening, "open_guide", lambda settings: guide)

    exec(compile(example, "docs/langchain.md", "exec"), {})  # noqa: S102

    assert "/read?section=" in capsys.readouterr().out


def test_both_doors_are_documented() -> None:
    assert len(EXAMPLES) == 2
