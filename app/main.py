"""The server, `python -m app.main`: start-up, routes and headers; no page stands here."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from streamlit import config

from app.door import SecurityHeaders
from app.guide.errors import AttuneError
from app.ui import resources

HERE = Path(__file__).parent


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Open the guide in a thread, so that the first page is drawn meanwhile and a failure ends nothing."""
    threading.Thread(target=_warm_up, daemon=True).start()
    yield {}


def _warm_up() -> None:
    # Streamlit warns about any thread that is no page's; this one is meant.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    try:
        edition = resources.guide().edition()
        print(f"Attune is ready at {_address()} (edition {edition.id}). Stop it with Ctrl+C.", flush=True)
    except AttuneError as error:
        print(f"Attune is at {_address()}, but: {error}", file=sys.stderr, flush=True)


def _address() -> str:
    return f"http://{config.get_option('server.address')}:{config.get_option('server.port')}"


def _on_script_error(error: Exception) -> bool:
    """Show one sentence instead of a traceback; the error's own words stay out of page and log."""
    logging.getLogger("attune").error("A page failed with %s.", type(error).__name__)
    st.error("Something went wrong on this page, and nothing was kept. Reload it, or ask again in other words.")
    return True


app = st.App(
    HERE / "ui" / "screen.py",
    lifespan=lifespan,
    routes=[Mount("/assets", StaticFiles(directory=HERE / "ui" / "assets"))],
    middleware=[
        Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"]),
        Middleware(SecurityHeaders),
    ],
    on_script_error=_on_script_error,
)


def refuse_a_taken_port() -> None:
    """End with one sentence where another program listens on the port already."""
    address, port = str(config.get_option("server.address")), int(config.get_option("server.port"))
    with socket.socket() as probe:
        if probe.connect_ex((address, port)) == 0:
            sys.exit(
                f"Port {port} on {address} is taken by another program (or by an Attune that runs already). Stop that "
                f"one, or choose another port: STREAMLIT_SERVER_PORT={port + 1} make run"
            )


if __name__ == "__main__":
    refuse_a_taken_port()
    app.run()
