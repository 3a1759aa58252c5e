"""Texts to vectors in bulk: sorted by length, so that a batch wastes little, and with progress."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.guide.encoder import Encoder, SentenceEncoder, Vectors
from ingest.progress import Progress

BATCH = 512


def embed(texts: Sequence[str], encoder: Encoder, progress: Progress, name: str = "embedding") -> Vectors:
    """Return one row a text, in order; `name` is what the step is called."""
    if not texts:
        return encoder.encode([])
    encode = encoder.encode_fast if isinstance(encoder, SentenceEncoder) else encoder.encode
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    rows = []
    with progress.count(name, len(texts)) as advance:
        for start in range(0, len(order), BATCH):
            batch = [texts[i] for i in order[start : start + BATCH]]
            rows.append(encode(batch))
            advance(len(batch))
    vectors = np.concatenate(rows)
    return vectors[np.argsort(order)]
