"""Nearest vectors: the one file that knows Chroma, and the exact index in memory that does the same.

A sealed folder is never opened in place, because opening a Chroma folder writes to it: `ChromaVectors.read` works on a
private copy and removes it when it is closed or garbage. The copy is whole: below a thousand vectors Chroma writes its
segment files in place at the first query, so links to the sealed ones would damage them.
"""

from __future__ import annotations

import shutil
import struct
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from app.guide.encoder import Vectors
from app.guide.errors import LibraryError
from app.guide.private import PrivateFolder

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

PASSAGES = "passages"
ASKED_AS = "asked_as"
# What an edition is fitted on besides its own texts; nothing searches there.
QUESTIONS = "questions"
COLLECTIONS = (PASSAGES, ASKED_AS, QUESTIONS)
BATCH = 5000
_COUNT_AND_SIZE = struct.Struct("<QQ")


class VectorIndex(Protocol):
    """Named collections of unit vectors that can be asked for the nearest ones."""

    def nearest(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Return up to `count` pairs of id and cosine, nearest first; equal cosines in the order of their ids."""


class MemoryVectors:
    """An exact index of vectors that are held in memory."""

    def __init__(self, collections: dict[str, tuple[Sequence[str], Vectors]]) -> None:
        self._collections = {name: (list(ids), vectors) for name, (ids, vectors) in collections.items()}

    def nearest(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Return up to `count` pairs of id and cosine, nearest first."""
        ids, vectors = self._collections.get(collection, ([], np.empty((0, 0), dtype=np.float32)))
        if not ids:
            return []
        cosines = vectors @ vector
        few = np.argpartition(-cosines, min(count, len(ids)) - 1)[:count]
        return _in_order((ids[i], float(cosines[i])) for i in few)


class ChromaVectors:
    """A Chroma folder of ids and vectors; texts stay out of it, since a deleted text stays in Chroma's file."""

    def __init__(self, folder: Path, private: PrivateFolder | None = None) -> None:
        self._folder = folder
        with _told(folder):
            self._client = _open_client(folder)
            self._collections = {name: _collection(self._client, name) for name in COLLECTIONS}
        self._close = weakref.finalize(self, _close, self._client, private)

    @classmethod
    def read(cls, sealed: Path) -> ChromaVectors:
        """Open a private copy of a sealed folder."""
        private = PrivateFolder()
        copy_folder(sealed, private.path / "vectors")
        return cls(private.path / "vectors", private)

    def close(self) -> None:
        """Let go of the files; the index cannot be used afterwards."""
        self._close()

    def nearest(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Return up to `count` pairs of id and cosine, nearest first."""
        if count < 1:
            return []
        found = self._collections[collection].query(
            query_embeddings=vector[np.newaxis], n_results=count, include=["distances"]
        )
        distances = (found["distances"] or [[]])[0]
        return _in_order((name, 1.0 - float(d)) for name, d in zip(found["ids"][0], distances, strict=True))

    def ids(self, collection: str) -> set[str]:
        """Return every id of a collection."""
        with _told(self._folder):
            return set(self._collections[collection].get(include=[])["ids"])

    def vectors(self, collection: str, ids: Sequence[str]) -> Vectors:
        """Return the vectors of these ids, one row each, in order; an id may come again."""
        rows: dict[str, Vectors] = {}
        different = list(dict.fromkeys(ids))
        for start in range(0, len(different), BATCH):
            with _told(self._folder):
                found = self._collections[collection].get(ids=different[start : start + BATCH], include=["embeddings"])
            rows |= zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True)
        return np.array([rows[one] for one in ids], dtype=np.float32)

    def add(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors under ids that are not there yet."""
        for start in range(0, len(ids), BATCH):
            stop = start + BATCH
            with _told(self._folder):
                self._collections[collection].add(ids=list(ids[start:stop]), embeddings=vectors[start:stop])

    def delete(self, collection: str, ids: Iterable[str]) -> None:
        """Remove the vectors of these ids."""
        gone = sorted(ids)
        for start in range(0, len(gone), BATCH):
            with _told(self._folder):
                self._collections[collection].delete(ids=gone[start : start + BATCH])


def copy_folder(source: Path, target: Path) -> None:
    """Copy a closed Chroma folder."""
    shutil.copytree(source, target, copy_function=shutil.copyfile)


def _open_client(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    return cast("Client", client)


def wipe_unused(folder: Path) -> None:
    """Zero the slots of a closed Chroma folder that hold no vector.

    Chroma writes them as the memory happened to be, and so may write what the process has read long before: the vector
    of a text that an editor had forgotten, or anything else.
    """
    for header in folder.glob("*/header.bin"):
        # hnswlib's header: version (4 bytes), offset of level 0, capacity, count, bytes a slot (8 bytes each), ...
        count, size = _COUNT_AND_SIZE.unpack_from(header.read_bytes(), 20)
        _zero(header.with_name("data_level0.bin"), count * size)
        _zero(header.with_name("length.bin"), count * 4)


def _zero(path: Path, start: int) -> None:
    if (unused := path.stat().st_size - start) > 0:
        with path.open("r+b") as file:
            file.seek(start)
            file.write(bytes(unused))


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what Chroma raises (classes of its own, of sqlite and of Rust) into one sentence."""
    try:
        yield
    except Exception as error:
        raise LibraryError(
            f"The vectors at {folder} cannot be opened ({type(error).__name__}). Check the space on the disk, and "
            "build the guide again: `python -m ingest build`."
        ) from error


def _collection(client: Client, name: str) -> Collection:
    return client.get_or_create_collection(name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None)


def _close(client: Client, private: PrivateFolder | None) -> None:
    client.close()
    if private is not None:
        private.close()


def _in_order(pairs: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
