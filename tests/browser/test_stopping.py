"""A person stops a language model that is writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.serving import NeutralPage, Server
from tests.browser.visiting import Visit
from tests.fakes import write_small_guide
from tests.model_server import Connection, ModelServer, running_model_server, says

pytestmark = pytest.mark.browser

QUESTION = "how do we trust again"
WRITTEN = "So trust grows in small moments."
OWN = "Trust grows in small moments. Keep trust small."


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    """A language model's server on loopback."""
    with running_model_server() as model:
        yield model


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, neutral: NeutralPage, model: ModelServer) -> Iterator[Server]:
    """A server on a small guide, with a language model that has more time than anybody waits."""
    settings = {"CHAT_MODEL": "openai:test", "CHAT_BASE_URL": model.address, "CHAT_SECONDS": "300"}
    server = Server(
        tmp_path_factory.mktemp("served"),
        leave_url=neutral.address,
        settings={f"ATTUNE_{name}": value for name, value in settings.items()},
    )
    corpus = tmp_path_factory.mktemp("source")
    write_small_guide(corpus)
    server.build(corpus)
    server.start()
    yield server
    server.stop()


def writes_and_goes_on(connection: Connection) -> None:
    """Write a sentence and the first word of another, and keep the connection open until the reader leaves."""
    connection.begin()
    connection.say_word_by_word(f"{WRITTEN[:-1]} [1]. Keep")
    while not connection.server.closing.wait(0.05):
        connection.send(": still here")


def test_stop_ends_the_model_and_leaves_the_guides_own_answer(visit: Callable[..., Visit], model: ModelServer) -> None:
    model.behaviour = writes_and_goes_on
    tab = visit()
    tab.input.fill(QUESTION)
    tab.input.press("Enter")
    expect(tab.replies).to_contain_text(WRITTEN)
    stop = tab.page.get_by_role("button", name="Stop", exact=True)

    stop.click()

    expect(tab.replies).to_contain_text(OWN)
    expect(tab.replies).to_contain_text("You stopped the language model, so this is the guide's own wording.")
    expect(tab.replies).not_to_contain_text(WRITTEN)
    expect(stop).to_have_count(0)
    assert model.left.wait(30), "the model goes on writing for nobody"

    model.behaviour = says(f"{WRITTEN[:-1]} [1]. So keep your trust small [1].")
    tab.ask(f"{QUESTION}?")
    expect(tab.replies.last).to_contain_text("Written by openai:test.")
