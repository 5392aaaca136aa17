"""What changed in documents that were read anew, value by value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.text import Text

from fisc.flows.cli.console import count, grid, out, shown

if TYPE_CHECKING:
    from rich.console import Console

    from fisc.flows.changes import Reread

SHOWN_VALUES = 20


def print_rereads(told: Sequence[Reread], only_tried: bool) -> None:
    """A head a document and a line a value; documents in which nothing changed are only counted."""
    console = out()
    for reread in told:
        if reread.differences or reread.versions[0] is None:
            _print_one(console, reread)
    same = sum(not reread.differences and reread.versions[0] is not None for reread in told)
    worse = sum(reread.is_worse for reread in told)
    if told:
        would = "would be" if only_tried else "are"
        console.print(f"{count(same)} of {count(len(told))} {would} the same, value by value.")
    if worse:
        console.print(
            f"In {count(worse)} fewer amounts are proven than before: look at them.", style="bold red"
        )
    if told:
        console.print()


def _print_one(console: Console, reread: Reread) -> None:
    before, after = reread.versions
    head = Text.assemble(
        (f"{reread.department} {reread.fiscal_year} {reread.stage}", "bold"),
        (f"  {reread.document_id}", "dim"),
    )
    console.print(head)
    if before is None:
        console.print(f"  new, read by {after}: {reread.proven[1]} of {reread.cells[1]} amounts proven")
        return
    versions = after if before == after else f"{before} → {after}"
    proven = " → ".join(f"{p} of {c}" for p, c in zip(reread.proven, reread.cells, strict=True))
    style = "bold red" if reread.is_worse else "dim"
    console.print(f"  read by {versions}; proven amounts {proven}", style=style)
    rows = [
        (
            "  " + d.table,
            f"{d.row} / {d.column}" if d.column else f"{d.row} (whole row)",
            _said(d.before),
            "→",
            _said(d.after),
            d.page,
        )
        for d in reread.differences[:SHOWN_VALUES]
    ]
    console.print(
        grid(("  table", "value", ("before", "right"), "", ("after", "right"), ("page", "right")), rows)
    )
    if len(reread.differences) > SHOWN_VALUES:
        console.print(
            f"  … and {count(len(reread.differences) - SHOWN_VALUES)} more; --json has them all", style="dim"
        )


def _said(value: Any) -> str:
    return "nothing" if value is None else shown(value)


def as_json(told: Sequence[Reread]) -> list[dict[str, Any]]:
    """Every document that was compared, with all its differences."""
    return [asdict(reread) for reread in told]
