"""Embedding in bulk, and what a build says meanwhile."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ingest.embed import BATCH, embed
from ingest.progress import JsonProgress, TerminalProgress, each
from tests.fakes import CountingEncoder, Steps


def test_rows_come_back_in_the_order_of_their_texts(encoder: CountingEncoder) -> None:
    texts = ["trust trust trust listen", "walk", "quiet quiet argue", "money", "listen"]

    rows = embed(texts, encoder, Steps())

    assert np.array_equal(rows, CountingEncoder().encode(texts))


def test_texts_are_encoded_by_length_so_that_a_batch_wastes_little(encoder: CountingEncoder) -> None:
    texts = ["x" * (n * 37 % 1000) for n in range(BATCH * 2 + 7)]

    rows = embed(texts, encoder, Steps())

    assert encoder.encoded == sorted(texts, key=len)
    assert len(rows) == len(texts)


def test_no_texts_make_no_rows_and_no_progress(encoder: CountingEncoder) -> None:
    progress = Steps()

    rows = embed([], encoder, progress)

    assert (len(rows), progress.said) == (0, [])


def test_progress_for_programs_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    progress = JsonProgress()
    progress.step("reading the guide")
    with progress.count("embedding", 3) as advance:
        advance(2)
        advance(1)

    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"step": "reading the guide"},
        {"step": "embedding", "done": 0, "total": 3},
        {"step": "embedding", "done": 2, "total": 3},
        {"step": "embedding", "done": 3, "total": 3},
    ]


def test_programs_hear_of_every_hundredth_and_not_of_every_piece(capsys: pytest.CaptureFixture[str]) -> None:
    with JsonProgress().count("judging", 1000) as advance:
        assert list(each(range(1000), advance)) == list(range(1000))

    said = [json.loads(line)["done"] for line in capsys.readouterr().out.splitlines()]
    assert said == list(range(0, 1001, 10))


def test_progress_for_people_leaves_standard_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    progress = TerminalProgress()
    progress.step("reading the guide")
    with progress.count("embedding", 1) as advance:
        advance(1)

    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "reading the guide ...\nembedding ...\n")
