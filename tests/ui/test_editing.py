"""The editor's page, with a small program in the place of ingest."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from streamlit import config

from app.guide.feedback import Feedback
from app.guide.gaps import FILE, Gaps
from app.guide.manifest import Manifest
from app.guide.nouns import Kind
from app.ui import process, resources
from app.ui.components.editor import gaps as drawn_gaps
from app.ui.components.editor.html import NEAR, words_html
from app.ui.working_copy import Upload, WorkingCopy
from tests.fakes import CountingEncoder, write_small_guide
from tests.ui.laid_out import ANSWER
from tests.ui.markup import Drawn
from tests.ui.page import Page, shown

LIVE, BEFORE, ASIDE = "20260103T030405Z-0a1b2c3d", "20260102T030405Z-0a1b2c3d", "20260104T030405Z-0a1b2c3d"
GATE = {
    "by": "golden questions",
    "questions": 200,
    "accuracy": 0.74,
    "accuracy_before": 0.8,
    "figures": {"right section first": 0.7},
    "before": {"right section first": 0.75},
    "reasons": ["trust/bids was found before and no question finds it any more"],
    "note": "",
}
DIFFERENCE = {
    "added": [{"slug": "trust/new", "title": "New"}],
    "removed": [],
    "moved": [],
    "unchanged": 2,
    "changed": [
        {
            "slug": "trust/bids",
            "title": "Small bids",
            "words": [
                {"op": "same", "text": "Trust "},
                {"op": "removed", "text": "<i>grows"},
                {"op": "added", "text": "lives"},
            ],
            "fields": [{"name": "asked_as", "before": ["old"], "after": ["new"]}],
        }
    ],
    "questions": [
        {
            "id": "tune-1",
            "ask": "how do we trust",
            "what": "section",
            "before": {"kind": "answer", "sections": ["trust/bids"], "right": True},
            "after": {"kind": "partial", "sections": [], "right": False},
        }
    ],
    "asked": 9,
}
PUBLISHED = {"edition": LIVE, "added": [], "changed": ["trust/bids"], "unchanged": 2, "seconds": 1.5, "gate": None}


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty library beside a small guide, both of this test."""
    write_small_guide(tmp_path / "corpus")
    (tmp_path / "library").mkdir()
    monkeypatch.setenv("ATTUNE_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("ATTUNE_CORPUS", str(tmp_path / "corpus"))
    return tmp_path / "library"


@pytest.fixture
def ingest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the program print these objects, say this on standard error, and end with this code."""

    def ends(*objects: object, code: int = 0, said: str = "") -> None:
        lines = "".join(json.dumps(one) + "\n" for one in objects)
        path = tmp_path / "ingest.py"
        path.write_text(
            f"import sys\nopen({str(tmp_path / 'given')!r}, 'w').write('\\n'.join(sys.argv[1:]))\n"
            f"sys.stdout.write({lines!r})\nsys.stderr.write({said!r})\nsys.exit({code})\n"
        )
        monkeypatch.setattr(process, "INGEST", (sys.executable, str(path)))

    return ends


@pytest.fixture
def editor(library: Path, page: Page) -> Page:
    """The editor's page."""
    return open_editor(page)


def open_editor(page: Page) -> Page:
    page.at.switch_page("views/editor.py").run()
    return page


def let(page: Page, label: str) -> Page:
    """Press a button that starts the program, and come back when it has ended."""
    page.press(label)
    if running := resources.press().running:
        running.wait()
    page.at.run()
    assert not page.at.exception
    return page


def put_edition(library: Path, name: str, **said: str) -> None:
    """Put what an edition says of itself into a library."""
    folder = library / "editions" / name
    folder.mkdir(parents=True)
    manifest = Manifest(
        name, 1, "2026-01-03T03:04:05+00:00", "", "A guide", "", "encoder", "", {"sections": 3}, {}, **said
    )
    (folder / "edition.json").write_text(json.dumps(asdict(manifest)))
    (folder / "report.json").write_text(json.dumps(PUBLISHED | {"gate": GATE | {"reasons": []}}))


def html_of(page: Page) -> str:
    """Everything that is drawn as HTML."""
    return "".join(html.value for html in page.at.get("html"))


def given(tmp_path: Path) -> list[str]:
    """What the program was given."""
    return (tmp_path / "given").read_text().split("\n")


def test_an_editor_sees_the_steps_and_that_nothing_is_published_yet(editor: Page) -> None:
    assert editor.headings == ["1. The text", "2. What would change", "3. Publish", "Editions"]
    assert "Nothing is published yet." in editor.words
    assert not editor.at.exception


def test_the_difference_shows_what_went_and_came_and_worse_answers_escaped(
    library: Path, ingest: Callable[..., None], page: Page, tmp_path: Path
) -> None:
    put_edition(library, LIVE)
    (library / "LIVE").write_text(LIVE)
    ingest({"step": "embedding", "done": 1, "total": 2}, DIFFERENCE)

    seen = let(open_editor(page), "See what changes")

    assert given(tmp_path) == ["diff", f"--corpus={tmp_path / 'corpus'}", "--json"]
    assert "1 added (trust/new); 1 changed (trust/bids); 2 unchanged." in shown(seen.words)
    assert "Trust <del>&lt;i&gt;grows</del><ins>lives</ins>" in html_of(seen)
    assert "<del>old</del> <ins>new</ins>" in html_of(seen)
    assert "Worse. how do we trust answered from trust/bids → answered in part" in seen.words


def test_of_what_stayed_only_the_words_beside_a_change_are_shown() -> None:
    far = [f"w{n}" for n in range(3 * NEAR)]
    runs = [
        {"op": "same", "text": " ".join(far)},
        {"op": "added", "text": "new"},
        {"op": "same", "text": " ".join(far)},
    ]

    shown = words_html(runs)

    assert shown == (
        f'<div class="attune-changed">… {" ".join(far[-NEAR:])}<ins>new</ins>{" ".join(far[:NEAR])} …</div>'
    )


def test_without_a_live_edition_there_is_nothing_to_compare_with(editor: Page) -> None:
    assert next(button for button in editor.at.button if button.label == "See what changes").disabled


def test_the_check_names_places_below_the_corpus_and_shows_the_gates_figures(
    editor: Page, ingest: Callable[..., None], tmp_path: Path
) -> None:
    file = tmp_path / "corpus" / "guide" / "trust" / "bids.md"
    ingest({"file": str(file), "line": 3, "what": "split it."}, {"gate": GATE}, code=1)

    seen = let(editor, "Check the text")

    assert "guide/trust/bids.md, line 3: split it." in seen.words
    assert "<p>74.0% of 200 golden questions answered right; the edition before: 80.0%.</p>" in html_of(seen)
    assert "<p>trust/bids was found before and no question finds it any more.</p>" in html_of(seen)


def test_a_clean_text_is_said_to_be_clean(editor: Page, ingest: Callable[..., None]) -> None:
    ingest({"gate": GATE})

    let(editor, "Check the text")

    assert [one.value for one in editor.at.success] == ["There is nothing to mend."]


def test_publishing_says_what_was_published(editor: Page, ingest: Callable[..., None], tmp_path: Path) -> None:
    ingest(PUBLISHED | {"gate": GATE})

    let(editor, "Publish")

    assert given(tmp_path) == ["build", str(tmp_path / "corpus"), "--json"]
    assert [one.value for one in editor.at.success] == ["Published in about 2 s. 1 changed (trust/bids); 2 unchanged."]


def test_files_that_cannot_be_used_are_skipped_on_request_and_listed_with_what_was_left_out(
    editor: Page, ingest: Callable[..., None], tmp_path: Path
) -> None:
    aside = {"document": "b.pdf", "what": "page number", "times": 3, "first": "<1>"}
    ingest(PUBLISHED | {"gate": GATE, "skipped": ["a.pdf is encrypted."], "left_out": [aside]})

    editor.at.checkbox(key="editor-skip").check().run()
    seen = let(editor, "Publish")

    assert given(tmp_path) == ["build", str(tmp_path / "corpus"), "--allow-skips", "--json"]
    assert "a.pdf is encrypted." in shown(seen.words)
    assert "b.pdf: page number, 3 times <1>" in seen.words


def test_a_text_that_is_live_already_is_said_to_be(editor: Page, ingest: Callable[..., None]) -> None:
    ingest(PUBLISHED)

    let(editor, "Publish")

    assert [one.value for one in editor.at.info] == ["Nothing has changed: this text is live already."]


def test_what_the_gate_refused_can_be_published_with_a_reason(
    editor: Page, ingest: Callable[..., None], tmp_path: Path
) -> None:
    ingest(PUBLISHED | {"gate": GATE, "refused": "worse"}, code=1, said="The gate refused it.")
    let(editor, "Publish")
    assert "answers worse" in editor.at.warning[0].value

    editor.press("Publish anyway")
    assert [one.value for one in editor.at.error] == ["Say why first."]
    assert "--publish-anyway" not in "".join(given(tmp_path))

    editor.at.text_input[0].set_value("-- the owner  asked for it")
    let(editor, "Publish anyway")

    assert given(tmp_path) == [
        "build",
        str(tmp_path / "corpus"),
        "--json",
        "--publish-anyway=-- the owner asked for it",
    ]


def test_a_file_that_cannot_be_used_is_told_and_nothing_is_shown_as_published(
    editor: Page, ingest: Callable[..., None]
) -> None:
    ingest(code=2, said="corpus/guide/a.md is not UTF-8 text. Save it as UTF-8 text.\n")

    let(editor, "Publish")

    assert "a.md is not UTF" in editor.words
    assert not editor.at.success


def test_while_something_runs_its_progress_and_a_way_to_stop_it_are_shown(
    editor: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "slow.py"
    path.write_text(
        'print(\'{"step": "embedding", "done": 3, "total": 12}\', flush=True)\nimport time; time.sleep(600)\n'
    )
    monkeypatch.setattr(process, "INGEST", (sys.executable, str(path)))

    editor.press("Publish")
    running = resources.press().running
    while running.step.name != "embedding":
        time.sleep(0.01)
    editor.at.run()

    assert "Publishing: embedding, 3 of 12" in editor.at.get("progress")[0].proto.text
    assert next(button for button in editor.at.button if button.label == "Publish").disabled
    editor.press("Cancel")
    running.wait()
    editor.at.run()
    assert "Stopped. What was live is still live." in editor.words


def test_editions_are_listed_with_changes_and_figures_and_an_earlier_one_can_be_gone_back_to(
    library: Path, ingest: Callable[..., None], page: Page, tmp_path: Path
) -> None:
    put_edition(library, BEFORE)
    put_edition(library, LIVE, published_anyway="the owner asked")
    put_edition(library, ASIDE, refused="worse")
    (library / "LIVE").write_text(LIVE)
    ingest({"edition": BEFORE})

    seen = open_editor(page)

    assert [f"**{state}**" in seen.words for state in ("Live", "Kept", "Kept aside by the gate")] == [True] * 3
    assert "Published against the gate: the owner asked" in shown(seen.words)
    assert seen.buttons.count("Go back to this edition") == 1
    seen.press("Go back to this edition")
    assert "3 January 2026, 03:04 UTC" in seen.words
    let(seen, "Go back")
    assert given(tmp_path) == ["rollback", BEFORE, "--json"]
    assert [one.value for one in seen.at.success] == ["The edition of 3 January 2026, 03:04 UTC is live again."]


def test_what_was_dropped_is_what_is_published(
    library: Path, ingest: Callable[..., None], page: Page, tmp_path: Path
) -> None:
    WorkingCopy(library, tmp_path / "corpus").put([Upload("new.md", b"words")])
    ingest(PUBLISHED)

    let(open_editor(page), "Publish")

    assert given(tmp_path) == ["build", str(library / "draft"), "--json"]


def test_missed_questions_stand_with_a_draft_and_can_be_deleted(
    library: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_GAPS", "on")
    monkeypatch.setattr(drawn_gaps, "load_encoder", lambda model: CountingEncoder())
    Gaps(library).keep("which <shelf> is mine")

    seen = open_editor(page)

    assert "which <shelf> is mine" in seen.words
    assert ["- which <shelf> is mine" in button["data-download"] for button in seen.takeaways] == [True]
    seen.press("Delete")
    assert Gaps(library).kept() == []
    assert "None so far." in seen.words


def test_thumbs_stand_in_a_table_by_section_and_kind(library: Path, page: Page) -> None:
    thumbs = Feedback(library)
    in_part = replace(ANSWER, kind=Kind.PARTIAL)
    for answer, up in ((ANSWER, True), (ANSWER, True), (ANSWER, False), (in_part, False)):
        thumbs.count(answer, up)

    seen = open_editor(page)

    assert seen.headings[-1] == "What people liked"
    [table] = [html.value for html in seen.at.get("html") if html.value.startswith("<table")]
    assert Drawn(table).within("td") == [
        "barriers/quiet",
        "answered",
        "2",
        "1",
        "barriers/quiet",
        "answered in part",
        "0",
        "1",
    ]


def test_without_thumbs_or_where_all_were_taken_back_there_is_no_table(library: Path, page: Page) -> None:
    assert "What people liked" not in open_editor(page).headings
    Feedback(library).count(ANSWER, True)
    Feedback(library).count(ANSWER, None, before=True)

    assert "What people liked" not in open_editor(page).headings


def test_counts_that_are_damaged_are_said_and_the_page_stays(library: Path, page: Page) -> None:
    (library / "feedback.sqlite3").write_bytes(b"this is no database" * 100)

    seen = open_editor(page)

    assert "cannot be read. Move the file away to begin anew." in seen.at.warning[0].value
    assert not seen.at.exception


def test_all_missed_questions_are_deleted_only_after_a_question(
    library: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn_gaps, "load_encoder", lambda model: CountingEncoder())
    for words in ("which shelf is mine", "how much money for a dog"):
        Gaps(library).keep(words)

    seen = open_editor(page).press("Delete all")

    assert "All 2 are deleted at once and cannot come back." in seen.words
    assert len(Gaps(library).kept()) == 2
    seen.press("Delete them")
    assert Gaps(library).kept() == []


def test_where_anybody_could_reach_it_there_is_no_page(
    library: Path, open_page: Callable[[], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bound to every interface and without a password, the page does not exist; with one it asks for it first."""
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")  # noqa: S104
    try:
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            open_editor(open_page())

        monkeypatch.setenv("ATTUNE_EDITOR_PASSWORD", "a long password")
        page = open_editor(open_page())
        assert (page.titles, page.headings) == (["Editor"], [])

        page.at.text_input[0].set_value("wrong")
        page.press("Open")
        assert (len(page.at.error), page.headings) == (1, [])

        page.at.text_input[0].set_value("a long password")
        page.press("Open")
        assert page.headings[0] == "1. The text"
    finally:
        config.set_option("server.address", before)


def test_no_question_is_kept_where_gaps_are_off(editor: Page, library: Path) -> None:
    assert "What people missed" not in editor.headings
    assert not (library / FILE).exists()
