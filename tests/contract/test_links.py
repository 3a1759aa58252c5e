"""Links that somebody kept, opened after the guide was ingested again."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from app.guide.ask import Guide
from app.guide.links import Opened, open_link
from app.guide.nouns import Citation
from tests.conftest import Publish

QUIET = "my partner is so quiet"
SHORT = "A quiet partner may need a walk."


@pytest.fixture
def file(corpus: Path) -> Path:
    """The file of the section that the links lead to."""
    return corpus / "guide" / "barriers" / "quiet.md"


@pytest.fixture
def kept(guide: Guide) -> Citation:
    """A citation of the first sentence, from before the guide changed."""
    return guide.ask(QUIET).citations[0]


def opened(guide: Guide, url: str) -> Opened:
    """Open a link as the reading page does."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return open_link(guide, asked["section"], asked["edition"], asked["at"])


def marked(link: Opened) -> str:
    """Return the words that a link marks."""
    assert link.quoted
    return link.section.text[slice(*link.quoted)]


def test_a_link_opens_at_its_quote(guide: Guide, kept: Citation, published: str) -> None:
    link = opened(guide, kept.url)

    assert (marked(link), link.edition, link.changed) == (SHORT, published, False)


def test_a_quote_that_has_moved_is_marked_where_it_stands_now(
    guide: Guide, kept: Citation, publish: Publish, file: Path
) -> None:
    file.write_text(file.read_text().replace(SHORT, f"Wait first. {SHORT}"))
    newer = publish().edition

    link = opened(guide, kept.url)

    assert (marked(link), link.edition, link.changed) == (SHORT, newer, False)
    assert link.quoted != (kept.start, kept.end)


def test_a_quote_that_is_gone_is_shown_as_it_was_beside_the_section_as_it_is(
    guide: Guide, kept: Citation, publish: Publish, file: Path, published: str
) -> None:
    file.write_text(file.read_text().replace(SHORT, "A quiet partner may need a rest."))
    publish()

    link = opened(guide, kept.url)

    assert (marked(link), link.edition, link.changed) == (SHORT, published, True)
    assert link.now == guide.section("barriers/quiet")[0]


def test_a_quote_of_a_section_that_was_removed_is_shown_as_it_was(
    guide: Guide, kept: Citation, publish: Publish, file: Path
) -> None:
    file.unlink()
    publish()

    link = opened(guide, kept.url)

    assert (marked(link), link.changed, link.now) == (SHORT, True, None)


def test_a_link_outlives_the_edition_that_it_names(
    guide: Guide, kept: Citation, publish: Publish, file: Path, published: str
) -> None:
    """Only the newest edition is kept here; the texts of all are."""
    before = SHORT
    for now in ("A quiet partner may need a rest.", "A quiet partner may need tea."):
        file.write_text(file.read_text().replace(before, now))
        before = now
        publish(keep=1)

    link = opened(guide, kept.url)

    assert not guide.library.folder(published).exists()
    assert (marked(link), link.edition, link.changed) == (SHORT, published, True)
