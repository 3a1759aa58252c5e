"""An edition that learned a layer: when it is kept, and that search uses it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import ingest.learn
import ingest.publish
import ingest.tune
from app.guide.layer import read_layer
from app.guide.library import Library
from app.guide.manifest import ENCODER
from app.guide.search import Search
from ingest.examples import Material
from ingest.publish import Wishes
from tests.conftest import Publish
from tests.fakes import CountingEncoder, Steps


@pytest.fixture(autouse=True)
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is learned here matters to no test."""
    monkeypatch.setattr(ingest.learn, "STEPS", 2)


@pytest.fixture
def tune(publish: Publish, corpus: Path, library: Library) -> str:
    """The small guide's edition, which was to learn a layer."""
    # The fixture `publish` sets what this call uses.
    return ingest.publish.publish(corpus, library, "", Steps(), 5, Wishes(tune=True)).edition


def figures(monkeypatch: pytest.MonkeyPatch, before: float, after: float, brier: float = 0.1) -> None:
    """Let the layer be judged so."""
    answers = iter([before, after])

    def judged(questions: Material, coverage: dict) -> dict[str, float]:
        return {"first": (found := next(answers)), "among three": found, "brier": 0.1 if found == before else brier}

    monkeypatch.setattr(ingest.tune, "_figures", judged)


@pytest.mark.parametrize(
    ("after", "brier", "kept"), [(0.7, 0.1, True), (0.6, 0.1, False), (0.5, 0.1, False), (0.7, 0.2, False)]
)
def test_a_layer_is_kept_only_where_it_finds_more_and_judges_coverage_no_worse(
    monkeypatch: pytest.MonkeyPatch,
    publish: Publish,
    corpus: Path,
    library: Library,
    after: float,
    brier: float,
    kept: bool,
) -> None:
    figures(monkeypatch, 0.6, after, brier)

    edition = ingest.publish.publish(corpus, library, "", Steps(), 5, Wishes(tune=True)).edition

    opened = library.open_live()
    assert (read_layer(library.folder(edition) / ENCODER) is not None) is kept
    assert opened.coverage["language"]["kept"] is kept
    assert opened.coverage["language"]["before"]["first"] == 0.6
    opened.close()


def test_search_turns_questions_by_the_edition_s_layer(
    monkeypatch: pytest.MonkeyPatch, publish: Publish, corpus: Path, library: Library
) -> None:
    turn = np.zeros((9, 9), dtype=np.float32)
    turn[7, 1] = 100.0  # who says money means listen
    monkeypatch.setattr(ingest.tune, "learn", lambda lessons, advance: turn)
    figures(monkeypatch, 0.6, 0.7)
    ingest.publish.publish(corpus, library, "", Steps(), 5, Wishes(tune=True))
    edition = library.open_live()

    found = Search(edition, CountingEncoder())("money")

    assert found[0].section.slug == "talk/listening"
    edition.close()


def test_the_same_guide_is_built_again_where_it_is_to_learn(tune: str, publish: Publish, library: Library) -> None:
    again = publish()

    assert (again.edition == tune, again.embedded, library.live_id()) == (False, 0, again.edition)


def test_an_edition_takes_over_vectors_whatever_layer_was_learned(
    published: str, publish: Publish, corpus: Path, library: Library
) -> None:
    report = ingest.publish.publish(corpus, library, "", Steps(), 5, Wishes(tune=True))

    assert (report.embedded, report.unchanged) == (0, 3)
