"""``fisc status --coverage``: what is there, what is missing and what came late, source by source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fisc.flows.night.coverage import Period, Place
    from fisc.warehouse.ledger import Ledger

SHOWN_NAMES = 8


@dataclass(frozen=True, slots=True)
class Covered:
    """The coverage of one source."""

    source: str
    periods: tuple[Period, ...]
    places: tuple[Place, ...]


def covered(ledger: Ledger, source_dir: Path) -> list[Covered]:
    """Every source that the ledger knows or that has a file; without a file, only what was seen is expected."""
    from fisc.flows.night.coverage import Expectation, coverage, periods
    from fisc.flows.night.record import expectation
    from fisc.flows.sources import readable_sources

    files = readable_sources(source_dir)[0]
    seen = {each.source for each in ledger.counts() if each.source}
    paused = {name for name, source in files.items() if source.paused is not None}
    today = datetime.now(UTC).date()
    found = []
    for name in sorted(seen | (set(files) - paused)):
        expected = expectation(files[name]) if name in files else Expectation()
        places = coverage(ledger.standings(name), expected, today)
        found.append(Covered(name, tuple(periods(places, expected)), tuple(places)))
    return found


def as_json(found: Sequence[Covered]) -> dict[str, Any]:
    """By source."""
    return {each.source: asdict(each) for each in found}


def print_coverage(found: Sequence[Covered]) -> None:
    """A line a source, year and stage, and the names of what is missing."""
    from fisc.flows.cli.console import count, grid, out

    heads = (
        "source", ("year", "right"), "stage", "due", ("expected", "right"), ("published", "right"),
        ("waiting", "right"), ("failed", "right"), ("missing", "right"), ("late", "right"), "missing are",
    )  # fmt: skip
    rows = [
        (
            each.source, p.fiscal_year, p.stage, p.due.isoformat(), count(p.expected), count(p.published),
            _some(p.waiting), _some(p.failed), _some(len(p.missing) + p.unnamed), _some(p.late), _names(p),
        )
        for each in found
        for p in each.periods
    ]  # fmt: skip
    console = out()
    if rows:
        console.print(grid(heads, rows))
    else:
        console.print("Nothing is expected and nothing was seen yet; start with fisc harvest.")


def _some(number: int) -> str:
    from fisc.flows.cli.console import count

    return count(number) if number else ""


def _names(period: Period) -> str:
    named = "、".join(period.missing[:SHOWN_NAMES])
    more = len(period.missing) - SHOWN_NAMES
    parts = [named] if named else []
    parts += [f"and {more} more (--json names them)"] if more > 0 else []
    parts += [f"{period.unnamed} whose names nobody knows"] if period.unnamed else []
    return " ".join(parts)
