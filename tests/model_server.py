"""A language model's server on loopback: it speaks the OpenAI streaming protocol, and misbehaves as a test tells it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Connection"], None]
EVENT_STREAM = "text/event-stream"


class Connection(BaseHTTPRequestHandler):
    """One request; a behaviour answers it with these few words."""

    protocol_version = "HTTP/1.1"
    server: ModelServer

    def do_POST(self) -> None:
        """Keep what was asked, and answer as the server was told."""
        self.server.paths.append(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.path.endswith("/chat/completions"):
            self.begin(202)
            return
        self.server.asked.append(json.loads(body))
        self.server.keys.append(self.headers.get("Authorization", ""))
        self.close_connection = True
        try:
            self.server.behaviour(self)
        except OSError:
            self.server.left.set()

    def do_GET(self) -> None:
        """Keep what was looked for, and have nothing."""
        self.server.paths.append(self.path)
        self.send_error(404)

    def begin(self, status: int = 200, kind: str = EVENT_STREAM) -> None:
        """Send the head of an answer whose end is the end of the connection."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        self.end_headers()

    def send(self, line: str) -> None:
        """Send a line and the empty one that ends an event."""
        self.wfile.write(f"{line}\n\n".encode())
        self.wfile.flush()

    def say(self, text: str = "", finish: str | None = None) -> None:
        """Send a piece of the model's answer."""
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
        piece = {"id": "one", "object": "chat.completion.chunk", "created": 0, "model": "test", "choices": [choice]}
        self.send(f"data: {json.dumps(piece)}")

    def say_word_by_word(self, text: str) -> None:
        """Send a text in small pieces."""
        for piece in re.findall(r"\S+\s*|\s+", text):
            self.say(piece)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""


class ModelServer(ThreadingHTTPServer):
    """Listens on a free port of loopback.

    `paths` and `keys` are of all requests, `asked` the bodies of those to the model; `left` is set when a reader hung
    up.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.behaviour: Behaviour = says("")
        self.paths: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.left = threading.Event()
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        """The base URL of the protocol."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def told(self) -> str:
        """Everything that was sent here, as one text."""
        return json.dumps(self.asked, ensure_ascii=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: hanging up is part of the tests."""


@contextmanager
def running_model_server() -> Iterator[ModelServer]:
    """Run a server for a while."""
    with ModelServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()


def says(text: str, finish: str = "stop") -> Behaviour:
    """Answer with a text, as a model should."""

    def behave(connection: Connection) -> None:
        connection.begin()
        connection.say_word_by_word(text)
        connection.say(finish=finish)
        connection.send("data: [DONE]")

    return behave


def refuses(status: int) -> Behaviour:
    """Answer with an error."""

    def behave(connection: Connection) -> None:
        connection.begin(status, "application/json")
        connection.wfile.write(json.dumps({"error": {"message": "no", "type": "error", "code": "no"}}).encode())

    return behave


def breaks_off_after(text: str) -> Behaviour:
    """Say a text, and let the connection go in the middle of an event."""

    def behave(connection: Connection) -> None:
        connection.begin()
        connection.say_word_by_word(text)
        connection.wfile.write(b'data: {"id": "one", "choi')

    return behave


def ends_without_an_end_after(text: str) -> Behaviour:
    """Say a text, and let the connection go between two events."""

    def behave(connection: Connection) -> None:
        connection.begin()
        connection.say_word_by_word(text)

    return behave


def says_and_hangs(text: str) -> Behaviour:
    """Say a text, and then nothing any more."""

    def behave(connection: Connection) -> None:
        connection.begin()
        connection.say_word_by_word(text)
        connection.server.closing.wait()

    return behave


def never_answers(connection: Connection) -> None:
    """Take the question and say nothing at all."""
    connection.server.closing.wait()


def keeps_alive_for_ever(connection: Connection) -> None:
    """Send comments, which keep a connection open and say nothing."""
    connection.begin()
    while not connection.server.closing.wait(0.01):
        connection.send(": still here")


def says_for_ever(text: str) -> Behaviour:
    """Say a text again and again, without an end."""

    def behave(connection: Connection) -> None:
        connection.begin()
        with suppress(ValueError):
            while not connection.server.closing.is_set():
                connection.say(text)

    return behave


def sends_rubbish(connection: Connection) -> None:
    """Send bytes that are no text."""
    connection.begin()
    connection.wfile.write(bytes(range(256)) * 64)


def sends_rubbish_for_ever(connection: Connection) -> None:
    """Send bytes without a line's end for ever."""
    connection.begin()
    while not connection.server.closing.is_set():
        connection.wfile.write(b"\xff" * 4096)


def sends_broken_json(connection: Connection) -> None:
    """Send events that hold no JSON."""
    connection.begin()
    connection.send('data: {"choices": [{"delta": {"content": "Tru')
    connection.send("data: [DONE]")
