"""`python -m ingest` as a process of its own: its progress, its results, and how it ended.

What embeds, builds and judges runs apart from the server, so that it can neither freeze nor end the chat, and stopping
it is killing it: what was live stays live.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

INGEST = (sys.executable, "-m", "ingest")
# Of what a process writes to standard error, so much is kept.
LONGEST_SAID = 4000
STILL_LIVE = "What was live is still live."
STOPPED = f"Stopped. {STILL_LIVE}"
REFUSED = 1


@dataclass(frozen=True, slots=True)
class Step:
    """Where a process is: what it does, and how many pieces of how many are done; `total` is 0 where it counts none."""

    name: str
    done: int = 0
    total: int = 0

    @property
    def share(self) -> float:
        """How much of the step is done, from 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    def remaining(self, seconds: float, before: int = 0) -> float | None:
        """Return the seconds still to go, or None where that cannot be told.

        The step has run for so many since `before` of its pieces were done.
        """
        if self.done <= before or self.done >= self.total:
            return None
        return seconds * (self.total - self.done) / (self.done - before)


def read_line(line: str) -> Step | Mapping[str, Any] | None:
    """Return what a line of a process says: a step, a result, or nothing for what is no JSON object."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    if "step" not in said:
        return said
    done, total = (said.get(name) for name in ("done", "total"))
    return Step(str(said["step"]), *(n if isinstance(n, int) and n > 0 else 0 for n in (done, total)))


class Run:
    """One command while it runs and afterwards; read by any thread."""

    def __init__(self, task: str, arguments: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        """Start `python -m ingest` with these arguments, in this environment; `task` is what the page calls it."""
        self.task = task
        self.arguments = tuple(arguments)
        self.results: list[Mapping[str, Any]] = []
        self.step = Step("starting")
        self._clock = clock
        self._since, self._before = clock(), 0
        self._said = ""
        self._stopped = False
        self._process = subprocess.Popen(  # noqa: S603  (our own program)
            [*INGEST, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            # A group of its own, so that stopping it stops what it has started too.
            start_new_session=True,
        )
        self._readers = [
            threading.Thread(target=read, args=(stream,), daemon=True)
            for read, stream in ((self._listen, self._process.stdout), (self._listen_to_errors, self._process.stderr))
        ]
        for reader in self._readers:
            reader.start()

    @property
    def runs(self) -> bool:
        """Whether it has not ended, or has not been heard to the end."""
        return self._process.poll() is None or any(reader.is_alive() for reader in self._readers)

    @property
    def code(self) -> int | None:
        """What it ended with, or None while it runs."""
        return None if self.runs else self._process.returncode

    @property
    def remaining(self) -> float | None:
        """The seconds that the present step will still take, as far as that can be told."""
        return self.step.remaining(self._clock() - self._since, self._before)

    @property
    def problem(self) -> str:
        """What went wrong, in one sentence; empty while it runs and where nothing did."""
        if self._stopped:
            return STOPPED
        if self.runs or self.code == 0 or (self.code == REFUSED and self.results):
            return ""
        said = "" if "Traceback" in self._said else self._said.strip().split("\n")[-1]
        return said or f"It ended unexpectedly (code {self.code}). {STILL_LIVE}"

    @property
    def result(self) -> Mapping[str, Any]:
        """The last object that it printed; empty where there was none."""
        return self.results[-1] if self.results else {}

    def stop(self) -> None:
        """Kill it, and what it has started; return when it is gone."""
        if self._process.poll() is None:
            self._stopped = True
            _kill(self._process)
            self._process.wait()

    def wait(self) -> None:
        """Return when it has ended and everything that it said was read."""
        self._process.wait()
        for reader in self._readers:
            reader.join()

    def _listen(self, stream: IO[str]) -> None:
        for line in stream:
            said = read_line(line)
            if isinstance(said, Step):
                # What a step does before its first pieces, such as loading a library, says nothing of the others.
                if not said.done or not self.step.done:
                    self._since, self._before = self._clock(), said.done
                self.step = said
            elif said is not None:
                self.results.append(said)

    def _listen_to_errors(self, stream: IO[str]) -> None:
        for line in stream:
            self._said = (self._said + line)[-LONGEST_SAID:]


class Press:
    """The one process of a server and the last of each task, for every editor alike."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._turn = threading.Lock()
        atexit.register(self.stop)

    @property
    def running(self) -> Run | None:
        """The command that runs now."""
        return next((run for run in list(self._runs.values()) if run.runs), None)

    def last(self, task: str) -> Run | None:
        """Return the last run of a task, if it has ended and its result still holds."""
        run = self._runs.get(task)
        return run if run and not run.runs else None

    def start(self, task: str, *arguments: str) -> None:
        """Start a command, unless one runs."""
        with self._turn:
            if self.running is None:
                self._runs[task] = Run(task, arguments)

    def stop(self) -> None:
        """Stop what runs."""
        if run := self.running:
            run.stop()

    def forget(self, *tasks: str) -> None:
        """Let go of results that do not hold any more."""
        with self._turn:
            self._runs = {task: run for task, run in self._runs.items() if task not in tasks or run.runs}


def _kill(process: subprocess.Popen[str]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
