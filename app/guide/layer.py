"""The edition's own layer on top of the encoder, for questions only: how this guide's readers put things.

A linear map that is learned from the asked-as lines when an edition is built (`ingest/learn.py`). It turns a question's
vector before the search; what is searched stays in the encoder's own space, so an edition that learns a new layer takes
over its parent's vectors. Whether the guide covers a question is judged from its vector as the encoder made it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from app.guide.encoder import Vectors
from app.guide.errors import LibraryError

FILE = "question.safetensors"
TENSOR = "turn"


def apply(turn: Vectors, vectors: Vectors) -> Vectors:
    """Return the vectors turned, one row each and of unit length; `turn` has one row and one column a dimension."""
    turned = vectors + vectors @ turn
    return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True), dtype=np.float32)


def write_layer(folder: Path, turn: Vectors) -> None:
    """Write a layer into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file({TENSOR: np.ascontiguousarray(turn, dtype=np.float32)}, folder / FILE)


def read_layer(folder: Path) -> Vectors | None:
    """Read the layer of a folder, None where there is none; raises `LibraryError` where it cannot be used."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        return np.asarray(load_file(path)[TENSOR], dtype=np.float32)
    except (OSError, SafetensorError, KeyError) as error:
        raise LibraryError(f"{path} cannot be read. Build the guide again: `python -m ingest build`.") from error
