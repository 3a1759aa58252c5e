"""The settings: environment variables or a `.env` file, read once, by `read_settings`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.guide.errors import UnusableInput


class Settings(BaseSettings):
    """A value, not a service; every default works offline."""

    model_config = SettingsConfigDict(env_prefix="ATTUNE_", env_file=".env", extra="ignore", frozen=True)

    library: Path = Path("library")
    corpus: Path = Path("corpus")
    embedding_model: str = ""
    keep_editions: int = Field(default=5, ge=1)


def read_settings() -> Settings:
    """Read the settings; a value that cannot be used raises `UnusableInput` naming the variable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "ATTUNE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise UnusableInput(f"The setting {name} cannot be used: {first['msg']}. Correct or remove it.") from error
