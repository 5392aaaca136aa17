"""Printed tables to statements by the forms they fit; what fits none stays raw and is reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fisc.extractors.page import Page
from fisc.extractors.tables.headers import Fit, Rows, best_fit, titled
from fisc.extractors.tables.printed import PrintedTable
from fisc.extractors.tables.statements import Read, printed_unit, read_statement
from fisc.schemas.audit.book import title_zh
from fisc.schemas.audit.document import OFFICIAL
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


def read_tables(printed: Sequence[PrintedTable], stage: str) -> Tables:
    """Fit each printed table to a form and read it; what fits none stays raw and is reported."""
    rows = {table.number: table.by_row() for table in printed}
    fits = {table.number: fit for table in printed if (fit := best_fit(table, rows[table.number]))}
    usual = _usual_unit(printed, fits)
    read: list[Read] = []
    raw: list[PrintedTable] = []
    findings: list[Finding] = []
    for table in printed:
        fit = fits.get(table.number)
        if fit is None or _outranked(fit, fits.values()):
            raw.append(table)
            findings += _unknown(table, rows[table.number], fit)
            continue
        read.append(read_statement(table, rows[table.number], fit, stage, usual))
        findings += [*_unmapped(table, fit), *_doubtful(table, fit, read)]
        if fit.unknown:
            raw.append(table)
        if printed_unit(table, fit) is None and usual and any(row.amounts for row in read[-1].statement.rows):
            findings.append(_unit_inferred(table, usual))
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


def _unknown(table: PrintedTable, rows: Rows, fit: Fit | None) -> list[Finding]:
    known = titled(table)
    if fit is not None or any(not form.published for form, _ in known):
        return []
    title = table.caption.titles[0] if table.caption.titles else None
    near = "、".join(form.name for form, length in known if length) or "—"
    heads = "｜".join(dict.fromkeys(cell.text for row in rows[:2] for cell in row if cell and cell.text))[
        :120
    ]
    grid = table.grids[0]
    finding = Finding(
        "unknown_table",
        "warning",
        "raw_table",
        f"第{grid.page}页的表“{title or '无题'}”不符合任何已知表样（最近：{near}），已按原样公布。",
        f"The table on page {grid.page} fits no form (nearest: {near}); it is published raw. Its head reads {heads}.",
        quote=title or heads,
        page=grid.page,
        box=grid.box,
    )
    return [finding]


def _unmapped(table: PrintedTable, fit: Fit) -> list[Finding]:
    grid = table.grids[0]
    return [
        Finding(
            "column.unknown", "warning", fit.form.table,
            f"“{'/'.join(path) or '无题列'}”一列不在表样“{fit.form.name}”中，未公布。",
            f"The column {'/'.join(path) or '(no head)'} is not in the form {fit.form.name}; its cells are not published.",
            quote="/".join(path) or None, page=grid.page, box=grid.box,
        )
        for path in fit.unknown
    ]  # fmt: skip


def _doubtful(table: PrintedTable, fit: Fit, read: Sequence[Read]) -> list[Finding]:
    """Findings on a form that stands in for another, and on a table that comes twice."""
    grid = table.grids[0]
    found = []
    if fit.form.rank > 1:
        found.append(
            Finding(
                "form.stand_in",
                "info",
                fit.form.table,
                f"本文件没有《{title_zh(fit.form.table)}》，以《{fit.form.titles[0].replace('*', '')}》代替。",
                f"The document has no table of its own for {fit.form.table}; {fit.form.name} stands in.",
                page=grid.page,
                box=grid.box,
            )
        )
    if fit.form.table in OFFICIAL and sum(other.statement.table == fit.form.table for other in read) > 1:
        found.append(
            Finding(
                "table.repeated",
                "warning",
                fit.form.table,
                f"《{title_zh(fit.form.table)}》在本文件中不止一张，汇总时请勿相加。",
                f"The document has more than one table for {fit.form.table}; do not add them up.",
                page=grid.page,
                box=grid.box,
            )
        )
    return found


def _unit_inferred(table: PrintedTable, unit: str) -> Finding:
    grid = table.grids[0]
    return Finding(
        "unit.missing", "warning", table.caption.titles[0] if table.caption.titles else "",
        f"表未注明金额单位，按本文件其他各表的“{unit}”读取。",
        f"The table prints no unit; it is read in {unit} as all other tables of the document.",
        page=grid.page, box=grid.box,
    )  # fmt: skip


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
