"""Answers, hits and sections as the plain data that tools rely on; keys are added, never renamed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.guide.compose import escape, markdown
from app.guide.errors import UnusableInput
from app.guide.nouns import Answer, Citation, Hit, Practice, Section, Suggestion


def answer_as_dict(answer: Answer, answer_id: object) -> dict[str, Any]:
    """Return an answer as `python -m app ask --json` prints it."""
    return {
        "id": answer_id,
        "kind": answer.kind.value,
        "text": answer_text(answer),
        "citations": [_citation(citation) for citation in answer.citations],
        "care": {"category": answer.care.category.value, "strength": answer.care.strength.value}
        if answer.care
        else None,
        "understood": _place(answer.understood) if answer.understood else None,
        "otherwise": [_place(section) for section in answer.otherwise],
        "suggestions": [_suggestion(suggestion) for suggestion in answer.suggestions],
        "practice": _practice(answer.practice) if answer.practice else None,
        "written_by": answer.written_by or None,
        "note": answer.note,
        "edition": answer.edition,
        "milliseconds": answer.milliseconds,
    }


def answer_text(answer: Answer, *, titled: bool = False) -> str:
    """Return the whole answer as Markdown, what care says first, and who wrote it last, where that was a model.

    Where it is `titled`, the section that was understood stands above its words, as on the page.
    """
    card = answer.card.text if answer.card else ""
    title = f"**{escape(answer.understood.title)}**" if titled and answer.understood else ""
    said = (card, title, markdown(answer.parts), escape(provenance(answer)))
    return "\n\n".join(part for part in said if part)


def provenance(answer: Answer) -> str:
    """Return what a person is told of a language model's part in an answer; empty where there is nothing to tell."""
    if answer.written_by:
        return f"Written by {answer.written_by}. Each sentence was checked against the guide; its number shows where."
    return answer.note


def choices_of(given: Mapping[str, Any], where: str) -> tuple[bool, bool]:
    """Return what a person chose below an answer, `went_on` and `model_again`, as `Turn` has them.

    Raises `UnusableInput` where one is neither true nor false.
    """
    went_on, model_again = given.get("went_on", False), given.get("model_again", False)
    if isinstance(went_on, bool) and isinstance(model_again, bool):
        return went_on, model_again
    raise UnusableInput(f'{where} has a "went_on" or "model_again" that is neither true nor false. Send one of them.')


def hit_as_dict(hit: Hit) -> dict[str, Any]:
    """Return a hit as `python -m app search --jsonl` prints it."""
    return {
        "document": hit.section.document,
        "slug": hit.section.slug,
        "title": hit.section.title,
        "score": round(hit.score, 4),
        "quote": hit.quote,
        "start": hit.start,
        "end": hit.end,
    }


def section_as_dict(section: Section, edition: str) -> dict[str, Any]:
    """Return a section as `python -m app section --json` prints it."""
    return {"slug": section.slug, "title": section.title, "text": section.text, "edition": edition}


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "n": citation.n,
        "slug": citation.slug,
        "title": citation.title,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "edition": citation.edition,
        "url": citation.url,
    }


def _place(section: Suggestion) -> dict[str, str]:
    return {"slug": section.slug, "title": section.title}


def _practice(practice: Practice) -> dict[str, Any]:
    """Return what tells of a practice; the section's page has the whole of it."""
    return {
        "slug": practice.slug,
        "title": practice.title,
        "section": practice.section,
        "minutes": practice.minutes,
        "intro": practice.intro,
        "stop": practice.stop,
    }


def _suggestion(suggestion: Suggestion) -> dict[str, str]:
    return {"slug": suggestion.slug, "title": suggestion.title, "question": suggestion.question}
