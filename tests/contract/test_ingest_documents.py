"""`python -m ingest build` on folders of documents that were not written for this guide."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.guide.edition import Edition
from app.guide.encoder import SentenceEncoder
from app.guide.library import Library
from app.guide.nouns import Kind
from ingest.cli import main
from tests import documents
from tests.conftest import Publish
from tests.fakes import Ended, assert_refused

Build = Callable[..., Ended]

PARAGRAPHS = {
    "bread": (
        "Good bread starts the evening before, with flour, water, salt and very little yeast. Mix them in a bowl and "
        "leave the dough alone until the morning. In the morning fold it over itself a few times and shape a loaf. "
        "Bake the loaf in a hot oven until the crust is brown and the bottom sounds hollow."
    ),
    "bicycle": (
        "A flat tyre is mended in a quarter of an hour. Turn the bicycle over, take the wheel out and lever the tyre "
        "off the rim. Pull the inner tube out and pump it up to hear where the air escapes. Roughen the rubber around "
        "the hole, spread the glue, wait until it is dry and press the patch on."
    ),
    "garden": (
        "Tomatoes want sun, warmth and a wall at their back. Plant them out when the nights are mild and tie each to a "
        "stick. Water the earth and never the leaves, since wet leaves fall ill. Pinch out the side shoots every week, "
        "so that the plant puts its strength into fruit."
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plain folder with a file of each format."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, raw in {
        "a.html": documents.html(),
        "b.docx": documents.word(),
        "c.pdf": documents.pdf(),
        "d.epub": documents.epub(),
        "e.txt": b"Bread needs flour.",
        "f.md": b"# Soup\n\nSoup begins with *onions*.",
    }.items():
        (folder / name).write_bytes(raw)
    return folder


@pytest.fixture
def build(publish: Publish, library: Library, folder: Path, capsys: pytest.CaptureFixture[str]) -> Build:
    """Build the folder with the counting encoder, which `publish` has put in place."""

    def run(*arguments: str) -> Ended:
        code = main(["build", str(folder), "--library", str(library.root), *arguments])
        shown = capsys.readouterr()
        return Ended(code, shown.out, shown.err)

    return run


def last_line(ended: Ended) -> Ended:
    """Return how it ended without the steps told before."""
    return Ended(ended.code, ended.out, ended.err.splitlines(keepends=True)[-1])


def test_a_plain_folder_of_every_format_is_published(build: Build, library: Library) -> None:
    ended = build("--json")

    report = ended.objects[-1]
    assert ended.code == 0
    assert report["skipped"] == []
    assert {"document": "a.html", "what": "menu", "times": 1, "first": "Breads Soups Salads"} in report["left_out"]
    edition = Edition(library.folder(library.live_id()))
    sections = [edition.section(heading.slug) for heading in edition.headings]
    edition.close()
    assert [section.document for section in sections] == ["a.html", "b.docx", "c.pdf", "d.epub", "e.txt", "f.md"]
    for section in sections:
        assert all(section.text[s.start : s.end].strip() for s in section.sentences)


def test_building_again_changes_nothing(build: Build) -> None:
    build()

    report = build("--json").objects[-1]

    assert (report["added"], report["changed"], report["embedded"], report["unchanged"]) == ([], [], 0, 6)


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("locked.pdf", documents.pdf(password="secret"), "is encrypted."),
        ("scan.pdf", documents.scanned_pdf(), "is scanned:"),
        ("torn.docx", documents.word()[:900], "is damaged"),
        ("bomb.epub", documents.zipped({f"{n}": bytes(40_000_000) for n in range(8)}), "unpacks to more than"),
        ("empty.txt", b"", "holds no text."),
        ("binary.md", bytes(range(256)) * 9, "is not text in any encoding that is known."),
        ("large.txt", b"a" * 5_000_001, "has 5 MB, and at most 5 MB can be read."),
    ],
)
def test_a_bad_file_stops_the_build_or_is_skipped_and_listed(
    build: Build, folder: Path, library: Library, name: str, raw: bytes, reason: str
) -> None:
    (folder / name).write_bytes(raw)

    assert_refused(last_line(build()), f"{folder / name} {reason}")
    assert not library.live_path.exists()

    report = build("--allow-skips", "--json").objects[-1]
    assert len(report["added"]) == 6
    [skipped] = report["skipped"]
    assert skipped.startswith(f"{folder / name} {reason}")


@pytest.mark.parametrize(
    ("name", "target"), [("out.txt", "/etc/hostname"), ("loop.txt", "loop.txt"), ("no.txt", "gone")]
)
def test_a_link_that_leads_out_or_nowhere_is_refused_by_name(
    build: Build, folder: Path, name: str, target: str
) -> None:
    (folder / name).symlink_to(target)

    assert_refused(last_line(build()), f"{folder / name} is a link that leads")


def test_a_folder_that_links_to_itself_is_read_once(build: Build, folder: Path) -> None:
    (folder / "again").symlink_to(folder)

    assert len(build("--json").objects[-1]["added"]) == 6


@pytest.mark.skipif(sys.platform == "darwin", reason="file names have to be UTF-8 there")
def test_a_name_that_is_no_text_is_refused(build: Build, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).write_text("Text.")

    assert_refused(last_line(build()), "has a name that is no text.")


def test_equal_texts_in_two_files_stay_two_sections(build: Build, folder: Path) -> None:
    (folder / "g.txt").write_bytes((folder / "e.txt").read_bytes())

    assert [slug for slug in build("--json").objects[-1]["added"] if slug in "eg"] == ["e", "g"]


def test_nothing_is_forgotten_while_a_file_is_skipped(build: Build, folder: Path) -> None:
    build()
    (folder / "e.txt").write_bytes(b"")

    assert_refused(
        last_line(build("--allow-skips", "--forget", "--yes")), "Nothing is forgotten while a file is skipped"
    )


def test_what_looks_like_markup_is_quoted_as_it_stands(build: Build, folder: Path, library: Library) -> None:
    line = "<script>document.title='x'</script> **Trust** [grows](javascript:alert(1)) :smile: $5 & $6."
    (folder / "g.txt").write_text(line)
    build()

    edition = Edition(library.folder(library.live_id()))
    assert edition.section("g").text == line
    edition.close()


def test_check_reads_documents_and_asks_no_form_of_them(
    publish: Publish, library: Library, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "f.md").unlink()

    code = main(["check", str(folder), "--library", str(library.root), "--no-questions"])

    assert (code, capsys.readouterr().out) == (0, "Nothing to mend.\n")


def test_a_text_without_headings_answers_on_its_own(tmp_path: Path, real_encoder: SentenceEncoder) -> None:
    """With the real encoder, as a process: cut at its topics, found by other words, silent on what is not in it."""
    (tmp_path / "texts").mkdir()
    text = "\n".join(f"{paragraph}\n{paragraph.replace('.', ', they say.')}" for paragraph in PARAGRAPHS.values())
    (tmp_path / "texts" / "household hints.txt").write_text(text)
    environment = {**os.environ, "ATTUNE_LIBRARY": str(tmp_path / "library")}
    built = subprocess.run(
        [sys.executable, "-m", "ingest", "build", str(tmp_path / "texts"), "--json"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip

    from app.guide.ask import Guide

    guide = Guide(Library(tmp_path / "library"), real_encoder)
    assert len(json.loads(built.stdout.splitlines()[-1])["added"]) == 3
    found = {ask: guide.search(ask, 1)[0].quote for ask in ("my wheel has no air", "how do I make a loaf")}
    assert "tyre" in found["my wheel has no air"]
    assert "dough" in found["how do I make a loaf"] or "loaf" in found["how do I make a loaf"]
    assert guide.ask("how do I make a loaf", []).kind in (Kind.ANSWER, Kind.PARTIAL)
    assert guide.ask("what is the capital of Mongolia", []).kind is Kind.NOT_COVERED
