"""`python -m ingest`: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from app.guide.library import Library
from app.guide.manifest import read_manifest
from ingest.cli import main
from tests.conftest import OFF_TOPIC, Publish
from tests.fakes import CountingEncoder, Ended, assert_refused, files_of, write_section

Run = Callable[..., Ended]

# A process that holds a lock until its standard input ends.
HOLD = """
import sys, filelock
with filelock.FileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def run(
    publish: Publish, library: Library, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:  # fmt: skip
    """Run a command on the test's corpus and library with the counting encoder, which `publish` has put in place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTUNE_LIBRARY", str(library.root))
    monkeypatch.setenv("ATTUNE_CORPUS", str(corpus))
    monkeypatch.setenv("ATTUNE_TUNE", "off")

    def run_it(*arguments: str) -> Ended:
        try:
            code = main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
        shown = capsys.readouterr()
        return Ended(code, shown.out, shown.err)

    return run_it


def refused(ended: Ended, *facts: str, code: int = 2) -> None:
    """Assert a refusal, past the steps that a build told before it."""
    last = ended.err.splitlines(keepends=True)[-1]
    assert_refused(Ended(ended.code, ended.out, last), *facts, code=code)
    assert "Traceback" not in ended.err


def test_build_says_what_it_published(run: Run, library: Library) -> None:
    ended = run("build")

    assert ended.code == 0
    assert ended.out.splitlines()[0].startswith(f"Published the edition {library.live_id()} in ")
    assert ended.out.splitlines()[1:] == [
        "  added: 3 (barriers/quiet, talk/listening, trust/bids)",
        "  unchanged: 0 sections; embedded: 12 texts",
        "  judged by 6 questions of a self-check: 100.0% right",
        "    the corpus has no golden questions, so every section was asked for by its own title and first sentence",
    ]


def test_build_json_prints_progress_and_then_the_report(run: Run, library: Library) -> None:
    ended = run("build", "--json")

    *steps, report = ended.objects
    assert (ended.code, ended.err) == (0, "")
    assert [tuple(step.values()) for step in steps] == [
        ("reading the guide",),
        ("loading the encoder",),
        ("embedding", 0, 12 + len(OFF_TOPIC)),
        ("embedding", 12 + len(OFF_TOPIC), 12 + len(OFF_TOPIC)),
        ("indexing words",),
        *(("calibrating coverage", done, 9) for done in range(10)),
        *(("judging", done, 6) for done in range(7)),
        ("publishing",),
    ]
    assert {key: report[key] for key in ("edition", "added", "changed", "removed", "unchanged", "embedded")} == {
        "edition": library.live_id(),
        "added": ["barriers/quiet", "talk/listening", "trust/bids"],
        "changed": [],
        "removed": [],
        "unchanged": 0,
        "embedded": 12,
    }
    assert report["seconds"] >= 0


def test_building_again_says_that_nothing_was_embedded(run: Run, published: str, encoder: CountingEncoder) -> None:
    ended = run("build")

    assert ended.code == 0
    assert ended.out.startswith(f"Nothing changed: the live edition is {published}, nothing was embedded (")
    assert encoder.encoded == []


def test_build_takes_a_corpus_and_a_library(run: Run, tmp_path: Path, library: Library) -> None:
    write_section(tmp_path / "mine", "only", "Trust.")

    ended = run("build", str(tmp_path / "mine"), "--library", str(tmp_path / "shelf"), "--json")

    assert ended.objects[-1]["added"] == ["only"]
    assert (Library(tmp_path / "shelf").live_id(), library.root.exists()) == (ended.objects[-1]["edition"], False)


def test_a_corpus_that_is_not_there_is_refused(run: Run, published: str, tmp_path: Path) -> None:
    refused(run("build", str(tmp_path / "gone")), str(tmp_path / "gone"))


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (b"---\ntitle: A\n", "bad.md:1:"),
        (b"---\ntitle: a: b\n---\nText.", "bad.md:2:"),
        (b"---\ntitle: A\nopeness: true\n---\nText.", "openness"),
        (b"---\nslug: trust/bids\n---\nText.", "trust/bids"),
        (b"---\nopenness: true\n---\nOpen up.", "bad.md"),
        (b"\xff\xfe", "bad.md"),
        (b"", "bad.md"),
        (b"## Only a heading", "bad.md"),
        (b"---\ntitle: 2024-13-45\n---\nText.", "bad.md"),
    ],
    ids=[
        "unclosed",
        "yaml",
        "misspelt",
        "same slug",
        "no safety",
        "not UTF-8",
        "empty",
        "heading only",
        "no date",
    ],
)
def test_a_section_that_cannot_be_used_is_refused_and_nothing_is_lost(
    run: Run, published: str, corpus: Path, library: Library, content: bytes, fact: str
) -> None:
    before = files_of(library.root)
    (corpus / "guide" / "bad.md").write_bytes(content)

    ended = run("build")

    refused(ended, fact)
    assert files_of(library.root) == before


def test_json_keeps_an_error_off_standard_output(run: Run, published: str, corpus: Path) -> None:
    (corpus / "guide" / "bad.md").write_bytes(b"\x00\xff\x00")

    ended = run("build", "--json")

    assert (ended.code, [list(line) for line in ended.objects]) == (2, [["step"]])
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("command", ["build", "rollback"])
def test_a_lock_that_another_process_holds_ends_with_3(
    run: Run, three: list[str], library: Library, command: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(library.lock_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"

        ended = run(command)

        holder.communicate()
    refused(ended, str(library.root), "Another process", code=3)
    assert library.live_id() == three[2]


def test_a_lock_held_in_this_process_ends_with_3_as_well(run: Run, published: str, library: Library) -> None:
    with FileLock(library.lock_path):
        ended = run("build")

    refused(ended, "Another process", code=3)


def test_a_build_that_another_reads_needs_no_lock(run: Run, published: str, library: Library) -> None:
    with FileLock(library.lock_path):
        codes = [run(command).code for command in ("list", "status")]

    assert codes == [0, 0]


def test_list_shows_editions_newest_first_and_marks_the_live_one(run: Run, three: list[str], library: Library) -> None:
    library.move_live(three[1])

    lines = run("list").out.splitlines()

    assert [line.split()[:2] if line.startswith("*") else line.split()[:1] for line in lines] == [
        [three[2]],
        ["*", three[1]],
        [three[0]],
    ]


def test_list_json_prints_one_object_an_edition(run: Run, three: list[str]) -> None:
    listed = run("list", "--json").objects

    assert [(one["edition"], one["parent"], one["live"]) for one in listed] == [
        (three[2], three[1], True),
        (three[1], three[0], False),
        (three[0], "", False),
    ]
    assert listed[2]["counts"]["sections"] == 3


def test_listing_an_empty_library_shows_nothing(run: Run, library: Library) -> None:
    assert (run("list").code, library.root.exists()) == (0, False)


def test_status_says_whether_the_corpus_is_newer(run: Run, published: str, corpus: Path) -> None:
    same = run("status", "--json").objects
    write_section(corpus, "new", "Thank you.")
    newer = run("status", "--json").objects

    assert [(one["edition"], one["corpus_is_newer"]) for one in (*same, *newer)] == [
        (published, False),
        (published, True),
    ]


def test_status_speaks_to_people_too(run: Run, published: str) -> None:
    lines = run("status").out.splitlines()

    assert lines[:2] == [
        f"Live: {published}, 3 sections, encoder counting.",
        "Judged before it was published: 100.0% of 6 questions of a self-check right.",
    ]
    assert re.fullmatch(r"The library holds 1 edition in 0\.\d MB\.", lines[2])
    assert lines[3:] == ["The corpus is the same."]


def test_the_status_of_an_empty_library_is_refused(run: Run) -> None:
    refused(run("status"), "is empty", "python -m ingest build")


def test_rollback_says_where_it_went(run: Run, three: list[str], library: Library) -> None:
    ended = run("rollback")

    assert ended == Ended(0, f"The live edition is now {three[1]}.\n", "")
    assert library.live_id() == three[1]


def test_rollback_json_prints_the_edition(run: Run, three: list[str]) -> None:
    assert run("rollback", three[0], "--json").objects == [{"edition": three[0]}]


def test_a_rollback_to_nowhere_is_refused(run: Run, published: str) -> None:
    refused(run("rollback"), "python -m ingest list")
    refused(run("rollback", "20200101T000000Z-0123abcd"), "20200101T000000Z-0123abcd", "python -m ingest list")


@pytest.mark.parametrize("arguments", [[], ["sing"], ["build", "a", "b"], ["list", "--sing"]])
def test_arguments_that_cannot_be_used_end_with_2(run: Run, arguments: list[str]) -> None:
    ended = run(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err


def test_a_library_that_is_a_file_is_refused(run: Run, library: Library) -> None:
    library.root.write_text("not a folder")

    refused(run("build"), str(library.root))


def test_kept_texts_that_are_damaged_are_refused(run: Run, published: str, library: Library, corpus: Path) -> None:
    library.texts_path.write_bytes(b"this is no database" * 100)
    write_section(corpus, "new", "Thank you.")

    refused(run("build"), "texts.sqlite3")


def test_a_parent_that_is_damaged_does_not_stop_a_build(
    run: Run, published: str, library: Library, corpus: Path
) -> None:
    (library.folder(published) / "guide.sqlite3").write_bytes(b"")
    write_section(corpus, "new", "Thank you.")

    assert run("build").code == 0


def test_a_setting_that_cannot_be_used_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_KEEP_EDITIONS", "0")

    refused(run("build"), "ATTUNE_KEEP_EDITIONS")


def test_reports_are_json_that_any_reader_reads(run: Run, published: str, corpus: Path) -> None:
    write_section(corpus, "new", "Thank you.", title="静か")

    lines = run("build", "--json").out.splitlines()

    assert all(json.loads(line) for line in lines)


def lose_a_section(corpus: Path) -> None:
    """Let the golden questions ask for a section that is taken out."""
    (corpus / "golden.yaml").write_text(
        "- {id: g1, split: judge, ask: nobody will listen, sections: [talk/listening]}\n", encoding="utf-8"
    )
    (corpus / "guide" / "talk" / "listening.md").unlink()


def test_what_the_gate_refuses_ends_with_1_and_says_why(
    run: Run, published: str, corpus: Path, library: Library
) -> None:
    lose_a_section(corpus)

    ended = run("build", "--json")

    assert (ended.code, library.live_id()) == (1, published)
    assert "talk/listening was found before (g1)" in ended.objects[-1]["refused"]
    assert ended.err.startswith(f"The gate refused the edition {ended.objects[-1]['edition']}: talk/listening ")
    assert "--publish-anyway" in ended.err


def test_publishing_anyway_shows_its_reason_in_the_list(run: Run, published: str, corpus: Path) -> None:
    lose_a_section(corpus)

    ended = run("build", "--json", "--publish-anyway", "It moves to another book.")

    assert (ended.code, ended.objects[-1]["refused"]) == (0, "")
    newest = run("list", "--json").objects[0]
    assert (newest["live"], newest["published_anyway"]) == (True, "It moves to another book.")
    assert newest["bytes"] > 10_000
    assert newest["gate"]["lost"] == ["talk/listening"]


def test_diff_json_is_one_object_with_everything(run: Run, published: str, corpus: Path) -> None:
    write_section(corpus, "new", "Thank you.", title="Thanks")

    [found] = run("diff", "--json", "--no-questions").objects

    assert (found["before"], found["after"], found["unchanged"]) == (published, "", 3)
    assert (found["added"], found["removed"]) == ([{"slug": "new", "title": "Thanks"}], [])
    assert found["questions"] is None


def test_forgetting_without_a_terminal_wants_yes(run: Run, published: str, corpus: Path, library: Library) -> None:
    (corpus / "guide" / "talk" / "listening.md").unlink()
    before = files_of(library.root)

    ended = run("build", "--forget", "--json")

    plan = {"slugs": ["talk/listening"], "links": [[published, "talk/listening"]], "editions": [published]}
    assert (ended.code, ended.objects[-1], "--yes" in ended.err) == (2, {"forget": plan}, True)
    assert files_of(library.root) == before
    assert run("build", "--forget", "--yes", "--json").objects[-1]["forgotten"] == 1


def test_going_back_loads_nothing_that_searching_needs() -> None:
    """It is to be done within a second."""
    heavy = ("torch", "sklearn", "chromadb", "bm25s", "numpy", "rich")
    code = f"import sys, ingest.cli, ingest.rollback; print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_build_learns_the_guide_s_language_where_it_is_asked_to(
    run: Run, published: str, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.learn.STEPS", 2)

    ended = run("build", "--tune")

    assert ended.code == 0
    assert read_manifest(library.folder(library.live_id())).tuned
    assert run("build", "--tune").out.startswith("Nothing changed")
