"""The edition's own layer for questions: what it does to a vector, and how it is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.guide.errors import LibraryError
from app.guide.layer import FILE, apply, read_layer, write_layer


def test_a_layer_of_nothing_changes_nothing() -> None:
    vectors = np.array([[0.6, 0.8]], dtype=np.float32)

    assert apply(np.zeros((2, 2), dtype=np.float32), vectors) == pytest.approx(vectors)


def test_a_layer_adds_a_turn_and_keeps_the_length() -> None:
    """(1, 0) gains 0.75 of the second axis: (1, 0.75), which is (0.8, 0.6) at unit length."""
    turn = np.array([[0.0, 0.75], [0.0, 0.0]], dtype=np.float32)

    assert apply(turn, np.array([[1.0, 0.0]], dtype=np.float32)) == pytest.approx(np.array([[0.8, 0.6]]))


def test_a_stored_layer_is_read_as_it_was_written(tmp_path: Path) -> None:
    turn = np.arange(4, dtype=np.float32).reshape(2, 2)

    write_layer(tmp_path / "encoder", turn)

    read = read_layer(tmp_path / "encoder")
    assert read is not None
    assert read.tolist() == turn.tolist()


def test_a_folder_without_a_layer_has_none(tmp_path: Path) -> None:
    assert read_layer(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"not a tensor at all"])
def test_a_damaged_layer_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)

    with pytest.raises(LibraryError, match="Build the guide again"):
        read_layer(tmp_path)
