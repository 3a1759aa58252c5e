"""Reading files that somebody else made: in a process of their own, in bounded time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Timer
from types import TracebackType

from pydantic import TypeAdapter

from ingest.pieces import Document, Unreadable

SECONDS = 60.0
ROOT = Path(__file__).parent.parent
_DOCUMENT = TypeAdapter(Document)


class BoundedReader:
    """Reads one file after another; a file that takes too long, or breaks the process, is refused and the next is read.

    Nothing that a hostile file does to a library's memory reaches the process that publishes.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, path: Path) -> tuple[Document, str]:
        """Return a file's document and the sha256 of the bytes it was read from; raises `Unreadable`."""
        process = self._process or self._started()
        requests, answers = process.stdin, process.stdout
        if requests is None or answers is None:
            raise RuntimeError("the reading process was started without pipes")
        timer = Timer(self._seconds, process.kill)
        timer.start()
        try:
            requests.write(json.dumps(str(path.absolute())).encode() + b"\n")
            requests.flush()
            line = answers.readline()
        except BrokenPipeError:
            line = b""
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            self.close()
            raise Unreadable(
                f"cannot be read within {self._seconds:.0f} seconds and the memory that a file may take. Split it, or "
                "save it again in the program that made it."
            )
        answer = json.loads(line)
        if "refused" in answer:
            raise Unreadable(answer["refused"])
        return _DOCUMENT.validate_python(answer["document"]), answer["sha256"]

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def __enter__(self) -> BoundedReader:
        """Start nothing yet: a guide of Markdown needs no process."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.close()

    def _started(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ingest.formats"],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process
