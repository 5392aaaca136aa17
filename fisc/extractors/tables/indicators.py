"""Performance indicators: a tree of three levels whose merged cells are often lost in print."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.lines import Cells
from fisc.schemas.audit.outcome import Outcome
from fisc.schemas.folding import fold, glob
from fisc.schemas.statement import Row


def moved_back(lines: Sequence[Cells], fit: Fit, figures: Figures) -> list[Row]:
    """Rows of a table with levels. An upper level stands on each line that it spans.

    Where a merged cell was lost, the line is printed too far left: it is moved back by the names that its
    level can take, or by its blank tail, and the check ``performance_indicator.level_restored`` counts it.
    """
    columns = [target for target in dict.fromkeys(fit.targets) if target]
    levels = [column for column in columns if column.startswith("level")]
    read: list[Row] = []
    above: dict[str, str | None] = {}
    for line in lines:
        texts = ["".join(cell.text for cell in line.get(column, ())).strip() for column in columns]
        if not any(texts):
            continue
        page = next(cell.page for cells in line.values() for cell in cells if cell.text)
        shift = _shift(texts, fit)
        if shift:
            texts = [""] * shift + texts[: len(texts) - shift]
            figures.outcomes.append(Outcome("performance_indicator.level_restored", "pass"))
        words: dict[str, str | None] = dict(zip(columns, [text or None for text in texts], strict=True))
        for level in levels:
            if words[level] is None and all(words[lower] is None for lower in levels[: levels.index(level)]):
                words[level] = above.get(level)
        above = {level: words[level] for level in levels}
        if shift >= len(levels) and read and not _said(read[-1], columns, levels):
            read[-1] = Row(
                {**read[-1].words, **{c: words[c] for c in columns if c not in levels}}, {}, read[-1].page
            )
            continue
        read.append(Row(dict(words), {}, page))
    return read


def _said(row: Row, columns: Sequence[str], levels: Sequence[str]) -> bool:
    return any(row.words.get(column) for column in columns if column not in levels)


def _shift(texts: Sequence[str], fit: Fit) -> int:
    """How many columns a line is printed too far left."""
    if not texts[0] or not fit.layout.hierarchy:
        return 0
    blank_tail = len(texts) - max(i for i, text in enumerate(texts, 1) if text)
    levels = fit.layout.hierarchy
    first = fold(texts[0])
    is_first = any(glob(name).fullmatch(first) for name in levels.get("level1", ()))
    is_second = any(glob(name).fullmatch(first) for name in levels.get("level2", ()))
    if not blank_tail or (is_first and not is_second):
        return 0
    if is_second:
        return 1
    return blank_tail if blank_tail >= 2 else 0
