"""`make bench-faults`: hundreds of builds and rollbacks killed at random moments; `-n` and `--seed` choose which."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from app.guide.library import Library
from tests.fakes import write_small_guide
from tests.faults import kill_at_random


def main() -> int:
    """Kill, and print what the killed left behind; a library that does not answer afterwards ends it with an error."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.faults")
    parser.add_argument("-n", type=int, default=300, help="how many rounds (default: 300)")
    parser.add_argument("--seed", type=int, default=1, help="which random moments (default: 1)")
    given = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="attune-faults-"))
    try:
        write_small_guide(scratch / "corpus")
        toll = kill_at_random(scratch / "corpus", Library(scratch / "library"), given.n, given.seed)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    killed, done = toll.killed.total(), toll.done
    print(f"{given.n} rounds: {killed} killed, {done} came to their end; the live edition answered after each.")
    for what, count in toll.killed.most_common():
        print(f"  {count:4} killed during a {what} left behind")
    return 0


if __name__ == "__main__":
    sys.exit(main())
