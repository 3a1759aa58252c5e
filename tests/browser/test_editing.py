"""An editor's whole story, on a server and a small guide of its own: drop, look, publish, ask, go back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.guide.gaps import Gaps
from app.ui.working_copy import FOLDER
from tests.browser.serving import NeutralPage, Server
from tests.browser.visiting import PHONE, WIDE, Visit
from tests.fakes import files_of, write_small_guide

pytestmark = pytest.mark.browser

QUESTION = "how do we trust again"
BEFORE, AFTER = "Keep trust small.", "Trust needs patience on every single day."


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small guide."""
    corpus = tmp_path_factory.mktemp("source") / "corpus"
    write_small_guide(corpus)
    return corpus


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, neutral: NeutralPage, corpus: Path) -> Iterator[Server]:
    """A server before anything was published, where questions may be left for the editor."""
    server = Server(
        tmp_path_factory.mktemp("served"),
        leave_url=neutral.address,
        settings={"ATTUNE_CORPUS": str(corpus), "ATTUNE_GAPS": "on"},
    )
    server.start()
    yield server
    server.stop()


def test_the_story_of_an_editor(visit: Callable[..., Visit], server: Server, corpus: Path) -> None:
    """Publish the corpus; drop a changed file, see it, check it, publish it; people get it; go back; they do not."""
    untouched = files_of(corpus)
    editor = visit("/editor")
    publish(editor)
    assert BEFORE in answer(visit)

    text = (corpus / "guide" / "trust" / "bids.md").read_text(encoding="utf-8").replace(BEFORE, AFTER)
    editor.page.get_by_text("A working copy, with files that I bring").click()
    drop(editor, "bids.md", text)
    expect(editor.page.get_by_text("Put in: guide/trust/bids.md")).to_be_visible()
    press(editor, "See what changes")
    editor.page.get_by_text("Changed: Small bids").click()
    expect(editor.page.locator(".attune-changed ins").first).to_be_visible()
    press(editor, "Check the text")
    expect(editor.page.get_by_text("things worth mending")).to_be_visible()
    assert AFTER not in answer(visit)

    publish(editor)
    assert AFTER in answer(visit)

    editor.page.get_by_role("button", name="Go back to this edition").first.click()
    editor.page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    expect(editor.page.get_by_text("is live again")).to_be_visible()
    assert BEFORE in answer(visit)
    assert files_of(corpus) == untouched


def test_a_zip_that_is_none_is_refused_by_name(visit: Callable[..., Visit], server: Server) -> None:
    before = files_of(server.library / FOLDER)
    editor = visit("/editor")
    editor.page.get_by_text("A working copy, with files that I bring").click()

    drop(editor, "guide.zip", "no zip")

    expect(editor.page.get_by_text("guide.zip is no zip that can be read.")).to_be_visible()
    assert files_of(server.library / FOLDER) == before


def test_a_question_that_is_left_comes_to_the_editor(visit: Callable[..., Visit], server: Server) -> None:
    gaps = Gaps(server.library)
    person = visit("/")
    person.ask("which shelf in the cellar is mine")
    person.page.get_by_text("Tell the editor that this is missing").click()
    person.page.get_by_label("The editor would see").fill("I want to kill myself")
    person.page.get_by_role("button", name="Keep these words for the editor").click()
    expect(person.page.get_by_text("so they are not kept")).to_be_visible()
    person.settle()
    person.page.get_by_label("The editor would see").fill("which shelf is mine")
    assert gaps.kept() == []
    person.page.get_by_role("button", name="Keep these words for the editor").click()
    expect(person.page.get_by_text("Thank you. The editor will see these words")).to_be_visible()

    editor = visit("/editor")
    expect(editor.page.get_by_text("which shelf is mine")).to_be_visible()
    with editor.page.expect_download() as download:
        editor.page.get_by_role("button", name="Draft a section").click()
    assert "- which shelf is mine" in Path(download.value.path()).read_text(encoding="utf-8")
    editor.page.get_by_role("button", name="Delete", exact=True).click()
    expect(editor.page.get_by_text("None so far.")).to_be_visible()
    assert server.holds("which shelf") == []


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_is_wider_than_the_screen(visit: Callable[..., Visit], size: dict[str, int]) -> None:
    editor = visit("/editor", size)

    expect(editor.page.get_by_text("3. Publish")).to_be_visible()
    assert editor.sideways <= 0


def press(editor: Visit, label: str) -> None:
    """Press a button that starts a process, see it told where the button is, and wait until the process has ended."""
    editor.page.get_by_role("button", name=label, exact=True).click()
    expect(editor.page.get_by_test_id("stProgress")).to_be_in_viewport()
    expect(editor.page.get_by_role("button", name="Cancel")).to_be_hidden(timeout=180_000)
    editor.settle()


def publish(editor: Visit) -> None:
    """Publish what is chosen."""
    press(editor, "Publish")
    expect(editor.page.get_by_text("Published in")).to_be_visible()


def drop(editor: Visit, name: str, text: str) -> None:
    """Drop a file and put it into the working copy."""
    file = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    editor.page.locator('input[type="file"]').set_input_files([file])
    expect(editor.page.get_by_role("button", name=f"Remove {name}")).to_be_visible()
    editor.page.get_by_role("button", name="Put into the working copy").click()


def answer(visit: Callable[..., Visit]) -> str:
    """What somebody who has just come gets to the question."""
    person = visit("/").ask(QUESTION)
    return person.replies.first.inner_text()
