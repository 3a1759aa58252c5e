"""The server, `python -m app.main`: start-up, routes and headers; no page stands here."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from streamlit import config

from app.api import api
from app.door import door, keep_words_out_of_logs, own_hosts
from app.guide.care.helplines import known_helplines
from app.guide.errors import AttuneError
from app.guide.gaps import Gaps
from app.guide.settings import read_settings
from app.ui import resources

HERE = Path(__file__).parent
DAY = 24 * 60 * 60


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Open the guide in a thread, so that the first page is drawn meanwhile and a failure ends nothing."""
    keep_words_out_of_logs()
    threading.Thread(target=_warm_up, daemon=True).start()
    threading.Thread(target=_forget_old_gaps, daemon=True).start()
    watcher = _watch_corpus()
    yield {}
    if watcher:
        watcher.terminate()


def _watch_corpus() -> subprocess.Popen[bytes] | None:
    """Start `ingest watch` beside the server where that is set; it ends with the server, however that ends."""
    try:
        if not read_settings().watch:
            return None
    except AttuneError:  # the pages tell of it
        return None
    return subprocess.Popen([sys.executable, "-m", "ingest", "watch", "--with-parent"])


def _forget_old_gaps() -> None:
    """Delete kept questions when their time is over, also where nobody looks at them."""
    while True:
        try:
            Gaps(read_settings().library).forget_old()
        except AttuneError:  # the pages tell of it
            return
        time.sleep(DAY)


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


def _hosts() -> frozenset[str]:
    """Return the names that this server answers to; a setting that cannot be used is told by the pages."""
    bound = str(config.get_option("server.address") or "")
    try:
        return own_hosts(bound, read_settings().allowed_hosts)
    except AttuneError:
        return own_hosts(bound)


app = st.App(
    HERE / "ui" / "screen.py",
    lifespan=lifespan,
    routes=[
        Mount("/assets", StaticFiles(directory=HERE / "ui" / "assets")),
        Mount("/api", api(lambda: resources.guide())),
    ],
    middleware=door(_hosts),
    on_script_error=_on_script_error,
)


def server_settings() -> dict[str, str | int]:
    """Return where to listen: `.streamlit/config.toml`, or the variables that `streamlit run` would read.

    `App.run` reads the file but not the variables.
    """
    address = os.environ.get("STREAMLIT_SERVER_ADDRESS") or str(config.get_option("server.address"))
    port = os.environ.get("STREAMLIT_SERVER_PORT") or str(config.get_option("server.port"))
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"The setting STREAMLIT_SERVER_PORT is {port[:20]!r}. Set it to a number from 1 to 65535.")
    return {"server.address": address, "server.port": int(port)}


def refuse_a_taken_port(address: str, port: int) -> None:
    """End with one sentence where another program listens on the port already."""
    with socket.socket() as probe:
        if probe.connect_ex((address, port)) == 0:
            sys.exit(
                f"Port {port} on {address} is taken by another program (or by an Attune that runs already). Stop that "
                f"one, or choose another port: STREAMLIT_SERVER_PORT={port + 1} make run"
            )


def refuse_unusable_settings() -> None:
    """End with one sentence where a setting, or the owner's own helplines that one names, cannot be used."""
    try:
        known_helplines()
    except AttuneError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    settings = server_settings()
    refuse_unusable_settings()
    # Streamlit says to restart when the variables differ from the file; they are read before it starts.
    logging.getLogger("streamlit.config").disabled = True
    refuse_a_taken_port(str(settings["server.address"]), int(settings["server.port"]))
    app.run(config=settings)
