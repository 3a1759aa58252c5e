"""Learn the guide's own language: a linear layer for questions, from the asked-as lines of its sections.

A question is to be near the other asked-as lines and the passages of its section and away from those of the others: the
contrastive loss over in-batch negatives of Henderson et al. 2017, "Efficient Natural Language Response Suggestion"
(MultipleNegativesRankingLoss in sentence-transformers), with one pair of each section in a batch. Only the layer is
learned, over vectors that the edition has already, so it takes seconds and never changes what is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.guide.encoder import Vectors
from ingest.progress import Advance, each, unheard

SEED = 7
STEPS = 600
SCALE = 20.0
RATE = 1e-3
# A question is held against a passage this often, otherwise against another asked-as line.
PASSAGES = 0.3
MOST_SECTIONS = 128

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Unit vectors of asked-as lines and passages, with the number of the section that each belongs to."""

    lines: Vectors
    line_sections: Rows
    passages: Vectors
    passage_sections: Rows

    def without(self, lines: NDArray[np.bool_]) -> Lessons:
        """Return the lessons with some of the lines left out."""
        return Lessons(self.lines[~lines], self.line_sections[~lines], self.passages, self.passage_sections)


def learn(lessons: Lessons, advance: Advance = unheard) -> Vectors | None:
    """Return the layer, the same for the same lessons; None where fewer than two sections have two lines.

    Each of the `STEPS` is reported to `advance`.
    """
    taught = _taught(lessons)
    if len(taught) < 2:
        return None
    import torch
    from torch.nn.functional import cross_entropy, normalize

    generator = np.random.default_rng(SEED)
    size = lessons.lines.shape[1]
    turn = torch.zeros(size, size, requires_grad=True)
    optimizer = torch.optim.AdamW([turn], lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, STEPS)
    for questions, answers in each(_batches(lessons, taught, generator), advance):
        asked = torch.from_numpy(questions)
        scores = SCALE * normalize(asked + asked @ turn, dim=-1) @ torch.from_numpy(answers).T
        own = torch.arange(len(questions))
        loss = (cross_entropy(scores, own) + cross_entropy(scores.T, own)) / 2
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    return np.asarray(turn.detach().numpy(), dtype=np.float32)


def _taught(lessons: Lessons) -> list[tuple[Rows, Rows]]:
    """Return the lines and the passages of every section that has at least two lines and a passage."""
    pairs = [
        (np.flatnonzero(lessons.line_sections == section), np.flatnonzero(lessons.passage_sections == section))
        for section in np.unique(lessons.line_sections)
    ]
    return [(lines, passages) for lines, passages in pairs if len(lines) > 1 and len(passages)]


def _batches(
    lessons: Lessons, taught: Sequence[tuple[Rows, Rows]], generator: np.random.Generator
) -> Iterator[tuple[Vectors, Vectors]]:
    """Yield questions with what should be near them, one of each section, or of some where there are many."""
    lines, passages = [rows for rows, _ in taught], [rows for _, rows in taught]
    for _ in range(STEPS):
        chosen = generator.permutation(len(taught))[:MOST_SECTIONS]
        counts = np.array([len(lines[section]) for section in chosen])
        first = generator.integers(counts)
        second = (first + 1 + generator.integers(counts - 1)) % counts
        third = generator.integers([len(passages[section]) for section in chosen])
        asked = [lines[section][row] for section, row in zip(chosen, first, strict=True)]
        other = lessons.lines[[lines[section][row] for section, row in zip(chosen, second, strict=True)]]
        passage = lessons.passages[[passages[section][row] for section, row in zip(chosen, third, strict=True)]]
        by_passage = generator.random(len(chosen)) < PASSAGES
        yield lessons.lines[asked], np.where(by_passage[:, None], passage, other)
