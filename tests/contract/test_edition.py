"""An edition: sealed, immutable, and refused where it is not what it says."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.guide.edition import Edition, Heading, section_of, section_record
from app.guide.encoder import Encoder
from app.guide.errors import LibraryError, NoSuchSection
from app.guide.library import Library
from app.guide.manifest import SCHEMA_VERSION, checksums, read_manifest
from app.guide.nouns import Section
from app.guide.search import Search
from app.guide.vectors import ASKED_AS, PASSAGES
from ingest.changes import section_hash
from ingest.passages import passage_text, vector_id
from tests.fakes import CountingEncoder, files_of


@pytest.fixture
def folder(published: str, library: Library) -> Path:
    """The folder of a sealed edition of the small guide."""
    return library.folder(published)


def refusal(folder: Path) -> str:
    """Return the sentence with which an edition is refused."""
    with pytest.raises(LibraryError) as caught:
        Edition(folder)
    return str(caught.value)


def change_manifest(folder: Path, change: Callable[[dict], object]) -> None:
    """Change what edition.json says."""
    path = folder / "edition.json"
    loaded = json.loads(path.read_text())
    change(loaded)
    path.write_text(json.dumps(loaded))


def test_a_sealed_edition_holds_the_contracted_files(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "coverage.json", "edition.json", "guide.sqlite3", "lexical", "report.json", "vectors",
    ]  # fmt: skip


def test_the_manifest_says_what_the_edition_is(folder: Path, encoder: CountingEncoder) -> None:
    manifest = read_manifest(folder)

    assert (manifest.id, manifest.schema, manifest.parent) == (folder.name, SCHEMA_VERSION, "")
    assert (manifest.encoder_name, manifest.encoder_fingerprint) == (encoder.name, encoder.fingerprint)
    assert manifest.corpus_fingerprint.startswith(folder.name.rpartition("-")[2])
    assert {name: manifest.counts[name] for name in ("sections", "passages", "asked_as")} == {
        "sections": 3,
        "passages": 7,
        "asked_as": 5,
    }


def test_the_manifest_holds_the_checksum_of_every_other_file(folder: Path) -> None:
    expected = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files_of(folder).items()
        if name != "edition.json"
    }

    assert read_manifest(folder).checksums == expected == checksums(folder)


def test_a_sealed_edition_is_the_same_byte_for_byte_after_it_was_used(folder: Path, encoder: Encoder) -> None:
    before = files_of(folder)

    edition = Edition(folder)
    for question in ("trust", "listen to me", "nothing of the kind"):
        Search(edition, encoder)(question)
    edition.section("trust/bids")
    edition.close()

    assert files_of(folder) == before


def test_a_sealed_edition_can_be_open_twice(folder: Path, encoder: Encoder) -> None:
    one, two = Edition(folder), Edition(folder)

    found = [Search(edition, encoder)("trust") for edition in (one, two)]

    one.close()
    two.close()
    assert found[0] == found[1]


def test_what_was_written_is_what_is_read(folder: Path) -> None:
    edition = Edition(folder)

    assert edition.headings == (
        Heading("barriers/quiet", "A quiet partner", "Barriers"),
        Heading("talk/listening", "Listening well", "Talk"),
        Heading("trust/bids", "Small bids", "Trust"),
    )
    bids = edition.section("trust/bids")
    assert bids.text == (
        "Short answer\nTrust grows in small moments. Keep trust small.\nTry this\nTrust one thing today."
    )
    assert [bids.text[p.start : p.end] for p in edition.passages_of("trust/bids")] == [
        "Trust grows in small moments. Keep trust small.",
        "Trust one thing today.",
    ]
    edition.close()


def test_a_section_survives_being_stored_whole(folder: Path) -> None:
    edition = Edition(folder)

    sections = [edition.section(heading.slug) for heading in edition.headings]

    edition.close()
    assert [section_of(section_record(section)) for section in sections] == sections
    assert len({section_hash(section) for section in sections}) == 3


def test_every_passage_and_line_has_its_vector_and_no_other_is_there(folder: Path) -> None:
    edition = Edition(folder)
    sections = [edition.section(heading.slug) for heading in edition.headings]

    held = edition.vectors.ids(PASSAGES), edition.vectors.ids(ASKED_AS)
    passages = {
        vector_id(passage_text(section, p.start, p.end))
        for section in sections
        for p in edition.passages_of(section.slug)
    }

    edition.close()
    assert held == (passages, {vector_id(line) for section in sections for line in section.asked_as})


def test_no_word_of_the_guide_lies_among_the_vectors(folder: Path) -> None:
    """A text that was deleted would stay in Chroma's file."""
    assert not [name for name, content in files_of(folder / "vectors").items() if b"small moments" in content]


def test_a_section_that_is_not_there_is_told(folder: Path) -> None:
    edition = Edition(folder)

    with pytest.raises(NoSuchSection, match="'trust/gone'"):
        edition.section("trust/gone")
    edition.close()


@pytest.mark.parametrize(
    "name",
    ["guide.sqlite3", "coverage.json", "report.json", "lexical/params.index.json", "vectors/chroma.sqlite3"],
)
def test_a_damaged_file_is_refused_by_name(folder: Path, name: str) -> None:
    path = folder / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    said = refusal(folder)

    assert said.startswith(f"{path} is damaged. ")
    assert "python -m ingest rollback" in said


@pytest.mark.parametrize("name", ["guide.sqlite3", "coverage.json", "lexical", "vectors"])
def test_a_missing_file_is_refused_by_name(folder: Path, name: str) -> None:
    path = folder / name
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()

    said = refusal(folder)

    assert said.startswith(str(path))
    assert " is missing. " in said
    assert "python -m ingest rollback" in said


def test_an_edition_without_a_manifest_is_no_edition(folder: Path) -> None:
    (folder / "edition.json").unlink()

    assert refusal(folder).startswith(f"{folder / 'edition.json'} cannot be read. ")


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"schema": "new"}', '{"schema": 1}', "null", "\x00"])
def test_a_manifest_that_cannot_be_read_is_refused(folder: Path, content: str) -> None:
    (folder / "edition.json").write_text(content)

    assert refusal(folder).startswith(f"{folder / 'edition.json'} cannot be read. ")


@pytest.mark.parametrize("schema", [SCHEMA_VERSION + 1, SCHEMA_VERSION - 1])
def test_another_schema_is_refused_with_both_numbers_and_what_to_do(folder: Path, schema: int) -> None:
    change_manifest(folder, lambda loaded: loaded.update(schema=schema))

    said = refusal(folder)

    assert said.startswith(f"The edition {folder.name} has schema {schema}, and this program reads ")
    assert f"reads {SCHEMA_VERSION}" in said.replace("schema ", "")
    assert "ATTUNE_LIBRARY" in said


def test_a_section_of_other_scripts_is_kept_as_it_is() -> None:
    section = Section("a", "静か \U0001f642", "", "a.md", "E\u0301toile \u201cquoted\u201d.\n\U0001f469\U0001f3fd.")

    assert section_of(section_record(section)) == section
