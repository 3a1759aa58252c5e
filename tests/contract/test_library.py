"""The library: which edition is live, and what is said where none can be used."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.guide.errors import LibraryError, NoSuchSection
from app.guide.library import Library
from tests.conftest import THANKS, Publish


def refusal(library: Library) -> str:
    """Return the sentence with which opening the live edition is refused."""
    with pytest.raises(LibraryError) as caught:
        library.open_live()
    return str(caught.value)


def test_an_empty_library_says_how_to_fill_it(library: Library) -> None:
    assert refusal(library) == f"The library at {library.root} is empty. Run `python -m ingest build` first."
    assert library.manifests() == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"yesterday's\n",
        b"../../etc",
        b"20260102T030405Z-0123abcd extra",
        b"20260102T030405Z-0123ABCD",
        b"\xff\xfe\x00",
    ],
    ids=["empty", "a line end", "words", "a path", "more than a name", "capitals", "not UTF-8"],
)
def test_a_corrupt_live_says_how_to_mend_it(published: str, library: Library, content: bytes) -> None:
    library.live_path.write_bytes(content)

    said = refusal(library)

    assert said.startswith(f"{library.live_path} ")
    assert said.endswith(
        "`python -m ingest rollback` makes the newest sound edition live; `python -m ingest build` makes a new one."
    )


def test_a_live_that_names_what_is_not_there_says_so(published: str, library: Library) -> None:
    library.move_live("20200101T000000Z-0123abcd")

    assert refusal(library).startswith(f"{library.live_path} names 20200101T000000Z-0123abcd, which is not there. ")


def test_a_live_that_is_a_folder_says_so(library: Library) -> None:
    library.live_path.mkdir(parents=True)

    assert refusal(library).startswith(f"{library.live_path} cannot be read. ")


def test_a_library_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("not a folder")

    assert refusal(Library(tmp_path / "library")).startswith(f"{tmp_path / 'library' / 'LIVE'} cannot be read. ")


@pytest.mark.parametrize(
    "name", ["", "..", "../editions", "20260102T030405Z-0123abcd/..", ".building-20260102T030405Z-0123abcd"]
)
def test_only_an_edition_s_name_leads_to_a_folder(library: Library, name: str) -> None:
    with pytest.raises(LibraryError, match="is no edition's name"):
        library.folder(name)


def test_live_is_moved_in_whole(publish: Publish, library: Library) -> None:
    report = publish()

    assert library.live_path.read_text() == f"{report.edition}\n"
    assert sorted(path.name for path in library.root.iterdir()) == ["LIVE", "LOCK", "editions", "texts.sqlite3"]


def test_manifests_come_newest_first_and_damaged_ones_are_passed_over(three: list[str], library: Library) -> None:
    (library.folder(three[1]) / "edition.json").write_text("{")
    (library.root / "editions" / ".building-20260102T030405Z-0123abcd").mkdir()

    assert [manifest.id for manifest in library.manifests()] == [three[2], three[0]]


def test_a_kept_section_is_what_that_edition_published(three: list[str], library: Library) -> None:
    assert [library.kept_section("new", edition).text for edition in three[1:]] == THANKS


@pytest.mark.parametrize(
    ("slug", "edition"), [("gone", None), ("trust/bids", "20200101T000000Z-0123abcd"), ("", None), ("trust/bids", "")]
)
def test_a_section_that_was_never_published_is_not_found(
    published: str, library: Library, slug: str, edition: str | None
) -> None:
    with pytest.raises(NoSuchSection):
        library.kept_section(slug, published if edition is None else edition)


def test_a_library_without_kept_texts_has_no_kept_section(library: Library) -> None:
    with pytest.raises(NoSuchSection):
        library.kept_section("trust/bids", "20260102T030405Z-0123abcd")


@pytest.mark.parametrize("content", [b"", b"this is no database" * 100], ids=["empty", "damaged"])
def test_kept_texts_that_cannot_be_read_are_said_to_be_so(library: Library, content: bytes) -> None:
    library.root.mkdir()
    library.texts_path.write_bytes(content)

    with pytest.raises(LibraryError):
        library.kept_section("trust/bids", "20260102T030405Z-0123abcd")


def test_looking_at_a_kept_section_writes_nothing(published: str, library: Library) -> None:
    before = library.texts_path.read_bytes()

    library.kept_section("trust/bids", published)

    assert library.texts_path.read_bytes() == before
    assert not list(library.root.glob("texts.sqlite3-*"))


def test_equal_texts_are_kept_once(three: list[str], library: Library) -> None:
    """Three editions of three, four and four sections hold five different texts."""
    with sqlite3.connect(library.texts_path) as kept:
        texts = kept.execute("SELECT count(*) FROM texts").fetchone()
        published = kept.execute("SELECT count(*) FROM published").fetchone()

    assert (texts, published) == ((5,), (11,))
