"""``fisc serve``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fisc.flows.cli.running import SourceDir

PORT = 4200


def serve(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine for Prefect; 0: a free one.")
    ] = PORT,
    at_once: Annotated[int, typer.Option("--at-once", min=1, help="So many runs at the same time.")] = 2,
    prefect_yaml: Annotated[
        bool,
        typer.Option(
            "--prefect-yaml", help="Only print the deployments as prefect.yaml, for a server of your own."
        ),
    ] = False,
    source_dir: SourceDir = Path("sources"),
) -> None:
    """Run the nightly schedule until stopped.

    Prefect's server, a harvest a source at its hour, an hourly retry of what may heal, a weekly check of what was
    published, in one process. It may be stopped or killed at any time: the next start goes on.

    Example: [bold]fisc serve[/]
    """
    from fisc.flows.cli.console import err
    from fisc.flows.night.deployments import as_prefect_yaml, planned
    from fisc.flows.night.serving import Service, serve
    from fisc.flows.night.settings import read_settings
    from fisc.warehouse.home import Home

    console = err()
    if prefect_yaml:
        plans, errors = planned(source_dir, read_settings(Home.from_environment()).night)
        typer.echo(as_prefect_yaml(plans), nl=False)
        for error in errors:
            console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1 if errors else 0)

    def say(line: str) -> None:
        console.print(line, markup=False, soft_wrap=True)

    serve(Service(Home.from_environment(), source_dir, at_once, say), port)
