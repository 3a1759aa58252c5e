"""The learning of the adapters: the pinned encoder stays as it is, small additions to its layers are fitted.

Used by train.py only. What is learned here is run by reader.py, in numpy, with the same result.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from app.guide.care.model import LABELS
from app.guide.care.reader import ADAPTED, HEADS, LAYERS, LONGEST, WIDTH, pinned_tokenizer, pinned_weights

Array = NDArray[np.float32]
Small = NDArray[np.float16]

RANK, SCALE = 8, 2.0
EPOCHS, RATE, BATCH = 4, 1e-3, 16
PIECES_A_STEP = 12


@dataclass(frozen=True, slots=True)
class Lesson:
    """One example as the learner sees it: the whole message, its pieces and its label."""

    whole: str
    pieces: tuple[str, ...]
    label: int


class Encoder:
    """The pinned encoder, frozen, with adapters added to its matrices."""

    def __init__(self) -> None:
        self._tokenizer = pinned_tokenizer()
        self._weights = {name: torch.from_numpy(value) for name, value in pinned_weights().items()}

    def tokens(self, texts: Sequence[str]) -> list[Tensor]:
        """The numbers of each text's tokens."""
        return [torch.tensor(encoding.ids[:LONGEST]) for encoding in self._tokenizer.encode_batch(list(texts))]

    def read(self, texts: Sequence[Tensor], adapters: Mapping[str, Adapter]) -> Tensor:
        """One pooled row for each text, given as its tokens."""
        ids, w = nn.utils.rnn.pad_sequence(list(texts), batch_first=True), self._weights
        lengths = torch.tensor([len(one) for one in texts])
        seen = torch.arange(ids.shape[1])[None] < lengths[:, None]
        words = w["embeddings.word_embeddings.weight"][ids]
        places = w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        hidden = self._norm(words + places + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(LAYERS):
            hidden = self._layer(hidden, layer, seen[:, None, None, :], adapters)
        return (hidden * seen[..., None]).sum(1) / lengths[:, None]

    def _layer(self, hidden: Tensor, layer: int, seen: Tensor, adapters: Mapping[str, Adapter]) -> Tensor:
        at = f"encoder.layer.{layer}"

        def linear(values: Tensor, part: str) -> Tensor:
            name = f"{at}.{part}"
            kept = functional.linear(values, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])
            return kept + adapters[name](values) if name in adapters else kept

        def heads(values: Tensor) -> Tensor:
            return values.view(*values.shape[:-1], HEADS, WIDTH // HEADS).transpose(1, 2)

        query, key, value = (heads(linear(hidden, f"attention.self.{name}")) for name in ("query", "key", "value"))
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen).transpose(1, 2).flatten(2)
        attended = self._norm(linear(mixed, "attention.output.dense") + hidden, f"{at}.attention.output.LayerNorm")
        inner = functional.gelu(linear(attended, "intermediate.dense"))
        return self._norm(linear(inner, "output.dense") + attended, f"{at}.output.LayerNorm")

    def _norm(self, values: Tensor, name: str) -> Tensor:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return functional.layer_norm(values, (WIDTH,), weight, bias, eps=1e-12)


class Adapter(nn.Module):
    """A low-rank addition to one matrix."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.down = nn.Parameter(torch.randn(RANK, inputs) * 0.02)
        self.up = nn.Parameter(torch.zeros(outputs, RANK))
        self.dropout = nn.Dropout(0.1)

    def forward(self, values: Tensor) -> Tensor:
        """What is added to the kept matrix's result."""
        added: Tensor = SCALE * self.dropout(values @ self.down.T) @ self.up.T
        return added


class Learner(nn.Module):
    """Adapters for every layer and a head of one score a label."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.adapters: dict[str, Adapter] = {}
        for layer in range(LAYERS):
            for part, (inputs, outputs) in ADAPTED.items():
                self.adapters[f"encoder.layer.{layer}.{part}"] = Adapter(inputs, outputs)
        self.listed = nn.ModuleList(self.adapters.values())
        self.head = nn.Linear(WIDTH, len(LABELS))
        self.dropout = nn.Dropout(0.2)

    def forward(self, texts: Sequence[Tensor]) -> Tensor:
        """One row of scores for each text, given as its tokens."""
        scores: Tensor = self.head(self.dropout(self.encoder.read(texts, self.adapters)))
        return scores

    def arrays(self) -> dict[str, Small]:
        """What was learned, in the names that reader.py expects."""
        learned = {"head": self.head.weight, "bias": self.head.bias}
        for name, adapter in self.adapters.items():
            learned[f"{name}.up"], learned[f"{name}.down"] = adapter.up * SCALE, adapter.down
        return {name: small(value.detach().numpy()) for name, value in learned.items()}


def small(values: Array, lost: int = 6) -> Small:
    """The values as half floats without their last bits, so that they compress: six lost err by at most 3 %."""
    bits = np.asarray(values, dtype=np.float16).view(np.uint16).astype(np.uint32)
    return (((bits + (1 << (lost - 1))) >> lost) << lost).astype(np.uint16).view(np.float16)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A lesson as tokens: the message as it is, the message with typing slips, its pieces, its label."""

    whole: Tensor
    slipped: Tensor
    pieces: tuple[Tensor, ...]
    label: int


