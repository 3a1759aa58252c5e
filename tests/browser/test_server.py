"""The server's door: headers, hosts and the port. No browser is needed for these."""

from __future__ import annotations

import http.client
import subprocess
import sys

import pytest

from app.door import POLICY
from tests.browser.serving import ROOT, Server, environment


def answer_to(server: Server, path: str, **headers: str) -> http.client.HTTPResponse:
    """What the server answers to a request with these headers."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return connection.getresponse()


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec_WebSocket_Version": "13",
}


@pytest.mark.parametrize(
    "path", ["/", "/read?section=trust/bids", "/assets/attune.js", "/_stcore/health", "/no/such.js"]
)
def test_every_response_carries_the_policy_that_keeps_a_page_to_its_own_origin(server: Server, path: str) -> None:
    headers = answer_to(server, path).headers

    assert headers["Content-Security-Policy"] == POLICY
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in POLICY
    assert "http" not in POLICY
    assert "*" not in POLICY
    assert "unsafe-eval" not in POLICY


@pytest.mark.parametrize("path", ["/", "/assets/attune.js", "/_stcore/health", "/_stcore/host-config"])
@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "elsewhere.example:8501"])
def test_a_foreign_host_is_refused(server: Server, path: str, host: str) -> None:
    """A page of another site that has its name point at this machine gets nothing."""
    answer = answer_to(server, path, Host=host)

    assert answer.status == 400
    assert b"<" not in answer.read()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_its_own_names_are_served(server: Server, host: str) -> None:
    assert answer_to(server, "/", Host=f"{host}:{server.port}").status == 200


def test_the_pages_socket_opens_to_the_page_and_to_no_other_site(server: Server) -> None:
    own, foreign = server.address, "http://elsewhere.example"

    assert answer_to(server, "/_stcore/stream", Origin=own, **UPGRADE).status == 101
    assert answer_to(server, "/_stcore/stream", Origin=foreign, **UPGRADE).status == 403
    assert answer_to(server, "/_stcore/stream", Host="elsewhere.example", Origin=own, **UPGRADE).status == 400


def test_a_second_server_on_the_port_says_which_setting_to_change_and_ends(server: Server) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "app.main"],
        cwd=ROOT,
        env=environment(server.folder, server.port),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert second.returncode != 0
    said = second.stderr.strip().split("\n")
    assert len(said) == 1
    assert f"Port {server.port} on 127.0.0.1 is taken" in said[0]
    assert f"STREAMLIT_SERVER_PORT={server.port + 1}" in said[0]
    assert answer_to(server, "/_stcore/health").status == 200


def test_it_says_where_it_is_and_prints_no_warning_or_traceback(server: Server) -> None:
    assert f"Attune is ready at {server.address}" in server.output
    assert "Traceback" not in server.output
    assert "Warning" not in server.output
