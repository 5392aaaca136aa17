"""``fisc review``: the review desk in a browser."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated

import typer

from fisc.flows.cli.console import UsageError, out

LOOPBACK = "127.0.0.1"


def review(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine; 0: any that is free.")
    ] = 8742,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
    source_dir: Annotated[
        Path,
        typer.Option(
            "--source-dir",
            envvar="FISC_SOURCES",
            help="Folder with the source files; decisions lie beside them.",
        ),
    ] = Path("sources"),
) -> None:
    """The review desk, in a browser on this machine, until stopped.

    Documents with what was found, their pages with the box of every amount, the inspection sheet; amounts can be corrected, findings waived and documents read again from it.

    Example: [bold]fisc review --port 9000 --no-open[/]
    """
    import uvicorn

    from fisc.flows.desk import Settings, desk
    from fisc.warehouse.home import Home

    listening = _listen(port)
    port = listening.getsockname()[1]
    address = f"http://{LOOPBACK}:{port}/"
    application = desk(Settings(Home.from_environment(), source_dir, port))
    out().print(f"The review desk is at {address}; stop it with Ctrl-C.", soft_wrap=True, markup=False)
    if browser:
        import webbrowser

        webbrowser.open(address)
    uvicorn.Server(uvicorn.Config(application, log_level="warning", server_header=False)).run(
        sockets=[listening]
    )


def _listen(port: int) -> socket.socket:
    """A socket that only this machine can reach."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
    except OSError as error:
        listening.close()
        raise UsageError(
            f"Port {port} cannot be used ({error.strerror}); name another with --port."
        ) from error
    return listening
