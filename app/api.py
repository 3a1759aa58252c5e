"""HTTP routes beside the page: ask, read a section, health. The client keeps the talk, the server nothing."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.metadata import version
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.guide.ask import Guide
from app.guide.care.verdict import Category, Strength, Verdict
from app.guide.errors import AttuneError, NoSuchSection, SectionRemoved, UnusableInput
from app.guide.messages import LONGEST, clean
from app.guide.nouns import Speaker, Turn
from app.guide.talk import noticed_again
from app.guide.wire import answer_as_dict, choices_of, section_as_dict
from app.openapi import description

# Every earlier text of the person is checked for danger again, so there is an end to what may be sent.
MOST_TURNS = 100
MOST_CHARACTERS = 60_000
ROLES = {"user": Speaker.PERSON, "person": Speaker.PERSON, "assistant": Speaker.GUIDE, "guide": Speaker.GUIDE}
# As many questions are answered at once; more would only wait for the processor, and pages need some of it too.
WORKERS = 4
# How long a look at the health waits for a guide that is being opened, in seconds.
PATIENCE = 0.5
_WENT_WRONG = "Something went wrong, and nothing was kept. Ask again in other words, or look into the server's log."

T = TypeVar("T")


def api(guide: Callable[[], Guide]) -> Starlette:
    """Return the routes, to be mounted at /api.

    `guide` returns the open guide, opening it where needed, or raises `AttuneError`; it is called for every request.
    """
    routes = _Routes(guide)
    return Starlette(
        routes=[
            Route("/health", routes.health),
            Route("/ask", routes.ask, methods=["POST"]),
            Route("/sections/{slug:path}", routes.section),
            Route("/openapi.json", routes.openapi),
        ],
        exception_handlers={HTTPException: _no_such_route},
    )


class _Routes:
    """The routes; what they need is done in threads, so that no page waits for an answer."""

    def __init__(self, guide: Callable[[], Guide]) -> None:
        self._guide = guide
        self._workers = ThreadPoolExecutor(WORKERS, "attune-api")
        self._watch = ThreadPoolExecutor(1, "attune-health")
        self._looking: Future[dict[str, Any]] | None = None
        self._was_open = False

    async def ask(self, request: Request) -> Response:
        body = await request.body()
        return await self._answered(lambda guide: _ask(guide, body))

    async def section(self, request: Request) -> Response:
        slug, edition = request.path_params["slug"], request.query_params.get("edition", "")
        return await self._answered(lambda guide: section_as_dict(*guide.section(slug, edition)))

    async def health(self, request: Request) -> Response:
        # One look at a time: while the guide is being opened, each would wait for it in a thread of its own.
        if self._looking is None or self._looking.done():
            self._looking = self._watch.submit(self._look)
        looking = asyncio.wrap_future(self._looking)
        done, _ = await asyncio.wait({looking}, timeout=None if self._was_open else PATIENCE)
        found = looking.result() if done else {"status": "starting"}
        self._was_open = self._was_open or found["status"] == "ok"
        return _json(found, 200 if found["status"] == "ok" else 503)

    async def openapi(self, request: Request) -> Response:
        return _json(description(version("attune"), LONGEST, MOST_TURNS, MOST_CHARACTERS))

    async def _answered(self, work: Callable[[Guide], dict[str, Any]]) -> Response:
        try:
            guide = await self._in_thread(self._guide)
        except AttuneError as error:
            return _error(503, str(error))
        except Exception as error:
            return _error(503, _unforeseen(error))
        try:
            return _json(await self._in_thread(lambda: work(guide)))
        except AttuneError as error:
            return _error(_status_of(error), str(error))
        except Exception as error:
            return _error(500, _unforeseen(error))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)

    def _look(self) -> dict[str, Any]:
        try:
            guide = self._guide()
            edition = guide.edition()
            found = {"status": "ok", "edition": edition.id, "sections": len(edition.headings)}
            return {**found, "warning": guide.warning} if guide.warning else found
        except AttuneError as error:
            return {"status": "unavailable", "error": str(error)}
        except Exception as error:
            return {"status": "unavailable", "error": _unforeseen(error)}


def _ask(guide: Guide, body: bytes) -> dict[str, Any]:
    """Answer what a request's body asks; raises `UnusableInput` where it cannot be used."""
    request = _fields(_parsed(body), "The request")
    message = _text(request, "message", "The request")
    talk = noticed_again(_talk(request.get("history", [])))
    about = _text(request, "section", "The request") if "section" in request else ""
    return answer_as_dict(guide.ask(message, talk, about), uuid.uuid4().hex)


