"""``fisc harvest``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fisc.flows.cli.console import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fisc.flows.sources import Source
    from fisc.flows.summary import Summary
    from fisc.flows.workshop import Workshop

SourceDir = Annotated[
    Path, typer.Option("--source-dir", envvar="FISC_SOURCES", help="Folder with the source files.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON value on standard output, nothing else.")]


def harvest(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="Names of sources, or paths of source files; none: all."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Leave out what was published before this day."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask for at most so many links a source.")] = None,
    source_dir: SourceDir = Path("sources"),
    json: AsJson = False,
) -> None:
    """Fetch, read and publish what the portals have now.

    Discover, fetch, extract, validate, publish: only what is new or changed is fetched. A run that was stopped, even killed, is finished by the next one.

    Example: [bold]fisc harvest qinhuangdao-haigang --since 2025-01-01[/]
    """
    from fisc.flows.cli.progress import watched
    from fisc.flows.cli.report import print_summary
    from fisc.flows.sources import chosen
    from fisc.flows.workshop import open_workshop
    from fisc.warehouse.home import Home

    declared = chosen(sources or [], source_dir)
    if not declared:
        raise UsageError(
            f"{source_dir} has no source that is not paused; name one, or write one from example.toml."
        )
    home = Home.from_environment()
    with watched() as watch, open_workshop(home, watch, sources=source_dir) as workshop:
        done = _harvest_each(
            workshop, declared, sources or [s.name for s in declared], source_dir, since, limit
        )
    failed = print_summary(home, done, json)
    raise typer.Exit(1 if failed else 0)


def _harvest_each(
    workshop: Workshop,
    declared: Sequence[Source],
    given: Sequence[str],
    source_dir: Path,
    since: datetime | None,
    limit: int | None,
) -> dict[str, Summary]:
    """A flow a source, one after the other; a source that cannot be harvested does not stop the others."""
    from fisc.errors import FiscError
    from fisc.flows.server import prefect_ready
    from fisc.flows.summary import Summary, trouble_of

    done = {}
    with prefect_ready(workshop.home):
        from fisc.flows.harvest import harvest_portal, in_workshop

        with in_workshop(workshop):
            for source, name in zip(declared, given, strict=True):
                try:
                    day = since.date() if since else None
                    done[source.name] = harvest_portal(name, str(source_dir), day, limit)
                except FiscError as error:
                    done[source.name] = Summary(troubles=[trouble_of(source.name, error)])
    return done
