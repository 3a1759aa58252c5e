"""`python -m app.guide.care.train`: make model.npz and words.txt out of the committed examples, with a fixed seed.

Takes about half an hour on two cores. The last layer is fitted on readings of messages that the readers had not seen:
the examples are parted in three, and each part is read by a model that learned from the other two.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from app.guide.care import words
from app.guide.care.families import FOLDER
from app.guide.care.learn import Lesson, Lowered, learn, lower
from app.guide.care.model import LABELS, MODEL, adapter_sets, danger, features
from app.guide.care.reader import Reader, pinned_tokenizer
from app.guide.care.spelling import WORDS, known_words
from app.guide.care.wording import sentences, windows

Array = NDArray[np.float32]

EXAMPLES = Path(__file__).parent / "examples"
SEED, PARTS, SETS = 20260630, 3, 2


def read_examples() -> list[tuple[str, int]]:
    """Every committed example with the place of its label in LABELS."""
    rows = [json.loads(line) for path in sorted(EXAMPLES.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    return [(row["text"], LABELS.index(row["label"])) for row in rows]


def main() -> None:
    """Train, report what each part is worth on messages it had not seen, and write model.npz."""
    examples = read_examples()
    write_words([sentences(text) for text, _ in examples])
    known_words.cache_clear()
    parts = [sentences(text) for text, _ in examples]
    labels = np.array([label for _, label in examples])
    lessons = [Lesson(". ".join(part), windows(part), label) for part, (_, label) in zip(parts, examples, strict=True)]
    rows = np.zeros((len(lessons), len(features(*np.zeros((3, len(LABELS)), dtype=np.float32)))), dtype=np.float32)
    lowered = lower(lessons, SEED)
    split = StratifiedKFold(PARTS, shuffle=True, random_state=SEED).split(np.zeros(len(labels)), labels)
    for number, (seen, unseen) in enumerate(split):
        known = [lessons[row] for row in seen]
        arrays = learn_sets([lowered[row] for row in seen], SEED + SETS * number) | learn_words(known)
        rows[unseen] = readings(arrays, [lessons[row] for row in unseen])
        _say(f"part {number + 1} of {PARTS} read")
    last = LogisticRegression(C=0.1, max_iter=2000).fit(rows, labels)
    everything = learn_sets(lowered, SEED) | learn_words(lessons)
    everything["last"], everything["last_bias"] = last.coef_.astype(np.float32), last.intercept_.astype(np.float32)
    np.savez_compressed(MODEL, **everything)  # type: ignore[arg-type]
    _say(f"{MODEL.name}: {MODEL.stat().st_size:,} bytes from {len(lessons)} examples")


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


def learn_sets(lessons: Sequence[Lowered], seed: int) -> dict[str, Array]:
    """Several sets of adapters that differ by chance only: their mean errs less than each."""
    return {f"{n}/{name}": value for n in range(SETS) for name, value in learn(lessons, seed + n).items()}


def readings(arrays: dict[str, Array], lessons: Sequence[Lesson]) -> Array:
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


def learn_words(lessons: Sequence[Lesson]) -> dict[str, Array]:
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
    return {"rarity": rarity.astype(np.float16), "words": fitted.coef_.astype(np.float16)}


if __name__ == "__main__":
    main()
