"""The one place where the parts are joined."""

from __future__ import annotations

from app.guide.ask import Guide
from app.guide.care.helplines import known_helplines
from app.guide.encoder import bundled_encoder, load_encoder
from app.guide.library import Library
from app.guide.reranker import load_reranker
from app.guide.settings import Settings
from app.guide.verify import Checker
from app.guide.written import Written


def open_guide(settings: Settings) -> Guide:
    """Open the guide that these settings describe; raises `AttuneError` with what to do where it cannot be."""
    known_helplines()  # an owner's own file that cannot be used is refused before anybody needs it
    library = Library(settings.library)
    if not library.manifests():
        library.live_id()  # an empty library is told before seconds are spent on the encoder
    written = _written(settings)
    reranker = load_reranker(settings.reranker) if settings.reranker else None
    return Guide(library, load_encoder(settings.embedding_model), written, reranker)


def _written(settings: Settings) -> Written | None:
    if not settings.chat_model:
        return None
    from app.guide.generate import open_writer  # LangChain's models take seconds to load, and few have one

    # What is written is checked with the encoder that the check was fitted with, whatever an edition was made with.
    return Written(open_writer(settings), Checker(), bundled_encoder())
