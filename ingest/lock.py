"""One writer at a time: the operating system's file lock, which it lets go of when its owner dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from app.guide.errors import LibraryBusy, LibraryError
from app.guide.library import Library


@contextmanager
def writing(library: Library) -> Iterator[None]:
    """Hold the library's lock; raises `LibraryBusy` where another holds it and `LibraryError` where none can be had."""
    lock = FileLock(library.lock_path, timeout=0)
    try:
        library.root.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise LibraryBusy(
            f"Another process is writing to the library at {library.root}. Wait until it is done, and try again."
        ) from error
    except OSError as error:
        raise LibraryError(
            f"The library at {library.root} cannot be written to ({error.strerror}). Change its permissions, or set "
            "ATTUNE_LIBRARY."
        ) from error
    try:
        yield
    finally:
        lock.release()
