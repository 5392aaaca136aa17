"""Tables of one line: the header names the items; of 三公 also whether a column holds the budget or the final figure."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.extractors.tables.columns import MEASURE, Rows, without_measure
from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.headers import TOTAL_WORDS, Fit
from fisc.extractors.tables.lines import is_total
from fisc.extractors.tables.printed import TableCell
from fisc.schemas.folding import fold
from fisc.schemas.numbers import is_figure
from fisc.schemas.statement import Row


def spread_rows(rows: Rows, fit: Fit, figures: Figures) -> list[Row]:
    """One data line whose header names the items: a row an item and measure, from left to right.

    Of several lines the 合计 line is read, else the first; the others are reported. A line without a figure is no row.
    """
    line = _data_line(rows, fit, figures)
    if line is None:
        return []
    return [
        _item(cell, target, j, fit, figures)
        for j, target in enumerate(fit.targets)
        if target and (cell := line[j]) is not None and cell.column == j
    ]


def _data_line(rows: Rows, fit: Fit, figures: Figures) -> Sequence[TableCell | None] | None:
    below = rows[fit.header.height :]
    lines = [
        row
        for row in below
        if any(t and c and is_figure(c.text) for t, c in zip(fit.targets, row, strict=True))
    ]
    if not lines:
        return None
    chosen = next(
        (row for row in lines if any(cell and fold(cell.text) in TOTAL_WORDS for cell in row)), lines[0]
    )
    for row in lines:
        cell = next(cell for cell in row if cell and cell.text)
        if row is not chosen:
            figures.report(
                "row.ignored", "warning", cell, f"表中另有一行（“{cell.text}”起）未列入数据。",
                f"The table has another line (beginning {cell.text!r}) that is in no row.",
            )  # fmt: skip
    return chosen


def _item(cell: TableCell, target: str, j: int, fit: Fit, figures: Figures) -> Row:
    path, column = fit.header.paths[j], fit.layout.figure
    amount = figures.amount(column, [cell])
    amounts = {column: amount} if amount else {}
    label = _label(fit, j) or "".join(without_measure(path)[-1:]) or None
    if fit.form.table != "three_public":
        return Row({"item_text": label}, amounts, cell.page, is_total=is_total(label or ""))
    item = _three_public_item(target, path, fit)
    words = {"measure": _measure(path, figures.stage), "item": item, "item_text": label}
    detailed = item == "official_vehicles" and bool(
        {"vehicle_purchase", "vehicle_operation"} & set(fit.targets)
    )
    return Row(words, amounts, cell.page, is_total=item in ("total", "grand_total") or detailed)


def _three_public_item(target: str, path: Sequence[str], fit: Fit) -> str:
    """A 合计 that stands over 会议费 and 培训费 too is more than the three."""
    more = bool({"meeting", "training"} & set(fit.targets))
    return "grand_total" if target == "total" and more and not any("三公" in s for s in path) else target


def _measure(path: Sequence[str], stage: str) -> str:
    for label in path:
        if match := MEASURE.match(label):
            return "final" if match["measure"] == "决算" else "budget"
    return "budget" if stage == "budget" else "final"


def _label(fit: Fit, j: int) -> str | None:
    """The printed label of a column, its measure left out."""
    return next((text for text in reversed(fit.header.labels[j]) if not MEASURE.match(fold(text))), None)
