"""A command is started, heard, and stopped."""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path

import pytest

from app.ui import process
from app.ui.process import Press, Run, Step, read_line


@pytest.fixture
def says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Let a small program stand in for ingest."""

    def let(program: str) -> None:
        path = tmp_path / "program.py"
        path.write_text(program)
        monkeypatch.setattr(process, "INGEST", (sys.executable, str(path)))

    return let


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ('{"step": "embedding", "done": 3, "total": 12}\n', Step("embedding", 3, 12)),
        ('{"step": "judging"}', Step("judging")),
        ('{"step": "embedding", "done": "x", "total": null}', Step("embedding")),
        ('{"edition": "e", "added": []}', {"edition": "e", "added": []}),
        ("[1, 2]", None),
        ("a warning of some library", None),
        ("", None),
    ],
)
def test_a_line_is_a_step_a_result_or_noise(line: str, read: object) -> None:
    assert read_line(line) == read


def test_what_remains_is_reckoned_from_what_is_done() -> None:
    assert Step("embedding", 3, 12).remaining(30.0) == 90.0
    assert Step("embedding", 4, 12).remaining(30.0, before=1) == 80.0


@pytest.mark.parametrize("step", [Step("embedding", 0, 12), Step("embedding", 12, 12), Step("publishing")])
def test_what_remains_is_not_told_before_a_step_has_done_something_and_when_it_is_done(step: Step) -> None:
    assert step.remaining(30.0) is None


def test_what_remains_counts_from_the_first_pieces_of_the_step(says) -> None:
    says("import json\nfor done in (0, 12, 0, 4, 6): print(json.dumps({'step': 'a', 'done': done, 'total': 16}))")
    run = Run("build", [], clock=itertools.count(0, 10).__next__)
    run.wait()

    # The clock is looked at when the process starts, at every beginning and every first piece, and now: 10 s for two.
    assert run.remaining == 50.0


def test_the_share_is_never_more_than_the_whole() -> None:
    assert [Step("embedding", done, 4).share for done in (0, 1, 9)] == [0.0, 0.25, 1.0]


def test_a_run_keeps_its_results_apart_from_its_steps(says) -> None:
    says(
        "import json, sys\n"
        "print(json.dumps({'step': 'embedding', 'done': 1, 'total': 2}))\nprint('noise')\n"
        "print(json.dumps({'given': sys.argv[1:]}))\n"
    )

    run = Run("diff", ["diff", "--json"])
    run.wait()

    assert (run.code, run.step, run.results, run.problem) == (
        0,
        Step("embedding", 1, 2),
        [{"given": ["diff", "--json"]}],
        "",
    )


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (
            "import sys; print('Nothing to read.\\nThere is no guide.', file=sys.stderr); sys.exit(2)",
            "There is no guide.",
        ),
        ("import sys; sys.exit(7)", "It ended unexpectedly (code 7). What was live is still live."),
        ("raise ValueError('words of a text')", "It ended unexpectedly (code 1). What was live is still live."),
    ],
)
def test_a_run_that_failed_says_why(says, program: str, said: str) -> None:
    says(program)

    run = Run("build", [])
    run.wait()

    assert run.problem == said


def _is_gone(stat: Path) -> bool:
    """Whether a process that was sent a signal ends; the signal is on its way, so it is waited for."""
    for _ in range(1000):
        try:
            if stat.read_text().split()[2] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False


def test_stopping_kills_the_process_and_what_it_has_started(says, tmp_path: Path) -> None:
    says(
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        'print(\'{"step": "embedding", "done": %d, "total": 9}\' % child.pid, flush=True)\nchild.wait()\n'
    )
    run = Run("build", [])
    while run.step.name != "embedding":
        time.sleep(0.01)
    child = Path(f"/proc/{run.step.done}/stat")

    run.stop()
    run.wait()

    assert (run.runs, run.problem) == (False, "Stopped. What was live is still live.")
    assert _is_gone(child)


def test_only_one_command_runs_at_a_time_and_results_can_be_let_go(says) -> None:
    says("import sys\nif sys.argv[1] == 'build': sys.stdin.read(); import time; time.sleep(600)\n")
    press = Press()

    press.start("build", "build")
    press.start("diff", "diff")

    assert (press.running and press.running.task, press.last("build"), press.last("diff")) == ("build", None, None)
    press.stop()
    assert press.running is None or press.running.wait() is None
    assert press.last("build") is not None
    press.forget("build")
    assert press.last("build") is None
