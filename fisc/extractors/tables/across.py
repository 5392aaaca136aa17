"""Tables whose columns stand on several pages, as spreadsheets print wide sheets: joined where nothing else can be meant.

A sheet is printed over, then down (the further columns of the same rows on the next page), or down, then over (behind all pages
of the first columns). Joined are grids that stand alone on their pages and have the same rows at the same heights, where the
heads of all together are those of a form, those of the first or the further ones alone are not, and columns that are printed
again say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TypeVar

from fisc.extractors.grids import Grid
from fisc.extractors.page import Page
from fisc.extractors.tables.captions import is_title, lines_outside
from fisc.extractors.tables.columns import MEASURE
from fisc.extractors.tables.headers import Fit, best_fit
from fisc.extractors.tables.printed import PrintedTable, printed_tables
from fisc.schemas.folding import plain
from fisc.schemas.numbers import is_figure

SAME_PT = 2.0
"""Edges are the same where they lie this near, counted from the first one."""
FEWEST_ROWS = 2
MOST_PAGES = 40
"""The further columns are looked for on so many pages."""
_ORDINAL = 2

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A grid that stands alone on its page, and what is said above it that captions do not say."""

    grid: Grid
    said: frozenset[str]
    ends: bool

    @classmethod
    def of(cls, page: Page, grid: Grid) -> _Sheet:
        lines = lines_outside(page, [grid])
        said = {plain(line.text) for line in lines if line.box[3] <= grid.box[1] + 4 and line.speaks}
        below = (line for line in lines if line.box[1] >= grid.box[3] - 4)
        return cls(grid, frozenset(said), any(is_title(plain(line.text)) for line in below))


Band = Sequence[_Sheet]
"""The same rows on several pages, the first columns first."""


def joined_across(pages: Sequence[Page], grids: Mapping[int, Sequence[Grid]]) -> dict[int, tuple[Grid, ...]]:
    """The grids of each page; columns of one table are one grid on the page of the first ones."""
    found = {page.number: tuple(grids.get(page.number, ())) for page in pages}
    sheets = [_Sheet.of(page, on[0]) for page in pages if len(on := found[page.number]) == 1]
    by_number = {page.number: page for page in pages}
    at = 0
    while at < len(sheets):
        bands = _bands(sheets[at : at + MOST_PAGES])
        whole = _joined(bands, by_number) if bands else []
        for grid in whole:
            found |= {part.page: () for part in grid.parts} | {grid.page: (grid,)}
        at += sum(len(grid.parts) for grid in whole) or 1
    return found


def _bands(sheets: Sequence[_Sheet]) -> list[Band]:
    """The pages from the first one on as bands of one table; none where it has no columns beside it."""
    first = sheets[0]
    row = [sheet for n, sheet in enumerate(sheets) if sheet.grid.page == first.grid.page + n]
    if len(row) > 1 and _is_beside(first, row[1]):
        return _over(row)
    height = 1 + _count(lambda sheet: _is_below(first, sheet), row[1:])
    return _down(row, height) if height < len(row) and _is_beside(first, row[height]) else []


def _over(row: Sequence[_Sheet]) -> list[Band]:
    """Bands one after the other: all columns of the first rows, then those of the next."""
    width = 1 + _count(lambda sheet: _is_beside(row[0], sheet), row[1:])
    bands = [row[at : at + width] for at in range(0, len(row) - width + 1, width)]
    return [bands[0], *takewhile(lambda band: _is_band(bands[0], band), bands[1:])]


def _down(row: Sequence[_Sheet], height: int) -> list[Band]:
    """Columns one after the other: all rows of the first ones, then those of the next."""
    columns = [row[at : at + height] for at in range(0, len(row) - height + 1, height)]
    width = 1 + _count(lambda column: _is_beside(row[0], column[0]), columns[1:])
    bands: list[Band] = list(zip(*columns[:width], strict=True))
    return bands if width > 1 and all(_is_band(bands[0], band) for band in bands[1:]) else []


def _count(fits: Callable[[T], bool], rest: Sequence[T]) -> int:
    """How many of the next ones fit, up to the first that does not."""
    return sum(1 for _ in takewhile(fits, rest))


def _is_band(first: Band, band: Band) -> bool:
    """Whether a band has the columns of the first one, and the same rows in all of them."""
    same = all(_is_below(one, other) for one, other in zip(first, band, strict=True))
    return same and _rows([sheet.grid for sheet in band]) is not None


def _is_below(first: _Sheet, sheet: _Sheet) -> bool:
    """Whether a page can go on with the rows of another one: it has the same columns in the same place."""
    one, other = first.grid.column_edges, sheet.grid.column_edges
    same = abs(one[0] - other[0]) < SAME_PT and _same(one, other)
    return same and sheet.said <= first.said and not _is_beside(first, sheet)


def _is_beside(first: _Sheet, sheet: _Sheet) -> bool:
    """Whether a page can have further columns of the rows of another one: it has their heights and other heads."""
    grid, other = first.grid, sheet.grid
    if first.ends or not sheet.said <= first.said or len(grid.row_edges) <= FEWEST_ROWS:
        return False
    labels, others = _labels(grid), _labels(other)
    if not labels or not others or labels == others:
        return False
    return _rows([grid, other]) is not None


def _labels(grid: Grid) -> list[str]:
    """The words of the heads of a page."""
    heads = _heads(grid)
    return [plain(cell.text) for cell in grid.cells if cell.row < heads and cell.text]


def _same(edges: Sequence[float], others: Sequence[float]) -> bool:
    return len(edges) == len(others) and all(
        abs((edge - edges[0]) - (other - others[0])) < SAME_PT
        for edge, other in zip(edges, others, strict=True)
    )


