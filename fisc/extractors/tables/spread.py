"""三公 in one line: the header names the items, and whether a column holds the budget or the final figure."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.headers import MEASURE, TOTAL_WORDS, Fit, Rows, without_measure
from fisc.schemas.folding import fold
from fisc.schemas.statement import Row


def spread_rows(rows: Rows, fit: Fit, figures: Figures) -> list[Row]:
    """One data line whose header names the items: a row an item and measure, in printed order."""
    lines = [i for i in range(fit.header.height, len(rows)) if any(cell and cell.text for cell in rows[i])]
    if not lines:
        lines = [fit.header.height] if fit.header.height < len(rows) else []
    chosen = next(
        (i for i in lines if any(cell and fold(cell.text) in TOTAL_WORDS for cell in rows[i])),
        lines[0] if lines else None,
    )
    if chosen is None:
        return []
    with_more = {"meeting", "training"} & set(fit.targets)
    details = {"vehicle_purchase", "vehicle_operation"} & set(fit.targets)
    read = []
    for j, target in enumerate(fit.targets):
        cell = rows[chosen][j]
        if target is None or cell is None or cell.column != j:
            continue
        path = fit.header.paths[j]
        if target == "total" and with_more and not any("三公" in label for label in path):
            target = "grand_total"
        amount = figures.amount("total", [cell])
        labels = without_measure(path)
        words: dict[str, str | int | None] = {
            "measure": _measure(path, figures.stage), "item": target, "item_text": _label(fit, j) or "".join(labels[-1:]) or None,
        }  # fmt: skip
        total = target in ("total", "grand_total") or (target == "official_vehicles" and bool(details))
        read.append(Row(words, {"total": amount} if amount else {}, cell.page, is_total=total))
    return sorted(read, key=lambda row: row.words["measure"] != "budget")


def _measure(path: Sequence[str], stage: str) -> str:
    for label in path:
        if match := MEASURE.match(label):
            return "final" if match["measure"] == "决算" else "budget"
    return "budget" if stage == "budget" else "final"


def _label(fit: Fit, j: int) -> str | None:
    """The printed label of a column, its measure left out."""
    return next((text for text in reversed(fit.header.labels[j]) if not MEASURE.match(fold(text))), None)
