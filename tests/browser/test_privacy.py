"""What a person writes stays in their session."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.browser.conftest import FLAGS, PATIENCE
from tests.browser.serving import ROOT, NeutralPage, Server, files_with
from tests.browser.visiting import WIDE, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def secret() -> str:
    """A word that stands nowhere else, this file and what Python makes of it included."""
    return f"zorb{secrets.token_hex(5)}"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """The folder in which a browser keeps what it remembers."""
    return tmp_path / "profile"


@pytest.fixture
def lasting(playwright: Playwright, chromium: str, profile: Path) -> Iterator[BrowserContext]:
    """A browser as people have it: it keeps history, caches and the last session on the disk."""
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium, args=FLAGS, viewport=WIDE, timeout=PATIENCE
    )
    yield context
    context.close()


def test_what_was_written_is_forgotten_with_the_conversation(visit: Callable[..., Visit], secret: str) -> None:
    """Nowhere that a page can write in the browser."""
    tab = visit().ask(f"what if my partner {secret} won't open up").ask(f"{secret} hits me, what now")
    tab.page.get_by_role("button", name="Clear conversation").click()
    expect(tab.page.get_by_text("Nothing you write is stored.")).to_be_visible()
    expect(tab.page.get_by_text(secret)).to_have_count(0)
    # What only a button held, such as what it copies, goes when the page has been drawn.
    tab.settle()

    assert not any(secret in address for address in tab.asked_for)
    kept = tab.page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, document.title])"
    )
    assert secret not in kept
    assert not any(secret in cookie["value"] for cookie in tab.page.context.cookies())
    assert secret not in tab.page.content()


def test_a_whole_talk_stands_in_no_output_no_file_no_address_and_not_in_the_browsers_profile(
    lasting: BrowserContext, profile: Path, server: Server, neutral: NeutralPage, secret: str
) -> None:
    """A question, a cry for help, a message that is refused, and the same through HTTP."""
    began = time.time() - 1
    tab = Visit(lasting.new_page(), server.address).open()
    tab.ask(f"what if my partner won't open up about {secret}")
    tab.ask(f"I want to kill myself tonight because of {secret}")
    tab.input.fill(f"{secret} " * 1_300)
    tab.input.press("Enter")
    expect(tab.page.get_by_test_id("stAlert")).to_contain_text("at most 8,000 can be read at once")
    tab.settle()
    for body in (
        json.dumps({"message": f"how do we trust again after {secret}"}),
        json.dumps({"message": f"he hits me, {secret}"}),
        json.dumps({"message": f"{secret} " * 2_000}),
        json.dumps({"message": [secret], secret: secret}),
        f"no JSON but {secret}",
    ):
        server.answer("POST", "/api/ask", body)
    server.answer("GET", f"/api/{secret}?message={secret}")
    server.answer("GET", f"/api/sections/{secret}?edition={secret}")

    talked = tab.history
    kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, document.title, history.state])"
    assert secret not in tab.page.evaluate(kept)
    tab.leave.click()
    tab.expect_left(neutral)
    lasting.close()

    assert secret not in json.dumps([talked, tab.asked_for])
    assert tab.strays == []
    assert secret not in server.output.lower()
    assert server.holds("Attune"), "the folder holds the guide, so it can be searched"
    assert server.holds(secret) == []
    assert files_with(secret, ROOT, since=began) == []
    assert files_with(f":{server.port}", profile), "the profile knows the address, so it can be searched"
    assert files_with(secret, profile) == []


def test_what_is_typed_and_never_sent_is_not_kept_by_the_browser_either(
    lasting: BrowserContext, profile: Path, server: Server, neutral: NeutralPage, secret: str
) -> None:
    """A browser writes what stands in fields to the disk, to restore it; here it is told not to."""
    tab = Visit(lasting.new_page(), server.address).open()
    elsewhere = lasting.new_page()
    elsewhere.goto(neutral.address)
    control = f"control {secret}"
    elsewhere.get_by_role("textbox").fill(control)

    tab.page.bring_to_front()
    tab.input.fill(f"my partner {secret}")

    # What stands in a tab that is not in front is written later than what stands in the one in front.
    until = time.monotonic() + PATIENCE / 1000
    while not files_with(control, profile):
        assert time.monotonic() < until, "the browser has kept nothing, so nothing is shown"
        time.sleep(0.2)
    assert files_with(f"my partner {secret}", profile) == []
    tab.leave.click()
    tab.expect_left(neutral)
    lasting.close()
    assert files_with(f"my partner {secret}", profile) == []
