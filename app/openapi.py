"""The HTTP routes described for programs: OpenAPI 3.1, written by hand; a test holds it against what is answered."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def _text(description: str = "", **rules: object) -> Schema:
    return {"type": "string", **({"description": description} if description else {}), **rules}


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _list(items: Schema, **rules: object) -> Schema:
    return {"type": "array", "items": items, **rules}


def _choice(description: str) -> Schema:
    return {"type": "boolean", "default": False, "description": f"{description} Only on a turn of the guide."}


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(description: str, schema: Schema, **more: object) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}, **more}


_EDITION = _text("The edition's id.")
_OFFSET: Schema = {"type": "integer", "minimum": 0}
_CARE = _object(
    {
        "category": _text(enum=["child_abuse", "self_harm", "partner_violence", "harm_to_others", "medical"]),
        "strength": _text(
            "NOW: only the card is shown. CARE: a short card stands first. MAYBE: the help line does.",
            enum=["NOW", "CARE", "MAYBE"],
        ),
    }
)
_CARE_OR_NULL: Schema = {"anyOf": [_named("Care"), {"type": "null"}]}
_TURN = _object(
    {
        "role": _text(
            "`user` and `person` mean the same, and so do `assistant` and `guide`.",
            enum=["user", "person", "assistant", "guide"],
        ),
        "text": _text(),
        "care": _CARE_OR_NULL | {"description": "The `care` of that answer. It still holds."},
        "sections": _list(
            _text(), description="The slugs that the answer cited, for questions such as `tell me more`."
        ),
        "went_on": _choice(
            "Below this answer the person chose to go on. After self-harm that was NOW the guide answers nothing until "
            "then; the help line stays above what follows, and a new NOW holds the guide back again. No other danger "
            "passes."
        ),
        "model_again": _choice(
            "Below this answer the person let the language model write again, which `care` silences for the rest of "
            "the talk. It still hears nothing that signals something itself and nothing of anybody under 18, and a "
            "choice made before the person went on is no choice."
        ),
    },
    optional=("care", "sections", "went_on", "model_again"),
)
_CITATION = _object(
    {
        "n": {"type": "integer", "minimum": 1, "description": "The [1]-style marker in the text."},
        "slug": _text(),
        "title": _text(),
        "quote": _text("The section's text from `start` to `end`, exactly."),
        "start": _OFFSET | {"description": "In Unicode code points."},
        "end": _OFFSET,
        "edition": _EDITION,
        "url": _text("The reading page, opened at the quote; relative to this server."),
    }
)
_PLACE = _object({"slug": _text(), "title": _text()})
_PRACTICE = _object(
    {
        "slug": _text(),
        "title": _text(),
        "section": _text("The section that it belongs to."),
        "minutes": {"type": "integer", "minimum": 0, "description": "0 where none are set."},
        "intro": _text(),
        "stop": _text("When not to do it. Show it wherever the practice is shown."),
    }
)
_ANSWER = _object(
    {
        "id": _text(),
        "kind": _text(enum=["answer", "partial", "not_covered", "care", "small_talk"]),
        "text": _text("Markdown, with a marker such as [1] for each citation."),
        "citations": _list(_named("Citation")),
        "care": _CARE_OR_NULL,
        "understood": {
            "anyOf": [_named("Place"), {"type": "null"}],
            "description": "The section that it answers from.",
        },
        "otherwise": _list(
            _named("Place"),
            description="What may have been meant instead. Ask again with one of these as `section`.",
        ),
        "suggestions": _list(_object({"slug": _text(), "title": _text(), "question": _text()})),
        "practice": {
            "anyOf": [_named("Practice"), {"type": "null"}],
            "description": "An exercise that fits, if one does.",
        },
        "written_by": {
            "type": ["string", "null"],
            "description": "The language model that wrote the text; null where it is the guide's own.",
        },
        "note": _text("Why a language model that is on wrote nothing; empty where there is nothing to say."),
        "edition": _EDITION,
        "milliseconds": {"type": "integer", "minimum": 0},
    }
)
_SCHEMAS = {
    "Answer": _ANSWER,
    "Care": _CARE,
    "Citation": _CITATION,
    "Error": _object({"error": _text("One sentence: what is wrong, and what to do.")}),
    "Place": _PLACE,
    "Practice": _PRACTICE,
    "Section": _object({"slug": _text(), "title": _text(), "text": _text("Plain text."), "edition": _EDITION}),
    "Turn": _TURN,
}
_ERROR = _named("Error")
_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}
# What the door and the library may answer on any route.
_ANYWHERE = {
    "400": _json("The request cannot be used.", _ERROR),
    "429": _json("That was more than this address may ask in a minute.", _ERROR, headers=_RETRY),
    "500": _json("Something went wrong, and nothing was kept.", _ERROR),
    "503": _json("The guide cannot be used.", _ERROR),
}


def _health() -> Schema:
    sections = {"type": "integer", "minimum": 0}
    well = _object(
        {"status": {"const": "ok"}, "edition": _EDITION, "sections": sections, "warning": _text()},
        optional=("warning",),
    )
    ill = _object({"status": _text(enum=["starting", "unavailable"]), "error": _text()}, optional=("error",))
    return {
        "operationId": "health",
        "summary": "Whether the guide is open",
        "responses": {
            **_ANYWHERE,
            "200": _json("The guide is open.", well),
            "503": _json("It is not open yet, or cannot be opened.", ill),
        },
    }


def _ask(longest_message: int, most_turns: int, most_characters: int) -> Schema:
    message = _text(f"The question: at most {longest_message:,} characters.", minLength=1)
    history = _list(
        _named("Turn"),
        maxItems=most_turns,
        description=f"The talk so far, oldest first, with at most {most_characters:,} characters of the person's.",
    )
    section = _text("The slug of the section that is meant, where the answer before was from another one.")
    return {
        "operationId": "ask",
        "summary": "Ask the guide",
        "description": "The client keeps the talk and sends it along; the server keeps nothing.",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _object(
                        {"message": message, "history": history, "section": section}, optional=("history", "section")
                    ),
                    "example": {"message": "What if my partner won't open up?", "history": []},
                }
            },
        },
        "responses": {
            **_ANYWHERE,
            "200": _json("The answer.", _named("Answer")),
            "403": _json("A page of another site asked.", _ERROR),
            "413": _json("The request is too large.", _ERROR),
        },
    }


def _section() -> Schema:
    slug = {"name": "slug", "in": "path", "required": True, "schema": _text(), "example": "trust/bids"}
    edition = {"name": "edition", "in": "query", "schema": _text(), "description": "Default: the live one."}
    return {
        "operationId": "section",
        "summary": "Read a section",
        "description": "The slug's own slash may stand as it is.",
        "parameters": [slug, edition],
        "responses": {
            **_ANYWHERE,
            "200": _json("The section as that edition has it.", _named("Section")),
            "404": _json("There is no such section.", _ERROR),
            "410": _json("That edition had the section, and an editor had it forgotten.", _ERROR),
        },
    }


def description(version: str, longest_message: int, most_turns: int, most_characters: int) -> Schema:
    """Return the description of every route below /api, with these limits."""
    own = {"operationId": "openapi", "summary": "This description"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Attune", "version": version, "summary": "A guide to emotional intimacy that you can ask."},
        "servers": [{"url": "/"}],
        "paths": {
            "/api/health": {"get": _health()},
            "/api/ask": {"post": _ask(longest_message, most_turns, most_characters)},
            "/api/sections/{slug}": {"get": _section()},
            "/api/openapi.json": {
                "get": own | {"responses": {**_ANYWHERE, "200": _json("OpenAPI.", {"type": "object"})}}
            },
        },
        "components": {"schemas": _SCHEMAS},
    }
