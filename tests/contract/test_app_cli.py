"""`python -m app`: what it prints, where, and how it ends."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from app.cli import main
from app.guide import open as opening
from app.guide.ask import Guide
from app.guide.library import Library
from app.guide.nouns import Answer, Speaker, Turn
from tests.conftest import THANKS
from tests.fakes import CountingEncoder, Ended, assert_refused

QUIET = "my partner is so quiet"
ANSWER_KEYS = (
    "id kind text citations care understood otherwise suggestions practice written_by note edition milliseconds".split()
)
CITATION_KEYS = ["n", "slug", "title", "quote", "start", "end", "edition", "url"]
HIT_KEYS = ["document", "slug", "title", "score", "quote", "start", "end"]


Run = Callable[..., Ended]


@pytest.fixture
def run(
    library: Library, encoder: CountingEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:  # fmt: skip
    """Run a command on the test's library; `stdin` is text, bytes, or objects to write one a line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTUNE_LIBRARY", str(library.root))
    monkeypatch.setattr(opening, "load_encoder", lambda model: encoder)

    def run_it(*arguments: str, stdin: str | bytes | Iterable[object] = "", stdin_is: str = "utf-8") -> Ended:
        if not isinstance(stdin, str | bytes):
            stdin = "".join(json.dumps(line) + "\n" for line in stdin)
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding=stdin_is))
        try:
            code = main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
        shown = capsys.readouterr()
        return Ended(code, shown.out, shown.err)

    return run_it


def test_ask_prints_the_answer_for_people(published: str, run: Run) -> None:
    ended = run("ask", QUIET)

    assert (ended.code, ended.err) == (0, "")
    title, _, said, *_ = ended.out.splitlines()
    assert (title.strip(), said.strip()) == ("A quiet partner", "A quiet partner may need a walk. [1]")
    assert "[1] A quiet partner: barriers/quiet" in ended.out


def test_ask_json_prints_one_object_with_the_contracted_keys(published: str, run: Run) -> None:
    ended = run("ask", "--json", QUIET)

    [answer] = ended.objects
    assert (ended.code, ended.err, list(answer)) == (0, "", ANSWER_KEYS)
    assert (answer["kind"], answer["edition"], answer["care"]) == ("answer", published, None)
    assert uuid.UUID(answer["id"])
    assert [list(citation) for citation in answer["citations"]] == [CITATION_KEYS] * 3


def test_every_citation_stands_in_the_section_that_is_printed(published: str, run: Run) -> None:
    [answer] = run("ask", "--json", QUIET).objects

    for citation in answer["citations"]:
        [section] = run("section", citation["slug"], "--edition", citation["edition"], "--json").objects
        assert section["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert citation["url"] == (
            f"/read?section={citation['slug']}&edition={citation['edition']}&at={citation['start']}-{citation['end']}"
        )


@pytest.mark.parametrize("question", ["", " \n", "\u200b", "?!", "a" * 20_000])
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["for people", "json"])
def test_a_question_that_cannot_be_read_is_refused(published: str, run: Run, question: str, form: list[str]) -> None:
    assert_refused(run("ask", *form, question))


def test_no_question_is_refused(published: str, run: Run) -> None:
    assert_refused(run("ask"), "There was no question.")


def test_jsonl_answers_every_line_in_order_under_its_id(published: str, run: Run) -> None:
    ended = run(
        "ask", "--jsonl", stdin=[{"id": "one", "message": QUIET}, {"id": "two", "message": "how do we trust again"}]
    )

    assert (ended.code, ended.err) == (0, "")
    assert [(answer["id"], answer["citations"][0]["slug"]) for answer in ended.objects] == [
        ("one", "barriers/quiet"),
        ("two", "trust/bids"),
    ]
    assert [list(answer) for answer in ended.objects] == [ANSWER_KEYS] * 2


def test_jsonl_passes_over_empty_lines(published: str, run: Run) -> None:
    assert run("ask", "--jsonl", stdin="\n  \n") == Ended(0, "", "")


