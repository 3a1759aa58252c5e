"""Nothing leaves the machine: a build, a start and a question where every way out is shut."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

OFFLINE = Path(__file__).with_name("offline.py")


def run(arguments: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    """Run Python with a home of its own, so that no cache of models can help."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ATTUNE_", "HF_", "TRANSFORMERS_"))
    }
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=home, timeout=120,
        env={**kept, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('192.0.2.1', 80), 1)",
        "socket.socket().connect_ex(('192.0.2.1', 80))",
        "socket.getaddrinfo('example.org', 80)",
        "socket.gethostbyname('example.org')",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 53))",
    ],
)
def test_the_guard_shuts_every_way_out(attempt: str, tmp_path: Path) -> None:
    """Without this, the test below could pass for the wrong reason."""
    ended = run(["-c", f"import offline, socket; offline.shut_the_network(); {attempt}"], OFFLINE.parent)

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("offline.NetworkTouched: ")


def test_the_guard_leaves_loopback_open(tmp_path: Path) -> None:
    ended = run(
        [
            "-c",
            "import offline, socket; offline.shut_the_network(); server = socket.create_server(('127.0.0.1', 0)); "
            "socket.create_connection(server.getsockname(), 1)",
        ],
        OFFLINE.parent,
    )

    assert (ended.returncode, ended.stderr) == (0, "")


def test_building_starting_and_asking_touch_no_network(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    for slug in ("barriers/partner-wont-open-up", "trust/bids"):
        target = corpus / "guide" / f"{slug}.md"
        target.parent.mkdir(parents=True)
        target.write_bytes((ROOT / "corpus" / "guide" / f"{slug}.md").read_bytes())

    ended = run([str(OFFLINE), str(corpus), str(tmp_path / "library"), "what if my partner won't open up"], tmp_path)

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1]) == {
        "code": 0,
        "kind": "answer",
        "sections": ["barriers/partner-wont-open-up"],
        "tried": [],
    }