def _talk(history: object) -> list[Turn]:
    if not isinstance(history, list):
        raise UnusableInput('"history" is no list. Send the turns so far, oldest first, or leave it out.')
    if len(history) > MOST_TURNS:
        raise UnusableInput(
            f'"history" has {len(history):,} turns, and at most {MOST_TURNS} can be read. '
            'Send the latest, and those with "care".'
        )
    talk = [_turn(item, f"Turn {number} of the history") for number, item in enumerate(history, 1)]
    characters = sum(len(turn.text) for turn in talk if turn.speaker is Speaker.PERSON)
    if characters > MOST_CHARACTERS:
        raise UnusableInput(
            f'The person\'s texts in "history" have {characters:,} characters, and at most {MOST_CHARACTERS:,} can be '
            'read. Send the latest, and those with "care".'
        )
    return talk


def _turn(item: object, where: str) -> Turn:
    fields = _fields(item, where)
    role = _text(fields, "role", where)
    if role not in ROLES:
        raise UnusableInput(f'{where} has an unknown "role". Use one of {", ".join(ROLES)}.')
    sections = fields.get("sections", [])
    if not isinstance(sections, list) or not all(isinstance(slug, str) for slug in sections):
        raise UnusableInput(f'{where} has "sections" that are no list of slugs. Send such as ["trust/bids"].')
    text = clean(_text(fields, "text", where))
    choices = choices_of(fields, where)
    if any(choices) and ROLES[role] is Speaker.PERSON:
        raise UnusableInput(f"{where} has a choice that is made below an answer. Send it with the answer's turn.")
    return Turn(ROLES[role], text, tuple(sections), _verdict(fields.get("care"), where), *choices)


def _verdict(given: object, where: str) -> Verdict | None:
    if given is None:
        return None
    fields = _fields(given, f'The "care" of {where[0].lower()}{where[1:]}')
    try:
        return Verdict(Category(fields["category"]), Strength(fields["strength"]))
    except (KeyError, ValueError) as error:
        raise UnusableInput(f'{where} has a "care" that no answer has. Send it as the answer had it.') from error


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        pass
    raise UnusableInput('The request is no JSON. Send such as {"message": "How do we trust again?"}.')


def _fields(value: object, where: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise UnusableInput(f"{where} is no JSON object. Send one, as /api/openapi.json describes it.")


def _text(fields: dict[str, Any], name: str, where: str) -> str:
    value = fields.get(name)
    if isinstance(value, str):
        return value
    raise UnusableInput(f'{where} has no text under "{name}". Add it.')


def _status_of(error: AttuneError) -> int:
    if isinstance(error, SectionRemoved):
        return 410
    if isinstance(error, NoSuchSection):
        return 404
    return 400 if isinstance(error, UnusableInput) else 503


def _unforeseen(error: Exception) -> str:
    # Its own words may quote what a person wrote.
    logging.getLogger("attune").error("A request failed with %s.", type(error).__name__)
    return _WENT_WRONG


async def _no_such_route(request: Request, error: Exception) -> Response:
    status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
    if status == 405:
        return _error(405, f"{request.method} is not for this address. /api/openapi.json says what is.", headers)
    return _error(status, "There is nothing at this address. /api/openapi.json lists what there is.", headers)


def _error(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    return _json({"error": sentence}, status, headers)


def _json(value: dict[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(value, status, {**(headers or {}), "Cache-Control": "no-store"})
