"""`python -m app.guide.care.train`: make model.npz and words.txt out of the committed examples, with a fixed seed.

Takes about forty minutes on two idle cores. Each of two sets of adapters learns from all examples but a fifth of its
own, and reads that fifth; on these readings, of messages that the reader had not seen, the last layer is fitted
(stacking, Wolpert 1992). The two sets together are the model.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from app.guide.care import words
from app.guide.care.families import FOLDER
from app.guide.care.learn import Lesson, Small, learn, small, tokens_of
from app.guide.care.model import LABELS, MODEL, adapter_sets, danger, features
from app.guide.care.reader import Reader, pinned_tokenizer
from app.guide.care.spelling import WORDS, known_words
from app.guide.care.wording import sentences, windows

Array = NDArray[np.float32]

EXAMPLES = Path(__file__).parent / "examples"
SEED, SETS, FIFTHS = 20260630, 2, 5


def read_examples() -> list[tuple[str, int]]:
    """Every committed example with the place of its label in LABELS."""
    rows = [json.loads(line) for path in sorted(EXAMPLES.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    return [(row["text"], LABELS.index(row["label"])) for row in rows]


def main() -> None:
    """Train, report what was found in messages that were not seen, and write words.txt and model.npz."""
    examples = read_examples()
    write_words([sentences(text) for text, _ in examples])
    known_words.cache_clear()
    lessons = [_lesson(text, label) for text, label in examples]
    labels = np.array([label for _, label in examples])
    fifths = list(StratifiedKFold(FIFTHS, shuffle=True, random_state=SEED).split(np.zeros(len(labels)), labels))[:SETS]
    known = [[lessons[row] for row in seen] for seen, _ in fifths]
    everything: dict[str, Small | Array] = {**learn_words(lessons)}
    read = []
    with ProcessPoolExecutor(SETS, mp_context=get_context("spawn")) as processes:
        sets = processes.map(learn_set, known, range(SEED, SEED + SETS))
        for number, (arrays, (_, unseen)) in enumerate(zip(sets, fifths, strict=True)):
            own = {f"0/{name}": value for name, value in arrays.items()}
            read.append(readings(own | learn_words(known[number]), [lessons[row] for row in unseen]))
            everything |= {f"{number}/{name}": value for name, value in arrays.items()}
            _say(f"set {number + 1} of {SETS} is learned")
    rows, unseen_labels = np.concatenate(read), labels[np.concatenate([unseen for _, unseen in fifths])]
    last = LogisticRegression(C=0.1, max_iter=2000).fit(rows, unseen_labels)
    everything["last"], everything["last_bias"] = last.coef_.astype(np.float32), last.intercept_.astype(np.float32)
    np.savez_compressed(MODEL, **everything)  # type: ignore[arg-type]
    _say(f"{MODEL.name}: {MODEL.stat().st_size:,} bytes from {len(lessons)} examples")
    _say(found_at_bounds(1 - last.predict_proba(rows)[:, 0], unseen_labels))


def learn_set(lessons: Sequence[Lesson], seed: int) -> dict[str, Small]:
    """One set of adapters; on one thread, since several sets are learned side by side."""
    torch.set_num_threads(1)
    return learn(tokens_of(lessons, seed), seed)


def found_at_bounds(dangers: NDArray[np.float64], labels: NDArray[np.int_]) -> str:
    """How much danger, and how much that is harmless, lies above each bound, as a table."""
    bounds = np.arange(0.2, 0.85, 0.05)
    lines = [
        f"{bound:.2f}  danger {np.mean(dangers[labels > 0] >= bound):.3f}  harmless "
        f"{np.mean(dangers[labels == 0] >= bound):.3f}"
        for bound in bounds
    ]
    return "\n".join(lines)


def _lesson(text: str, label: int) -> Lesson:
    parts = sentences(text)
    return Lesson(". ".join(parts), windows(parts), label)


def write_words(parts: Sequence[Sequence[str]]) -> None:
    """Write words.txt: the words that typing slips are corrected to, then those that are known and left alone."""
    met = Counter(word for part in parts for sentence in part for word in sentence.split() if word.isalpha())
    patterns = " ".join(path.read_text(encoding="utf-8").lower() for path in sorted(FOLDER.glob("*.yaml")))
    vocabulary = {
        word for word in pinned_tokenizer().get_vocab() if word.isascii() and word.isalpha() and len(word) > 1
    }
    common = [word for word, count in met.most_common() if len(word) > 2 and count >= (2 if word in vocabulary else 4)]
    named = {word for word in re.findall(r"[a-z]{3,}", patterns) if word in vocabulary}
    common += sorted(named.difference(common))
    other = sorted((vocabulary | set(met)).difference(common))
    WORDS.write_text("\n".join(common) + "\n\n" + "\n".join(other) + "\n", encoding="utf-8")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def readings(arrays: dict[str, Small], lessons: Sequence[Lesson]) -> Array:
    """The features of messages under the given arrays, as model.py makes them one by one."""
    wide = {name: value.astype(np.float32) for name, value in arrays.items()}
    reader = Reader(adapter_sets(wide))
    read = reader.scores([text for lesson in lessons for text in (lesson.whole, *lesson.pieces)])
    spelled = words.scores([lesson.whole for lesson in lessons], wide["rarity"], wide["words"])
    rows, at = [], 0
    for lesson, spell in zip(lessons, spelled, strict=True):
        mine = read[at : at + 1 + len(lesson.pieces)]
        at += len(mine)
        rows.append(features(mine[0], max(mine[1:], key=danger, default=mine[0]), spell))
    return np.array(rows)


def learn_words(lessons: Sequence[Lesson]) -> dict[str, Small]:
    """The linear model over hashed words and bits of words, with the rarity that weighs each count."""
    tables = [words.counts(lesson.whole) for lesson in lessons]
    met = Counter(place for table in tables for place in table)
    rarity = np.log((1 + len(tables)) / (1 + np.array([met[place] for place in range(words.SIZE)]))) + 1
    weighed = [{place: value * rarity[place] for place, value in table.items()} for table in tables]
    sizes = [np.sqrt(sum(value**2 for value in table.values())) or 1.0 for table in weighed]
    values = [value / size for table, size in zip(weighed, sizes, strict=True) for value in table.values()]
    places = [place for table in weighed for place in table]
    starts = np.cumsum([0, *(len(table) for table in weighed)])
    matrix = sparse.csr_matrix((values, places, starts), shape=(len(lessons), words.SIZE))
    fitted = LogisticRegression(C=10, max_iter=500, class_weight="balanced").fit(matrix, [x.label for x in lessons])
    # The intercepts are left out: the last layer has its own.
    return {"rarity": small(rarity), "words": small(fitted.coef_, lost=7)}


if __name__ == "__main__":
    main()
