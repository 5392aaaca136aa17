"""Two-sided tables: blocks side by side, each read from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fisc.extractors.tables.codes import Words
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
        yield from _block_rows(rows, side, block, fit, figures, spilled)


def _block_rows(
    rows: Rows,
    side: str,
    block: Mapping[int, str],
    fit: Fit,
    figures: Figures,
    spilled: set[tuple[int, int]],
) -> list[Row]:
    """The rows of one block; ``spilled`` gathers the figures of other blocks that its names took."""
    read: list[Row] = []
    for i in range(fit.header.height, len(rows)):
        name = _name(i, rows[i], block)
        if name:
            row, taken = _side_row(i, rows[i], side, name, block, fit, figures)
            spilled |= {(i, j) for j in taken}
            read.append(row)
        else:
            _report_unnamed(i, rows[i], block, spilled, figures)
    return read


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
    words = _words(side, item, fit)
    return Row(words, amounts, name[0].page, _repeats(words)), taken


def _words(side: str, item: str, fit: Fit) -> Words:
    """What a line of a side is called, and what that means."""
    label = without_number(item)
    return {
        "side": side,
        "item": item,
        "key": fit.form.item(label),
        "function_code": class_by_name(label) if side == "expenditure" else None,
    }


def _repeats(words: Words) -> bool:
    """Whether a line repeats the sum of others."""
    return is_total(without_number(str(words["item"]))) or words["key"] in TOTALS


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
