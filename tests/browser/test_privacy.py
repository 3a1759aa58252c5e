"""What a person writes stays in their session."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.serving import Server
from tests.browser.visiting import Visit

pytestmark = pytest.mark.browser


def test_what_was_written_stands_in_no_output_and_in_no_file(visit: Callable[..., Visit], server: Server) -> None:
    """Not in the library, the home folder or the temporary files, and nowhere that a browser keeps."""
    secret = "Zorblattina"
    tab = visit().ask(f"what if my partner {secret} won't open up").ask(f"{secret} hits me, what now")
    tab.page.get_by_role("button", name="Clear conversation").click()
    expect(tab.page.get_by_text("Nothing you write is stored.")).to_be_visible()

    assert secret.lower() not in server.output.lower()
    assert server.holds("Attune"), "the folder holds the guide, so it can be searched"
    assert server.holds(secret) == []
    assert not any(secret in address for address in tab.asked_for)
    kept = tab.page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, document.title])"
    )
    assert secret not in kept
    assert not any(secret in cookie["value"] for cookie in tab.page.context.cookies())
