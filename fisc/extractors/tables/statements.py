"""Printed tables to statements: rows in the columns of the published table, amounts in yuan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fisc.extractors.tables.captions import says_empty
from fisc.extractors.tables.columns import Rows
from fisc.extractors.tables.cut_rows import whole
from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.lists import list_rows
from fisc.extractors.tables.percents import percent_heads
from fisc.extractors.tables.printed import PrintedTable
from fisc.extractors.tables.sheets import sheet_rows
from fisc.extractors.tables.sides import side_rows
from fisc.extractors.tables.spread import spread_rows
from fisc.extractors.tables.stated import stated_units
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.statement import Row, Statement

SHAPES = {"list": list_rows, "sides": side_rows, "spread": spread_rows, "sheet": sheet_rows}


@dataclass(frozen=True, slots=True)
class Read:
    """A statement, and what could not be read of it."""

    statement: Statement
    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...] = ()


def read_statement(
    table: PrintedTable,
    rows: Rows,
    fit: Fit,
    stage: str,
    unit: str | None,
    columns: Mapping[int, str] | None = None,
) -> Read:
    """Read a printed table by the form it fits.

    ``unit`` stands in where the table prints none, ``columns`` are the units of single columns: without, those that
    their heads state.
    """
    stated = stated_units(table, fit)
    figures = Figures(
        fit.form.table, table, stated.table or unit, stage, stated.columns if columns is None else columns
    )
    rows = whole(rows, fit)
    read = SHAPES[fit.layout.shape](rows, fit, figures)
    notes = [line.text for line in table.notes]
    statement = Statement(
        table=fit.form.table,
        title=table.caption.title or fit.form.name,
        unit=stated.table or unit,
        rows=tuple(read),
        page=table.grids[0].page,
        columns=_columns(read, fit),
        said_empty=says_empty([*notes, *_remarks(rows, fit)]),
        number=table.number,
        boxes=tuple((grid.page, grid.box) for grid in table.grids),
        percent_heads=percent_heads(rows, fit, read),
    )
    return Read(statement, tuple(figures.findings), tuple(figures.outcomes))


def _columns(rows: list[Row], fit: Fit) -> tuple[str, ...]:
    found = {name: None for row in rows for name in row.amounts}
    for target in fit.targets:
        if target:
            found.setdefault(target.rsplit(".", 1)[-1], None)
    return tuple(name for name in found if not name.isdigit())


def _remarks(rows: Rows, fit: Fit) -> list[str]:
    """Sentences printed inside the grid."""
    return [cell.text for row in rows[fit.header.height :] for cell in row if cell and len(cell.text) > 3]
