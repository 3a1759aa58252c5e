"""The coverage model that a build fits: on what, and what it may say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app.guide.coverage import FEATURES, coverage_of
from app.guide.edition import Edition
from app.guide.library import Library
from app.guide.nouns import Kind, Section
from app.guide.search import Search
from ingest.calibrate import calibrate, weights_of
from ingest.examples import Example, Seen, Source, examples, material, off_topic_lines
from ingest.golden import Golden, GoldenTurn
from ingest.passages import vector_id
from tests.conftest import OFF_TOPIC, Publish
from tests.fakes import CountingEncoder, Steps, write_section


@pytest.fixture
def edition(published: str, library: Library) -> Iterator[Edition]:
    """The small guide's edition."""
    opened = library.open_live()
    yield opened
    opened.close()


def sections_of(edition: Edition) -> list[Section]:
    """Return every section in order."""
    return [edition.section(heading.slug) for heading in edition.headings]


def of(source: Source, found: Sequence[Example]) -> list[Example]:
    """Return the examples of one source."""
    return [one for one in found if one.source is source]


def test_each_asked_as_line_is_a_covered_question_that_must_not_answer_itself(edition: Edition) -> None:
    lines = of(Source.ASKED_AS, examples(edition, sections_of(edition), []))

    assert [(one.text, one.accepted, one.fold) for one in lines] == [
        ("my partner is quiet", ("barriers/quiet",), 0),
        ("so quiet on every walk", ("barriers/quiet",), 1),
        ("nobody will listen to me", ("talk/listening",), 0),
        ("how do we trust again", ("trust/bids",), 0),
        ("trust is gone", ("trust/bids",), 1),
    ]
    assert [one.without for one in lines] == [frozenset({vector_id(one.text)}) for one in lines]


def test_a_section_without_asked_as_lines_is_asked_for_by_title_and_first_sentence(
    publish: Publish, library: Library, corpus: Path
) -> None:
    write_section(corpus, "bare", "Grief comes. It goes.\n\n## Why\n\nGrief is love.", title="Grief")
    publish()
    edition = library.open_live()

    found = of(Source.SECTION, examples(edition, [edition.section("bare")], []))

    first = edition.passages_of("bare")[0]
    assert [(one.text, one.accepted, one.without) for one in found] == [
        ("Grief", ("bare",), frozenset({first.vector})),
        ("Grief comes.", ("bare",), frozenset({first.vector})),
    ]
    edition.close()


def test_of_the_golden_questions_only_single_ones_for_tuning_are_examples(edition: Edition) -> None:
    golden = [
        Golden(id="a", split="tune", ask="who keeps my trust", sections=("trust/bids",)),
        Golden(id="b", split="tune", ask="who keeps the dog", expect="not_covered"),
        Golden(id="c", split="judge", ask="is trust all", sections=("trust/bids",)),
        Golden(id="d", split="tune", ask="he hits me", expect="care"),
        Golden(id="e", split="tune", turns=(GoldenTurn(ask="trust", sections=("trust/bids",)),)),
    ]

    found = of(Source.GOLDEN, examples(edition, sections_of(edition), golden))

    assert [(one.text, one.covered) for one in found] == [("who keeps my trust", True), ("who keeps the dog", False)]


def test_a_line_is_searched_as_if_it_stood_in_no_index(edition: Edition) -> None:
    lines = of(Source.ASKED_AS, examples(edition, sections_of(edition), []))
    gone = next(one for one in lines if one.text == "trust is gone")
    vector = CountingEncoder().encode([gone.text])[0]

    joined = Seen(edition, sections_of(edition)).joined(gone, vector)

    # The other line of its section has the same vector; the word "gone" stands in this line only.
    asked, words = joined["trust/bids"][0].line, joined["trust/bids"][0].words
    assert asked == pytest.approx(1.0)
    assert words == pytest.approx(float(edition.words.scores("trust")[2]), rel=0.2)
    assert words < float(edition.words.scores("trust is gone")[2])


def test_every_question_has_its_own_vector(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.examples.off_topic_lines", lambda: OFF_TOPIC)

    found = material(edition, sections_of(edition), [])

    assert found.vectors == pytest.approx(CountingEncoder().encode([one.text for one in found.examples]))


def test_the_stored_model_says_how_it_was_fitted(edition: Edition) -> None:
    stored = edition.coverage

    assert stored["features"] == list(FEATURES)
    assert (stored["fitted_on"]["covered"], stored["fitted_on"]["others"]) == (5, len(OFF_TOPIC))
    assert 0 < stored["partial_from"] <= stored["answer_from"] < 1
    assert len(stored["weights"]) == len(FEATURES)


def test_the_reliability_counts_every_question_once(edition: Edition) -> None:
    reliability = edition.coverage["reliability"]

    assert sum(each["questions"] for each in reliability["bins"]) == 5 + len(OFF_TOPIC)
    assert 0 <= reliability["brier"] < 0.5
    assert all(0 <= each[share] <= 1 for each in reliability["bins"] for share in ("said", "was"))


def test_the_curve_only_falls(edition: Edition) -> None:
    curve = edition.coverage["curve"]

    for group in ("covered", "others"):
        shares = [point[group] for point in curve]
        assert shares == sorted(shares, reverse=True)
    assert [point["probability"] for point in curve] == sorted(point["probability"] for point in curve)


def test_the_fitted_model_tells_covered_from_other_questions(edition: Edition, encoder: CountingEncoder) -> None:
    search, coverage = Search(edition, encoder), coverage_of(edition.coverage)

    verdicts = {
        question: coverage.verdict(search.look(question).evidence)
        for question in ("trust", "quiet walk", "best bread flour")
    }

    assert verdicts == {
        "trust": Kind.ANSWER,
        "quiet walk": Kind.ANSWER,
        "best bread flour": Kind.NOT_COVERED,
    }


def test_fitting_twice_gives_the_same_model(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.examples.off_topic_lines", lambda: OFF_TOPIC)

    one, two = (calibrate(material(edition, sections_of(edition), []), Steps()) for _ in range(2))

    assert one == two


def test_the_shipped_off_topic_questions_are_many_and_each_is_there_once() -> None:
    lines = off_topic_lines()

    assert len(lines) > 200
    assert len(set(lines)) == len(lines)
    assert [line for line in lines if line != line.strip()] == []


def test_one_section_without_asked_as_lines_weighs_no_more_than_its_questions() -> None:
    """As a source of its own it would weigh as much as all the lines together."""
    lines = [Example(f"line {n}", Source.ASKED_AS, ("a/a",)) for n in range(8)]
    bare = [Example("its title", Source.SECTION, ("b/b",)), Example("its first sentence", Source.SECTION, ("b/b",))]
    others = [Example("best bread flour", Source.OFF_TOPIC)] * 5

    weights = weights_of([*lines, *bare, *others])

    assert weights == pytest.approx([15 / 2 / 10] * 10 + [15 / 2 / 5] * 5)
