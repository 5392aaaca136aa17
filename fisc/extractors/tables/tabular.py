"""Which grids are tables: charts are none, and lines round rows, tables or pages part no cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from fisc.extractors.grids import Grid, GridCell, lines_of
from fisc.schemas.folding import plain

FEWEST_ROWS = 2
SAME_EDGE_PT = 2.0
COLUMNS_APART = 1.5
"""Columns stand this many heights of their text apart."""
_AMOUNT = re.compile(r"^-?\d[\d,，]*\.\d{2}$")


def tabular(grids: Sequence[Grid], before: Grid | None = None) -> tuple[Grid, ...]:
    """Grids that hold words in cells; charts are no tables, and lines round rows or pages part none of their cells.

    A grid of one or two cells needs a text in each, unless it goes on with the last one of the page ``before``.
    """
    return tuple(
        grid
        for number, grid in enumerate(grids)
        if (_says_enough(grid) or (number == 0 and before is not None and _goes_on(before, grid)))
        and not any(_holds_rows(cell) for cell in grid.cells)
        and not (len(grid.column_edges) == 2 and any(_holds_columns(cell) for cell in grid.cells))
    )


def _says_enough(grid: Grid) -> bool:
    return sum(bool(cell.text) for cell in grid.cells) > (len(grid.cells) < 3)


def _goes_on(before: Grid, grid: Grid) -> bool:
    """Whether a grid holds the rest of a line that the page break cut: some of the same edges, in two columns or more."""
    edges = before.column_edges
    return (
        len(grid.column_edges) > 2
        and any(cell.text for cell in grid.cells)
        and abs(edges[0] - grid.column_edges[0]) < SAME_EDGE_PT
        and all(min(abs(edge - other) for other in edges) < SAME_EDGE_PT for edge in grid.column_edges)
    )


def _holds_columns(cell: GridCell) -> bool:
    """Whether words of a cell stand side by side, apart as columns are."""
    return any(
        other.x0 - one.x1 > COLUMNS_APART * (one.y1 - one.y0)
        for line in (lines_of(cell.words) if len(cell.words) > 1 else ())
        for one, other in pairwise(line)
    )


def _holds_rows(cell: GridCell) -> bool:
    """Whether a cell holds several lines with amounts side by side."""
    if len(cell.words) < 2 * FEWEST_ROWS:
        return False
    rows = (sum(bool(_AMOUNT.match(plain(word.text))) for word in line) > 1 for line in lines_of(cell.words))
    return sum(rows) >= FEWEST_ROWS
