"""Who can provide a language model, and where the one that is set runs; nothing of LangChain is needed to know."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.guide.settings import Settings


@dataclass(frozen=True, slots=True)
class Provider:
    """The package of a provider's client, the address that is meant where none is set, and its own key's variable."""

    package: str
    address: str
    key: str = ""


PROVIDERS = {
    "ollama": Provider("langchain_ollama", "http://127.0.0.1:11434"),
    "openai": Provider("langchain_openai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
    "anthropic": Provider("langchain_anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY"),
}


@dataclass(frozen=True, slots=True)
class ModelInUse:
    """A language model that is on; `place` is the host that questions go to, empty where that is this machine."""

    name: str
    place: str


def model_in_use(settings: Settings) -> ModelInUse | None:
    """Return the model that the settings turn on, if they do."""
    if not settings.chat_model:
        return None
    address = address_of(settings)
    return ModelInUse(
        settings.chat_model, "" if is_this_machine(address) else urlsplit(address).netloc.rpartition("@")[2]
    )


def address_of(settings: Settings) -> str:
    """Return the address that a question is sent to. No variable but ours moves it, or a page could not name it."""
    return settings.chat_base_url or PROVIDERS[settings.chat_model.partition(":")[0]].address


def is_this_machine(address: str) -> bool:
    """Whether an address is on this machine's own loopback."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
