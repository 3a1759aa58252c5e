"""A language model is opened as the settings say, and hears, keeps and tells no more than it must."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from langchain_core.globals import get_debug, set_debug

from app.guide import generate
from app.guide.errors import UnusableInput
from app.guide.generate import messages, open_writer
from app.guide.providers import PROVIDERS
from app.guide.settings import Settings
from tests.conftest import ROOT
from tests.model_server import ModelServer, says

SECRET = "sk-a-secret-key"
QUESTION = "a question about a heron"


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without a key or a proxy of whoever runs the tests, and let no change outlive a test."""
    for name in [name for name in os.environ if name.startswith(("OPENAI", "ANTHROPIC", "LANGSMITH", "LANGCHAIN"))]:
        monkeypatch.delenv(name)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")


def written(server: ModelServer, **settings: object) -> str:
    """Return what a model writes."""
    writer = open_writer(Settings(chat_model="openai:test", chat_base_url=server.address, **settings))
    return "".join(writer.write(QUESTION, ["Herons wait."]))


def test_what_the_model_writes_comes_out_as_it_is(model_server: ModelServer) -> None:
    model_server.behaviour = says("Herons wait [1].\nThey do.")

    assert written(model_server) == "Herons wait [1].\nThey do."


def test_two_answers_at_different_times_use_one_model(model_server: ModelServer) -> None:
    """Connections that are kept must not belong to a loop that is closed."""
    writer = open_writer(Settings(chat_model="openai:test", chat_base_url=model_server.address))
    model_server.behaviour = says("Herons wait.")

    assert ["".join(writer.write(QUESTION, [])) for _ in range(3)] == ["Herons wait."] * 3


def test_the_prompt_numbers_the_passages_and_ends_with_the_question() -> None:
    system, human = messages("Why?", ["Herons wait.", "They fish."])

    assert system.content == generate.INSTRUCTIONS
    assert human.content == "Passages:\n\n[1] Herons wait.\n\n[2] They fish.\n\nQuestion: Why?"


def test_the_key_that_is_set_is_sent_and_shown_nowhere(model_server: ModelServer) -> None:
    settings = Settings(chat_model="openai:test", chat_base_url=model_server.address, chat_api_key=SECRET)
    writer = open_writer(settings)
    list(writer.write(QUESTION, []))

    assert model_server.keys == [f"Bearer {SECRET}"]
    assert SECRET not in f"{settings!r} {vars(writer)!r} {writer._model!r}"


def test_a_provider_s_own_key_goes_to_no_other_address(
    model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    model_server.behaviour = says("Herons wait.")

    written(model_server)

    assert model_server.keys == ["Bearer none"]


def test_a_provider_s_own_key_is_used_at_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)

    writer = open_writer(Settings(chat_model="openai:test"))

    assert writer._model.openai_api_key.get_secret_value() == SECRET


def test_without_a_key_for_a_provider_it_says_what_to_set() -> None:
    with pytest.raises(UnusableInput, match=r"no key for it\. Set ATTUNE_CHAT_API_KEY or OPENAI_API_KEY"):
        open_writer(Settings(chat_model="openai:test"))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_package_that_is_missing_is_one_sentence_with_the_command(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "find_spec", lambda name: None)

    with pytest.raises(UnusableInput, match=rf"not installed\. Run `.+ --editable '\.\[{provider}\]'`"):
        open_writer(Settings(chat_model=f"{provider}:test", chat_api_key="k"))


@pytest.mark.parametrize("variable", ["OPENAI_API_BASE", "OPENAI_BASE_URL"])
def test_no_other_variable_moves_the_address(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page says about where a question goes would not be true."""
    monkeypatch.setenv(variable, "http://127.0.0.1:9/v1")

    writer = open_writer(Settings(chat_model="openai:test", chat_api_key="k"))

    assert writer._model.openai_api_base == PROVIDERS["openai"].address


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY"])
def test_no_proxy_comes_between_this_machine_and_itself(
    model_server: ModelServer, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    model_server.behaviour = says("Herons wait.")

    assert written(model_server) == "Herons wait."


def test_a_program_that_prints_what_models_hear_is_hushed(
    model_server: ModelServer, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    set_debug(True)
    caplog.set_level("DEBUG")
    model_server.behaviour = says("Herons wait.")

    written(model_server)

    captured = capsys.readouterr()
    assert not get_debug()
    assert "heron" not in (captured.out + captured.err + caplog.text).lower()


TALK = """
import logging, sys
logging.basicConfig(level=logging.DEBUG)
how, address, question = sys.argv[1:]
if how == "ours":
    from app.guide.generate import open_writer
    from app.guide.settings import Settings
    list(open_writer(Settings(chat_model="openai:test", chat_base_url=address)).write(question, []))
else:
    from langchain.chat_models import init_chat_model
    list(init_chat_model("openai:test", base_url=address, api_key="none").stream(question))
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
"""


@pytest.mark.parametrize(("how", "traced"), [("ours", False), ("bare", True)])
def test_nothing_is_traced_or_logged_even_where_the_environment_asks_for_it(
    model_server: ModelServer, how: str, traced: bool
) -> None:
    """The bare client is traced under the same variables, so this would notice."""
    model_server.behaviour = says("Herons wait.")
    asking = {
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_API_KEY": "key",
        "LANGSMITH_ENDPOINT": model_server.address,
        "OPENAI_LOG": "debug",
    }
    ended = subprocess.run(
        [sys.executable, "-c", TALK, how, model_server.address, QUESTION], cwd=ROOT, capture_output=True, text=True,
        check=True, timeout=300, env={**os.environ, **asking, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert "/v1/chat/completions" in model_server.paths
    assert (len(model_server.paths) > 1) is traced
    assert "heron" not in ended.stdout + ended.stderr
