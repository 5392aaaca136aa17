"""Prefect without a server started by hand: its own server in a thread of this process, quiet and offline.

A server in a thread starts in half the time of Prefect's own temporary one (a process that imports everything a
second time), and it cannot outlive a run that was killed.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fisc.errors import FiscError
from fisc.warehouse.home import Home
from fisc.warehouse.locks import locked_here

START_S = 120.0
DRAIN_S = 10.0
MB = 1_000_000
ROOM_MB = 20
"""What Prefect's database and the ledger write before anything is fetched takes half of this."""

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": f"{START_S:g}",
}
"""What a run by hand needs from Prefect: no telemetry, no lines on the console, no catalogue of blocks."""


EVENTS = "EventsWorker"
"""Prefect's sender of events, which logs under its own name: what it has not sent when a run is stopped is nobody's concern."""


class ServerError(FiscError):
    """Prefect's server did not start, or the one that is named does not answer."""


def quiet(home: Home) -> None:
    """Set what Prefect reads when it is imported: where its database lies, and that it keeps still."""
    if not any(name in os.environ for name in ("PREFECT_HOME", "PREFECT_API_URL", "PREFECT_PROFILE")):
        os.environ["PREFECT_HOME"] = str((home.work / "prefect").absolute())
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    logging.getLogger(EVENTS).setLevel(logging.CRITICAL)


@contextmanager
def prefect_ready(home: Home) -> Iterator[None]:
    """Inside, flows can be called. A server named by ``PREFECT_API_URL`` or a profile is used, else our own.

    Raises :class:`ServerError` where it does not start. Enter it before Prefect is imported: its settings are read then.
    """
    quiet(home)

    from prefect.settings import get_current_settings

    if url := get_current_settings().api.url:
        _check(url)
        yield
        return
    with own_server(home) as url:
        from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

        # Nobody watches for missing heartbeats of a run by hand, and the last one would hold it up for a second.
        with temporary_settings({PREFECT_API_URL: url, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            try:
                yield
            finally:
                _send_what_waits()


def _send_what_waits() -> None:
    """Let Prefect send its last events while the server is there: without it they end as an error on the console."""
    from prefect.events.worker import EventsWorker

    EventsWorker.drain_all(timeout=DRAIN_S, at_exit=False)


@contextmanager
def own_server(home: Home, port: int = 0, *, lasting: bool = False) -> Iterator[str]:
    """Prefect's server in a thread, on loopback; gives the address of its API. Port 0: a free one.

    A ``lasting`` server also schedules, watches for late runs and shows its pages. Raises :class:`ServerError`.
    """
    _check_room(home)
    listening = _listening(port)
    # The pages ask this address; Prefect reads it when it is imported.
    os.environ.setdefault("PREFECT_UI_API_URL", f"http://127.0.0.1:{listening.getsockname()[1]}/api")
    import uvicorn
    from prefect.server.api.server import create_app

    app = create_app(ephemeral=not lasting, final=True)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=2)
    )
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listening]}, name="prefect-server", daemon=True
    )
    try:
        # Two runs by hand share the database, which must not be made twice at once.
        with locked_here(home, ["prefect"]):
            thread.start()
            _wait(server, thread)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api"
    finally:
        server.should_exit = True
        if thread.is_alive():
            thread.join(timeout=10.0)


def _check_room(home: Home) -> None:
    free = shutil.disk_usage(home.work).free
    if free < ROOM_MB * MB:
        raise ServerError(
            f"The disk of {home.root.absolute()} has {free // MB} MB left, and a run needs {ROOM_MB} MB to begin; make room "
            "and run it again."
        )


def _listening(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise ServerError(
            f"Port {port} cannot be used ({error.strerror}); another program holds it: name a free one with --port."
        ) from error
    return listening


def _check(url: str) -> None:
    import httpx

    try:
        httpx.get(f"{url}/health", timeout=10.0).raise_for_status()
    except httpx.HTTPError as error:
        raise ServerError(
            f"The Prefect server {url} does not answer ({error}); start it, or unset PREFECT_API_URL to do without."
        ) from error


def _wait(server: object, thread: threading.Thread) -> None:
    end = time.monotonic() + START_S
    while not getattr(server, "started", False):
        if not thread.is_alive() or time.monotonic() > end:
            raise ServerError(
                "Prefect's own server did not start; see the lines above, or start one with "
                "prefect server start and name it with PREFECT_API_URL."
            )
        time.sleep(0.02)
