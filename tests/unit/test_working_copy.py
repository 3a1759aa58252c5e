"""Uploads come into the working copy whole or not at all, and never anywhere else."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from app.guide.errors import LibraryError, UnusableInput
from app.ui import working_copy
from app.ui.working_copy import Upload, WorkingCopy
from tests.fakes import files_of


@pytest.fixture
def copy(tmp_path: Path) -> WorkingCopy:
    """A working copy that begins from a corpus of two chapters."""
    for path in ("guide/trust/bids.md", "guide/talk/listening.md", "guide/talk/overview.md", "guide/trust/overview.md"):
        (tmp_path / "corpus" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "corpus" / path).write_text("as it was")
    (tmp_path / "corpus" / "golden.yaml").write_text("[]")
    return WorkingCopy(tmp_path / "library", tmp_path / "corpus")


def zipped(files: dict[str, bytes], name: str = "guide.zip") -> Upload:
    """A zip with these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return Upload(name, buffer.getvalue())


def test_a_file_takes_the_place_of_the_one_with_its_name_and_the_corpus_stays(
    copy: WorkingCopy, tmp_path: Path
) -> None:
    before = files_of(tmp_path / "corpus")

    assert copy.put([Upload("bids.md", b"as it is"), Upload("new.md", b"new"), Upload("golden.yaml", b"- 1")]) == [
        "golden.yaml",
        "guide/new.md",
        "guide/trust/bids.md",
    ]

    assert files_of(copy.folder) == before | {
        "guide/trust/bids.md": b"as it is",
        "guide/new.md": b"new",
        "golden.yaml": b"- 1",
    }
    assert files_of(tmp_path / "corpus") == before


def test_a_second_upload_adds_to_the_first_and_a_whole_guide_replaces_it(copy: WorkingCopy) -> None:
    copy.put([Upload("one.md", b"1")])
    copy.put([Upload("two.md", b"2")])

    assert {"guide/one.md", "guide/two.md"} < set(copy.files())

    copy.put([Upload("three.md", b"3")], whole=True)
    assert copy.files() == ["guide/three.md"]


@pytest.mark.parametrize(
    ("inside", "placed"),
    [
        ({"guide/trust/bids.md": b"x", "golden.yaml": b"y"}, ["golden.yaml", "guide/trust/bids.md"]),
        ({"my-guide/guide/trust/bids.md": b"x", "my-guide/golden.yaml": b"y"}, ["golden.yaml", "guide/trust/bids.md"]),
        ({"everything/a.md": b"x", "everything/b/c.md": b"y"}, ["guide/a.md", "guide/b/c.md"]),
        ({"trust/bids.md": b"x"}, ["guide/trust/bids.md"]),
        ({"a.md": b"x", "__MACOSX/._a.md": b"y", ".DS_Store": b"z"}, ["guide/a.md"]),
    ],
    ids=["a corpus", "a corpus in a folder", "a folder", "a chapter that is there", "what a computer adds by itself"],
)
def test_the_files_of_a_zip_find_their_places(copy: WorkingCopy, inside: dict[str, bytes], placed: list[str]) -> None:
    assert copy.put([zipped(inside)]) == placed


def test_a_corpus_of_plain_texts_without_a_folder_guide_gets_one(tmp_path: Path) -> None:
    (tmp_path / "texts" / "part").mkdir(parents=True)
    (tmp_path / "texts" / "part" / "one.txt").write_text("1")
    (tmp_path / "texts" / "golden.yaml").write_text("[]")
    copy = WorkingCopy(tmp_path / "library", tmp_path / "texts")

    copy.put([Upload("two.txt", b"2")])

    assert copy.files() == ["golden.yaml", "guide/part/one.txt", "guide/two.txt"]


def test_two_files_of_one_name_ask_for_a_zip(copy: WorkingCopy) -> None:
    with pytest.raises(UnusableInput, match=r"2 files called overview\.md"):
        copy.put([Upload("overview.md", b"x")])


@pytest.mark.parametrize(
    "path", ["../out.md", "guide/../../out.md", "/etc/out.md", "C:/out.md", "a\\out.md", "a//b.md"]
)
def test_a_path_that_leaves_the_folder_is_refused_and_nothing_is_changed(
    copy: WorkingCopy, tmp_path: Path, path: str
) -> None:
    copy.put([Upload("one.md", b"1")])
    before = files_of(tmp_path)

    with pytest.raises(UnusableInput, match="cannot be used"):
        copy.put([zipped({"good.md": b"x", path: b"y"})])

    assert files_of(tmp_path) == before


def test_a_link_in_a_zip_is_refused(copy: WorkingCopy) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("guide/link.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(UnusableInput, match="is a link"):
        copy.put([Upload("links.zip", buffer.getvalue())])
    assert not copy.exists


def test_a_bomb_is_refused_when_it_has_grown_too_large_whatever_it_says_of_itself(
    copy: WorkingCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working_copy, "LARGEST", 3_000_000)

    with pytest.raises(UnusableInput, match="is too large"):
        copy.put([zipped({"a.md": b"0" * 2_000_000, "b.md": b"0" * 2_000_000})])
    assert not copy.exists


def test_too_many_files_are_refused(copy: WorkingCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working_copy, "MOST_FILES", 2)

    with pytest.raises(UnusableInput, match="at most 2"):
        copy.put([zipped({"a.md": b"", "b.md": b"", "c.md": b""})])


def test_a_damaged_and_an_encrypted_zip_are_refused_by_name(copy: WorkingCopy) -> None:
    good = zipped({"a.md": b"words " * 500}).content
    flags = bytearray(good)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flags[flags.index(sign) + offset] |= 1
    broken = bytearray(good)
    broken[45:60] = b"\xff" * 15

    for content, said in ((b"no zip", "no zip"), (bytes(broken), "guide.zip"), (bytes(flags), "encrypted")):
        with pytest.raises(UnusableInput, match=said):
            copy.put([Upload("guide.zip", content)])
    assert not copy.exists


def test_the_same_path_twice_and_nothing_at_all_are_refused(copy: WorkingCopy) -> None:
    with pytest.raises(UnusableInput, match="twice"):
        copy.put([Upload("one.md", b"1"), Upload("One.md", b"2")])
    with pytest.raises(UnusableInput, match="no file"):
        copy.put([zipped({})])


def test_links_in_the_corpus_are_not_followed(copy: WorkingCopy, tmp_path: Path) -> None:
    (tmp_path / "corpus" / "guide" / "circle").symlink_to(tmp_path / "corpus")

    copy.put([Upload("one.md", b"1")])

    assert not [path for path in copy.files() if "circle" in path]


def test_files_can_be_taken_out_and_the_whole_discarded(copy: WorkingCopy) -> None:
    copy.put([Upload("one.md", b"1")])

    copy.take_out(["guide/one.md", "../corpus/golden.yaml"])
    assert ("guide/one.md" in copy.files(), copy.exists) == (False, True)

    copy.discard()
    assert not copy.exists


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file where a folder should be")

    with pytest.raises(LibraryError, match="cannot be changed"):
        WorkingCopy(tmp_path / "library", tmp_path / "corpus").put([Upload("one.md", b"1")])
