"""The few things that the nouns reckon themselves."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from app.guide.nouns import Answer, Citation, Hit, Kind, Part, Section, Signals


def cite(n: int, slug: str) -> Citation:
    """Return a citation of that section."""
    return Citation(n, slug, "A title", "A quote.", 10, 18, "20260102T030405Z-0123abcd")


def test_a_citation_s_address_opens_the_section_at_the_quote() -> None:
    url = cite(1, "trust/bids").url

    assert url == "/read?section=trust/bids&edition=20260102T030405Z-0123abcd&at=10-18"
    assert parse_qs(urlsplit(url).query)["section"] == ["trust/bids"]


def test_an_answer_names_its_citations_in_order_and_its_sections_once() -> None:
    parts = tuple(Part(("Words.",), citation=citation) for citation in (cite(1, "b"), None, cite(2, "a"), cite(3, "b")))

    answer = Answer(Kind.ANSWER, parts, "an edition")

    assert answer.citations == (cite(1, "b"), cite(2, "a"), cite(3, "b"))
    assert answer.sections == ("b", "a")


def test_a_hit_quotes_its_best_passage() -> None:
    hit = Hit(Section("a", "A", "", "a.md", "One. Two. Three."), 1.0, 5, 9, Signals(0, 0, 0))

    assert hit.quote == "Two."
