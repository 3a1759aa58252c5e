"""The one place where the parts are joined."""

from __future__ import annotations

from app.guide.ask import Guide
from app.guide.care.helplines import known_helplines
from app.guide.encoder import load_encoder
from app.guide.library import Library
from app.guide.settings import Settings


def open_guide(settings: Settings) -> Guide:
    """Open the guide that these settings describe; raises `AttuneError` with what to do where it cannot be."""
    known_helplines()  # an owner's own file that cannot be used is refused before anybody needs it
    library = Library(settings.library)
    library.live_id()  # an empty library is told before seconds are spent on the encoder
    return Guide(library, load_encoder(settings.embedding_model))
