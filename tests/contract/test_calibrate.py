"""The coverage model that a build fits: on what, and what it may say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.guide.coverage import FEATURES, coverage_of
from app.guide.edition import Edition
from app.guide.library import Library
from app.guide.nouns import Kind, Section
from app.guide.search import Search
from ingest.calibrate import Question, calibrate, covered_questions, off_topic_lines
from ingest.passages import vector_id
from tests.conftest import OFF_TOPIC, Publish
from tests.fakes import CountingEncoder, write_section


@pytest.fixture
def edition(published: str, library: Library) -> Iterator[Edition]:
    """The small guide's edition."""
    opened = library.open_live()
    yield opened
    opened.close()


def sections_of(edition: Edition) -> list[Section]:
    """Return every section in order."""
    return [edition.section(heading.slug) for heading in edition.headings]


def test_each_asked_as_line_is_a_covered_question_that_must_not_answer_itself(edition: Edition) -> None:
    questions = list(covered_questions(edition, sections_of(edition)))

    assert questions == [
        Question("my partner is quiet", frozenset({vector_id("my partner is quiet")}), 0),
        Question("so quiet on every walk", frozenset({vector_id("so quiet on every walk")}), 1),
        Question("nobody will listen to me", frozenset({vector_id("nobody will listen to me")}), 0),
        Question("how do we trust again", frozenset({vector_id("how do we trust again")}), 0),
        Question("trust is gone", frozenset({vector_id("trust is gone")}), 1),
    ]


def test_a_section_without_asked_as_lines_is_asked_for_by_title_and_first_sentence(
    publish: Publish, library: Library, corpus: Path
) -> None:
    write_section(corpus, "bare", "Grief comes. It goes.\n\n## Why\n\nGrief is love.", title="Grief")
    publish()
    edition = library.open_live()

    questions = list(covered_questions(edition, [edition.section("bare")]))

    first = edition.passages_of("bare")[0]
    assert [(one.text, one.without) for one in questions] == [
        ("Grief", frozenset({first.vector})),
        ("Grief comes.", frozenset({first.vector})),
    ]
    edition.close()


def test_the_stored_model_says_how_it_was_fitted(edition: Edition) -> None:
    stored = edition.coverage

    assert stored["features"] == list(FEATURES)
    assert (stored["fitted_on"]["covered"], stored["fitted_on"]["others"]) == (5, len(OFF_TOPIC))
    assert 0 < stored["partial_from"] <= stored["answer_from"] < 1
    assert len(stored["weights"]) == len(FEATURES)


def test_the_curve_only_falls(edition: Edition) -> None:
    curve = edition.coverage["curve"]

    for group in ("covered", "others"):
        shares = [point[group] for point in curve]
        assert shares == sorted(shares, reverse=True)
    assert [point["probability"] for point in curve] == sorted(point["probability"] for point in curve)


def test_the_fitted_model_tells_covered_from_other_questions(edition: Edition, encoder: CountingEncoder) -> None:
    search, coverage = Search(edition, encoder), coverage_of(edition.coverage)

    verdicts = {
        question: coverage.verdict(search(question)) for question in ("trust", "quiet walk", "best bread flour")
    }

    assert verdicts == {
        "trust": Kind.ANSWER,
        "quiet walk": Kind.ANSWER,
        "best bread flour": Kind.NOT_COVERED,
    }


def test_fitting_twice_gives_the_same_model(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.calibrate.off_topic_lines", lambda: OFF_TOPIC)

    one, two = (calibrate(edition, sections_of(edition), CountingEncoder()) for _ in range(2))

    assert one == two


def test_the_shipped_off_topic_questions_are_many_and_each_is_there_once() -> None:
    lines = off_topic_lines()

    assert len(lines) > 200
    assert len(set(lines)) == len(lines)
    assert [line for line in lines if line != line.strip()] == []
