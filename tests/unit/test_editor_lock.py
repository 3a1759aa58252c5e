"""The editor's page exists only for this machine, or behind a password that cannot be guessed quickly."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from app.guide.errors import UnusableInput
from app.guide.settings import Settings, read_settings
from app.ui.editor_lock import WAITS, Lock, is_loopback, page_exists

PASSWORD = SecretStr("a long password")


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("192.168.1.20", False),
        ("attune.example", False),
        ("", False),
    ],
)
def test_without_a_password_the_page_exists_only_on_loopback(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback
    assert page_exists(Settings(), address) is loopback
    assert page_exists(Settings(editor_password=PASSWORD), address)


def test_behind_a_proxy_loopback_is_not_enough() -> None:
    behind = Settings(allowed_hosts=("attune.example",))

    assert not page_exists(behind, "127.0.0.1")
    assert page_exists(behind.model_copy(update={"editor_password": PASSWORD}), "127.0.0.1")


def test_after_failures_no_password_is_looked_at_for_a_while() -> None:
    now = [100.0]
    lock = Lock(lambda: now[0])

    waits = []
    for _ in range(len(WAITS) + 1):
        assert not lock.opens("wrong", PASSWORD)
        waits.append(lock.wait)
        now[0] += lock.wait

    assert waits == [*WAITS[1:], WAITS[-1], WAITS[-1]]


def test_the_right_password_waits_too_and_then_opens_and_forgets_the_failures() -> None:
    now = [100.0]
    lock = Lock(lambda: now[0])
    for _ in range(2):
        lock.opens("wrong", PASSWORD)

    assert not lock.opens("a long password", PASSWORD)
    now[0] += lock.wait
    assert lock.opens("a long password", PASSWORD)
    assert (lock.opens("wrong", PASSWORD), lock.wait) == (False, 0.0)


def test_a_password_in_other_signs_can_be_given() -> None:
    assert Lock().opens("grüße, мир", SecretStr("grüße, мир"))


def test_a_short_password_is_refused_and_none_is_ever_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_EDITOR_PASSWORD", "hush")

    with pytest.raises(UnusableInput, match="ATTUNE_EDITOR_PASSWORD") as raised:
        read_settings()

    assert "hush" not in f"{raised.value} {raised.value.__cause__}"
    assert "a long password" not in repr(Settings(editor_password=PASSWORD))