def test_jsonl_keeps_talks_apart(published: str, run: Run) -> None:
    lines = [
        {"id": "1", "conversation": "a", "message": QUIET},
        {"id": "2", "conversation": "b", "message": "how do we trust again"},
        {"id": "3", "conversation": "a", "message": "tell me more"},
        {"id": "4", "conversation": "b", "message": "tell me more"},
    ]

    answers = run("ask", "--jsonl", stdin=lines).objects

    assert [answer["citations"][0]["slug"] for answer in answers] == ["barriers/quiet", "trust/bids"] * 2


def test_jsonl_lines_without_a_conversation_know_nothing_of_each_other(published: str, run: Run) -> None:
    lines = [{"id": "1", "message": QUIET}, {"id": "2", "message": "tell me more"}]

    answers = run("ask", "--jsonl", stdin=lines).objects

    assert [answer["kind"] for answer in answers] == ["answer", "not_covered"]


def test_jsonl_goes_on_after_a_card_where_the_person_chose_to(published: str, run: Run) -> None:
    """A choice holds for the talk, also where the line that brings it cannot be answered."""
    talk = [{"id": "1", "conversation": "a", "message": "I want to kill myself tonight"}]
    talk += [{"id": str(n), "conversation": "a", "message": QUIET} for n in range(2, 5)]
    talk.insert(2, {"id": "on", "conversation": "a", "message": "", "went_on": True})

    answers = run("ask", "--jsonl", stdin=talk).objects

    assert [answer.get("kind", "error") for answer in answers] == ["care", "care", "error", "answer", "answer"]
    assert [answer["care"]["strength"] for answer in answers if "care" in answer] == ["NOW", "CARE", "CARE", "CARE"]


