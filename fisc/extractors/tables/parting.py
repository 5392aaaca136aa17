"""Two tables printed as one grid: where the title or header of another one stands below rows of data, the grid is parted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from fisc.extractors.grids import Grid, GridCell
from fisc.schemas.folding import fold, without_number
from fisc.schemas.forms import begins_sheet, forms_headed, forms_titled
from fisc.schemas.numbers import is_figure

LOWEST_TITLE = 4
"""A title above this row is the grid's own, unless amounts stand above it."""


def parted(grids: Iterable[Grid]) -> tuple[Grid, ...]:
    """The grids of a page, each parted where another table begins inside it."""
    return tuple(part for grid in grids for part in _parts(grid))


def _parts(grid: Grid) -> list[Grid]:
    starts = [0, *(row for row, cells in _rows(grid) if _begins(grid, row, cells))]
    if len(starts) == 1:
        return [grid]
    stops = [*starts[1:], len(grid.row_edges) - 1]
    return [_part(grid, start, stop) for start, stop in zip(starts, stops, strict=True)]


def _rows(grid: Grid) -> list[tuple[int, list[GridCell]]]:
    """The rows below the first with the cells that begin in each and hold text."""
    rows: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        if cell.row and cell.text:
            rows.setdefault(cell.row, []).append(cell)
    return sorted(rows.items())


def _begins(grid: Grid, row: int, cells: Sequence[GridCell]) -> bool:
    """Whether a table begins with a row: with its title over all columns, or with its header."""
    titled = _is_title_row(grid, cells) and (row >= LOWEST_TITLE or _holds_amounts(grid, row))
    return (titled or _begins_table(cells)) and _is_cut(grid, row)


def _holds_amounts(grid: Grid, row: int) -> bool:
    """Whether the rows above one hold amounts."""
    return any(cell.row < row and "." in cell.text and is_figure(cell.text) for cell in grid.cells)


def _is_title_row(grid: Grid, cells: Sequence[GridCell]) -> bool:
    """Whether a row is the title of a form over all columns, as sheets printed one below the other have it."""
    whole = len(cells) == 1 and cells[0].columns == len(grid.column_edges) - 1
    return whole and bool(forms_titled(without_number(cells[0].text)))


def _begins_table(cells: Sequence[GridCell]) -> bool:
    """Whether a row is the whole header of a list that needs no title, or the first line of a sheet."""
    labels = [fold(cell.text) for cell in cells]
    return len(labels) > 2 and (bool(forms_headed(labels)) or begins_sheet(labels))


def _is_cut(grid: Grid, row: int) -> bool:
    """Whether no cell goes over the upper edge of a row."""
    return not any(cell.row < row < cell.row + cell.rows for cell in grid.cells)


def _part(grid: Grid, start: int, stop: int) -> Grid:
    """Rows ``start`` to ``stop`` as a grid of their own, with the columns that they use."""
    cells = [cell for cell in grid.cells if start <= cell.row < stop]
    used = sorted({edge for cell in cells for edge in (cell.column, cell.column + cell.columns)})
    place = {edge: at for at, edge in enumerate(used)}
    own = tuple(
        replace(
            cell,
            row=cell.row - start,
            column=place[cell.column],
            columns=place[cell.column + cell.columns] - place[cell.column],
        )
        for cell in cells
    )
    columns = tuple(grid.column_edges[edge] for edge in used)
    rows = grid.row_edges[start : stop + 1]
    return replace(
        grid,
        box=(columns[0], rows[0], columns[-1], rows[-1]),
        column_edges=columns,
        row_edges=rows,
        cells=own,
    )
