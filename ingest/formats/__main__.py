"""The process that reads files for `ingest/bounded.py`: a path a line comes in, a result a line goes out."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter

from ingest.formats.docx import read_docx
from ingest.formats.epub import read_epub
from ingest.formats.html import read_html
from ingest.formats.pdf import read_pdf
from ingest.pieces import Document, Unreadable

READERS: dict[str, Callable[[bytes], Document]] = {
    ".docx": read_docx,
    ".epub": read_epub,
    ".htm": read_html,
    ".html": read_html,
    ".pdf": read_pdf,
    ".xhtml": read_html,
}
MOST_MEMORY = 2_000_000_000


def main() -> None:
    """Answer until standard input ends; what libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()
    for line in sys.stdin:
        path = Path(json.loads(line))
        answers.write(json.dumps(_answer(path)).encode() + b"\n")
        answers.flush()


def _answer(path: Path) -> dict[str, object]:
    try:
        raw = path.read_bytes()
        document = READERS[path.suffix.lower()](raw)
    except (Unreadable, OSError) as error:
        return {"refused": str(error) if isinstance(error, Unreadable) else f"cannot be read: {error.strerror}."}
    except (MemoryError, RecursionError):
        return {"refused": "needs too much memory to read. Split it."}
    found = hashlib.sha256(raw).hexdigest()
    return {"sha256": found, "document": TypeAdapter(Document).dump_python(document, mode="json")}


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system can
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


main()
