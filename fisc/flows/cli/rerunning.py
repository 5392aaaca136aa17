"""``fisc rerun``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fisc.flows.cli.console import UsageError
from fisc.flows.cli.running import AsJson, SourceDir

if TYPE_CHECKING:
    from fisc.flows.rerun import Wanted


def rerun(
    documents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DOCUMENT", help="Ids or beginnings of ids, words of a department or address."
        ),
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="All that failed, links and documents.")] = False,
    reason: Annotated[
        str | None, typer.Option(help="With --failed: only what failed for this reason.")
    ] = None,
    outdated: Annotated[
        bool, typer.Option("--outdated", help="All that this version of fisc did not publish.")
    ] = False,
    source: Annotated[str | None, typer.Option(help="All documents of this source.")] = None,
    year: Annotated[int | None, typer.Option(help="All documents of this fiscal year.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also what this version of fisc has published already.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say which values would change; nothing is written.")
    ] = False,
    source_dir: SourceDir = Path("sources"),
    json: AsJson = False,
) -> None:
    """Read documents again and replace exactly their rows.

    Documents that you name are always read; of a source or a year, those that another version of fisc read, or
    all of them with --force. With --failed, links that failed are asked for again, too. What changes is said
    value by value, before it is published.

    Example: [bold]fisc rerun --failed --reason http_404[/] or [bold]fisc rerun --outdated --dry-run[/]
    """
    from fisc.flows import rerun as again

    if not (documents or failed or reason or outdated or source or year):
        raise UsageError(
            "Say what to run again: documents, --failed, --outdated, --source or --year; see fisc rerun --help."
        )
    if (failed or reason) and outdated:
        raise UsageError("--failed and --outdated name different documents; run them one after the other.")
    wanted = again.Wanted(tuple(documents or ()), failed or bool(reason), reason, source, year, force)
    raise typer.Exit(1 if _run(wanted, dry_run, source_dir, json) else 0)


def _run(wanted: Wanted, dry_run: bool, source_dir: Path, json: bool) -> bool:
    """Do it and say what came of it; returns whether anything failed."""
    from fisc.flows import rerun as again
    from fisc.flows.changes import Reread
    from fisc.flows.cli.progress import watched
    from fisc.flows.cli.report import print_summary
    from fisc.flows.cli.rereading import as_json, print_rereads
    from fisc.flows.workshop import open_workshop
    from fisc.warehouse.home import Home
    from fisc.warehouse.ledger import Ledger

    home = Home.from_environment()
    told: list[Reread] = []
    with Ledger.open(home) as ledger:
        chosen = again.chosen_documents(ledger, wanted)
        most = None if wanted.failed and not dry_run else len(chosen)
        with watched() as watch, open_workshop(home, watch, documents=most, sources=source_dir) as workshop:
            if dry_run:
                total = again.try_again(workshop, ledger, chosen, told.append)
            else:
                total = again.run_again(workshop, ledger, wanted, source_dir, told.append)
    if not json:
        print_rereads(told, dry_run)
    name = "rerun (nothing was written)" if dry_run else "rerun"
    return print_summary(home, {name: total}, json, {"changes": as_json(told)})
