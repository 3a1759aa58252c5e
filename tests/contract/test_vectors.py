"""One body of tests for every index of vectors: the exact one in memory and the Chroma one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from app.guide.encoder import Vectors
from app.guide.errors import LibraryError
from app.guide.vectors import ASKED_AS, PASSAGES, ChromaVectors, MemoryVectors, VectorIndex, wipe_unused
from tests.fakes import files_of

Collections = dict[str, tuple[Sequence[str], Vectors]]


def rows(*vectors: Sequence[float]) -> Vectors:
    """Return these vectors at unit length."""
    array = np.array(vectors, dtype=np.float32)
    return array / np.linalg.norm(array, axis=1, keepdims=True)


NORTH, NORTH_EAST, EAST, SOUTH = rows((0, 1), (1, 1), (1, 0), (0, -1))
COMPASS = (["south", "east", "north-east", "north"], np.stack([SOUTH, EAST, NORTH_EAST, NORTH]))


@pytest.fixture(params=["memory", "chroma"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Collections], VectorIndex]]:
    """Return a function that makes an index of one kind."""
    opened: list[ChromaVectors] = []

    def in_memory(collections: Collections) -> VectorIndex:
        return MemoryVectors(collections)

    def in_chroma(collections: Collections) -> VectorIndex:
        index = ChromaVectors(tmp_path / "vectors")
        opened.append(index)
        for name, (ids, vectors) in collections.items():
            index.add(name, ids, vectors)
        return index

    yield in_memory if request.param == "memory" else in_chroma
    for index in opened:
        index.close()


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaVectors]:
    """An empty folder of vectors, open for writing."""
    index = ChromaVectors(tmp_path / "vectors")
    yield index
    index.close()


def test_the_nearest_come_first_with_their_cosines(make: Callable[[Collections], VectorIndex]) -> None:
    index = make({PASSAGES: COMPASS})

    found = index.nearest(PASSAGES, NORTH, 4)

    assert [name for name, _ in found] == ["north", "north-east", "east", "south"]
    assert [cosine for _, cosine in found] == pytest.approx([1, 0.5**0.5, 0, -1], abs=1e-6)


def test_no_more_than_asked_for_are_found(make: Callable[[Collections], VectorIndex]) -> None:
    index = make({PASSAGES: COMPASS})

    assert [name for name, _ in index.nearest(PASSAGES, EAST, 2)] == ["east", "north-east"]


def test_equal_cosines_stand_in_the_order_of_their_ids(make: Callable[[Collections], VectorIndex]) -> None:
    index = make({PASSAGES: (["d", "b", "z", "a", "c"], np.stack([EAST, EAST, NORTH, EAST, EAST]))})

    assert [name for name, _ in index.nearest(PASSAGES, EAST, 5)] == ["a", "b", "c", "d", "z"]


@pytest.mark.parametrize("count", [5, 1000])
def test_asking_for_more_than_there_are_finds_all(make: Callable[[Collections], VectorIndex], count: int) -> None:
    index = make({PASSAGES: COMPASS})

    assert {name for name, _ in index.nearest(PASSAGES, NORTH, count)} == set(COMPASS[0])


def test_asking_for_none_finds_none(make: Callable[[Collections], VectorIndex]) -> None:
    assert make({PASSAGES: COMPASS}).nearest(PASSAGES, NORTH, 0) == []


def test_an_empty_collection_finds_nothing(make: Callable[[Collections], VectorIndex]) -> None:
    index = make({PASSAGES: COMPASS})

    assert index.nearest(ASKED_AS, NORTH, 5) == []


def test_collections_do_not_mix(make: Callable[[Collections], VectorIndex]) -> None:
    index = make({PASSAGES: (["a"], rows((1, 0))), ASKED_AS: (["a", "b"], rows((0, 1), (1, 1)))})

    assert [name for name, _ in index.nearest(PASSAGES, EAST, 5)] == ["a"]
    assert [name for name, _ in index.nearest(ASKED_AS, EAST, 5)] == ["b", "a"]


def test_both_kinds_agree_on_many_vectors(chroma: ChromaVectors) -> None:
    """The exact index is the judge of the other."""
    numbers = np.random.default_rng(7)
    many = rows(*numbers.normal(size=(500, 24)))
    ids = [f"{n:03}" for n in range(500)]
    chroma.add(PASSAGES, ids, many)
    exact = MemoryVectors({PASSAGES: (ids, many)})

    for question in rows(*numbers.normal(size=(10, 24))):
        found, expected = (index.nearest(PASSAGES, question, 10) for index in (chroma, exact))
        assert [name for name, _ in found] == [name for name, _ in expected]
        assert [cosine for _, cosine in found] == pytest.approx([cosine for _, cosine in expected], abs=1e-5)


def test_what_was_added_is_there_and_what_was_deleted_is_not(chroma: ChromaVectors) -> None:
    chroma.add(PASSAGES, ["a", "b", "c"], rows((1, 0), (0, 1), (1, 1)))

    chroma.delete(PASSAGES, ["b", "never there"])

    assert chroma.ids(PASSAGES) == {"a", "c"}
    assert [name for name, _ in chroma.nearest(PASSAGES, NORTH, 3)] == ["c", "a"]


def test_a_deleted_vector_may_come_back_as_another(chroma: ChromaVectors) -> None:
    chroma.add(PASSAGES, ["a", "b"], rows((1, 0), (1, 1)))
    chroma.delete(PASSAGES, ["a"])

    chroma.add(PASSAGES, ["a"], rows((0, 1)))

    assert [name for name, _ in chroma.nearest(PASSAGES, EAST, 2)] == ["b", "a"]


def test_adding_or_deleting_nothing_is_nothing(chroma: ChromaVectors) -> None:
    chroma.add(PASSAGES, [], np.empty((0, 2), dtype=np.float32))
    chroma.delete(PASSAGES, [])

    assert chroma.ids(PASSAGES) == set()


def test_vectors_are_there_when_the_folder_is_opened_again(tmp_path: Path) -> None:
    first = ChromaVectors(tmp_path / "vectors")
    first.add(PASSAGES, *COMPASS)
    first.close()

    again = ChromaVectors.read(tmp_path / "vectors")

    assert [name for name, _ in again.nearest(PASSAGES, SOUTH, 1)] == ["south"]
    again.close()


def test_reading_a_sealed_folder_leaves_every_byte_of_it(tmp_path: Path) -> None:
    sealed = tmp_path / "vectors"
    writer = ChromaVectors(sealed)
    writer.add(PASSAGES, *COMPASS)
    writer.close()
    before = files_of(sealed)

    readers = [ChromaVectors.read(sealed) for _ in range(2)]
    found = [reader.nearest(PASSAGES, NORTH, 2) for reader in readers]
    for reader in readers:
        reader.close()

    assert files_of(sealed) == before
    assert found[0] == found[1]


def test_a_reader_leaves_no_copy_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ChromaVectors(tmp_path / "vectors").close()
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))

    reader = ChromaVectors.read(tmp_path / "vectors")
    during = [path for path in copies.iterdir() if path.is_dir()]
    reader.close()

    assert len(during) == 1
    assert list(copies.iterdir()) == []


def test_a_damaged_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "vectors"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"this is no database" * 100)

    with pytest.raises(LibraryError) as caught:
        ChromaVectors(folder)

    assert str(caught.value).startswith(f"The vectors at {folder} cannot be opened (")
    assert "python -m ingest build" in str(caught.value)


def test_what_is_wiped_holds_no_stray_memory_and_answers_as_before(tmp_path: Path) -> None:
    folder = tmp_path / "vectors"
    writer = ChromaVectors(folder)
    writer.add(PASSAGES, *COMPASS)
    writer.close()

    wipe_unused(folder)

    slots = [path.read_bytes() for path in folder.glob("*/data_level0.bin")]
    reader = ChromaVectors.read(folder)
    found = reader.nearest(PASSAGES, NORTH, 1)
    reader.close()
    assert slots
    assert not any(any(content) for content in slots), "below a thousand vectors, Chroma keeps them in its database"
    assert found[0][0] == "north"
