"""``fisc status``: what the ledger knows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fisc.flows.cli.running import AsJson, SourceDir

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from fisc.warehouse.ledger import Count, Run

ORDER = ("discovered", "fetched", "extracted", "validated", "published", "superseded", "failed")
RUNS = 200


def status(
    coverage: Annotated[
        bool,
        typer.Option(
            "--coverage", help="What was expected against what was published, with gaps and lateness."
        ),
    ] = False,
    source_dir: SourceDir = Path("sources"),
    json: AsJson = False,
) -> None:
    """Where everything stands, and the last runs.

    Documents are counted by source, year, stage and state. A link that gave no document yet is counted as a link.

    Example: [bold]fisc status --coverage[/]
    """
    from fisc.flows.cli import covering
    from fisc.flows.cli.console import out, print_json
    from fisc.warehouse.home import Home
    from fisc.warehouse.ledger import Ledger

    home = Home.from_environment()
    with Ledger.open(home) as ledger:
        counts, runs = ledger.counts(), last_runs(ledger.runs(RUNS))
        found = covering.covered(ledger, source_dir) if coverage else []
    if json:
        more = {"coverage": covering.as_json(found)} if coverage else {}
        print_json({"home": str(home.root.absolute()), "counts": counts, "runs": runs, **more})
        return
    if coverage:
        covering.print_coverage(found)
        return
    console = out()
    if not counts:
        console.print(
            "Nothing was harvested into", str(home.root.absolute()), "yet; start with fisc harvest."
        )
        return
    _print_counts(console, counts)
    _print_runs(console, runs)


def last_runs(runs: Iterable[Run]) -> list[Run]:
    """The newest run of each name."""
    newest: dict[str, Run] = {}
    for run in runs:
        newest.setdefault(run.name, run)
    return list(newest.values())


def _print_counts(console: Console, counts: Sequence[Count]) -> None:
    from fisc.flows.cli.console import STATE_STYLES, count, grid, styled

    states = [state for state in ORDER if any(each.state == state for each in counts)]
    cells: dict[tuple[Any, ...], Counter[str]] = {}
    for each in counts:
        key = (each.source, each.fiscal_year, each.stage, each.of)
        cells.setdefault(key, Counter())[each.state] += each.count
    rows = [
        (
            source or "",
            year,
            stage,
            f"{of}s",
            *(count(n) if (n := numbers[state]) else "" for state in states),
        )
        for (source, year, stage, of), numbers in cells.items()
    ]
    columns: list[str | tuple[str, str]] = ["source", ("year", "right"), "stage", ""]
    columns += [(state, "right") for state in states]
    table = grid(columns, rows)
    for column, state in zip(table.columns[4:], states, strict=True):
        column.header = styled(state, STATE_STYLES)
    console.print(table)


def _print_runs(console: Console, runs: Sequence[Run]) -> None:
    from fisc.flows.cli.console import grid, shown

    if runs:
        console.print()
        rows = [(run.name, shown(run.started_at), _ended(run)) for run in runs]
        console.print(grid(("last run", "began", "ended"), rows))


def _ended(run: Run) -> str:
    from fisc.flows.cli.console import shown

    if run.finished_at is None:
        return "not yet, or it was stopped; the next run finishes it"
    failed = sum(run.summary.get("failed", {}).values()) + len(run.summary.get("troubles", ()))
    new = run.summary.get("new", 0) + run.summary.get("changed", 0)
    return f"{shown(run.finished_at)}, {new} new or changed, {failed} failed"
