"""A running server on a library of its own, as a person starts it."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 180
# The whole guide is embedded, learned from and judged; on a busy machine that takes minutes.
BUILDING = 1200


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int, leave_url: str = "") -> dict[str, str]:
    """The settings of a server whose library, home and temporary files all lie below one folder."""
    places = {"HOME": folder / "home", "TMPDIR": folder / "tmp"}
    for place in places.values():
        place.mkdir(exist_ok=True)
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ATTUNE_", "STREAMLIT_"))}
    return {
        **own,
        **{name: str(place) for name, place in places.items()},
        "ATTUNE_LIBRARY": str(folder / "library"),
        **({"ATTUNE_LEAVE_URL": leave_url} if leave_url else {}),
        "STREAMLIT_SERVER_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }


class NeutralPage:
    """The page that a person leaves for, on a port of its own; it answers only while it is `awake`."""

    TITLE = "Weather"

    def __init__(self) -> None:
        self.awake = threading.Event()
        self.awake.set()
        self.referrers: list[str] = []
        page = f"<title>{self.TITLE}</title><link rel=icon href=data:,><p>It stays dry.<textarea></textarea>".encode()
        neutral = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                neutral.referrers.append(self.headers.get("Referer", ""))
                neutral.awake.wait(PATIENCE)
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}/weather"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End it."""
        self.awake.set()
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Server:
    """The program, started; `output` is everything that it has printed so far."""

    folder: Path
    port: int = field(default_factory=free_port)
    leave_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def library(self) -> Path:
        """The library that it answers from."""
        return self.folder / "library"

    @property
    def output(self) -> str:
        """What it has printed so far, on either stream."""
        return "".join(self._lines)

    @property
    def runs(self) -> bool:
        """Whether it is there to be asked."""
        return self._process.poll() is None

    @property
    def holds_a_session(self) -> bool:
        """Whether it keeps anything of any session, as it says itself; a session that is held counts, idle or not."""
        return b'cache_type="st_session_state"' in self.answer("GET", "/_stcore/metrics")

    def answer(self, method: str, path: str, body: str = "") -> bytes:
        """What it answers to a program that is no browser."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body.encode(), {"Content-Type": "application/json"})
            return connection.getresponse().read()
        finally:
            connection.close()

    def build(self, corpus: Path) -> None:
        """Ingest a corpus into the library."""
        done = subprocess.run(
            [sys.executable, "-m", "ingest", "build", str(corpus)],
            cwd=ROOT,
            env=environment(self.folder, self.port, self.leave_url) | self.settings,
            capture_output=True,
            text=True,
            timeout=BUILDING,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start it, and wait for the line that says where it is."""
        self._lines: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app.main"],
            cwd=ROOT,
            env=environment(self.folder, self.port, self.leave_url) | self.settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        until = time.monotonic() + PATIENCE
        while "Attune is " not in self.output:
            assert self.runs, f"The server ended by itself:\n{self.output}"
            assert time.monotonic() < until, f"The server did not get ready:\n{self.output}"
            time.sleep(0.05)

    def stop(self) -> None:
        """End it as Ctrl+C would, and leave nothing running."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """End it as a lost machine would."""
        self._process.kill()
        self._process.wait()

    def holds(self, words: str) -> list[str]:
        """The files below its folder in which these words stand."""
        return files_with(words, self.folder)

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.append(line)


def files_with(words: str, folder: Path, since: float = 0) -> list[str]:
    """The files below a folder, written since then, in which these words stand: in any case, as UTF-8 or UTF-16."""
    pattern = re.compile(b"|".join(re.escape(words.encode(code)) for code in ("utf-8", "utf-16-le")), re.IGNORECASE)
    found = []
    for path in folder.rglob("*"):
        try:
            if path.is_file() and path.stat().st_mtime >= since and pattern.search(path.read_bytes()):
                found.append(str(path))
        except FileNotFoundError:
            continue
    return found


def corpus_with(folder: Path, documents: dict[str, str], practices: str = "") -> Path:
    """A copy of the real corpus with some sections more, and their practices."""
    corpus = folder / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    for document, text in documents.items():
        path = corpus / "guide" / document
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with (corpus / "practices.yaml").open("a", encoding="utf-8") as table:
        table.write(practices)
    return corpus
