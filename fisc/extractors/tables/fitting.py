"""Printed tables to statements by the forms they fit; what fits none stays raw and is reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fisc.extractors.page import Page
from fisc.extractors.tables.doubts import doubts_of, unit_inferred, unknown_table
from fisc.extractors.tables.headers import Fit, best_fit
from fisc.extractors.tables.printed import PrintedTable
from fisc.extractors.tables.statements import Read, printed_unit, read_statement
from fisc.schemas.audit.outcome import Finding, Outcome
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


def read_tables(printed: Sequence[PrintedTable], stage: str, fits: Mapping[int, Fit] | None = None) -> Tables:
    """Read each printed table of a disclosure by the form it fits; what fits none stays raw and is reported.

    ``fits`` may hold those of other disclosures of the same file too.
    """
    every = fits_by_table(printed) if fits is None else fits
    fits = {table.number: every[table.number] for table in printed if table.number in every}
    rows = {table.number: table.by_row() for table in printed}
    usual = _usual_unit(printed, fits)
    read: list[Read] = []
    raw: list[PrintedTable] = []
    findings: list[Finding] = []
    for table in printed:
        fit = fits.get(table.number)
        if fit is None or _outranked(fit, fits.values()):
            raw.append(table)
            findings += unknown_table(table, rows[table.number]) if fit is None else []
            continue
        read.append(read_statement(table, rows[table.number], fit, stage, usual))
        findings += doubts_of(table, fit, [one.statement for one in read])
        if fit.unknown or fit.compared:
            raw.append(table)
        if printed_unit(table, fit) is None and usual and any(row.amounts for row in read[-1].statement.rows):
            findings.append(unit_inferred(table, usual))
    return Tables(
        tuple(one.statement for one in read),
        tuple(raw),
        (*findings, *(finding for one in read for finding in one.findings)),
        tuple(outcome for one in read for outcome in one.outcomes),
        fits,
    )


def _usual_unit(printed: Sequence[PrintedTable], fits: Mapping[int, Fit]) -> str | None:
    """The unit that every table with a printed unit shares; None where they differ or none prints one."""
    units = {printed_unit(table, fits[table.number]) for table in printed if table.number in fits} - {None}
    return units.pop() if len(units) == 1 else None


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
