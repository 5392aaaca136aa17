"""A sheet: a printed table as cells with spans, ready to be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at ``row`` and ``column`` (from 0) spanning ``rows`` and ``columns``. ``align``: left, center, right."""

    row: int
    column: int
    text: str = ""
    rows: int = 1
    columns: int = 1
    align: str = "center"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to draw. The first ``head`` rows are its header; ``widths`` are relative.

    ``title`` stands centred above it, ``label`` (公开01表) above or beside, ``caption`` is the line right above the
    grid (left, centre, right), ``note`` the lines below. ``repeat``: what a continuation shows again (``none``,
    ``header``, ``caption`` or ``title``), ``cut`` whether rows are broken at the end of a page, ``clipped`` whether a cell shows no more than one line of its text, ``fixed`` whether rows are
    no higher than one line and longer texts hang out of them. ``rotated``: ``flag`` (a /Rotate page) or ``sideways`` (turned text).
    ``across``: its columns stand on two pages, those of the next rows after (``over``) or behind all pages of the first columns
    (``down``); its first ``keys`` columns stand on both.
    """

    cells: tuple[Cell, ...]
    widths: tuple[float, ...]
    rows: int
    head: int = 0
    title: str = ""
    label: str = ""
    caption: tuple[str, ...] = ()
    note: str = ""
    landscape: bool = False
    rotated: str = ""
    new_page: bool = False
    repeat: str = "none"
    cut: bool = False
    clipped: bool = False
    across: str = ""
    keys: int = 0
    fixed: bool = False


def with_text(sheet: Sheet, row: int, column: int, text: str) -> Sheet:
    """The sheet with another text in one cell; rows count from the first one below the header."""
    place = (sheet.head + row, column)
    cells = tuple(replace(c, text=text) if (c.row, c.column) == place else c for c in sheet.cells)
    return replace(sheet, cells=cells)


def with_caption_inside(sheet: Sheet) -> Sheet:
    """The sheet with its title and caption as the first rows of its grid, as spreadsheets are often printed."""
    columns = len(sheet.widths)
    above = [Cell(0, 0, sheet.title, 1, columns)]
    if sheet.caption:
        middle = (columns + 1) // 2
        left, right = sheet.caption[0], "  ".join(sheet.caption[1:])
        above += [Cell(1, 0, left, 1, middle, "left"), Cell(1, middle, right, 1, columns - middle, "right")]
    height = above[-1].row + 1
    cells = (*above, *(replace(cell, row=cell.row + height) for cell in sheet.cells))
    return replace(
        sheet, cells=cells, rows=sheet.rows + height, head=sheet.head + height, title="", label="", caption=()
    )


def with_unit_apart(sheet: Sheet) -> Sheet:
    """The sheet with the last cell of its inner caption broken in two inside the unit (单位：万 | 元)."""
    caption = max((c for c in sheet.cells if c.row == 1), key=lambda cell: cell.column)
    if caption.columns < 2 or not caption.text.endswith("元"):
        return sheet
    last = caption.column + caption.columns - 1
    parts = (
        replace(caption, text=caption.text[:-1], columns=caption.columns - 1),
        replace(caption, text="元", column=last, columns=1, align="left"),
    )
    return replace(sheet, cells=(*(c for c in sheet.cells if c is not caption), *parts))


def header_cells(paths: Sequence[str]) -> tuple[list[Cell], int]:
    """The header tree: one cell a node, equal neighbours joined, leaves reaching down. Returns the number of rows.

    A leaf ``<`` belongs to the leaf on its left.
    """
    split = [path.split("/") for path in paths]
    depth = max(len(path) for path in split)
    cells: list[Cell] = []
    for level in range(depth):
        start = 0
        while start < len(split):
            stop = _run(split, level, start)
            if len(split[start]) > level:
                leaf = len(split[start]) == level + 1
                rows = depth - level if leaf else 1
                cells.append(Cell(level, start, split[start][level], rows, stop - start))
            start = stop
    return _joined_left(cells), depth


def _joined_left(cells: list[Cell]) -> list[Cell]:
    joined: list[Cell] = []
    for cell in cells:
        if cell.text == "<":
            joined[-1] = replace(joined[-1], columns=joined[-1].columns + 1)
        else:
            joined.append(cell)
    return joined


def _run(paths: Sequence[Sequence[str]], level: int, start: int) -> int:
    """Where the columns that share their path down to ``level`` with column ``start`` end."""
    stop = start + 1
    head = paths[start][: level + 1]
    inner = len(paths[start]) > level + 1
    while inner and stop < len(paths) and len(paths[stop]) > level + 1 and paths[stop][: level + 1] == head:
        stop += 1
    return stop


def number_cells(numbers: Sequence[str], row: int) -> list[Cell]:
    """The row of 栏次; ``<`` joins a cell to the one on its left."""
    starts = [i for i, text in enumerate(numbers) if text != "<"]
    stops = [*starts[1:], len(numbers)]
    return [Cell(row, a, numbers[a], 1, b - a) for a, b in zip(starts, stops, strict=True)]


def text_rows(rows: Iterable[Sequence[str]], top: int, aligns: Sequence[str]) -> list[Cell]:
    """Plain rows of text below ``top`` header rows."""
    return [
        Cell(top + r, c, text, align=aligns[c] if c < len(aligns) else "center")
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]


def merged_down(cells: Iterable[Cell], column: int, top: int) -> list[Cell]:
    """Join equal neighbours of one column into spans, as 一级指标 often is."""
    kept = sorted((c for c in cells if c.column == column and c.row >= top), key=lambda c: c.row)
    others = [c for c in cells if not (c.column == column and c.row >= top)]
    joined: list[Cell] = []
    for cell in kept:
        if joined and joined[-1].text == cell.text:
            last = joined.pop()
            joined.append(Cell(last.row, column, last.text, last.rows + 1, 1, last.align))
        else:
            joined.append(cell)
    return others + joined
