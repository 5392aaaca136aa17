"""Sheets of labels beside values, without rules: each line has cells of its own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fisc.extractors.grids import Grid, GridCell, around, in_order, text_of
from fisc.extractors.page import Box, Word
from fisc.extractors.unruled.labels import Label, Setting, labels_of
from fisc.extractors.unruled.regions import Fragment, Region, is_sheet_label, sheet_target
from fisc.schemas.forms import Layout

MARGIN_PT = 2.0
SAME_EDGE_PT = 3.0
"""Edges of two lines this near are one."""
ALIGNED = 0.4
"""Middles of one line differ at most this much, in heights of its text."""


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell of one line: from edge to edge, over one or two lines."""

    row: int
    rows: int
    left: float
    right: float
    words: tuple[Word, ...] = ()


@dataclass(slots=True)
class Line:
    """The texts at one height; ``head`` is the label in the left column, ``span`` how many lines it stands beside."""

    texts: list[Label]
    head: Label | None = None
    span: int = 1


def sheet_grids(region: Region, layout: Layout, flavor: str) -> tuple[Grid, ...]:
    """The grids of a sheet's fragments, with one set of column edges."""
    texts = [labels_of(fragment.body, (), fragment.rules, Setting()) for fragment in region.fragments]
    column = _left_column([text for part in texts for text in part], layout)
    boxes = [text.box for part in texts for text in part]
    left, right = min(box[0] for box in boxes) - MARGIN_PT, max(box[2] for box in boxes) + 4 * MARGIN_PT
    others = (text for part in texts for text in part if not _is_head(text, column, layout))
    beside = min((text.box[0] for text in others), default=right)
    cut = (column + beside) / 2
    cells = [_cells(_lines(part, column, layout), layout, (left, cut, right)) for part in texts]
    edges = _merged(edge for part in cells for cell in part for edge in (cell.left, cell.right))
    return tuple(
        _grid(fragment, part, edges, flavor) for fragment, part in zip(region.fragments, cells, strict=True)
    )


def _left_column(texts: Sequence[Label], layout: Layout) -> float:
    """How far the labels at the left reach."""
    labels = sorted(
        (text for text in texts if is_sheet_label(text.text, layout)), key=lambda text: text.box[0]
    )
    reach = labels[0].box[2] if labels else 0.0
    for text in labels[1:]:
        if text.box[0] < reach:
            reach = max(reach, text.box[2])
    return reach


def _lines(texts: Sequence[Label], column: float, layout: Layout) -> list[Line]:
    """The lines of a fragment, each with the label in the left column that stands beside it."""
    lines: list[Line] = []
    for text in sorted((t for t in texts if not _is_head(t, column, layout)), key=lambda text: text.middle):
        if lines and text.middle - lines[-1].texts[0].middle < ALIGNED * text.height:
            lines[-1].texts.append(text)
        else:
            lines.append(Line([text]))
    for line in lines:
        line.texts.sort(key=lambda text: text.box[0])
    for head in sorted((t for t in texts if _is_head(t, column, layout)), key=lambda text: text.middle):
        _beside(head, lines)
    return _joined(lines, layout)


def _is_head(text: Label, column: float, layout: Layout) -> bool:
    """Whether a text is a label of the left column."""
    return text.box[0] < column and is_sheet_label(text.text, layout)


def _beside(head: Label, lines: list[Line]) -> None:
    """Set a label of the left column beside the line at its height, or beside the two that it stands between."""
    above = [
        line for line in lines if line.texts and line.texts[0].middle < head.middle + ALIGNED * head.height
    ]
    nearest = above[-1] if above else None
    if nearest is not None and abs(nearest.texts[0].middle - head.middle) < ALIGNED * head.height:
        nearest.head = head
    elif nearest is not None and len(above) < len(lines):
        nearest.head, nearest.span = head, 2
    else:
        lines.insert(len(above), Line([], head))


def _joined(lines: Sequence[Line], layout: Layout) -> list[Line]:
    """The lines with those put together that are one long value: beside a label that names a text below none."""
    kept: list[Line] = []
    covered = 0
    for line in lines:
        free = line.head is None and covered == 0
        whole = (
            bool(kept) and kept[-1].head is not None and sheet_target(kept[-1].head.text, layout) is not None
        )
        if kept and ((free and whole) or (covered and whole)):
            kept[-1].texts += line.texts
            kept[-1].span = 1
        else:
            kept.append(line)
        covered = line.span - 1 if line.head else max(0, covered - 1)
    return kept


