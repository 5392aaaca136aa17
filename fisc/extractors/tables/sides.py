"""Two-sided tables: blocks side by side, each read from top to bottom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.headers import Fit, Rows
from fisc.extractors.tables.lines import distinct, is_note, is_total
from fisc.extractors.tables.printed import TableCell
from fisc.schemas.folding import without_number
from fisc.schemas.statement import Amount, Row


def side_rows(rows: Rows, fit: Fit, figures: Figures) -> list[Row]:
    """Blocks side by side, each from top to bottom: revenue, expenditure, and use where the form has it."""
    read: list[Row] = []
    sides = list(dict.fromkeys(t.split(".")[0] for t in fit.targets if t))
    for side in sides:
        block = {j: t for j, t in enumerate(fit.targets) if t and t.startswith(f"{side}.")}
        names = [j for j, t in block.items() if t.endswith(".item")]
        for i in range(fit.header.height, len(rows)):
            row = _side_row(i, rows[i], side, block, names, fit, figures)
            if row is not None:
                read.append(row)
    return read


def _side_row(
    i: int,
    row: Sequence[TableCell | None],
    side: str,
    block: Mapping[int, str],
    names: Sequence[int],
    fit: Fit,
    figures: Figures,
) -> Row | None:
    name_cells = distinct(row[j] for j in names)
    item = "".join(cell.text for cell in name_cells if cell.row == i).strip()
    owned = [cell for cell in name_cells if cell.column >= min(names)]
    if not item or not owned or is_note(item):
        return None
    last = max(cell.column + cell.columns for cell in owned)
    amounts: dict[str, Amount] = {}
    for j, target in block.items():
        column = target.split(".")[1]
        cells = distinct(
            row[k] for k, t in enumerate(fit.targets) if t == target and row[k] is not None and k >= last
        )
        amount = figures.amount(column, [cell for cell in cells if cell.row == i]) if j not in names else None
        if amount is not None:
            amounts.setdefault(column, amount)
    if not amounts:
        amounts = _spilled(i, row, last, block, fit, figures)
    words: dict[str, str | int | None] = {
        "side": side,
        "item": item,
        "key": fit.form.item(without_number(item)),
    }
    return Row(words, amounts, name_cells[0].page, is_total=is_total(without_number(item)))


def _spilled(
    i: int, row: Sequence[TableCell | None], last: int, block: Mapping[int, str], fit: Fit, figures: Figures
) -> dict[str, Amount]:
    """A name printed across its amount column and the next block's names takes that block's amount."""
    columns = [t.split(".")[1] for t in block.values() if not t.endswith(".item")]
    cell = row[last] if last < len(row) else None
    if cell is None or cell.row != i or not columns:
        return {}
    target = fit.targets[last]
    if target is None or target.endswith(".item"):
        return {}
    amount = figures.amount(columns[0], [cell])
    return {columns[0]: amount} if amount else {}
