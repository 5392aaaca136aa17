"""Captions that are printed inside the grid: title, unit, department and year in its first rows."""

from __future__ import annotations

import re

from fisc.extractors.grids import Grid, GridCell
from fisc.extractors.tables.captions import Line, is_title, states
from fisc.schemas.folding import plain
from fisc.schemas.numbers import UNITS

MOST_ROWS = 4
"""A title, a form number, and a line or two with department and unit."""
_BROKEN_UNIT = re.compile(r"单位[:：](?:人民币)?[亿百万千]*$")


def inner_caption(grid: Grid) -> tuple[tuple[Line, ...], int]:
    """The caption lines in the first rows of a grid, and how many rows they take up."""
    lines: list[Line] = []
    width = len(grid.column_edges) - 1
    for row in range(min(MOST_ROWS, len(grid.row_edges) - 2)):
        cells = [cell for cell in grid.cells if cell.row == row and cell.text]
        if not cells or not _captions(cells, width):
            return tuple(lines), row
        lines.append(_line(grid, cells))
    return tuple(lines), min(MOST_ROWS, len(grid.row_edges) - 2) if lines else 0


def _captions(cells: list[GridCell], width: int) -> bool:
    """Whether the cells of a row are a title over all columns, or only state unit, department, year or form number."""
    if width > 1 and len(cells) == 1 and cells[0].columns == width and is_title(plain(cells[0].text)):
        return True
    stated = [states(text) for text in _texts(cells)]
    return all(stated) and any(what != "year" for what in stated)


def _texts(cells: list[GridCell]) -> list[str]:
    """The texts of a row without blanks; a unit that a cell's edge breaks in two (单位：万 | 元) is one."""
    texts: list[str] = []
    for cell in cells:
        text = plain(cell.text)
        if texts and text in UNITS and _BROKEN_UNIT.search(texts[-1]):
            texts[-1] += text
        else:
            texts.append(text)
    return texts


def _line(grid: Grid, cells: list[GridCell]) -> Line:
    parts = tuple(_texts(cells))
    x0, y0, x1, y1 = zip(*(cell.text_box for cell in cells), strict=True)
    return Line(" ".join(parts), grid.page, (min(x0), min(y0), max(x1), max(y1)), parts)
