"""A wide sheet as a spreadsheet prints it: its columns on two pages, the title on the first, the unit on the second."""

from __future__ import annotations

from dataclasses import replace

from samples.printing.flow import Flow
from samples.printing.sheet import Cell, Sheet
from samples.printing.table import (
    Setting,
    begin,
    caption,
    draw,
    draw_rows,
    fitting,
    make_room,
    note,
    set_out,
    title,
)


def draw_across(flow: Flow, sheet: Sheet) -> None:
    """Draw a sheet with its columns on two pages; one that has too few columns is drawn as it is."""
    cut = cut_of(sheet)
    if not cut:
        draw(flow, sheet)
        return
    begin(flow, sheet)
    parts = _parts(flow, sheet, cut)
    make_room(flow, parts[0])
    title(flow, sheet)
    top = flow.y
    caption(flow, _saying(sheet, 0))
    bands = _bands(flow, parts[0])
    order = [(part, band) for band in range(len(bands)) for part in (0, 1)]
    for n, (part, band) in enumerate(order if sheet.across == "over" else sorted(order)):
        if n:
            flow.new_page((sheet.landscape, sheet.rotated))
        if n and not band:
            flow.y = top
            caption(flow, _saying(sheet, 1))
        if band and sheet.repeat != "none":
            draw_rows(flow, parts[part], 0, sheet.head)
        draw_rows(flow, parts[part], bands[band].start, bands[band].stop)
    note(flow, sheet)


def cut_of(sheet: Sheet) -> int:
    """The column that begins the second page: near the middle, not inside a cell; 0 where there is none such."""
    spanned = {c for cell in sheet.cells for c in range(cell.column + 1, cell.column + cell.columns)}
    columns = [c for c in range(max(sheet.keys, 1) + 1, len(sheet.widths)) if c not in spanned]
    middle = sum(sheet.widths) / 2
    return min(columns, key=lambda c: abs(sum(sheet.widths[:c]) - middle), default=0)


def _parts(flow: Flow, sheet: Sheet, cut: int) -> tuple[Setting, Setting]:
    """The sheet's two halves with rows of the same heights and columns to one scale."""
    whole = list(range(len(sheet.widths)))
    halves = [
        _with_columns(sheet, columns) for columns in (whole[:cut], [*whole[: sheet.keys], *whole[cut:]])
    ]
    widest = max(sum(half.widths) for half in halves)
    one, other = (set_out(flow, half, widest) for half in halves)
    heights = tuple(map(max, zip(one.heights, other.heights, strict=True)))
    return replace(one, heights=heights), replace(other, heights=heights)


def _with_columns(sheet: Sheet, columns: list[int]) -> Sheet:
    """The sheet with some of its columns."""
    place = {column: n for n, column in enumerate(columns)}
    cells: list[Cell] = [replace(c, column=place[c.column]) for c in sheet.cells if c.column in place]
    return replace(sheet, cells=tuple(cells), widths=tuple(sheet.widths[c] for c in columns))


def _saying(sheet: Sheet, half: int) -> Sheet:
    """The sheet with the part of its caption that stands above one half: all but the unit, or the unit."""
    *front, unit = sheet.caption or ("",)
    said = (*("" for _ in front), unit) if half else (*front, "")
    return replace(sheet, caption=said if sheet.caption else ())


def _bands(flow: Flow, setting: Setting) -> list[range]:
    """The rows of each page, from the pen on."""
    bands, row, pen = [], 0, flow.y
    while row < setting.sheet.rows:
        stop = max(fitting(flow, setting, row), row + 1)
        bands.append(range(row, stop))
        row = stop
        flow.y = flow.style.margin[1] + (setting.head if setting.sheet.repeat != "none" else 0.0)
    flow.y = pen
    return bands
