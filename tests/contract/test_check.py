"""The lint: what it finds, where, and what it embeds for that."""

from __future__ import annotations

from pathlib import Path

from app.guide.library import Library
from ingest.check import Finding, check, knowing_live_lines
from tests.fakes import CountingEncoder, Steps, write_section


def found(corpus: Path, encoder: CountingEncoder, words: str) -> list[Finding]:
    """The findings that hold these words."""
    return [finding for finding in check(corpus, encoder, Steps()) if words in finding.what]


def test_a_finding_names_the_file_and_the_line(corpus: Path, encoder: CountingEncoder) -> None:
    path = write_section(corpus, "walk", "## Short answer\n\nTake a walk, as [the quiet](quiet/none) do.\n")

    assert found(corpus, encoder, "quiet/none") == [
        Finding(path, 7, "there is no section quiet/none, so the link leads nowhere; correct or remove it.")
    ]


def test_a_line_that_asks_for_another_section_is_told(corpus: Path, encoder: CountingEncoder) -> None:
    write_section(corpus, "walk", "Take a walk.", asked_as=["trust is gone for good"])

    assert [finding.what.split(";")[0] for finding in found(corpus, encoder, "trust is gone for good")] == [
        "the asked-as line 'trust is gone for good' is nearer to trust/bids ('how do we trust again') than to any line "
        "of its own section"
    ]


def test_a_passage_that_stands_in_two_sections_is_told(corpus: Path, encoder: CountingEncoder) -> None:
    path = write_section(corpus, "walk", "Listen before you answer.")

    assert [finding.file for finding in found(corpus, encoder, "talk/listening says")] == [path]


def test_what_the_live_edition_knows_is_not_embedded_again(
    published: str, library: Library, corpus: Path, encoder: CountingEncoder
) -> None:
    write_section(corpus, "walk", "Take a walk.", asked_as=["walk with me"])
    steps = Steps()

    check(corpus, knowing_live_lines(encoder, library), steps)

    assert "walk with me" in encoder.encoded
    assert "trust is gone" not in encoder.encoded
    assert steps.said == ["comparing asked-as lines", "comparing passages"]


def test_an_edition_of_another_encoder_knows_nothing_for_this_one(published: str, library: Library) -> None:
    encoder = CountingEncoder(fingerprint="another")

    assert knowing_live_lines(encoder, library) is encoder
