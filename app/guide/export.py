"""Answers and talks as Markdown that somebody takes along: what was said, and under it where it stands in the guide."""

from __future__ import annotations

from collections.abc import Iterable

from app.guide.compose import escape
from app.guide.nouns import Answer
from app.guide.wire import answer_text


def answer_to_keep(answer: Answer) -> str:
    """Return an answer with its citations; each is a link of the contracted form, relative to the server."""
    cited = [f"\\[{citation.n}] [{escape(citation.title)}]({citation.url})" for citation in answer.citations]
    return "\n\n".join(part for part in (answer_text(answer, titled=True), "  \n".join(cited)) if part) + "\n"


def talk_to_keep(talk: Iterable[tuple[str, Answer | None]]) -> str:
    """Return a talk: each message as a quotation, and below it the answer, where there is one."""
    return "\n".join(
        "\n".join(f"> {escape(line)}" for line in message.splitlines())
        + "\n\n"
        + (answer_to_keep(answer) if answer else "")
        for message, answer in talk
    )
