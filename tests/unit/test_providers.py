"""Where the language model that is set runs: here, or elsewhere, and then at which host."""

from __future__ import annotations

import pytest

from app.guide.providers import ModelInUse, model_in_use
from app.guide.settings import Settings


def place(model: str, address: str = "") -> str:
    """Return the host that questions go to."""
    return model_in_use(Settings(chat_model=model, chat_base_url=address)).place


def test_without_a_setting_there_is_no_model() -> None:
    assert model_in_use(Settings()) is None


def test_a_model_has_the_name_that_was_set() -> None:
    assert model_in_use(Settings(chat_model="ollama:llama3:8b")) == ModelInUse("ollama:llama3:8b", "")


def test_ollama_is_here_unless_it_is_said_to_be_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own variable could move it without the page knowing, and is not looked at."""
    monkeypatch.setenv("OLLAMA_HOST", "http://gpu.example.org")

    assert place("ollama:llama3") == ""
    assert place("ollama:llama3", "http://gpu.example.org:11434") == "gpu.example.org:11434"


@pytest.mark.parametrize(("model", "host"), [("openai:x", "api.openai.com"), ("anthropic:x", "api.anthropic.com")])
def test_a_provider_elsewhere_is_named_by_its_host(model: str, host: str) -> None:
    assert place(model) == host


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080/v1", "http://127.8.9.1", "http://LOCALHOST:1", "http://[::1]:1"]
)
def test_loopback_is_this_machine(address: str) -> None:
    assert place("openai:x", address) == ""


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://192.168.0.3:8080/v1", "192.168.0.3:8080"),
        ("http://0.0.0.0:1", "0.0.0.0:1"),
        ("https://localhost.example.org", "localhost.example.org"),
        ("https://name:word@example.org/v1", "example.org"),
        ("https://127.0.0.1@example.org/v1", "example.org"),
    ],
)
def test_anything_else_is_not(address: str, host: str) -> None:
    assert place("openai:x", address) == host
