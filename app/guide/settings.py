"""The settings: environment variables or a `.env` file, read once, by `read_settings`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.guide.errors import UnusableInput

SHORTEST_PASSWORD = 8
_HOST = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f]*:[0-9a-f:.]+")
_CHAT_MODEL = re.compile(r"(ollama|openai|anthropic):\S+")


class Settings(BaseSettings):
    """A value, not a service; every default works offline."""

    model_config = SettingsConfigDict(
        env_prefix="ATTUNE_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    library: Path = Path("library")
    corpus: Path = Path("corpus")
    embedding_model: str = ""
    # A sentence-transformers CrossEncoder, by name or folder; without one nothing is loaded.
    reranker: str = ""
    # Whether a build learns the guide's own language; docs/search.md says what that is worth.
    tune: bool = False
    leave_url: str = Field(default="https://www.bbc.com/weather", pattern=r"^https?://[^\s\"'<>]+$")
    # An owner's own helplines instead of the bundled ones.
    helplines: Path | None = None
    # A language model that may write answers; empty: none, and nothing leaves this machine.
    chat_model: str = ""
    chat_base_url: str = Field(default="", pattern=r"^(https?://[^\s\"'<>]+)?$")
    chat_api_key: SecretStr = SecretStr("")
    # How long a written answer may take in all, in seconds; then the composed one is shown.
    chat_seconds: float = Field(default=30, gt=0, le=600)
    keep_editions: int = Field(default=5, ge=1)
    # By how much the share of questions answered right may fall before the gate refuses an edition.
    gate_margin: float = Field(default=0.02, ge=0, le=1)
    # Whether the server also runs `python -m ingest watch`.
    watch: bool = False
    # What the editor's page asks for; without one it exists only where nobody but this machine can reach it.
    editor_password: SecretStr = SecretStr("")
    # Whether a person may keep a question for the editor that the guide did not answer.
    gaps: bool = False
    # Names besides its own that the server answers to, such as a proxy's; `*.` before one stands for all below it.
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("chat_model")
    @classmethod
    def _provider_and_model(cls, value: str) -> str:
        if value and not _CHAT_MODEL.fullmatch(value):
            raise PydanticCustomError("chat_model", "it takes ollama, openai or anthropic, a colon and a model's name")
        return value

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _host_names(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        names = tuple(name.strip().lower().strip("[]") for name in value.split(",") if name.strip())
        if not all(_HOST.fullmatch(name) for name in names):
            raise PydanticCustomError("host_names", "it takes host names without port or scheme, with commas between")
        return names

    @field_validator("editor_password")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SHORTEST_PASSWORD:
            raise PydanticCustomError("password", f"it takes at least {SHORTEST_PASSWORD} characters")
        return value


def read_settings() -> Settings:
    """Read the settings; a value that cannot be used raises `UnusableInput` naming the variable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "ATTUNE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise UnusableInput(f"The setting {name} cannot be used: {first['msg']}. Correct or remove it.") from error
    except UnicodeDecodeError as error:
        raise UnusableInput("The file .env is not UTF-8 text. Save it as UTF-8, or remove it.") from error
