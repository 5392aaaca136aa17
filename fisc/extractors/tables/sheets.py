"""Sheets of labels with their values beside or below them."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.extractors.tables.columns import Rows
from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.lines import distinct, numeric_columns
from fisc.extractors.tables.printed import TableCell
from fisc.schemas.folding import fold
from fisc.schemas.statement import Amount, Row


def sheet_rows(rows: Rows, fit: Fit, figures: Figures) -> list[Row]:
    """A sheet of labels with values to the right of them, or below: one row."""
    numeric = numeric_columns(fit.form.table)
    words: dict[str, str | int | None] = {}
    amounts: dict[str, Amount] = {}
    cells = distinct(cell for row in rows for cell in row)
    for cell in cells:
        best = fit.layout.best((fold(cell.text),)) if cell.text else None
        target = best[0] if best else None
        value = _beside(rows, cell, target in fit.layout.below) if target else None
        if target is None or value is None or target in words or target in amounts:
            continue
        if target in numeric:
            amount = figures.amount(target, [value])
            if amount is not None:
                amounts[target] = amount
        else:
            words[target] = (
                _whole_text(rows, cell, value) if target not in fit.layout.below else value.text.strip()
            )
            words[target] = words[target] or None
    if purpose := _purpose(rows, cells, fit):
        words["purpose"] = purpose
    return [Row(words, amounts, cells[0].page)] if words or amounts else []


def _beside(rows: Rows, cell: TableCell, below: bool) -> TableCell | None:
    """The value of a label; where a page break cut the line below it in two, it may stand on the next page only."""
    i, j = (cell.row + cell.rows, cell.column) if below else (cell.row, cell.column + cell.columns)
    value = rows[i][j] if i < len(rows) and j < len(rows[i]) else None
    if value is None or value.text or not below:
        return value
    after = value.row + value.rows
    rest = rows[after][j] if after < len(rows) else None
    goes_on = rest is not None and rest.page > value.page and not _opens_line(rows[after])
    return rest if goes_on else value


def _opens_line(row: Sequence[TableCell | None]) -> bool:
    """Whether a line begins with a label of its own."""
    return row[0] is not None and bool(row[0].text)


def _whole_text(rows: Rows, label: TableCell, value: TableCell) -> str:
    """The text beside a label, with its rest where a page break cut the line in two."""
    rest = (rows[i][value.column] for i in _cut_off(rows, label))
    return "".join(cell.text for cell in (value, *rest) if cell and cell.column >= value.column).strip()


def _cut_off(rows: Rows, label: TableCell) -> list[int]:
    """The line on the next page that goes on with a label's last one: its own place is blank there."""
    i = label.row + label.rows
    below = rows[i][label.column] if i < len(rows) else None
    cut = below is not None and not below.text and below.page > label.page and below.column == label.column
    return [i] if cut else []


def _purpose(rows: Rows, cells: Sequence[TableCell], fit: Fit) -> str | None:
    """The sentence in the last line beside 预算规模及资金用途."""
    names = {fold(name) for name in fit.layout.hierarchy.get("purpose", ())}
    for cell in cells:
        lines = [*range(cell.row, cell.row + cell.rows), *_cut_off(rows, cell)]
        if fold(cell.text) in names and len(lines) > 1 and cell.column + cell.columns < len(rows[0]):
            value = rows[lines[-1]][cell.column + cell.columns]
            return value.text.strip() or None if value else None
    return None