def test_jsonl_hands_on_what_the_person_chose_below_the_answer_before(
    published: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[list[tuple[bool, bool]]] = []
    ask = Guide.ask

    def listening(guide: Guide, message: str, history: Sequence[Turn]) -> Answer:
        heard.append([(turn.went_on, turn.model_again) for turn in history if turn.speaker is Speaker.GUIDE])
        return ask(guide, message, history)

    monkeypatch.setattr(Guide, "ask", listening)
    lines = [{"message": QUIET, "conversation": "a"} for _ in range(3)]
    run("ask", "--jsonl", stdin=[lines[0], lines[1] | {"model_again": True}, lines[2] | {"went_on": True}])

    assert heard == [[], [(False, True)], [(False, True), (True, False)]]


BAD_LINES = {
    "words": b"not json",
    "a list": b"[1]",
    "text": b'"text"',
    "null": b"null",
    "half an object": b"{",
    "no message": b'{"id": "bad"}',
    "a number": b'{"id": "bad", "message": 7}',
    "empty": b'{"id": "bad", "message": ""}',
    "too long": b'{"id": "bad", "message": "' + b"a" * 20_000 + b'"}',
    "a choice in words": b'{"id": "bad", "message": "a", "went_on": "yes"}',
    "a choice of null": b'{"id": "bad", "message": "a", "model_again": null}',
    "not UTF-8": b"\xff\xfe",
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_a_bad_line_gets_an_error_and_the_others_their_answers(published: str, run: Run, bad: bytes) -> None:
    good = json.dumps({"id": "good", "message": QUIET}).encode()

    ended = run("ask", "--jsonl", stdin=b"\n".join([good, bad, good, b""]))

    assert (ended.code, ended.err) == (2, "")
    assert [answer.get("kind", "error") for answer in ended.objects] == ["answer", "error", "answer"]
    assert list(ended.objects[1]) == ["id", "error"]
    assert ended.objects[1]["error"].endswith(".")


def test_a_bad_line_is_named_by_its_number(published: str, run: Run) -> None:
    ended = run("ask", "--jsonl", stdin='\n{"id": "x"}\n')

    assert ended.objects == [{"id": "x", "error": "Line 2 of standard input has no text under 'message'. Add it."}]


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_line_may_hold_more_than_is_asked_for(published: str, run: Run, command: str) -> None:
    """Also a key of the name that we use for what is wrong."""
    line = {"id": "1", "message": QUIET, "query": QUIET, "error": None, "note": "mine"}

    ended = run(command, "--jsonl", stdin=[line])

    assert (ended.code, "error" in ended.objects[0]) == (0, False)


def test_half_a_character_in_an_id_does_not_end_the_run(published: str, run: Run) -> None:
    """JSON can write what UTF-8 cannot."""
    ended = run(
        "ask",
        "--jsonl",
        stdin=b'{"id": "\\ud83d", "message": "\\ud83d how do we trust"}\n{"id": "2", "message": "trust"}\n',
    )

    assert [answer.get("kind") for answer in ended.objects][-1] == "answer"
    assert len(ended.objects) == 2


def test_json_lines_are_utf_8_whatever_the_terminal_speaks(
    published: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(printed, encoding="ascii"))

    ended = run(
        "ask", "--jsonl", stdin='{"id": "静", "message": "my wife\u2019s so quiet"}\n'.encode(), stdin_is="ascii"
    )

    [answer] = [json.loads(line) for line in printed.getvalue().decode("utf-8").splitlines()]
    assert (ended.code, answer["id"], answer["kind"]) == (0, "静", "answer")


def test_search_prints_hits_for_people(published: str, run: Run) -> None:
    ended = run("search", "trust")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[0].split()[1:] == ["trust/bids", "Small", "bids"]


def test_search_jsonl_prints_hits_with_the_contracted_keys(published: str, run: Run) -> None:
    ended = run(
        "search", "--jsonl", "--top", "2", stdin=[{"id": "q", "query": "trust"}, {"id": "r", "query": "listen"}]
    )

    assert (ended.code, ended.err) == (0, "")
    assert [list(found) for found in ended.objects] == [["id", "hits"]] * 2
    assert [(found["id"], found["hits"][0]["document"], len(found["hits"])) for found in ended.objects] == [
        ("q", "trust/bids.md", 2),
        ("r", "talk/listening.md", 2),
    ]
    assert [list(hit) for found in ended.objects for hit in found["hits"]] == [HIT_KEYS] * 4


def test_search_finds_a_section_at_most_once_best_first(published: str, run: Run) -> None:
    [found] = run("search", "--jsonl", "--top", "50", stdin=[{"id": "q", "query": "trust"}]).objects

    slugs = [hit["slug"] for hit in found["hits"]]
    scores = [hit["score"] for hit in found["hits"]]
    assert len(slugs) == len(set(slugs)) == 3
    assert scores == sorted(scores, reverse=True)


def test_search_hits_stand_in_their_sections(published: str, run: Run) -> None:
    [found] = run("search", "--jsonl", stdin=[{"id": "q", "query": QUIET}]).objects

    for hit in found["hits"]:
        [section] = run("section", hit["slug"], "--json").objects
        assert section["text"][hit["start"] : hit["end"]] == hit["quote"] != ""


def test_search_jsonl_gives_a_bad_line_an_error(published: str, run: Run) -> None:
    ended = run("search", "--jsonl", stdin='{"id": "q"}\n{"id": "r", "query": "trust"}\n')

    assert ended.code == 2
    assert [list(found) for found in ended.objects] == [["id", "error"], ["id", "hits"]]


@pytest.mark.parametrize("query", [[], [""], [" "]], ids=["none", "empty", "space"])
def test_a_search_for_nothing_is_refused(published: str, run: Run, query: list[str]) -> None:
    assert_refused(run("search", *query))


@pytest.mark.parametrize("top", ["0", "-1"])
def test_a_search_for_no_section_is_refused(published: str, run: Run, top: str) -> None:
    assert_refused(run("search", "trust", "--top", top), f"--top {top}")


def test_section_prints_a_section_for_people(published: str, run: Run) -> None:
    ended = run("section", "talk/listening")

    assert ended == Ended(
        0, "Listening well\n\nShort answer\nListen before you answer.\nWhy\nTo listen is to stay.\n", ""
    )


def test_section_json_prints_the_contracted_object(published: str, run: Run) -> None:
    ended = run("section", "talk/listening", "--json")

    assert ended.objects == [
        {
            "slug": "talk/listening",
            "title": "Listening well",
            "text": "Short answer\nListen before you answer.\nWhy\nTo listen is to stay.",
            "edition": published,
        }
    ]


def test_section_prints_what_an_edition_had(three: list[str], run: Run) -> None:
    texts = [run("section", "new", "--edition", edition, "--json").objects[0]["text"] for edition in three[1:]]

    assert texts == THANKS


def test_section_without_a_slug_lists_all(published: str, run: Run) -> None:
    assert run("section").out.splitlines() == [
        "barriers/quiet  A quiet partner",
        "talk/listening  Listening well",
        "trust/bids  Small bids",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["trust/gone"],
        ["trust/bids", "--edition", "20200101T000000Z-0123abcd"],
        ["../../etc/passwd"],
        ["trust/bids", "--edition", "../.."],
    ],
)
def test_a_section_that_is_not_there_is_refused(published: str, run: Run, arguments: list[str]) -> None:
    assert_refused(run("section", *arguments), arguments[0])


@pytest.mark.parametrize(
    "arguments", [[], ["sing"], ["ask", "--top", "3"], ["search", "x", "--top", "many"], ["ask", "one", "two"]]
)
def test_arguments_that_cannot_be_used_end_with_2(published: str, run: Run, arguments: list[str]) -> None:
    ended = run(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    "command", [["ask", QUIET], ["ask", "--jsonl"], ["search", "trust"], ["section", "trust/bids"]]
)
def test_an_empty_library_is_refused_by_every_command(run: Run, library: Library, command: list[str]) -> None:
    assert_refused(run(*command), str(library.root), "python -m ingest build")


@pytest.mark.parametrize("content", [b"", b"nonsense", b"20200101T000000Z-0123abcd", b"\xff"])
def test_with_a_corrupt_live_the_newest_sound_edition_answers_and_a_warning_says_so(
    published: str, run: Run, library: Library, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    library.live_path.write_bytes(content)

    ended = run("ask", QUIET, "--json")

    assert (ended.code, ended.objects[0]["edition"]) == (0, published)
    assert str(library.live_path) in caplog.text
    assert f"Until then the edition {published} answers." in caplog.text


def test_a_damaged_edition_is_refused(published: str, run: Run, library: Library) -> None:
    (library.folder(published) / "guide.sqlite3").write_bytes(b"")

    assert_refused(run("ask", QUIET), "guide.sqlite3", "damaged", "python -m ingest rollback")


def test_a_library_of_another_encoder_is_refused(published: str, run: Run, encoder: CountingEncoder) -> None:
    encoder.fingerprint = "counting-2"

    assert_refused(run("ask", QUIET), "encoder", "python -m ingest build")


def test_a_library_of_a_newer_program_is_refused(published: str, run: Run, library: Library) -> None:
    manifest = library.folder(published) / "edition.json"
    manifest.write_text(manifest.read_text().replace('"schema": 1', '"schema": 9'))

    assert_refused(run("ask", QUIET), "schema 9")


def test_a_setting_that_cannot_be_used_is_refused(published: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_KEEP_EDITIONS", "many")

    assert_refused(run("ask", QUIET), "ATTUNE_KEEP_EDITIONS")


def test_kept_texts_that_are_damaged_are_refused(published: str, run: Run, library: Library) -> None:
    library.texts_path.write_bytes(b"this is no database" * 100)

    assert_refused(run("section", "trust/bids", "--edition", "20200101T000000Z-0123abcd"), "texts.sqlite3")
