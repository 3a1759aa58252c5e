"""The committed model: small, plain, pinned, and never in the way of a person when it fails."""

from __future__ import annotations

import json
from importlib import import_module

import numpy as np
import pytest

from app.guide.care import Category, Strength, detection_works, screen
from app.guide.care.model import LABELS, MODEL, bundled_judge

EXAMPLES = MODEL.parent / "examples"


def test_the_model_is_small_and_plain() -> None:
    """Under one megabyte of numbers; nothing in it is code."""
    with np.load(MODEL, allow_pickle=False) as stored:
        kinds = {stored[name].dtype.kind for name in stored.files}

    assert MODEL.stat().st_size < 1_000_000
    assert kinds == {"f"}


def test_every_label_has_a_probability() -> None:
    """They add up to one."""
    chances, _ = bundled_judge().probabilities(("how do we stop arguing about the dishes",))

    assert chances.shape == (len(LABELS),)
    assert chances.sum() == pytest.approx(1.0, abs=1e-5)


def test_a_message_is_read_the_same_alone_and_after_others() -> None:
    """Nothing is remembered from one message to the next."""
    judge, message = bundled_judge(), ("he counts the tissues",)
    first, _ = judge.probabilities(message)
    judge.probabilities(("i want to die", "he left", "what now"))

    again, _ = judge.probabilities(message)

    assert first.tolist() == again.tolist()


def test_the_loudest_piece_of_a_long_message_is_named() -> None:
    """Its words decide whether the message speaks of the past or of another person."""
    calm = ("we met at the choir in spring", "she brings soup when i am ill", "we painted the hall yellow together")

    _, piece = bundled_judge().probabilities((*calm, "last week she hit me with a pan", *calm))

    assert "pan" in piece


def test_another_embedding_model_changes_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Care reads with its own pinned weights, whatever the edition is made with."""
    before = bundled_judge().probabilities(("i feel like the help",))[0].tolist()
    monkeypatch.setenv("ATTUNE_EMBEDDING_MODEL", "/nowhere/another-model")
    bundled_judge.cache_clear()

    # What is loaded anew may lie otherwise in memory, which changes how sums are rounded.
    assert bundled_judge().probabilities(("i feel like the help",))[0].tolist() == pytest.approx(before, abs=1e-6)


@pytest.fixture
def without_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model cannot be loaded."""
    monkeypatch.setattr(import_module("app.guide.care.screen"), "_model", lambda: None)


@pytest.mark.usefixtures("without_model")
def test_without_the_model_the_phrase_families_still_judge() -> None:
    """Plain words of danger get their card."""
    verdict = screen("my husband hits me")

    assert verdict is not None
    assert verdict.category is Category.PARTNER_VIOLENCE
    assert verdict.strength is Strength.NOW


@pytest.mark.usefixtures("without_model")
def test_without_the_model_everything_else_is_in_doubt() -> None:
    """MAYBE raises the help line and keeps the message from any language model."""
    verdict = screen("how do we plan a date night")

    assert verdict is not None
    assert verdict.strength is Strength.MAYBE
    assert not detection_works()


def test_the_examples_are_many_and_half_of_them_are_harmless() -> None:
    """Every line has a text and a known label, and no text stands there twice."""
    rows = [json.loads(line) for path in EXAMPLES.glob("*.jsonl") for line in path.open(encoding="utf-8")]
    harmless = sum(row["label"] == "none" for row in rows)

    assert {row["label"] for row in rows} == set(LABELS)
    assert len({row["text"] for row in rows}) == len(rows) > 1_600
    assert harmless >= len(rows) / 2
