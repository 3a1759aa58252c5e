"""Private folders: this user's alone, gone with their owner, or with the next build where it was killed."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.guide.private import PrivateFolder, remove_leftovers

# A process that holds a private folder until it is killed.
HOLD = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from app.guide.private import PrivateFolder
held = PrivateFolder()
(held.path / "vectors").write_text("numbers")
print(held.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def holder(temporary: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process with a private folder."""
    command = [sys.executable, "-c", HOLD, str(temporary)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(str(temporary))
        yield process
        process.kill()


def test_a_private_folder_is_nobody_else_s(temporary: Path) -> None:
    private = PrivateFolder()

    assert private.path.stat().st_mode & 0o777 == 0o700
    private.close()


def test_it_goes_when_it_is_garbage(temporary: Path) -> None:
    private = PrivateFolder()
    (private.path / "copy").write_text("numbers")

    del private
    gc.collect()

    assert list(temporary.iterdir()) == []


def test_what_another_process_uses_stays(temporary: Path, holder: subprocess.Popen[str]) -> None:
    remove_leftovers()

    assert len(list(temporary.glob("*/vectors"))) == 1


def test_what_a_killed_process_left_is_removed(temporary: Path, holder: subprocess.Popen[str]) -> None:
    mine = PrivateFolder()
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()

    remove_leftovers()

    assert [path for path in temporary.iterdir() if path.is_dir()] == [mine.path]
    mine.close()
    assert list(temporary.iterdir()) == []


def test_a_link_in_the_temporary_folder_is_not_followed(temporary: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "letter").write_text("mine")
    (temporary / "attune-private-0").symlink_to(elsewhere)

    remove_leftovers()

    assert (elsewhere / "letter").read_text() == "mine"
