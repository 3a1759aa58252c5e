"""Killing builds and rollbacks at random moments, and what must hold afterwards.

A process that has imported everything and opened nothing forks a child for each round, so that a round costs no start.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.guide.ask import Guide
from app.guide.library import Library
from app.guide.manifest import verify
from tests.fakes import CountingEncoder, write_section

ROOT = Path(__file__).parent.parent


@dataclass
class Toll:
    """What became of the rounds: how many were killed with what left over, and how many came to their end."""

    killed: Counter[str] = field(default_factory=Counter)
    done: int = 0


class Victims:
    """Runs builds and rollbacks in children of a process of its own, and kills them."""

    def __init__(self, corpus: Path, library: Library) -> None:
        self._corpus = corpus
        self._library = library
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults", str(corpus), str(library.root)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._read() == "ready"

    def run(self, what: str, kill_after: float | None = None) -> tuple[bool, float]:
        """Run `build` or `rollback`; return whether it came to its end, and after how many seconds."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what} {kill_after or 0}\n")
        self._process.stdin.flush()
        ended, seconds = self._read().split()
        return ended == "0", float(seconds)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def victims(corpus: Path, library: Library) -> Iterator[Victims]:
    """Yield something to kill."""
    one = Victims(corpus, library)
    try:
        yield one
    finally:
        one.close()


def kill_at_random(corpus: Path, library: Library, rounds: int, seed: int) -> Toll:
    """Change the guide, build, and kill the build; now and then roll back instead. After each, assert that all is well.

    A library with one edition is what it begins with. Every tenth build is left alone and must succeed.
    """
    chance, toll = random.Random(seed), Toll()
    with victims(corpus, library) as condemned:
        write_section(corpus, "changing", "Thank you, number 0.")
        done, longest = condemned.run("build")
        assert done
        for number in range(1, rounds + 1):
            write_section(corpus, "changing", f"Thank you, number {number}.")
            what = "rollback" if number % 7 == 0 and len(library.manifests()) > 1 else "build"
            spared = number % 10 == 0 and what == "build"
            done, seconds = condemned.run(what, None if spared else chance.uniform(0.0, longest * 1.1))
            if done:
                toll.done += 1
                longest = seconds if what == "build" else longest
            else:
                assert not spared, "a build that nobody killed failed"
                toll.killed[f"{what}: {left_over(library)}"] += 1
            assert_well(library)
    return toll


def assert_well(library: Library) -> None:
    """Assert that the live edition is sound and answers, and that its citations hold."""
    live = library.live_id()
    verify(library.folder(live))
    guide = Guide(library, CountingEncoder())
    answer = guide.ask("how do we trust again")
    assert (answer.edition, guide.warning, answer.sections[:1]) == (live, "", ("trust/bids",))
    for citation in answer.citations:
        section = library.kept_section(citation.slug, citation.edition)
        assert section.text[citation.start : citation.end] == citation.quote
    guide.edition().close()


def left_over(library: Library) -> str:
    """Say what a killed process left behind."""
    names = [path.name for path in (library.root / "editions").iterdir() if path.name.startswith(".building-")]
    building = [library.root / "editions" / name for name in names]
    if any((folder / "edition.json").exists() for folder in building):
        return "a sealed edition that was not published"
    if any((folder / "guide.sqlite3").exists() for folder in building):
        return "an edition without its seal"
    if building:
        return "vectors half written"
    if any(library.root.glob("*.new")):
        return "a file that was not swapped in"
    return "nothing"


def _serve(corpus: Path, library: Library) -> None:
    """Read what to run from standard input, one a line; fork, kill after so many seconds, and say how it ended."""
    import chromadb  # noqa: F401  imported once here, and not in each child

    import ingest.build
    import ingest.examples
    import ingest.publish
    from ingest.rollback import roll_back
    from tests.fakes import Steps

    ingest.publish.load_encoder = lambda model: CountingEncoder()
    ingest.publish.encoder_fingerprint = lambda model: CountingEncoder().fingerprint
    ingest.examples.off_topic_lines = lambda: ["how to change a tyre", "best bread flour", "when is the next bus"]
    print("ready", flush=True)
    for line in sys.stdin:
        what, kill_after = line.split()
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                if what == "build":
                    ingest.publish.publish(corpus, library, "", Steps(), 3)
                else:
                    roll_back(library)
                code = 0
            finally:
                os._exit(code)
        if float(kill_after):
            time.sleep(float(kill_after))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print(0 if status == 0 else 1, time.monotonic() - began, flush=True)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), Library(Path(sys.argv[2])))
