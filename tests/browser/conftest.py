"""One server on the real guide and one browser for all; every tab that a test opens is watched to the end."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from tests.browser.hostile import DOCUMENT, MARKDOWN, NEXT_DOCUMENT, NEXT_MARKDOWN, PRACTICES
from tests.browser.serving import NeutralPage, Server, corpus_with
from tests.browser.visiting import WIDE, Visit

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
MISSING = "No Chromium was found. Install it (Debian: apt-get install chromium), or set ATTUNE_CHROMIUM to its path."
# The machine may be shared; nothing waits so long unless something is wrong.
PATIENCE = 30_000


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; without one the test is skipped, or fails where browser tests are required."""
    path = os.environ.get("ATTUNE_CHROMIUM") or shutil.which("chromium")
    if not path:
        if os.environ.get("ATTUNE_BROWSER_TESTS") == "required":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    return path


@pytest.fixture(scope="session")
def neutral() -> Iterator[NeutralPage]:
    """The page that "Leave this page" opens."""
    neutral = NeutralPage()
    yield neutral
    neutral.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, neutral: NeutralPage) -> Iterator[Server]:
    """The program, answering from the real guide and two hostile sections."""
    server = Server(tmp_path_factory.mktemp("served"), leave_url=neutral.address)
    hostile = {DOCUMENT: MARKDOWN, NEXT_DOCUMENT: NEXT_MARKDOWN}
    server.build(corpus_with(tmp_path_factory.mktemp("source"), hostile, PRACTICES))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def empty_server(tmp_path: Path, neutral: NeutralPage) -> Iterator[Server]:
    """The program, started before anything was ingested."""
    server = Server(tmp_path, leave_url=neutral.address)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """A Chromium that talks to nobody by itself."""
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def window(browser: Browser) -> BrowserContext:
    """One person's browser; each tab is a session of its own, and files are fetched once."""
    context = browser.new_context(viewport=WIDE)
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def visit(window: BrowserContext, server: Server) -> Iterator[Callable[..., Visit]]:
    """Open an address in a new tab; in the end no tab may have asked for anything from elsewhere, or complained."""
    visits: list[Visit] = []

    def open_tab(path: str = "/", size: dict[str, int] = WIDE) -> Visit:
        page = window.new_page()
        page.set_viewport_size(size)
        visits.append(Visit(page, server.address))
        return visits[-1].open(path)

    yield open_tab
    for opened in visits:
        opened.page.close()
    assert server.runs, f"The server ended by itself:\n{server.output}"
    assert [stray for opened in visits for stray in opened.strays] == []
    assert [complaint for opened in visits for complaint in opened.complaints] == []
