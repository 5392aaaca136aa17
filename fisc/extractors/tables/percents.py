"""Heads that say % over cells that are read as amounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fisc.extractors.tables.columns import Rows
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.printed import TableCell
from fisc.schemas.folding import plain
from fisc.schemas.statement import PercentHead, Row


def percent_heads(rows: Rows, fit: Fit, read: Sequence[Row]) -> tuple[PercentHead, ...]:
    """The labels with a percent mark and no figure whose cells (beside a sheet's, below a list's) are amounts of a row."""
    found = []
    labels = {id(cell): cell for row in rows for cell in row if cell and _says_percent(cell.text)}
    for cell in labels.values():
        boxes = {(other.page, other.box) for other in _cells_of(cell, rows, fit)}
        columns = tuple(
            dict.fromkeys(
                name for row in read for name, a in row.amounts.items() if a.text and (a.page, a.box) in boxes
            )
        )
        if columns:
            found.append(PercentHead(plain(cell.text), columns, cell.page, cell.box))
    return tuple(found)


def _says_percent(text: str) -> bool:
    return ("%" in text or "％" in text) and not any(character.isdecimal() for character in text)


def _cells_of(label: TableCell, rows: Rows, fit: Fit) -> Iterator[TableCell]:
    """The cells that a label speaks of: to its right in a sheet, below it in a list."""
    if fit.layout.shape == "sheet":
        lines = range(label.row, min(label.row + label.rows, len(rows)))
        columns = range(label.column + label.columns, len(rows[0]) if rows else 0)
    elif label.row < fit.header.height:
        lines = range(fit.header.height, len(rows))
        columns = range(label.column, label.column + label.columns)
    else:
        return
    for i in lines:
        yield from (cell for j in columns if (cell := rows[i][j]))