def tokens_of(lessons: Sequence[Lesson], seed: int) -> list[Tokens]:
    """Every lesson as tokens."""
    encoder, chance = Encoder(), random.Random(seed)  # noqa: S311 (typing slips are no secret)
    wholes = encoder.tokens([lesson.whole for lesson in lessons])
    slipped = encoder.tokens([with_slips(lesson.whole, chance) for lesson in lessons])
    pieces = iter(encoder.tokens([piece for lesson in lessons for piece in lesson.pieces]))
    return [
        Tokens(whole, slip, tuple(islice(pieces, len(lesson.pieces))), lesson.label)
        for lesson, whole, slip in zip(lessons, wholes, slipped, strict=True)
    ]


def learn(lessons: Sequence[Tokens], seed: int) -> dict[str, Small]:
    """Fit adapters and head to the lessons; the same seed on the same machine gives the same arrays."""
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311 (the order of lessons is no secret)
    learner = Learner(Encoder()).train()
    steps = EPOCHS * -(-len(lessons) // BATCH)
    optimiser = torch.optim.AdamW(
        [
            {"params": list(learner.listed.parameters()), "lr": RATE},
            {"params": list(learner.head.parameters()), "lr": 2 * RATE},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda at: min((at + 1) / (0.1 * steps), 1) * (1 - at / (steps + 1))
    )
    for epoch in range(EPOCHS):
        for batch in _batches(lessons, chance):
            loss = _loss_of_wholes(learner, batch, chance)
            if epoch:
                loss = loss + _loss_of_pieces(learner, batch, chance)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return learner.arrays()


def _batches(lessons: Sequence[Tokens], chance: random.Random) -> list[list[Tokens]]:
    """Batches of messages of like length, in random order."""
    order = list(lessons)
    chance.shuffle(order)
    batches = []
    for start in range(0, len(order), BATCH * 8):
        block = sorted(order[start : start + BATCH * 8], key=lambda lesson: len(lesson.whole))
        batches += [block[at : at + BATCH] for at in range(0, len(block), BATCH)]
    chance.shuffle(batches)
    return batches


def _loss_of_wholes(learner: Learner, batch: Sequence[Tokens], chance: random.Random) -> Tensor:
    scores = learner([lesson.whole if chance.random() < 0.6 else lesson.slipped for lesson in batch])
    labels = torch.tensor([lesson.label for lesson in batch])
    return functional.cross_entropy(scores, labels, label_smoothing=0.05)


def _loss_of_pieces(learner: Learner, batch: Sequence[Tokens], chance: random.Random) -> Tensor:
    """Of a dangerous message the piece that shows its danger most must show it; of a harmless one no piece may."""
    pieces = [(row, piece) for row, lesson in enumerate(batch) for piece in lesson.pieces]
    if not pieces:
        return torch.zeros(())
    pieces = chance.sample(pieces, min(len(pieces), PIECES_A_STEP))
    scores = learner([piece for _, piece in pieces])
    seen = scores.detach()
    margins = torch.logsumexp(seen[:, 1:], 1) - seen[:, 0]
    chosen: dict[int, tuple[float, int]] = {}
    for at, (row, _) in enumerate(pieces):
        label = batch[row].label
        loud = float(margins[at] if label == 0 else seen[at, label] - seen[at, 0])
        chosen[row] = max(chosen.get(row, (-1e9, at)), (loud, at))
    places, labels = [at for _, at in chosen.values()], torch.tensor([batch[row].label for row in chosen])
    loss = functional.cross_entropy(scores[places], labels, label_smoothing=0.05)
    return 0.5 * loss * len(chosen) / len(batch)


def with_slips(text: str, chance: random.Random) -> str:
    """The text with a typing slip in about one of twelve of its longer words."""
    words = text.split(" ")
    for at, word in enumerate(words):
        if len(word) > 3 and chance.random() < 0.08:
            cut = chance.randrange(1, len(word) - 1)
            swapped = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
            words[at] = chance.choice((swapped, word[:cut] + word[cut + 1 :], word[:cut] + word[cut] + word[cut:]))
    return " ".join(words)
