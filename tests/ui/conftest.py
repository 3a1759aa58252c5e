"""Pages opened on a guide that a test lays out; no model is loaded and no library is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import streamlit as st

from app.guide import open as opening
from app.ui.components import conversation
from tests.ui.laid_out import LaidOutGuide
from tests.ui.page import Page


@pytest.fixture(autouse=True)
def _nothing_is_shared() -> Iterator[None]:
    """Forget the open guide, or the next test would meet this one's."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def laid_out(monkeypatch: pytest.MonkeyPatch) -> LaidOutGuide:
    """The guide that every page of the test opens; a test changes what it answers."""
    guide = LaidOutGuide()
    monkeypatch.setattr(opening, "open_guide", lambda settings: guide)
    # Parts of an answer come without the pause between them.
    monkeypatch.setattr(conversation, "PACE", 0)
    return guide


@pytest.fixture
def open_page() -> Callable[[], Page]:
    """Open the program as a person who has just come."""
    return Page


@pytest.fixture
def page(open_page: Callable[[], Page]) -> Page:
    """The program as one person sees it who has just come."""
    return open_page()
