"""Of several readings of a table, the one that a form fits best and in which most identities hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from fisc.extractors.grids import Grid
from fisc.extractors.page import Page
from fisc.extractors.tables.headers import best_fit
from fisc.extractors.tables.printed import printed_tables
from fisc.extractors.tables.statements import printed_unit, read_statement
from fisc.schemas.audit.tables import audit_tables

MOST_READINGS = 12
USUAL_UNIT = "万元"
"""Stands in while readings are compared; which unit it is makes no difference to that."""

Worth = tuple[int, int, int, int, int]


def best_reading(
    readings: Iterator[tuple[Grid, ...]], pages: Mapping[int, Page]
) -> tuple[Grid, ...]:
    """The first reading without a flaw, else the one with the fewest."""
    best: tuple[Worth, tuple[Grid, ...]] | None = None
    for grids in islice(readings, MOST_READINGS):
        worth = worth_of(grids, pages)
        if best is None or worth > best[0]:
            best = worth, grids
        if worth[:4] == (1, 0, 0, 0):
            break
    return best[1] if best else ()


def worth_of(grids: Sequence[Grid], pages: Mapping[int, Page]) -> Worth:
    """Whether a form fits; identities that fail, unknown columns and things unread (each negative); identities that hold."""
    here = [pages[number] for number in dict.fromkeys(grid.page for grid in grids)]
    by_page = {page.number: [grid for grid in grids if grid.page == page.number] for page in here}
    tables = printed_tables(here, by_page)
    table, rows = tables[0], tables[0].by_row()
    fit = best_fit(table, rows)
    if fit is None or len(tables) > 1:
        return 0, 0, 0, 0, len(tables[0].cells) if len(tables) == 1 else 0
    read = read_statement(table, rows, fit, "budget", printed_unit(table, fit) or USUAL_UNIT)
    outcomes = audit_tables([read.statement])
    failed = sum(outcome.outcome == "fail" for outcome in outcomes)
    held = sum(outcome.outcome == "pass" for outcome in outcomes)
    return 1, -failed, -len(fit.unknown), -len(read.findings), held
