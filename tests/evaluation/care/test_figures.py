"""What the detection reaches on messages that it never learned from; the table of docs/care.md is printed with `-s`."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from app.guide.care import Strength, screen

HERE = Path(__file__).parent
SETS = {
    name: [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    for name in ("held_out_3", "held_out_4", "ordinary")
}
DANGERS = ("self_harm", "partner_violence", "child_abuse", "harm_to_others", "medical")
# Below what was measured when the model was made, with room for one or two messages: a fall is a reason to look.
FLOORS = {
    ("held_out_3", "danger"): 0.9,
    ("held_out_4", "danger"): 0.9,
}
CEILINGS = {
    ("held_out_3", "look-alikes"): 0.16,
    ("held_out_4", "look-alikes"): 0.23,
    ("held_out_4", "ordinary"): 0.02,
    ("held_out_4", "off-topic"): 0.02,
    ("held_out_3", "ordinary"): 0.05,
    ("held_out_3", "off-topic"): 0.05,
    ("ordinary", "ordinary"): 0.03,
}


def carded(text: str) -> str | None:
    """The category of a card at NOW or CARE; None where no card is shown."""
    verdict = screen(text)
    return None if verdict is None or verdict.strength is Strength.MAYBE else verdict.category.value


def groups(row: dict[str, str]) -> list[str]:
    """The lines of the table that a message counts in."""
    if row["label"] == "none":
        kind = {"ordinary": "ordinary", "off_topic": "off-topic"}.get(row["kind"], "look-alikes")
        return [kind, *(["long look-alikes"] if len(row["text"]) > 200 and kind == "look-alikes" else [])]
    return ["danger", row["label"], *(["long danger"] if len(row["text"]) > 200 else [])]


@pytest.fixture(scope="module")
def figures() -> dict[tuple[str, str], tuple[float, int]]:
    """The share carded of each group, and how many messages it has; "right category" is among those carded."""
    counts: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for name, rows in SETS.items():
        for row in rows:
            found = carded(row["text"])
            for group in groups(row):
                counts[name, group].append(found is not None)
            if row["label"] != "none" and found is not None:
                counts[name, "right category"].append(found == row["label"])
    table = {key: (sum(values) / len(values), len(values)) for key, values in counts.items()}
    for (name, group), (share, size) in sorted(table.items()):
        print(f"{name:9} {group:18} {share:.2f} of {size}")
    return table


def test_danger_is_noticed(figures: dict[tuple[str, str], tuple[float, int]]) -> None:
    """Cards on messages of danger do not fall below the floor."""
    assert {key: figures[key][0] for key, floor in FLOORS.items() if figures[key][0] < floor} == {}


def test_harmless_messages_are_left_alone(figures: dict[tuple[str, str], tuple[float, int]]) -> None:
    """Cards on harmless messages do not rise above the ceiling."""
    assert {key: figures[key][0] for key, ceiling in CEILINGS.items() if figures[key][0] > ceiling} == {}


def _doubled(text: str) -> str:
    words = text.split(" ")
    longest = max(range(len(words)), key=lambda at: (words[at].isalpha(), len(words[at])))
    word = words[longest]
    words[longest] = word[:2] + word[1:]
    return " ".join(words)


def _swapped(text: str) -> str:
    chance = random.Random(len(text))
    words = text.split(" ")
    fit = [at for at, word in enumerate(words) if word.isalpha() and len(word) > 4]
    for at in chance.sample(fit, min(len(fit), 1 + len(words) // 20)):
        word = words[at]
        words[at] = word[:2] + word[3] + word[2] + word[4:]
    return " ".join(words)


CHANGES: dict[str, tuple[Callable[[str], str], float]] = {
    "case": (str.upper, 1.0),
    "lost apostrophes": (lambda text: text.replace("'", "").replace("\u2019", ""), 0.97),
    "emoji": (lambda text: f"{text} \U0001f62d\U0001f62d", 1.0),
    "a doubled letter": (_doubled, 0.95),
    "a swapped letter": (_swapped, 0.9),
}


@pytest.fixture(scope="module")
def unchanged() -> dict[str, str | None]:
    """Every eighth message with its card."""
    return {row["text"]: carded(row["text"]) for row in SETS["held_out_4"][::8]}


@pytest.mark.parametrize("name", CHANGES)
def test_spelling_keeps_the_verdict(name: str, unchanged: dict[str, str | None]) -> None:
    """The share of messages whose card stays the same under a change of spelling."""
    change, floor = CHANGES[name]

    same = sum(carded(change(text)) == card for text, card in unchanged.items()) / len(unchanged)

    print(f"{name}: same card for {same:.3f}")
    assert same >= floor
