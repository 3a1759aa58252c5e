"""Who may use the editor's page."""

from __future__ import annotations

import hmac
import ipaddress
import threading
import time
from collections.abc import Callable

from pydantic import SecretStr

from app.guide.settings import Settings

# Seconds to wait after so many failures in a row; afterwards, the last.
WAITS = (0, 0, 1, 2, 5, 15, 30, 60)


def page_exists(settings: Settings, address: str) -> bool:
    """Whether there is an editor's page on a server that is bound to an address.

    With a password there is. Without one, only where nobody but this machine can reach the server: it is bound to
    loopback, and the owner names no other host for it, as one does for a proxy in front.
    """
    has_password = bool(settings.editor_password.get_secret_value())
    return has_password or (is_loopback(address) and not settings.allowed_hosts)


def is_loopback(address: str) -> bool:
    """Whether an address can only be reached from this machine; an empty one stands for all of a machine's."""
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address.lower() == "localhost"


class Lock:
    """Compares passwords in constant time, and after failures not before some seconds have passed.

    It is one for the whole server: an address proves nothing about who asks.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._closed_until = 0.0
        self._turn = threading.Lock()

    @property
    def wait(self) -> float:
        """The seconds until the next password is looked at."""
        return max(0.0, self._closed_until - self._clock())

    def opens(self, given: str, password: SecretStr) -> bool:
        """Whether it is the password; while there is a `wait`, none is."""
        with self._turn:
            if self.wait:
                return False
            if hmac.compare_digest(given.encode("utf-8", "replace"), password.get_secret_value().encode()):
                self._failures = 0
                return True
            self._failures += 1
            self._closed_until = self._clock() + WAITS[min(self._failures, len(WAITS) - 1)]
            return False
