"""Two-sided tables: blocks side by side, each read from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fisc.extractors.tables.columns import Rows
from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.lines import distinct, is_note, is_total
from fisc.extractors.tables.printed import TableCell
from fisc.schemas.classification import class_by_name
from fisc.schemas.folding import without_number
from fisc.schemas.statement import Amount, Row

TOTALS = ("current_year_total", "total")
"""Lines that repeat the sum of others, whatever they are called (一、本年收入)."""


def side_rows(rows: Rows, fit: Fit, figures: Figures) -> list[Row]:
    """Blocks side by side, each from top to bottom: revenue, expenditure, and use where the form has it."""
    return list(_side_rows(rows, fit, figures))


def _side_rows(rows: Rows, fit: Fit, figures: Figures) -> Iterator[Row]:
    spilled: set[tuple[int, int]] = set()
    for side in dict.fromkeys(target.split(".")[0] for target in fit.targets if target):
        block = {
            j: target.split(".")[1]
            for j, target in enumerate(fit.targets)
            if target and target.startswith(f"{side}.")
        }
        for i in range(fit.header.height, len(rows)):
            name = _name(i, rows[i], block)
            if name:
                row, taken = _side_row(i, rows[i], side, name, block, fit, figures)
                spilled |= {(i, j) for j in taken}
                yield row
            else:
                _report_unnamed(i, rows[i], block, spilled, figures)


def _name(i: int, row: Sequence[TableCell | None], block: Mapping[int, str]) -> list[TableCell]:
    """The cells that name a line of a block; none where it has no name of its own."""
    columns = [j for j, column in block.items() if column == "item"]
    cells = [
        cell for cell in distinct(row[j] for j in columns) if cell.row == i and cell.column >= columns[0]
    ]
    text = "".join(cell.text for cell in cells).strip()
    return cells if text and not is_note(text) else []


def _side_row(
    i: int,
    row: Sequence[TableCell | None],
    side: str,
    name: Sequence[TableCell],
    block: Mapping[int, str],
    fit: Fit,
    figures: Figures,
) -> tuple[Row, Sequence[int]]:
    """The row of a named line, and the columns of other blocks whose amount it takes."""
    item = "".join(cell.text for cell in name).strip()
    label = without_number(item)
    ends = max(cell.column + cell.columns for cell in name)
    columns = {j: column for j, column in block.items() if column != "item" and j >= ends}
    taken = () if columns else tuple(_next_block(ends, block, fit))
    columns = columns or _next_block(ends, block, fit)
    amounts: dict[str, Amount] = {}
    for column in dict.fromkeys(columns.values()):
        cells = [
            cell for cell in distinct(row[j] for j, c in columns.items() if c == column) if cell.row == i
        ]
        amount = figures.amount(column, cells)
        if amount is not None:
            amounts[column] = amount
    key = fit.form.item(label)
    words: dict[str, str | int | None] = {
        "side": side,
        "item": item,
        "key": key,
        "function_code": class_by_name(label) if side == "expenditure" else None,
    }
    return Row(words, amounts, name[0].page, is_total=is_total(label) or key in TOTALS), taken


def _report_unnamed(
    i: int,
    row: Sequence[TableCell | None],
    block: Mapping[int, str],
    spilled: set[tuple[int, int]],
    figures: Figures,
) -> None:
    """Report figures of a block on a line where it has no name, unless a name from the left took them."""
    for j, column in block.items():
        cell = row[j]
        if column == "item" or cell is None or cell.row != i or cell.column != j or (i, j) in spilled:
            continue
        amount = figures.amount(column, [cell])
        if amount is not None:
            figures.unnamed(column, amount)


def _next_block(ends: int, block: Mapping[int, str], fit: Fit) -> dict[int, str]:
    """A name printed across its own amount column takes the amount that follows it."""
    own = next((column for column in block.values() if column != "item"), None)
    target = fit.targets[ends] if ends < len(fit.targets) else None
    return {ends: own} if own and target and not target.endswith(".item") else {}
