"""三公 in one line: the header names the items, and whether a column holds the budget or the final figure."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.extractors.tables.columns import MEASURE, Rows, without_measure
from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.headers import TOTAL_WORDS, Fit
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
    path = fit.header.paths[j]
    if (
        target == "total"
        and {"meeting", "training"} & set(fit.targets)
        and not any("三公" in label for label in path)
    ):
        target = "grand_total"
    amount = figures.amount("total", [cell])
    words: dict[str, str | int | None] = {
        "measure": _measure(path, figures.stage),
        "item": target,
        "item_text": _label(fit, j) or "".join(without_measure(path)[-1:]) or None,
    }
    detailed = target == "official_vehicles" and bool(
        {"vehicle_purchase", "vehicle_operation"} & set(fit.targets)
    )
    total = target in ("total", "grand_total") or detailed
    return Row(words, {"total": amount} if amount else {}, cell.page, is_total=total)


def _measure(path: Sequence[str], stage: str) -> str:
    for label in path:
        if match := MEASURE.match(label):
            return "final" if match["measure"] == "决算" else "budget"
    return "budget" if stage == "budget" else "final"


def _label(fit: Fit, j: int) -> str | None:
    """The printed label of a column, its measure left out."""
    return next((text for text in reversed(fit.header.labels[j]) if not MEASURE.match(fold(text))), None)
