"""The door: which requests come in, what goes with every response, and what the log may say about them."""

from __future__ import annotations

import logging
import math
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The tightest policy under which every part of the page still draws; `unsafe-inline` styles are Streamlit's own.
POLICY = (
    "default-src 'none'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_EVERY_INTERFACE = frozenset({"0.0.0.0", "::"})  # noqa: S104  (bound to, never a name that a page is asked under)
LARGEST = 256 * 1024
ASKS_A_MINUTE = 60
BURST = 20
# What only reads costs a part of an ask: an answer with its sources is a handful of requests.
ASKING, READING = 1.0, 0.125
MOST_CLIENTS = 4096
_READS = frozenset({"GET", "HEAD"})


def door(hosts: Callable[[], Collection[str]]) -> list[Middleware]:
    """Return the whole door, outermost first; `hosts` is asked once, when the server knows where it is bound."""
    return [
        Middleware(SecurityHeaders),
        Middleware(OwnHosts, hosts=hosts),
        Middleware(OwnOrigin),
        Middleware(RateLimit),
        Middleware(SizeLimit),
    ]


def own_hosts(bound: str, besides: Iterable[str] = ()) -> frozenset[str]:
    """Return the names that this server answers to: loopback, the address it is bound to, and the owner's own."""
    return LOOPBACK | ({bound.lower()} - _EVERY_INTERFACE - {""}) | {name.lower() for name in besides}


class SecurityHeaders:
    """ASGI middleware that sets `HEADERS` on every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the response back with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class OwnHosts:
    """ASGI middleware that refuses a request, or a socket, under a name that is not this server's own.

    A page of another site can have its own name point at this machine (DNS rebinding); the Host header tells.
    """

    def __init__(self, app: ASGIApp, hosts: Callable[[], Collection[str]]) -> None:
        self._app = app
        self._hosts = hosts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400."""
        if scope["type"] == "lifespan" or self._is_own(Headers(scope=scope).getlist("host")):
            return await self._app(scope, receive, send)
        response = _refusal(scope, 400, "This server does not answer to that host name. ATTUNE_ALLOWED_HOSTS adds one.")
        return await response(scope, receive, send)

    def _is_own(self, said: list[str]) -> bool:
        name = host_name(said[0]) if len(said) == 1 else ""
        return bool(name) and (
            name in self._hosts or any(own.startswith("*.") and name.endswith(own[1:]) for own in self._hosts)
        )


def host_name(header: str) -> str:
    """Return the name in a Host header, lower-case and without port or brackets; empty where it is none."""
    try:
        parts = urlsplit(f"//{header}")
        sound = parts.netloc == header and "@" not in header and (parts.port is None or parts.port > 0)
        return parts.hostname or "" if sound else ""
    except ValueError:
        return ""


class OwnOrigin:
    """ASGI middleware that lets pages of other sites neither send anything here nor open a socket.

    Streamlit has a check of its own for sockets, but that one looks up this machine's address on the internet.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] == "lifespan" or scope.get("method") in _READS or _is_same_origin(Headers(scope=scope)):
            return await self._app(scope, receive, send)
        if scope["type"] == "websocket":
            # Before a socket is accepted this means 403; a response in words would make uvicorn log an error.
            return await send({"type": "websocket.close", "code": 1008})
        response = _refusal(scope, 403, "Pages of other sites may not send anything here.")
        return await response(scope, receive, send)


def _is_same_origin(headers: Headers) -> bool:
    return all(_network_place(origin) == headers.get("host") for origin in headers.getlist("origin"))


def _network_place(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


class SizeLimit:
    """ASGI middleware that lets only requests of at most `LARGEST` bytes reach the routes below /api, whole.

    What says that it is larger is refused before it is read, and what does not say is read no further than that.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413 and close the connection, so that the rest is not read either."""
        if not _is_api(scope):
            return await self._app(scope, receive, send)
        large = _declares_more(Headers(scope=scope).get("content-length", ""))
        body = None if large else await _read_whole(receive)
        if body and body[-1]["type"] == "http.disconnect":
            return None
        if body is not None:
            return await self._app(scope, _replaying(body, receive), send)
        response = _refusal(
            scope,
            413,
            f"A request may have at most {LARGEST // 1024} KB. Send a shorter text.",
            {"Connection": "close"},
        )
        return await response(scope, receive, send)


def _declares_more(length: str) -> bool:
    # So many digits need no reckoning, and Python refuses to turn thousands of them into a number.
    return length.isdecimal() and (len(length) > 12 or int(length) > LARGEST)


async def _read_whole(receive: Receive) -> list[Message] | None:
    """Return the messages that make up a request, or None where they grow too large."""
    messages: list[Message] = []
    size = 0
    while True:
        messages.append(await receive())
        size += len(messages[-1].get("body", b""))
        if size > LARGEST:
            return None
        if not messages[-1].get("more_body", False):
            return messages


def _replaying(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def receive_again() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return receive_again


class Buckets:
    """Token buckets: each client may spend `burst` at once, and gets `per_second` back.

    A client whose bucket is full again is forgotten, and so is the one that was quiet longest where there are too many.
    """

    def __init__(
        self,
        per_second: float,
        burst: float,
        most: int = MOST_CLIENTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._most = most
        self._clock = clock
        # What each had when it was last seen, and when that was; the one that was quiet longest stands first.
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """How many clients are remembered."""
        return len(self._kept)

    def spend(self, client: str, cost: float) -> float:
        """Spend what a request costs and return 0; where that is not there, return the seconds until it would be."""
        now = self._clock()
        had, at = self._kept.pop(client, (self._burst, now))
        has = min(self._burst, had + (now - at) * self._per_second)
        short = max(0.0, cost - has)
        self._kept[client] = (has if short else has - cost, now)
        self._forget(now)
        return short / self._per_second

    def _forget(self, now: float) -> None:
        while self._kept:
            _, at = next(iter(self._kept.values()))
            if len(self._kept) <= self._most and (now - at) * self._per_second < self._burst:
                return
            self._kept.popitem(last=False)


class RateLimit:
    """ASGI middleware that gives each client address its allowance of requests below /api."""

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._buckets = Buckets(ASKS_A_MINUTE / 60, BURST, clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 429 with the seconds to wait."""
        if not _is_api(scope):
            return await self._app(scope, receive, send)
        wait = self._buckets.spend(_client(scope), READING if scope["method"] in _READS else ASKING)
        if not wait:
            return await self._app(scope, receive, send)
        seconds = math.ceil(wait)
        said = f"That was more than {ASKS_A_MINUTE} questions a minute. Ask again in {seconds} s."
        return await _refusal(scope, 429, said, {"Retry-After": str(seconds)})(scope, receive, send)


def _client(scope: Scope) -> str:
    # The server believes X-Forwarded-For from this machine and puts what it says in the client's place. Anybody can
    # write that header; so all that carry it, a proxy's clients too, share one allowance.
    if "x-forwarded-for" in Headers(scope=scope):
        return "forwarded"
    return str(scope["client"][0]) if scope.get("client") else ""


def _is_api(scope: Scope) -> bool:
    return scope["type"] == "http" and f"{scope['path']}/".startswith("/api/")


def _refusal(scope: Scope, status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    if _is_api(scope):
        return JSONResponse({"error": sentence}, status, headers)
    return PlainTextResponse(sentence, status, headers)


def keep_words_out_of_logs() -> None:
    """From now on let a logged exception show its kind and its place, and never its own words.

    An exception may quote what it failed on, and that may be what a person wrote.
    """
    logging.setLogRecordFactory(_RecordWithoutWords)


class _RecordWithoutWords(logging.LogRecord):
    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  (whatever logging gives)
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0]:
            self.exc_text = "".join(traceback.format_tb(self.exc_info[2])) + self.exc_info[0].__name__
            self.exc_info = None
