"""The settings are read once, from the environment or a `.env` file, and say which of them is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.guide.errors import UnusableInput
from app.guide.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def _no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin in an empty folder without a variable of ours."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("ATTUNE_")]:
        monkeypatch.delenv(name)


def test_every_default_works_offline() -> None:
    settings = read_settings()

    assert (settings.library, settings.corpus) == (Path("library"), Path("corpus"))
    assert (settings.embedding_model, settings.keep_editions) == ("", 5)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ATTUNE_LIBRARY", str(tmp_path))
    monkeypatch.setenv("ATTUNE_KEEP_EDITIONS", "2")

    settings = read_settings()

    assert (settings.library, settings.keep_editions) == (tmp_path, 2)


def test_the_environment_goes_before_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ATTUNE_CORPUS=from-file\nATTUNE_KEEP_EDITIONS=3\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("ATTUNE_KEEP_EDITIONS", "4")

    settings = read_settings()

    assert (settings.corpus, settings.keep_editions) == (Path("from-file"), 4)


@pytest.mark.parametrize("value", ["many", "0", "-1", "2.5"])
def test_a_value_that_cannot_be_used_names_its_variable(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ATTUNE_KEEP_EDITIONS", value)

    with pytest.raises(
        UnusableInput, match=r"^The setting ATTUNE_KEEP_EDITIONS cannot be used: .+\. Correct or remove"
    ):
        read_settings()


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty ATTUNE_LIBRARY must not mean the folder that the program was started in."""
    monkeypatch.setenv("ATTUNE_LIBRARY", "")

    assert read_settings().library == Path("library")


def test_a_file_that_is_not_utf_8_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"ATTUNE_CORPUS=caf\xe9\n")

    with pytest.raises(UnusableInput, match=r"\.env"):
        read_settings()


def test_settings_are_a_value() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().keep_editions = 3


def test_no_language_model_is_on_by_default() -> None:
    assert read_settings().chat_model == ""


@pytest.mark.parametrize("value", ["gpt-4o", "bedrock:claude", "openai:", "openai:two words"])
def test_a_language_model_is_named_with_one_of_three_providers(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ATTUNE_CHAT_MODEL", value)

    with pytest.raises(UnusableInput, match=r"ATTUNE_CHAT_MODEL cannot be used: .+ ollama, openai or anthropic"):
        read_settings()


def test_a_key_is_kept_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_CHAT_API_KEY", "sk-a-secret-key")

    settings = read_settings()

    assert "secret-key" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert settings.chat_api_key.get_secret_value() == "sk-a-secret-key"
