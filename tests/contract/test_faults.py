"""Nothing that happens to a build, a disk or a file loses the guide."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

import ingest.publish
from app.guide.ask import Guide
from app.guide.errors import AttuneError, LibraryError
from app.guide.library import Library
from ingest.rollback import roll_back
from tests.conftest import ROOT, Publish
from tests.fakes import CountingEncoder, Steps, files_of, write_section
from tests.faults import assert_well, kill_at_random

KILLS = 12
TRUST = "how do we trust again"

# Another process that asks until its standard input ends, and prints what was wrong with any answer.
ASK = """
import sys, threading
from pathlib import Path
from app.guide.ask import Guide
from app.guide.library import Library
from tests.fakes import CountingEncoder
from tests.contract.test_faults import mixed_or_failed
guide = Guide(Library(Path(sys.argv[1])), CountingEncoder())
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
print("asking", flush=True)
seen, wrong = set(), []
while not ended.is_set():
    wrong += mixed_or_failed(guide, seen)
wrong += mixed_or_failed(guide, seen)
print(len(seen), wrong, flush=True)
"""


def mixed_or_failed(guide: Guide, seen: set[str]) -> list[str]:
    """Ask one question; return what was wrong with the answer, and add its edition to those seen."""
    try:
        answer = guide.ask(TRUST)
        seen.add(answer.edition)
        wrong = []
        for citation in answer.citations:
            section, edition = guide.section(citation.slug, citation.edition)
            if edition != answer.edition or section.text[citation.start : citation.end] != citation.quote:
                wrong.append(f"{citation.slug} is not what {edition} says")
        return wrong if answer.citations else ["nothing quoted"]
    except AttuneError as error:
        return [str(error)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, in memory."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_killed_at_any_moment_the_live_edition_still_answers(corpus: Path, library: Library) -> None:
    """`make bench-faults` does this hundreds of times."""
    toll = kill_at_random(corpus, library, KILLS, seed=20261128)

    assert toll.killed.total() > 0
    assert toll.killed.total() + toll.done == KILLS


def test_a_full_disk_costs_only_the_build(
    publish: Publish, corpus: Path, small_disk: Path, encoder: CountingEncoder
) -> None:
    library = Library(small_disk / "library")
    publish()
    first = ingest.publish.publish(corpus, library, "", Steps(), 5).edition
    (small_disk / "filling").write_bytes(bytes(shutil.disk_usage(small_disk).free - 100_000))
    write_section(corpus, "new", "Thank you.")

    with pytest.raises(LibraryError) as caught:
        ingest.publish.publish(corpus, library, "", Steps(), 5)

    assert "space on the disk" in str(caught.value)
    assert (library.live_id(), [m.id for m in library.manifests()]) == (first, [first])
    assert_well(library)
    (small_disk / "filling").unlink()
    assert ingest.publish.publish(corpus, library, "", Steps(), 5).added == ("new",)


def test_a_library_that_cannot_be_written_to_answers_and_says_so_to_a_build(
    publish: Publish, corpus: Path, small_disk: Path
) -> None:
    library = Library(small_disk / "library")
    publish()
    first = ingest.publish.publish(corpus, library, "", Steps(), 5).edition
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    write_section(corpus, "new", "Thank you.")

    assert_well(library)
    with pytest.raises(LibraryError, match="cannot be written to"):
        ingest.publish.publish(corpus, library, "", Steps(), 5)
    with pytest.raises(LibraryError, match="cannot be written to"):
        roll_back(library)
    assert library.live_id() == first


def test_a_flipped_byte_in_any_file_is_noticed_and_the_newest_sound_edition_answers(
    three: list[str], library: Library, encoder: CountingEncoder
) -> None:
    folder = library.folder(three[2])
    names = [name for name, content in files_of(folder).items() if content]
    answered = {}
    for name in names:
        path = folder / name
        content = path.read_bytes()
        spoilt = bytearray(content)
        spoilt[len(spoilt) // 2] ^= 0b0100
        path.write_bytes(spoilt)
        guide = Guide(library, encoder)
        answered[name] = (guide.ask(TRUST).edition, str(path) in guide.warning)
        path.write_bytes(content)

    assert len(names) > 8
    assert answered == dict.fromkeys(names, (three[1], True))
    assert Guide(library, encoder).warning == ""


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff", None], ids=["empty", "words", "no text", "gone"])
def test_a_live_that_was_damaged_is_answered_around(
    three: list[str], library: Library, encoder: CountingEncoder, content: bytes | None
) -> None:
    if content is None:
        library.live_path.unlink()
    else:
        library.live_path.write_bytes(content)

    guide = Guide(library, encoder)

    assert (guide.ask(TRUST).edition, three[2] in guide.warning) == (three[2], True)


def test_a_guide_that_answered_around_damage_follows_when_it_is_mended(
    three: list[str], library: Library, encoder: CountingEncoder
) -> None:
    texts = library.folder(three[2]) / "guide.sqlite3"
    content = texts.read_bytes()
    texts.write_bytes(b"")
    guide = Guide(library, encoder)
    during = guide.ask(TRUST).edition

    texts.write_bytes(content)

    assert (during, guide.ask(TRUST).edition, guide.warning) == (three[1], three[2], "")


def test_a_rollback_that_was_interrupted_left_live_as_it_was(
    three: list[str], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(handle: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", die)
        with pytest.raises(KeyboardInterrupt):
            roll_back(library)
    left = (library.root / "LIVE.new").exists()

    assert (left, library.live_id()) == (True, three[2])
    assert_well(library)
    assert roll_back(library) == three[1]


def test_kept_texts_that_are_damaged_still_show_what_kept_editions_hold(
    three: list[str], library: Library, encoder: CountingEncoder
) -> None:
    library.texts_path.write_bytes(b"this is no database" * 100)

    section, edition = Guide(library, encoder).section("new", three[1])

    assert (section.text, edition) == ("Thank you once.", three[1])


def test_threads_and_processes_ask_while_editions_come_and_go(
    published: str, publish: Publish, corpus: Path, library: Library, encoder: CountingEncoder
) -> None:
    """Only one edition is kept, so that each is removed while it may be in use."""
    guide, ended = Guide(library, encoder), Event()

    def asked() -> tuple[int, list[str]]:
        seen: set[str] = set()
        wrong: list[str] = []
        while not ended.is_set():
            wrong += mixed_or_failed(guide, seen)
        return len(seen), wrong

    other = subprocess.Popen(
        [sys.executable, "-c", ASK, str(library.root)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "asking\n"
    path = corpus / "guide" / "trust" / "bids.md"
    text = path.read_text()
    with ThreadPoolExecutor(2) as pool:
        threads = [pool.submit(asked) for _ in range(2)]
        for number in range(6):
            path.write_text(text.replace("Keep trust small.", f"Keep trust small, and trust {'again ' * number}."))
            publish(keep=1)
        ended.set()
        in_threads = [thread.result() for thread in threads]
    in_process, _ = other.communicate("")
    count, wrong = in_process.strip().split(" ", 1)

    assert [one[1] for one in in_threads] == [[], []]
    assert wrong == "[]"
    assert max(seen for seen, _ in in_threads) > 1
    assert int(count) > 1
