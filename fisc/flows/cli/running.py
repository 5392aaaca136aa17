"""``fisc harvest``."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fisc.flows.cli.console import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fisc.flows.declaration import SourceError
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
    from fisc.flows.cli.console import err
    from fisc.flows.cli.progress import watched
    from fisc.flows.cli.report import print_summary
    from fisc.flows.summary import Summary, trouble_of
    from fisc.flows.workshop import open_workshop
    from fisc.warehouse.home import Home

    wanted, broken = _wanted(sources or [], source_dir)
    if not wanted:
        raise next(iter(broken.values()), None) or UsageError(
            f"{source_dir} has no source that is not paused; name one, or write one from example.toml."
        )
    home = Home.from_environment()
    with watched() as watch, open_workshop(home, watch, sources=source_dir) as workshop:
        done = _harvest_each(workshop, wanted, source_dir, since.date() if since else None, limit)
    done |= {name: Summary(troubles=[trouble_of(name, error)]) for name, error in broken.items()}
    failed = print_summary(home, done, json)
    for error in _beside(sources or [], source_dir):
        err().print(
            f"Another source file cannot be used: {error}", style="yellow", markup=False, soft_wrap=True
        )
    raise typer.Exit(1 if failed else 0)


def _wanted(names: Sequence[str], source_dir: Path) -> tuple[dict[str, str], dict[str, SourceError]]:
    """Sources to harvest with the files that declare them, and what is wrong with files that cannot be used.

    Without names, a file that is broken stops no other. Raises :class:`SourceError` for a name that means nothing.
    """
    from fisc.flows.night.deployments import source_files
    from fisc.flows.sources import chosen

    if names:
        return {source.name: name for source, name in zip(chosen(names, source_dir), names, strict=True)}, {}
    files, errors = source_files(source_dir)
    ready = {name: str(path) for name, (path, source) in files.items() if source.paused is None}
    return ready, {error.file: error for error in errors}


def _beside(names: Sequence[str], source_dir: Path) -> list[SourceError]:
    """What is wrong with files beside those of the sources that were named."""
    from fisc.flows.sources import readable_sources

    return readable_sources(source_dir)[1] if names and source_dir.is_dir() else []


def _harvest_each(
    workshop: Workshop, wanted: Mapping[str, str], source_dir: Path, since: date | None, limit: int | None
) -> dict[str, Summary]:
    """A flow a source, one after the other; a source that cannot be harvested does not stop the others."""
    import sqlite3

    from fisc.errors import FiscError
    from fisc.flows.night.record import trouble_from
    from fisc.flows.server import prefect_ready
    from fisc.flows.summary import Summary

    done = {}
    with prefect_ready(workshop.home):
        from fisc.flows.harvest import harvest_portal, in_workshop

        with in_workshop(workshop):
            for name, given in wanted.items():
                try:
                    done[name] = harvest_portal(given, str(source_dir), since, limit)
                except (FiscError, OSError, sqlite3.Error) as error:
                    done[name] = Summary(troubles=[trouble_from(f"harvest {name}", error)])
    return done
