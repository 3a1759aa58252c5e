"""Private folders in the system's temporary folder: gone with their owner, or, if it was killed, with the next build.

Beside each lies a file that its owner holds locked for as long as it lives. A folder whose lock can be had belongs to
nobody any more; a process id would not tell, since ids come back and differ between containers.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import uuid
import weakref
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "attune-private-"


class PrivateFolder:
    """An empty folder that only this user can look into; it goes when it is closed, garbage, or the process ends."""

    def __init__(self) -> None:
        self.path = Path(tempfile.gettempdir()) / f"{PREFIX}{uuid.uuid4().hex}"
        # The lock comes first, so that there is no moment in which the folder looks like nobody's.
        lock = FileLock(_lock_of(self.path), timeout=0, mode=0o600, thread_local=False)
        lock.acquire()
        self.path.mkdir(mode=0o700)
        self.close = weakref.finalize(self, _remove, self.path, lock)


def remove_leftovers() -> None:
    """Remove the private folders of this user whose owners are dead."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not folder.is_dir() or folder.is_symlink() or not _is_ours(folder) or _lock_of(folder).is_symlink():
            continue
        lock = FileLock(_lock_of(folder), timeout=0, mode=0o600)
        with contextlib.suppress(Timeout, OSError), lock:
            _remove(folder, lock)


def _remove(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):  # Windows keeps a locked file until it is let go of
        _lock_of(folder).unlink()
    lock.release()


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _is_ours(folder: Path) -> bool:
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
