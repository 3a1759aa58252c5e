"""Nearest vectors: the one file that knows Chroma, and the exact index in memory that does the same.

A sealed folder is never opened in place, because opening a Chroma folder writes to it: `ChromaVectors.read` works on a
private copy and removes it when it is closed or garbage. The copy is whole: below a thousand vectors Chroma writes its
segment files in place at the first query, so links to the sealed ones would damage them.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from app.guide.encoder import Vectors
from app.guide.errors import LibraryError

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

PASSAGES = "passages"
ASKED_AS = "asked_as"
COLLECTIONS = (PASSAGES, ASKED_AS)
BATCH = 5000


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

    def __init__(self, folder: Path, private: tempfile.TemporaryDirectory[str] | None = None) -> None:
        self._client = _open_client(folder)
        self._collections = {name: _collection(self._client, name) for name in COLLECTIONS}
        self._close = weakref.finalize(self, _close, self._client, private)

    @classmethod
    def read(cls, sealed: Path) -> ChromaVectors:
        """Open a private copy of a sealed folder."""
        private = tempfile.TemporaryDirectory(prefix="attune-", ignore_cleanup_errors=True)
        copy_folder(sealed, Path(private.name) / "vectors")
        return cls(Path(private.name) / "vectors", private)

    def close(self) -> None:
        """Let go of the files; the index cannot be used afterwards."""
        self._close()

    def nearest(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Return up to `count` pairs of id and cosine, nearest first."""
        held = self._collections[collection]
        count = min(count, held.count())
        if not count:
            return []
        found = held.query(query_embeddings=vector[np.newaxis], n_results=count, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return _in_order((name, 1.0 - float(d)) for name, d in zip(found["ids"][0], distances, strict=True))

    def ids(self, collection: str) -> set[str]:
        """Return every id of a collection."""
        return set(self._collections[collection].get(include=[])["ids"])

    def vectors(self, collection: str, ids: Sequence[str]) -> Vectors:
        """Return the vectors of these ids, one row each, in order."""
        rows: dict[str, Vectors] = {}
        for start in range(0, len(ids), BATCH):
            found = self._collections[collection].get(ids=list(ids[start : start + BATCH]), include=["embeddings"])
            rows |= zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True)
        return np.array([rows[one] for one in ids], dtype=np.float32)

    def add(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors under ids that are not there yet."""
        for start in range(0, len(ids), BATCH):
            stop = start + BATCH
            self._collections[collection].add(ids=list(ids[start:stop]), embeddings=vectors[start:stop])

    def delete(self, collection: str, ids: Iterable[str]) -> None:
        """Remove the vectors of these ids."""
        gone = sorted(ids)
        for start in range(0, len(gone), BATCH):
            self._collections[collection].delete(ids=gone[start : start + BATCH])


def copy_folder(source: Path, target: Path) -> None:
    """Copy a closed Chroma folder."""
    shutil.copytree(source, target, copy_function=shutil.copyfile)


def _open_client(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    try:
        client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
        return cast("Client", client)
    except Exception as error:  # Chroma raises classes of its own, of sqlite and of Rust for a damaged folder
        raise LibraryError(
            f"The vectors at {folder} cannot be opened ({type(error).__name__}). Build the guide again: "
            "`python -m ingest build`."
        ) from error


def _collection(client: Client, name: str) -> Collection:
    return client.get_or_create_collection(name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None)


def _close(client: Client, private: tempfile.TemporaryDirectory[str] | None) -> None:
    client.close()
    if private is not None:
        private.cleanup()


def _in_order(pairs: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
