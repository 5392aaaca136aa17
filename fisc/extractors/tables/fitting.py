"""Printed tables to statements by the forms they fit; what fits none stays raw and is reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fisc.extractors.page import Page
from fisc.extractors.tables.doubts import doubts_of, unit_doubts, unknown_table
from fisc.extractors.tables.evaluations import evaluations
from fisc.extractors.tables.headers import Fit, best_fit, titled
from fisc.extractors.tables.printed import PrintedTable
from fisc.extractors.tables.statements import Read, read_statement
from fisc.extractors.tables.units import units_of
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.narrative import Fact
from fisc.schemas.statement import Statement


@dataclass(frozen=True, slots=True)
class Tables:
    """The printed tables of a document: those that became statements, those that stay raw, and what was found.

    ``fits`` says by the number of each printed table which form it was read by.
    """

    statements: tuple[Statement, ...]
    raw: tuple[PrintedTable, ...]
    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]
    fits: Mapping[int, Fit]


def fits_by_table(printed: Sequence[PrintedTable], year: int | None = None) -> dict[int, Fit]:
    """The form that each printed table fits, by its number.

    ``year`` tells a document's own columns from those of other years beside them.
    """
    return {table.number: fit for table in printed if (fit := best_fit(table, table.by_row(), year))}


def read_tables(
    printed: Sequence[PrintedTable],
    stage: str,
    fits: Mapping[int, Fit] | None = None,
    told: Sequence[Fact] = (),
) -> Tables:
    """Read each printed table of a disclosure by the form it fits; what fits none stays raw and is reported.

    ``fits`` may hold those of other disclosures of the same file too; ``told`` are the narrative's facts, which can
    prove the unit of a table that prints none.
    """
    every = fits_by_table(printed) if fits is None else fits
    fits = {table.number: every[table.number] for table in printed if table.number in every}
    rows = {table.number: table.by_row() for table in printed}
    units = units_of(printed, rows, fits, stage, told)
    read: list[Read] = []
    raw: list[PrintedTable] = []
    findings: list[Finding] = []
    for table in printed:
        fit = fits.get(table.number)
        if fit is None or _outranked(fit, fits.values()):
            raw.append(table)
            rest_of = _rest_of(table, printed, fits)
            findings += unknown_table(table, rows[table.number], rest_of) if fit is None else []
            continue
        unit = units[table.number]
        read.append(read_statement(table, rows[table.number], fit, stage, unit.name, unit.columns))
        statements = [one.statement for one in read]
        findings += [*doubts_of(table, fit, statements), *unit_doubts(table, fit, unit, statements[-1])]
        if fit.unknown or fit.compared:
            raw.append(table)
    return Tables(
        tuple(one.statement for one in read),
        tuple(raw),
        (*findings, *(finding for one in read for finding in one.findings)),
        (
            *(outcome for one in read for outcome in one.outcomes),
            *(outcome for table in raw for outcome in evaluations(table, rows[table.number])),
        ),
        fits,
    )


def _rest_of(table: PrintedTable, printed: Sequence[PrintedTable], fits: Mapping[int, Fit]) -> str | None:
    """The published table right before one without a title, none but others without a title and a form between."""
    page = table.grids[0].page
    if table.caption.titles:
        return None
    for other in sorted((t for t in printed if t.number < table.number), key=lambda t: -t.number):
        if other.grids[-1].page < page - 1:
            return None
        if other.number in fits:
            return fits[other.number].form.table
        if other.caption.titles:
            return next((form.table for form, length in titled(other) if length and form.published), None)
        page = other.grids[0].page
    return None


def _outranked(fit: Fit, others: Iterable[Fit]) -> bool:
    """Whether another table of the document fills the same published table with more right."""
    return any(other.form.table == fit.form.table and other.form.rank < fit.form.rank for other in others)


def table_boxes(
    pages: Sequence[Page], printed: Sequence[PrintedTable]
) -> dict[int, list[tuple[float, float, float, float]]]:
    """The places on each page that tables, their captions and their notes take up."""
    boxes: dict[int, list[tuple[float, float, float, float]]] = {page.number: [] for page in pages}
    for table in printed:
        for grid in table.grids:
            boxes[grid.page].append(grid.box)
        for line in (*table.caption.lines, *table.notes):
            boxes[line.page].append(line.box)
    return boxes
