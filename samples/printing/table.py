"""Drawing a sheet: column widths, row heights, page breaks inside the table, text in its cells."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from samples.printing.flow import Flow
from samples.printing.sheet import Cell, Sheet

CELL_LEADING = 1.22


@dataclass(frozen=True, slots=True)
class Setting:
    """A sheet set for a flow: column edges in points and the height of every row."""

    sheet: Sheet
    edges: tuple[float, ...]
    heights: tuple[float, ...]
    size: float

    @property
    def head(self) -> float:
        return sum(self.heights[: self.sheet.head])


def _lines(flow: Flow, cell: Cell, width: float, size: float, clipped: bool = False) -> list[str]:
    if clipped and cell.text:
        return ["".join(cell.text.split("\n"))]
    return flow.face.wrap(cell.text, size, max(width - 2 * flow.style.padding, size)) if cell.text else []


def set_out(flow: Flow, sheet: Sheet, whole: float = 0.0) -> Setting:
    """Measure: each row as high as its highest cell, a spanning cell makes its last row higher.

    ``whole`` is the width that fills the page, that of all columns unless said.
    """
    style = flow.style
    scale = flow.measure / (whole or sum(sheet.widths))
    edges = tuple(accumulate((w * scale for w in sheet.widths), initial=style.margin[0]))
    heights = [style.row] * sheet.rows
    for cell in () if sheet.fixed else sorted(sheet.cells, key=lambda c: c.rows):
        lines = _lines(
            flow,
            cell,
            edges[cell.column + cell.columns] - edges[cell.column],
            style.cell,
            _clips(sheet, cell),
        )
        wanted = len(lines) * style.cell * CELL_LEADING + 2 * style.padding
        last = cell.row + cell.rows - 1
        heights[last] += max(0.0, wanted - sum(heights[cell.row : last + 1]))
    return Setting(sheet, edges, tuple(heights), style.cell)


def _draw_cell(flow: Flow, cell: Cell, box: tuple[float, float, float, float], setting: Setting) -> None:
    clipped = _clips(setting.sheet, cell)
    lines = _lines(flow, cell, box[2] - box[0], setting.size, clipped)
    if clipped:
        flow.page.clip(*box)
    _draw_lines(flow, lines, cell, box, setting)
    if clipped:
        flow.page.put("Q")


def _clips(sheet: Sheet, cell: Cell) -> bool:
    """Whether a cell shows no more than one line of its text; heads are whole."""
    return sheet.clipped and cell.row >= sheet.head


def _draw_lines(
    flow: Flow, lines: list[str], cell: Cell, box: tuple[float, float, float, float], setting: Setting
) -> None:
    pitch = setting.size * CELL_LEADING
    y = (box[1] + box[3] - len(lines) * pitch) / 2 + setting.size * 0.95
    pad = flow.style.padding
    for line in lines:
        flow.aligned(line, setting.size, cell.align, box[0] + pad, box[2] - pad, y)
        y += pitch


def draw_rows(flow: Flow, setting: Setting, start: int, stop: int) -> None:
    """Rows ``start`` to ``stop`` at the pen; a cell that spans further is cut at the break, its text drawn once."""
    tops = list(accumulate(setting.heights[start:stop], initial=flow.y))
    boxes = []
    for cell in setting.sheet.cells:
        first, last = max(cell.row, start), min(cell.row + cell.rows, stop)
        if first >= last:
            continue
        left, right = setting.edges[cell.column], setting.edges[cell.column + cell.columns]
        box = (left, tops[first - start], right, tops[last - start])
        boxes.append(box)
        if cell.row >= start:
            _draw_cell(flow, cell, box, setting)
    flow.rules(boxes)
    flow.y = tops[-1]


def _draw_cut(flow: Flow, setting: Setting, row: int) -> bool:
    """A row broken at the end of the page, its lines shared out; False where it cannot be broken here."""
    cells = [cell for cell in setting.sheet.cells if cell.row <= row < cell.row + cell.rows]
    pitch, pad = setting.size * CELL_LEADING, 2 * flow.style.padding
    fitting = int((flow.bottom - flow.y - pad) / pitch)
    told = [
        _lines(flow, c, setting.edges[c.column + c.columns] - setting.edges[c.column], setting.size)
        for c in cells
    ]
    if row < setting.sheet.head or any(c.rows > 1 for c in cells) or not 0 < fitting < max(map(len, told)):
        return False
    for last in (False, True):
        parts = [lines[fitting:] if last else lines[:fitting] for lines in told]
        bottom = flow.y + max(map(len, parts)) * pitch + pad
        boxes = []
        for cell, lines in zip(cells, parts, strict=True):
            left, right = setting.edges[cell.column], setting.edges[cell.column + cell.columns]
            boxes.append((left, flow.y, right, bottom))
            _draw_lines(flow, lines, cell, boxes[-1], setting)
        flow.rules(boxes)
        flow.y = bottom
        if not last:
            _continue(flow, setting)
    return True


def caption(flow: Flow, sheet: Sheet) -> None:
    """The line above the grid: department left, year in the middle, unit right."""
    if not sheet.caption:
        return
    size, left = flow.style.cell, flow.left
    baseline = flow.y + size * 1.2
    aligns = ("left", "center", "right") if len(sheet.caption) == 3 else ("left", "right")
    for text, align in zip(sheet.caption, aligns, strict=True):
        flow.aligned(text, size, align, left + 3, left + flow.measure - 3, baseline)
    flow.y += size * 1.8


def title(flow: Flow, sheet: Sheet) -> None:
    """Form number and title."""
    if sheet.label:
        flow.aligned(
            sheet.label, flow.style.cell, flow.style.label, flow.left, flow.left + flow.measure, flow.y + 10
        )
        flow.y += flow.style.cell * 1.8
    if sheet.title:
        flow.heading(sheet.title, flow.style.title, kind=(sheet.landscape, sheet.rotated))


def fitting(flow: Flow, setting: Setting, start: int) -> int:
    """The row after the last that still fits on the page, counting from ``start``."""
    y, row = flow.y, start
    while row < setting.sheet.rows and y + setting.heights[row] <= flow.bottom:
        y += setting.heights[row]
        row += 1
    return row


def _continue(flow: Flow, setting: Setting) -> None:
    sheet = setting.sheet
    flow.new_page((sheet.landscape, sheet.rotated))
    if sheet.repeat == "title":
        title(flow, sheet)
    if sheet.repeat in ("caption", "title"):
        caption(flow, sheet)
    if sheet.repeat in ("header", "caption", "title"):
        draw_rows(flow, setting, 0, sheet.head)


def begin(flow: Flow, sheet: Sheet) -> None:
    """A page of the kind that a sheet asks for."""
    kind = (sheet.landscape, sheet.rotated)
    if sheet.new_page and not flow.fresh:
        flow.new_page(kind)
    flow.need(0, kind)


def make_room(flow: Flow, setting: Setting) -> None:
    """A new page where a sheet's title, header and two rows do not fit on this one."""
    above = flow.style.title * 2.5 + flow.style.cell * 4
    flow.need(above + setting.head + 2 * flow.style.row, (setting.sheet.landscape, setting.sheet.rotated))


def draw(flow: Flow, sheet: Sheet) -> None:
    """Draw a sheet with its title, caption and note, broken over as many pages as it needs."""
    begin(flow, sheet)
    setting = set_out(flow, sheet)
    make_room(flow, setting)
    title(flow, sheet)
    caption(flow, sheet)
    row = 0
    while row < sheet.rows:
        stop = fitting(flow, setting, row)
        if stop > row:
            draw_rows(flow, setting, row, stop)
        if stop < sheet.rows and sheet.cut and _draw_cut(flow, setting, stop):
            row = stop + 1
            continue
        if stop < sheet.rows:
            _continue(flow, setting)
        row = max(stop, row + (1 if stop == row and flow.fresh else 0))
    note(flow, sheet)


def note(flow: Flow, sheet: Sheet) -> None:
    """The lines below a table."""
    size = flow.style.cell
    for line in flow.face.wrap(sheet.note, size, flow.measure) if sheet.note else ():
        flow.need(size * 1.6, flow.kind)
        flow.text(flow.left + 3, flow.y + size * 1.3, line, size)
        flow.y += size * 1.6
    flow.y += size * flow.style.gap
