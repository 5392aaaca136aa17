"""What a run says at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from fisc.flows.cli.console import PROOF_STYLES, SEVERITY_STYLES, STATE_STYLES, count, err, out, print_json
from fisc.flows.cli.totals import NotCounted, Totals, totals
from fisc.flows.summary import Summary, Trouble, added_up
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger

SHOWN_TROUBLES = 10


def print_summary(
    home: Home, done: Mapping[str, Summary], as_json: bool, more: Mapping[str, Any] | None = None
) -> bool:
    """Say what each part of a run did and what is published now; returns whether anything failed.

    ``more`` stands beside it in the JSON.
    """
    total = added_up(list(done.values()))
    published = _published(home, total)
    with Ledger.open(home) as ledger:
        states: Counter[str] = Counter()
        for each in ledger.counts():
            states[f"{each.state} link" if each.of == "link" else each.state] += each.count
    if as_json:
        print_json(
            {
                **(more or {}),
                "runs": {name: summary.as_json() for name, summary in done.items()},
                "documents": dict(sorted(states.items())),
                "published": asdict(published) if published else None,
                "parquet": home.tables,
            }
        )
    else:
        console = out()
        for name, summary in done.items():
            console.print(_did(name, summary))
        _print_state(console, home, published, states)
        _print_next(console, total, published)
    _print_troubles(total)
    return total.failures > 0


def _published(home: Home, total: Summary) -> Totals | None:
    """What is published; where a file is damaged that is one more trouble, and what was done is told all the same."""
    try:
        return totals(home)
    except NotCounted as error:
        total.troubles.append(Trouble("warehouse", "partition_unreadable", str(error)))
        return None


def _did(name: str, summary: Summary) -> Text:
    said = Text.assemble((name, "bold"))
    if summary.pages:
        said.append(f"  {count(summary.listed)} documents on {count(summary.pages)} list pages", style="dim")
    fetched = {"new": summary.new, "changed": summary.changed, "unchanged": summary.unchanged}
    written = {"read": summary.read, "published": summary.published, "superseded": summary.superseded}
    parts = [f"{count(number)} {word}" for word, number in fetched.items() if number or summary.pages]
    parts += [f"{count(number)} {word}" for word, number in written.items() if number]
    said.append("\n  " + (", ".join(parts) or "nothing to do"))
    if summary.ignored:
        said.append(f", {count(summary.ignored)} ignored as its source file says")
    if summary.gone:
        said.append(
            f"\n  {count(summary.gone)} gone from the portal; what was archived stays", style="yellow"
        )
    for replaced in summary.replaced:
        said.append(f"\n  {replaced.sentence}", style="yellow")
    for host, number in sorted(summary.elsewhere.items()):
        said.append(f"\n  {count(number)} came from {host}, where their links redirect to")
    for reason, number in sorted(summary.failed.items()):
        said.append(f"\n  {count(number)} failed: {reason}", style="red")
    for note in summary.notes:
        said.append(f"\n  {note}", style="yellow")
    return said


def _print_state(console: Console, home: Home, published: Totals | None, states: Mapping[str, int]) -> None:
    lines = {"Documents": _counted(states, STATE_STYLES)}
    if published:
        filled = {table: rows for table, rows in published.rows.items() if rows}
        lines |= {
            "Tables": Text(f"{len(filled)} with rows"),
            "Rows": Text(count(sum(filled.values()))),
            "Cells": _counted(published.proofs, PROOF_STYLES),
            "Findings": _counted(published.findings, SEVERITY_STYLES),
            "Compared": _counted(published.comparisons, {"fail": "yellow"}),
        }
    lines["Parquet"] = Text(home.tables)
    console.print()
    for label, words in lines.items():
        console.print(Text.assemble((f"{label:<11}", "dim"), words), soft_wrap=True)


def _counted(numbers: Mapping[str, int], styles: dict[str, str]) -> Text:
    parts = [
        Text(f"{count(number)} {word}", style=styles.get(word, "") if number else "dim")
        for word, number in numbers.items()
    ]
    return Text(", ").join(parts) if parts else Text("none")


def _print_next(console: Console, total: Summary, published: Totals | None) -> None:
    tries = []
    if total.failures:
        tries.append("fisc failures")
    if published and published.findings["error"]:
        tries.append("fisc findings --severity error")
    tries += [
        "fisc review",
        'fisc sql "SELECT department, fiscal_year, stage, total FROM expenditure WHERE is_total"',
        "fisc status",
        "fisc tables",
    ]
    console.print("\n[dim]Try next[/]")
    for each in tries[:3]:
        console.print(f"  {each}", soft_wrap=True, markup=False)


def _print_troubles(total: Summary) -> None:
    console = err()
    for trouble in total.troubles[:SHOWN_TROUBLES]:
        console.print(trouble.sentence, style="red", markup=False, soft_wrap=True)
    if len(total.troubles) > SHOWN_TROUBLES:
        console.print(f"{count(len(total.troubles) - SHOWN_TROUBLES)} more; see fisc failures.", style="red")
    if total.failed:
        console.print(
            f"{count(total.failed.total())} failed; fisc failures says what and why, fisc rerun --failed tries again.",
            style="red",
        )
