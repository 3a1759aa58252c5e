"""The files of a corpus: what is read, what is refused unread, and what is passed over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.guide.errors import CorpusError
from ingest.pieces import one_line

MARKDOWN = ".md"
TEXT = ".txt"
IN_A_PROCESS = frozenset({".docx", ".epub", ".htm", ".html", ".pdf", ".xhtml"})
READ = IN_A_PROCESS | {MARKDOWN, TEXT}
# Data of the corpus, beside its text.
DATA = frozenset({"contents.yaml", "golden.yaml", "practices.yaml", "references.yaml"})
MOST_FILES = 200_000
# More text than the longest books have; what is packed or drawn may be larger for its pictures.
MOST_BYTES = 5_000_000
MOST_BYTES_DRAWN = 100_000_000
DRAWN = frozenset({".docx", ".epub", ".pdf"})


@dataclass(frozen=True, slots=True)
class Found:
    """The files below a folder, each list in the order of the alphabet; what is refused comes with the reason."""

    files: tuple[Path, ...]
    refused: tuple[tuple[Path, str], ...]
    passed_over: tuple[Path, ...]


def text_folder(corpus: Path) -> Path:
    """Return where a corpus keeps its text: its folder `guide`, or the folder itself, for any other one.

    Raises `CorpusError` where there is no such folder.
    """
    guide = corpus / "guide"
    if guide.is_dir():
        return guide
    if corpus.is_dir():
        return corpus
    raise CorpusError(
        f"There is no guide to read at {shown(corpus)}. Name a folder with texts, or one with a folder `guide`."
    )


def find(folder: Path) -> Found:
    """Find the files below a folder. A link to one of them is read; a link to a folder is not followed."""
    files, refused, passed_over = [], [], []
    for number, path in enumerate(_walk(folder)):
        if number >= MOST_FILES:
            raise CorpusError(f"{shown(folder)} holds more than {MOST_FILES:,} files. Choose a smaller folder.")
        if path.suffix.lower() not in READ:
            if path.name not in DATA:
                passed_over.append(path)
        elif reason := _refusal(path, folder):
            refused.append((path, reason))
        else:
            files.append(path)
    return Found(tuple(sorted(files)), tuple(sorted(refused)), tuple(sorted(passed_over)))


def shown(path: Path) -> str:
    """Return a path as one line that can be printed, whatever its bytes."""
    return one_line(os.fsencode(path).decode("utf-8", "replace"))


def _walk(folder: Path) -> Iterator[Path]:
    def stop(error: OSError) -> None:
        raise CorpusError(f"The folder {shown(Path(error.filename))} cannot be read: {error.strerror}.") from error

    for here, folders, names in os.walk(folder, onerror=stop):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = (name for name in folders if Path(here, name).is_symlink())
        yield from (Path(here, name) for name in sorted([*names, *links]) if not name.startswith((".", "~$")))


def _refusal(path: Path, folder: Path) -> str:
    """Return why a file is not even opened, or empty where it is."""
    if "\ufffd" in shown(path) or "\n" in path.name:
        return "has a name that is no text. Rename it."
    try:
        target = path.resolve(strict=True)
        if not target.is_relative_to(folder.resolve()):
            return "is a link that leads out of the folder. Put the file itself there."
        if not target.is_file():
            return "is no file. Take it out of the folder."
        size = target.stat().st_size
    except (OSError, RuntimeError):  # a loop of links is a RuntimeError before Python 3.13
        return "is a link that leads nowhere, or a file that cannot be read. Take it out of the folder."
    most = MOST_BYTES_DRAWN if path.suffix.lower() in DRAWN else MOST_BYTES
    if size > most:
        return f"has {size / 1e6:,.0f} MB, and at most {most / 1e6:,.0f} MB can be read. Split it."
    return ""
