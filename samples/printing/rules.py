"""Rules: the many ways in which a table's lines are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from samples.printing.pdf import Page

Edges = list[tuple[float, float, float, float]]
"""Cells as x0, y0, x1, y1."""

THIN = "0.5 w"


def _strokes(page: Page, cells: Edges) -> None:
    page.put(THIN)
    for segment in _segments(cells):
        page.stroke(*segment)


def _rectangles(page: Page, cells: Edges) -> None:
    """Thin filled rectangles, as word processors draw borders."""
    for x0, y0, x1, y1 in _segments(cells):
        page.rectangle(x0 - 0.24, y0 - 0.24, x1 + 0.24, y1 + 0.24, "f")


def _doubled(page: Page, cells: Edges) -> None:
    """Every cell draws its own four borders, a little off its neighbours'."""
    page.put(THIN)
    for n, (x0, y0, x1, y1) in enumerate(cells):
        off = 0.15 + 0.1 * (n % 4)
        page.rectangle(x0 + off, y0 + off, x1 - off / 2, y1 - off / 2, "S")


def _dashed(page: Page, cells: Edges) -> None:
    page.put("[1.5 1] 0 d")
    _strokes(page, cells)
    page.put("[] 0 d")


def _horizontal(page: Page, cells: Edges) -> None:
    """Only the lines across, as in three-line tables."""
    page.put(THIN)
    for x0, y0, x1, y1 in _segments(cells):
        if y0 == y1:
            page.stroke(x0, y0, x1, y1)


def _none(page: Page, cells: Edges) -> None:
    """No lines at all: columns are told by their white space."""


def _white(page: Page, cells: Edges) -> None:
    """Cells in pale blue, parted by white lines."""
    page.put("q 0.87 0.92 0.97 rg")
    for x0, y0, x1, y1 in cells:
        page.rectangle(x0, y0, x1, y1, "f")
    page.put("1 G 0.75 w")
    for segment in _segments(cells):
        page.stroke(*segment)
    page.put("Q")


def _banded(page: Page, cells: Edges) -> None:
    """Every second line in grey, and no lines."""
    rows = sorted({(y0, y1) for _, y0, _, y1 in cells})
    page.put("q 0.93 g")
    for y0, y1 in rows[::2]:
        page.rectangle(min(c[0] for c in cells), y0, max(c[2] for c in cells), y1, "f")
    page.put("Q")


def _frame(page: Page, cells: Edges) -> None:
    """A line round the table and nothing inside."""
    page.put(THIN)
    x0, y0, x1, y1 = (pick(c[i] for c in cells) for i, pick in enumerate((min, min, max, max)))
    for segment in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
        page.stroke(*segment)


def _open_sides(page: Page, cells: Edges) -> None:
    """All lines but those at the left and right side."""
    page.put(THIN)
    left, right = min(c[0] for c in cells), max(c[2] for c in cells)
    for x0, y0, x1, y1 in _segments(cells):
        if x0 != x1 or left < x0 < right:
            page.stroke(x0, y0, x1, y1)


def _hairlines(page: Page, cells: Edges) -> None:
    """The thinnest lines that a printer knows, in grey."""
    page.put("q 0 w 0.6 G")
    for segment in _segments(cells):
        page.stroke(*segment)
    page.put("Q")


STYLES: dict[str, Callable[[Page, Edges], None]] = {
    "strokes": _strokes,
    "rectangles": _rectangles,
    "doubled": _doubled,
    "dashed": _dashed,
    "horizontal": _horizontal,
    "none": _none,
    "white": _white,
    "banded": _banded,
    "frame": _frame,
    "open_sides": _open_sides,
    "hairlines": _hairlines,
}


def _segments(cells: Edges) -> Edges:
    """The borders of the cells, each once, neighbours in line joined into long strokes."""
    across: dict[float, set[tuple[float, float]]] = {}
    down: dict[float, set[tuple[float, float]]] = {}
    for x0, y0, x1, y1 in cells:
        for y in (y0, y1):
            across.setdefault(round(y, 2), set()).add((x0, x1))
        for x in (x0, x1):
            down.setdefault(round(x, 2), set()).add((y0, y1))
    lines = [(a, y, b, y) for y, spans in across.items() for a, b in _joined(spans)]
    return lines + [(x, a, x, b) for x, spans in down.items() for a, b in _joined(spans)]


def _joined(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1] + 0.01:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return joined
