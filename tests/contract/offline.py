"""Build, start and ask in a process whose every way out of the machine is shut.

Run as `python offline.py CORPUS LIBRARY QUESTION`.
"""

from __future__ import annotations

import json
import socket
import sys
from typing import NoReturn

HOME = ("127.0.0.1", "::1", "localhost", "", None)


class NetworkTouched(BaseException):
    """Somebody tried to leave the machine; no `except Exception` may swallow it."""


def shut_the_network() -> list[str]:
    """Make every connection beyond loopback raise, and return the list in which attempts are kept."""
    tried: list[str] = []

    def refuse(what: object) -> NoReturn:
        tried.append(repr(what))
        raise NetworkTouched(what)

    def is_home(address: object) -> bool:
        return not isinstance(address, tuple) or address[0] in HOME

    def guard(name: str) -> None:
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, *arguments: object) -> object:
            # `sendto` has the address last, after the data and the flags.
            return real(self, *arguments) if is_home(arguments[-1]) else refuse(arguments[-1])

        setattr(socket.socket, name, guarded)

    for name in ("connect", "connect_ex", "sendto"):
        guard(name)
    look_up = socket.getaddrinfo

    def guarded_look_up(host: object, *arguments: object, **named: object) -> object:
        return look_up(host, *arguments, **named) if host in HOME else refuse(host)

    socket.getaddrinfo = guarded_look_up
    socket.gethostbyname = refuse
    return tried


def main(corpus: str, library: str, question: str) -> None:
    """Print what a build and a question came to, and what was tried meanwhile."""
    tried = shut_the_network()

    from pathlib import Path

    from app.guide.open import open_guide
    from app.guide.settings import Settings
    from ingest.cli import main as ingest

    code = ingest(["build", corpus, "--library", library, "--json"])
    answer = open_guide(Settings(library=Path(library))).ask(question)
    sys.stdout.write(json.dumps({"code": code, "kind": answer.kind, "sections": answer.sections, "tried": tried}))


if __name__ == "__main__":
    main(*sys.argv[1:])
