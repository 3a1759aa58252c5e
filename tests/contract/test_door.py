"""The door: whose requests come in, how large and how many, what goes with every response, and what is logged."""

from __future__ import annotations

import http.client
import io
import json
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.door import (
    ASKS_A_MINUTE,
    BURST,
    HEADERS,
    LARGEST,
    Buckets,
    RateLimit,
    door,
    host_name,
    keep_words_out_of_logs,
    own_hosts,
)
from app.guide.errors import UnusableInput
from app.guide.settings import read_settings
from tests.browser.serving import Server
from tests.fakes import write_small_guide

HOME = "http://127.0.0.1:8501"
ELSEWHERE = "http://elsewhere.example"
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{len(await request.body())} bytes")


async def accept(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


def behind_the_door(*hosts: str) -> TestClient:
    """A client of a server that says how many bytes it was sent, on a page and on a route."""
    methods = ["GET", "POST", "PUT", "OPTIONS"]
    return TestClient(
        Starlette(
            routes=[
                Route("/page", echo, methods=methods),
                Route("/api/ask", echo, methods=methods),
                WebSocketRoute("/_stcore/stream", accept),
            ],
            middleware=door(lambda: own_hosts("127.0.0.1", hosts)),
        ),
        base_url=HOME,
    )


@pytest.fixture
def client() -> TestClient:
    return behind_the_door()


# Whose name it is asked under


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8501", "localhost:1", "LocalHost", "[::1]:8501", "[::1]"])
def test_it_answers_to_the_names_of_this_machine(client: TestClient, host: str) -> None:
    assert client.get("/page", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "elsewhere.example",
        "127.0.0.1.elsewhere.example",
        "elsewhere.example:8501",
        "127.0.0.1@elsewhere.example",
        "elsewhere.example@127.0.0.1",
        "127.0.0.1/elsewhere.example",
        "127.0.0.1:port",
        "127.0.0.1:99999",
        "[::1",
        "localhost.",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/page", "/api/ask", "/no/such/page"])
def test_it_answers_to_no_other_name(client: TestClient, path: str, host: str) -> None:
    answer = client.get(path, headers={"Host": host})

    assert answer.status_code == 400
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_a_refusal_below_api_is_json_and_elsewhere_text(client: TestClient) -> None:
    said = "This server does not answer to that host name. ATTUNE_ALLOWED_HOSTS adds one."

    assert client.get("/api/ask", headers={"Host": "elsewhere.example"}).json() == {"error": said}
    assert client.get("/page", headers={"Host": "elsewhere.example"}).text == said


def test_the_owner_can_add_names() -> None:
    client = behind_the_door("guide.example", "*.inner.example")

    def status(host: str) -> int:
        return client.get("/page", headers={"Host": host}).status_code

    assert [status(host) for host in ("guide.example", "a.inner.example:80", "localhost")] == [200] * 3
    assert [status(host) for host in ("www.guide.example", "inner.example", "notinner.example")] == [400] * 3


@pytest.mark.parametrize(
    ("bound", "added"),
    [
        ("127.0.0.1", set()),
        ("0.0.0.0", set()),  # noqa: S104  (only a text here)
        ("::", set()),
        ("", set()),
        ("192.0.2.7", {"192.0.2.7"}),
        ("Guide.local", {"guide.local"}),
    ],
)
def test_the_names_follow_the_bound_address(bound: str, added: set[str]) -> None:
    """An address that stands for every interface is no name that a page is asked under."""
    assert own_hosts(bound) == {"127.0.0.1", "localhost", "::1"} | added


def test_a_name_is_read_without_port_and_brackets() -> None:
    assert [host_name(header) for header in ("A.example:80", "[2001:db8::1]:80", "a b", "::1", "a:0")] == [
        "a.example",
        "2001:db8::1",
        "a b",
        "",
        "",
    ]


def test_the_owners_names_are_a_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTUNE_ALLOWED_HOSTS", " Guide.example, *.inner.example,[2001:db8::1] ,")

    assert read_settings().allowed_hosts == ("guide.example", "*.inner.example", "2001:db8::1")

    monkeypatch.setenv("ATTUNE_ALLOWED_HOSTS", "")
    assert read_settings().allowed_hosts == ()


@pytest.mark.parametrize(
    "value", ["*", "http://guide.example", "guide.example:80", "guide.example/a", "*example", "a b"]
)
def test_a_name_that_is_none_is_refused_with_its_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTUNE_ALLOWED_HOSTS", value)

    with pytest.raises(UnusableInput, match=r"^The setting ATTUNE_ALLOWED_HOSTS cannot be used: it takes host names "):
        read_settings()


# Whose page sends


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS"])
@pytest.mark.parametrize("path", ["/page", "/api/ask"])
def test_its_own_pages_may_send_and_so_may_programs(client: TestClient, path: str, method: str) -> None:
    assert client.request(method, path).status_code == 200
    assert client.request(method, path, headers={"Origin": HOME}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        ELSEWHERE,
        "null",
        "",
        "http://127.0.0.1",
        "http://127.0.0.1:8502",
        "http://localhost:8501",
        "http://[::1",
        HOME[7:],
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS"])
@pytest.mark.parametrize("path", ["/page", "/api/ask"])
def test_pages_of_other_sites_may_not_send(client: TestClient, path: str, method: str, origin: str) -> None:
    assert client.request(method, path, headers={"Origin": origin}).status_code == 403


def test_one_foreign_origin_among_several_is_enough(client: TestClient) -> None:
    answer = client.post("/page", headers=[("Origin", HOME), ("Origin", ELSEWHERE)])

    assert answer.status_code == 403


def test_a_page_of_another_site_may_link_here_but_read_nothing(client: TestClient) -> None:
    answer = client.get("/page", headers={"Origin": ELSEWHERE})

    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


def test_a_socket_opens_to_its_own_pages_only(client: TestClient) -> None:
    socket_address = HOME.replace("http", "ws") + "/_stcore/stream"

    with client.websocket_connect(socket_address, headers={"Origin": HOME}) as opened:
        assert opened.receive()["type"] == "websocket.close"
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(socket_address, headers={"Origin": ELSEWHERE}),
    ):
        pytest.fail("It opened.")
    assert refused.value.code == 1008


# How large


def chunks(size: int) -> Iterator[bytes]:
    """So many bytes in pieces, whose sum is not told beforehand."""
    for start in range(0, size, 1000):
        yield b"a" * min(1000, size - start)


@pytest.mark.parametrize("size", [0, 1, LARGEST])
def test_a_request_up_to_the_limit_arrives_whole(client: TestClient, size: int) -> None:
    assert client.post("/api/ask", content=b"a" * size).text == f"{size} bytes"
    assert client.post("/api/ask", content=chunks(size)).text == f"{size} bytes"


@pytest.mark.parametrize("content", [b"a" * (LARGEST + 1), chunks(LARGEST + 1)], ids=["told", "not told"])
def test_a_larger_one_is_refused(client: TestClient, content: bytes | Iterator[bytes]) -> None:
    answer = client.post("/api/ask", content=content)

    assert (answer.status_code, answer.headers["connection"]) == (413, "close")
    assert answer.json() == {"error": "A request may have at most 256 KB. Send a shorter text."}


@pytest.mark.parametrize("length", [str(LARGEST + 1), "9" * 13, "9" * 6000])
def test_one_that_says_it_is_larger_is_refused_unread(client: TestClient, length: str) -> None:
    answer = client.post("/api/ask", content=b"a", headers={"Content-Length": length})

    assert answer.status_code == 413


def test_the_limit_is_for_the_routes_below_api(client: TestClient) -> None:
    """The editor's page may take a larger upload, by Streamlit's own limit."""
    assert client.post("/page", content=b"a" * (LARGEST + 1)).text == f"{LARGEST + 1} bytes"


# How many


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Hand:
    return Hand()


def test_a_bucket_is_spent_and_refilled(clock: Hand) -> None:
    buckets = Buckets(per_second=2, burst=3, clock=clock)

    assert [buckets.spend("a", 1) for _ in range(4)] == [0, 0, 0, 0.5]
    clock.now += 0.5
    assert [buckets.spend("a", 1) for _ in range(2)] == [0, 0.5]
    clock.now += 0.25
    assert buckets.spend("a", 1) == 0.25
    clock.now += 100
    assert [buckets.spend("a", 1) for _ in range(4)] == [0, 0, 0, 0.5]


def test_each_client_has_a_bucket_of_its_own(clock: Hand) -> None:
    buckets = Buckets(per_second=1, burst=1, clock=clock)

    assert [buckets.spend(client, 1) for client in "aba"] == [0, 0, 1]


def test_a_clock_that_stands_still_forgets_nobody_who_spent(clock: Hand) -> None:
    buckets = Buckets(per_second=1, burst=2, clock=clock)

    for client in "abc":
        buckets.spend(client, 1)

    assert len(buckets) == 3


def test_a_client_whose_bucket_is_full_again_is_forgotten(clock: Hand) -> None:
    buckets = Buckets(per_second=1, burst=5, clock=clock)
    for client in "abc":
        buckets.spend(client, 1)

    clock.now += 5
    buckets.spend("d", 1)

    assert len(buckets) == 1


def test_no_more_clients_are_remembered_than_there_may_be(clock: Hand) -> None:
    buckets = Buckets(per_second=1, burst=1, most=10, clock=clock)

    for number in range(1000):
        buckets.spend(str(number), 1)

    assert len(buckets) == 10
    assert buckets.spend("999", 1) == 1
    assert buckets.spend("0", 1) == 0


@pytest.fixture
def limited(clock: Hand) -> Callable[..., TestClient]:
    """A client at an address of a server whose clock is set by hand."""
    app = Starlette(
        routes=[Route("/{path:path}", echo, methods=["GET", "POST"])], middleware=[Middleware(RateLimit, clock=clock)]
    )

    def at(address: str = "192.0.2.1") -> TestClient:
        return TestClient(app, client=(address, 50000), base_url=HOME)

    return at


def statuses(client: TestClient, times: int, method: str = "POST", path: str = "/api/ask", **headers: str) -> list[int]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return [client.request(method, path, headers=named).status_code for _ in range(times)]


def test_twenty_asks_at_once_and_then_one_a_second(limited: Callable[..., TestClient], clock: Hand) -> None:
    client = limited()
    assert (ASKS_A_MINUTE, BURST) == (60, 20)

    assert statuses(client, 21) == [200] * 20 + [429]
    clock.now += 1
    assert statuses(client, 2) == [200, 429]


def test_a_refusal_says_when_to_come_again(limited: Callable[..., TestClient], clock: Hand) -> None:
    client = limited()
    statuses(client, 20)
    clock.now += 0.25

    answer = client.post("/api/ask")

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert answer.json() == {"error": "That was more than 60 questions a minute. Ask again in 1 s."}


def test_others_are_not_held_up(limited: Callable[..., TestClient]) -> None:
    statuses(limited(), 21)

    assert statuses(limited("192.0.2.2"), 1) == [200]


def test_to_read_costs_an_eighth_of_an_ask(limited: Callable[..., TestClient]) -> None:
    assert statuses(limited(), 161, "GET", "/api/health") == [200] * 160 + [429]


def test_pages_are_not_limited(limited: Callable[..., TestClient]) -> None:
    assert set(statuses(limited(), 50, path="/page") + statuses(limited(), 50, path="/apish")) == {200}


def test_a_header_makes_nobody_somebody_else(limited: Callable[..., TestClient]) -> None:
    """The server puts what X-Forwarded-For says in the client's place; whoever sends it shares one allowance."""
    forged = [limited(f"198.51.100.{number}") for number in range(30)]

    found = [statuses(client, 1, X_Forwarded_For="198.51.100.1, 10.0.0.1")[0] for client in forged]

    assert found == [200] * 20 + [429] * 10


# What is logged


def test_a_logged_exception_shows_its_kind_and_place_and_not_its_words() -> None:
    before, written, logger = logging.getLogRecordFactory(), io.StringIO(), logging.getLogger("tests.door")
    logger.addHandler(handler := logging.StreamHandler(written))
    try:
        keep_words_out_of_logs()
        keep_words_out_of_logs()
        try:
            raise KeyError("Zorblattina hits me") from ValueError("Zorblattina")
        except KeyError:
            logger.exception("A page failed")
        logger.error("Nothing failed", exc_info=None)
    finally:
        logging.setLogRecordFactory(before)
        logger.removeHandler(handler)

    said = written.getvalue()
    assert "A page failed" in said
    assert "KeyError" in said
    assert Path(__file__).name in said
    assert "Nothing failed" in said
    assert "hits me" not in said.replace('raise KeyError("Zorblattina hits me")', "")


# The real server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The program as a person starts it, answering from the small guide."""
    write_small_guide(corpus := tmp_path_factory.mktemp("source"))
    server = Server(tmp_path_factory.mktemp("door"))
    server.build(corpus)
    server.start()
    yield server
    server.stop()


def ask(
    server: Server, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> http.client.HTTPResponse:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.text = answer.read().decode() if answer.status != 101 else ""  # type: ignore[attr-defined]
        return answer


@pytest.mark.parametrize("path", ["/", "/api/health", "/api/no/such/route", "/api/openapi.json"])
def test_the_real_server_sends_the_headers_from_every_route(server: Server, path: str) -> None:
    headers = ask(server, "GET", path).headers

    assert {name: headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/", "/api/health", "/api/ask", "/assets/attune.js", "/_stcore/health"])
def test_the_real_server_refuses_a_foreign_host_on_every_route(server: Server, path: str) -> None:
    assert ask(server, "GET", path, headers={"Host": "elsewhere.example"}).status == 400
    assert ask(server, "GET", path, headers={"Host": f"localhost:{server.port}"}).status in (200, 405)


def test_the_real_server_refuses_a_foreign_origin(server: Server) -> None:
    body = json.dumps({"message": "how do we trust again"}).encode()

    assert ask(server, "POST", "/api/ask", body, {"Origin": ELSEWHERE}).status == 403
    assert ask(server, "POST", "/api/ask", body, {"Origin": server.address}).status == 200
    assert ask(server, "PUT", "/_stcore/upload_file/a/b", body, {"Origin": ELSEWHERE}).status == 403


def test_the_real_server_opens_its_socket_to_its_own_pages_only(server: Server) -> None:
    """Streamlit alone would let in any page of this machine, and would look this machine up on the internet first."""
    neighbour = f"http://127.0.0.1:{server.port + 1}"

    def status(origin: str) -> int:
        return ask(server, "GET", "/_stcore/stream", headers={**UPGRADE, "Origin": origin}).status

    assert [status(origin) for origin in (server.address, ELSEWHERE, neighbour, "null")] == [101, 403, 403, 403]
    assert "external IP" not in server.output


def first_line(server: Server, *sent: bytes) -> bytes:
    """Send these bytes and return the first line of what comes back, whether or not more was announced."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        for piece in sent:
            connection.sendall(piece)
        return connection.makefile("rb").readline()


def test_the_real_server_refuses_a_large_request_before_it_is_read(server: Server) -> None:
    head = f"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n".encode()
    piece = b"8000\r\n" + b"a" * 0x8000 + b"\r\n"

    assert first_line(server, head, b"Content-Length: 1000000000\r\n\r\n").startswith(b"HTTP/1.1 413")
    assert first_line(server, head, b"Transfer-Encoding: chunked\r\n\r\n", piece * 8, b"1\r\na\r\n").startswith(
        b"HTTP/1.1 413"
    )


def test_the_real_server_believes_no_forwarded_address(server: Server) -> None:
    """By default uvicorn does, from this machine."""
    forged = [
        ask(server, "POST", "/api/ask", b"", {"X-Forwarded-For": f"192.0.2.{number}:{number + 1}"}).status
        for number in range(40)
    ]

    assert forged[0] == 400
    assert 429 in forged


def test_neither_a_query_nor_a_message_is_printed(server: Server) -> None:
    """Not for a page, a route, a socket, a refusal, a request that is malformed or cut, or what is not there."""
    secret = "Zorblattina"
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as cut:
        head = f"POST /api/ask?of={secret} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 900\r\n\r\n"
        cut.sendall(f'{head}{{"message": "{secret}'.encode())
    told = json.dumps({"message": f"{secret} wont open up", "history": [{"role": "user", "text": secret}]})
    for body in (told, told[:-2], json.dumps({"message": "a", "history": [{"role": secret, "text": secret}]})):
        ask(server, "POST", f"/api/ask?of={secret}", body.encode())
    for path in (
        "/read?section=",
        "/api/sections/",
        "/api/sections/trust/bids?edition=",
        "/api/",
        "/no/",
        "/_stcore/a?",
    ):
        ask(server, "GET", path + secret)
    for headers in (UPGRADE, {**UPGRADE, "Origin": f"http://{secret}"}, {**UPGRADE, "Host": secret}):
        ask(server, "GET", f"/_stcore/stream?of={secret}", headers=headers)
    ask(server, "GET", f"/?of={secret}", headers={"Host": secret})
    first_line(server, f"GET /?of={secret} HTTP/1.1\r\n{secret}\r\n\r\n".encode())

    assert "Attune is ready" in server.output
    assert secret.lower() not in server.output.lower()
    assert "Traceback" not in server.output
    assert server.holds(secret) == []
