"""``fisc harvest`` and ``fisc rerun``."""

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
    from fisc.warehouse.ledger import Document, Ledger

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


def rerun(
    documents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DOCUMENT", help="Ids or beginnings of ids, words of a department or address."
        ),
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="All that failed, links and documents.")] = False,
    source: Annotated[str | None, typer.Option(help="All documents of this source.")] = None,
    year: Annotated[int | None, typer.Option(help="All documents of this fiscal year.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also what this version of fisc has published already.")
    ] = False,
    source_dir: SourceDir = Path("sources"),
    json: AsJson = False,
) -> None:
    """Read documents again and replace exactly their rows.

    Documents that you name are always read; of a source or a year, those that another version of fisc read, or
    all of them with --force. With --failed, links that failed are asked for again, too.

    Example: [bold]fisc rerun 3f2a --json[/] or [bold]fisc rerun --year 2025 --force[/]
    """
    from fisc.flows import rerun as again
    from fisc.flows.cli.progress import watched
    from fisc.flows.cli.report import print_summary
    from fisc.flows.summary import added_up
    from fisc.flows.workshop import open_workshop
    from fisc.warehouse.home import Home
    from fisc.warehouse.ledger import Ledger

    if not (documents or failed or source or year):
        raise UsageError(
            "Say what to run again: documents, --failed, --source or --year; see fisc rerun --help."
        )
    home = Home.from_environment()
    with Ledger.open(home) as ledger:
        chosen = _chosen(ledger, documents or [], failed, source, year, force)
        most = None if failed else len(chosen)
        with watched() as watch, open_workshop(home, watch, documents=most, sources=source_dir) as workshop:
            fetched = [again.fetch_again(workshop, ledger, source_dir, source, year)] if failed else []
            total = added_up([*fetched, again.read_again(workshop, ledger, chosen)])
    raise typer.Exit(1 if print_summary(home, {"rerun": total}, json) else 0)


def _chosen(
    ledger: Ledger, words: Sequence[str], failed: bool, source: str | None, year: int | None, force: bool
) -> list[Document]:
    from fisc.flows import rerun as again

    found = again.named(ledger, words)
    if failed:
        found += ledger.select(state="failed", source=source, fiscal_year=year)
    elif source or year:
        selected = ledger.select(source=source, fiscal_year=year)
        found += again.current(selected) if force else again.outdated(selected)
    return list({document.document_id: document for document in found}.values())


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
