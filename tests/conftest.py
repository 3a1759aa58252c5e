"""Fixtures that several folders of tests share; nothing here runs unless a test asks for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import ingest.build
import ingest.examples
import ingest.publish
from app.guide.ask import Guide
from app.guide.encoder import Encoder, SentenceEncoder, load_encoder
from app.guide.library import Library
from ingest.publish import Report, Wishes
from tests.fakes import Clock, CountingEncoder, Steps, write_section, write_small_guide
from tests.model_server import ModelServer, running_model_server

# The machine is shared; torch reads this when it is first imported, which is later than here.
os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).parent.parent
OFF_TOPIC = ["how to change a tyre", "best bread flour", "when is the next bus", "how far can a dog walk"]
THANKS = ["Thank you once.", "Thank you twice."]

Publish = Callable[..., Report]


@pytest.fixture
def encoder() -> CountingEncoder:
    """An encoder that counts words."""
    return CountingEncoder()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """The small guide."""
    write_small_guide(tmp_path / "corpus")
    return tmp_path / "corpus"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library that does not exist yet."""
    return Library(tmp_path / "library")


@pytest.fixture
def publish(corpus: Path, library: Library, encoder: CountingEncoder) -> Iterator[Publish]:
    """Publish the small guide with the counting encoder, or with the one that is given."""
    with pytest.MonkeyPatch.context() as patch:
        used = _publish_with(patch, encoder, day=2)

        def run(with_encoder: Encoder | None = None, keep: int = 5, wishes: Wishes | None = None) -> Report:
            used.append(with_encoder or encoder)
            return ingest.publish.publish(corpus, library, "", Steps(), keep, wishes or Wishes())

        yield run


@pytest.fixture
def published(_built_once: Path, library: Library) -> str:
    """The name of the live edition of the small guide, in a library of the test's own."""
    shutil.copytree(_built_once / "one", library.root)
    return library.live_id()


@pytest.fixture
def three(_built_once: Path, library: Library, corpus: Path) -> list[str]:
    """The names of three editions, oldest first: the small guide, and two with another section `new` each."""
    shutil.copytree(_built_once / "three", library.root)
    write_section(corpus, "new", THANKS[-1])
    return [manifest.id for manifest in reversed(library.manifests())]


@pytest.fixture
def guide(published: str, library: Library, encoder: CountingEncoder) -> Guide:
    """A guide that answers from the small guide."""
    return Guide(library, encoder)


@pytest.fixture(scope="session")
def _built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("once")
    corpus, library = folder / "corpus", Library(folder / "three")
    write_small_guide(corpus)
    with pytest.MonkeyPatch.context() as patch:
        _publish_with(patch, CountingEncoder(), day=1)
        ingest.publish.publish(corpus, library, "", Steps(), 5)
        shutil.copytree(library.root, folder / "one")
        for thanks in THANKS:
            write_section(corpus, "new", thanks)
            ingest.publish.publish(corpus, library, "", Steps(), 5)
    return folder


def _publish_with(patch: pytest.MonkeyPatch, encoder: Encoder, day: int) -> list[Encoder]:
    """Let builds use the last of the encoders returned, few questions, and a clock that gives each its own second.

    An edition's name has no smaller part of time.
    """
    used = [encoder]
    patch.setattr(ingest.build, "datetime", Clock(day))
    patch.setattr(ingest.examples, "off_topic_lines", lambda: OFF_TOPIC)
    patch.setattr(ingest.publish, "load_encoder", lambda model: used[-1])
    patch.setattr(ingest.publish, "encoder_fingerprint", lambda model: used[-1].fingerprint)
    return used


@pytest.fixture(scope="session")
def real_encoder() -> SentenceEncoder:
    """The model that comes with the program."""
    return load_encoder()


@pytest.fixture(scope="session")
def real_guide(real_encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Guide:
    """The guide as it is shipped, built once, as `make run` does it."""
    library = Library(tmp_path_factory.mktemp("real") / "library")
    ingest.publish.publish(ROOT / "corpus", library, "", Steps(), 5)
    return Guide(library, real_encoder)


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """A language model's server on loopback."""
    with running_model_server() as server:
        yield server
