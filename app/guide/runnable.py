"""The whole guide as a LangChain Runnable: a question and the talk so far in, an answer with its citations out."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any, NotRequired, TypedDict

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, MessageLikeRepresentation, convert_to_messages
from langchain_core.runnables import Runnable, RunnableLambda

from app.guide.ask import Guide
from app.guide.nouns import Speaker, Turn
from app.guide.talk import noticed_again
from app.guide.wire import answer_as_dict


class Asking(TypedDict):
    """What the runnable takes: a question, and the messages before it, oldest first."""

    question: str
    history: NotRequired[Sequence[MessageLikeRepresentation]]


def guide_runnable(guide: Guide) -> Runnable[Asking, dict[str, Any]]:
    """Return the guide as a Runnable whose answers have the keys of `python -m app ask --json`.

    Care comes first, as everywhere: every text of the person in the history is checked again, so danger that was told
    earlier still holds. Keep an answer in the history with `as_message`, so that "tell me more" stays in its section.
    Raises `AttuneError` as `Guide.ask` does.
    """

    def answer(asking: Asking) -> dict[str, Any]:
        talk = noticed_again(list(_turns(convert_to_messages(asking.get("history", ())))))
        return answer_as_dict(guide.ask(asking["question"], talk), uuid.uuid4().hex)

    return RunnableLambda(answer, name="attune")


def as_message(answer: dict[str, Any]) -> AIMessage:
    """Return an answer of the runnable as a message of the history."""
    sections = list(dict.fromkeys(citation["slug"] for citation in answer["citations"]))
    return AIMessage(answer["text"], response_metadata={"sections": sections})


def _turns(messages: Sequence[BaseMessage]) -> Iterator[Turn]:
    """Yield the turns of a talk; messages of a system or a tool are nobody's turn."""
    for message in messages:
        if isinstance(message, HumanMessage):
            yield Turn(Speaker.PERSON, message.text)
        elif isinstance(message, AIMessage):
            yield Turn(Speaker.GUIDE, message.text, tuple(message.response_metadata.get("sections", ())))