def _rows(band: Sequence[Grid]) -> list[float] | None:
    """The edges of the rows of a band, counted from the first one; None where the pages have not the same rows.

    Heads may be parted on one page and whole on another.
    """
    offsets = [[edge - grid.row_edges[0] for edge in grid.row_edges] for grid in band]
    head = min(edges[_heads(grid)] for grid, edges in zip(band, offsets, strict=True))
    united: list[float] = []
    for edge in sorted(edge for edges in offsets for edge in edges):
        if not united or edge - united[-1] > SAME_PT:
            united.append(edge)
    shared = (edge for edge in united if edge == 0 or edge > head - SAME_PT)
    return united if all(_place(edge, edges) is not None for edge in shared for edges in offsets) else None


def _place(edge: float, edges: Sequence[float]) -> int | None:
    """Which of some edges one is."""
    near = min(range(len(edges)), key=lambda n: abs(edges[n] - edge))
    return near if abs(edges[near] - edge) <= SAME_PT else None


def _heads(grid: Grid) -> int:
    """The rows above the first figure that does not only number a column."""
    figures = (c.row for c in grid.cells if is_figure(c.text) and len(plain(c.text)) > _ORDINAL)
    return min(figures, default=len(grid.row_edges) - 1)


def _joined(bands: Sequence[Band], pages: Mapping[int, Page]) -> list[Grid]:
    """Each band as one grid; none where anything but one table can be meant."""
    grids = [_on_same_rows([sheet.grid for sheet in band]) for band in bands]
    again = _again(*grids[0][:2])
    if not all(_agree(band[0], other, again) for band in grids for other in band[1:]):
        return []
    whole = [_side_by_side(band, again) for band in grids]
    return whole if _is_one_table(whole[0], grids[0], again, pages) else []


def _on_same_rows(band: Sequence[Grid]) -> list[Grid]:
    """The pages of a band with the rows of all."""
    rows = _rows(band) or []
    placed = []
    for grid in band:
        top = grid.row_edges[0]
        places = [_place(edge - top, rows) or 0 for edge in grid.row_edges]
        cells = tuple(
            replace(cell, row=places[cell.row], rows=places[cell.row + cell.rows] - places[cell.row])
            for cell in grid.cells
        )
        placed.append(replace(grid, row_edges=tuple(top + row for row in rows), cells=cells))
    return placed


def _again(grid: Grid, other: Grid) -> int:
    """How many of the first columns are headed on another page as on the first one."""
    heads = min(_heads(grid), _heads(other))
    columns = range(min(len(grid.column_edges), len(other.column_edges)) - 1)
    pairs = ((_head(grid, j, heads), _head(other, j, heads)) for j in columns)
    return sum(1 for _ in takewhile(lambda pair: pair[0] and pair[0] == pair[1], pairs))


def _head(grid: Grid, column: int, heads: int) -> list[tuple[int, str]]:
    """What heads a column, and over how many columns it stands."""
    return [
        (cell.columns, plain(cell.text))
        for cell in grid.cells
        if cell.text and cell.row < heads and cell.column <= column < cell.column + cell.columns
    ]


def _agree(grid: Grid, other: Grid, again: int) -> bool:
    """Whether the first columns of two pages say the same on every line."""
    one, same = (
        sorted((c.row, c.column, c.rows, c.columns, plain(c.text)) for c in page.cells if c.column < again)
        for page in (grid, other)
    )
    return one == same


def _side_by_side(band: Sequence[Grid], again: int) -> Grid:
    """The grids of one band as one, each without the first columns that it prints ``again``."""
    first = band[0]
    edges, cells, parts = list(first.column_edges), list(first.cells), [first]
    for grid in band[1:]:
        place = len(edges) - 1 - again
        own = [replace(c, column=c.column + place) if c.column >= again else c for c in grid.cells]
        edges += [edges[-1] + edge - grid.column_edges[again] for edge in grid.column_edges[again + 1 :]]
        cells += [cell for cell in own if cell.column >= place + again]
        parts.append(replace(grid, cells=tuple(own)))
    box = (first.box[0], first.box[1], edges[-1], first.box[3])
    return replace(first, box=box, column_edges=tuple(edges), cells=tuple(cells), parts=tuple(parts))


def _is_one_table(whole: Grid, band: Sequence[Grid], again: int, pages: Mapping[int, Page]) -> bool:
    """Whether a form knows every head of the whole, and the pages are no tables by themselves.

    Pages that could each be one are not where the first columns are printed again and say the same, or where no page
    has a column of another one.
    """
    table = _table(whole, pages)
    fit = best_fit(table, table.by_row())
    if fit is None or fit.unknown or not any(fit.targets[len(band[0].column_edges) - 1 :]):
        return False
    alone = [replace(_table(part, pages), caption=table.caption) for part in band]
    fits = [best_fit(part, part.by_row()) for part in alone]
    return again > 0 or None in fits or not set.intersection(*(_held(fit) for fit in fits if fit))


def _held(fit: Fit) -> set[tuple[str, ...]]:
    """What the columns of a table hold, of the budget or of the final accounts."""
    return {
        (target, *(label for label in path if MEASURE.match(label)))
        for target, path in zip(fit.targets, fit.header.paths, strict=True)
        if target
    }


def _table(grid: Grid, pages: Mapping[int, Page]) -> PrintedTable:
    """A grid as if nothing else stood on its pages."""
    return printed_tables([pages[part.page] for part in grid.fragments], {grid.page: [grid]})[0]
