"""The option of a second look, with a cross-encoder that is built here: tiny, and of no use but its form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from app.guide.ask import Guide
from app.guide.errors import EncoderError
from app.guide.library import Library
from app.guide.open import open_guide
from app.guide.reranker import load_reranker
from app.guide.settings import Settings
from tests.fakes import CountingEncoder

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "trust", "listen", "quiet", "walk"]


class LongestFirst:
    """A reranker that likes long texts, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the lengths."""
        self.asked.append((question, list(texts)))
        return [float(len(text)) for text in texts]


@pytest.fixture(scope="session")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a cross-encoder of one small layer and eight words."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross")
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_the_reranker_puts_the_best_sections_into_its_order(published: str, library: Library) -> None:
    reranker = LongestFirst()

    hits = Guide(library, CountingEncoder(), reranker=reranker).search("trust on a walk")

    lengths = [len(f"{hit.section.title}\n{hit.quote}") for hit in hits]
    assert lengths == sorted(lengths, reverse=True)
    assert [question for question, _ in reranker.asked] == ["trust on a walk"]
    assert sorted(hit.section.slug for hit in hits) == ["barriers/quiet", "talk/listening", "trust/bids"]


def test_whoever_types_a_title_gets_that_section_whatever_the_reranker_likes(published: str, library: Library) -> None:
    reranker = LongestFirst()

    hits = Guide(library, CountingEncoder(), reranker=reranker).search("listening well")

    assert (hits[0].section.slug, reranker.asked) == ("talk/listening", [])


def test_coverage_is_judged_as_without_a_reranker(published: str, library: Library) -> None:
    guides = [Guide(library, CountingEncoder(), reranker=reranker) for reranker in (None, LongestFirst())]

    kinds = [[guide.ask(question).kind for question in ("trust", "best bread flour")] for guide in guides]

    assert kinds[0] == kinds[1]


def test_a_cross_encoder_in_a_folder_is_loaded_and_scores_each_text(cross_encoder: Path) -> None:
    scores = load_reranker(str(cross_encoder)).scores("trust", ["listen", "quiet walk", "listen"])

    assert len(scores) == 3
    assert scores[0] == pytest.approx(scores[2])
    assert scores[0] != pytest.approx(scores[1])


def test_a_reranker_that_is_not_here_is_told_and_never_fetched() -> None:
    with pytest.raises(EncoderError, match="ATTUNE_RERANKER"):
        load_reranker("somebody/some-cross-encoder")


def test_without_the_setting_nothing_is_loaded(
    published: str, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.guide.open.load_encoder", lambda model: CountingEncoder())
    monkeypatch.setattr("app.guide.open.load_reranker", lambda model: pytest.fail("a reranker was loaded"))

    guide = open_guide(Settings(library=library.root))

    assert guide.search("trust")[0].section.slug == "trust/bids"