def _cells(lines: Sequence[Line], layout: Layout, sides: tuple[float, float, float]) -> list[SheetCell]:
    """The cells of all lines. ``sides`` are the left edge, the right edge of the left column and the right edge."""
    left, cut, right = sides
    cells: list[SheetCell] = []
    above: list[float] = []
    spanned = 0
    for row, line in enumerate(lines):
        if not spanned:
            cells.append(
                SheetCell(
                    row, min(line.span, len(lines) - row), left, cut, line.head.words if line.head else ()
                )
            )
        edges = above if above and spanned else _inner(line, layout, cut, right)
        cells += _parted(row, line.texts, [cut, *edges, right])
        above = edges if any(sheet_target(text.text, layout) in layout.below for text in line.texts) else []
        spanned = line.span - 1 if not spanned else spanned - 1
    return cells


def _inner(line: Line, layout: Layout, cut: float, right: float) -> list[float]:
    """Edges inside a line: half way between texts; a label without a value has a blank cell beside it."""
    edges: list[float] = []
    texts = line.texts
    if (line.span > 1 and len({sheet_target(text.text, layout) for text in texts}) == 1) or not texts:
        return edges
    if line.head and sheet_target(line.head.text, layout) and is_sheet_label(texts[0].text, layout):
        edges.append((cut + texts[0].box[0]) / 2)
    for one, other in pairwise(texts):
        gap = other.box[0] - one.box[2]
        if gap < 0:
            continue
        blank = _asks(one, layout) and is_sheet_label(other.text, layout)
        edges += [one.box[2] + gap / 3, one.box[2] + 2 * gap / 3] if blank else [one.box[2] + gap / 2]
    if _asks(texts[-1], layout):
        edges.append(texts[-1].box[2] + MARGIN_PT)
    return [edge for edge in edges if cut < edge < right]


def _asks(text: Label, layout: Layout) -> bool:
    """Whether a text is a label whose value stands beside it."""
    target = sheet_target(text.text, layout)
    return target is not None and target not in layout.below


def _parted(row: int, texts: Sequence[Label], edges: Sequence[float]) -> list[SheetCell]:
    held: dict[int, list[Word]] = {}
    for text in texts:
        place = min(max(bisect_right(edges, text.centre) - 1, 0), len(edges) - 2)
        held.setdefault(place, []).extend(text.words)
    return [
        SheetCell(row, 1, a, b, tuple(in_order(held.get(k, ())))) for k, (a, b) in enumerate(pairwise(edges))
    ]


def _merged(edges: Iterable[float]) -> list[float]:
    kept: list[float] = []
    for edge in sorted(edges):
        if not kept or edge - kept[-1] > SAME_EDGE_PT:
            kept.append(edge)
    return kept


def _grid(fragment: Fragment, cells: Sequence[SheetCell], edges: Sequence[float], flavor: str) -> Grid:
    bands = _bands(cells)
    placed = []
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.left)):
        first, last = _nearest(cell.left, edges), _nearest(cell.right, edges)
        box = (edges[first], bands[cell.row], edges[last], bands[cell.row + cell.rows])
        placed.append(
            GridCell(cell.row, first, cell.rows, last - first, text_of(cell.words), box, cell.words)
        )
    box = (edges[0], bands[0], edges[-1], bands[-1])
    return Grid(fragment.page.number, box, tuple(edges), tuple(bands), tuple(placed), flavor)


def _nearest(x: float, edges: Sequence[float]) -> int:
    return min(range(len(edges)), key=lambda k: abs(edges[k] - x))


def _bands(cells: Sequence[SheetCell]) -> list[float]:
    """Edges between the lines: half way between their texts."""
    rows: dict[int, list[Box]] = {}
    for cell in cells:
        if cell.rows == 1:
            rows.setdefault(cell.row, []).extend(word.box for word in cell.words)
    boxes = [around(found) for _, found in sorted(rows.items()) if found]
    inner = [max((a[3] + b[1]) / 2, a[1] + 1) for a, b in pairwise(boxes)]
    return [boxes[0][1] - MARGIN_PT, *inner, boxes[-1][3] + MARGIN_PT]
