"""Rules and words to grids: camelot builds each table from what the page already holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from camelot.core import Table
from camelot.image_processing import find_joints_from_lines
from camelot.parsers.lattice import Lattice

from fisc.extractors.cell_frame import CellFrame, Place, frame_of
from fisc.extractors.hanging import gather
from fisc.extractors.page import Box, Page, Rule, Word

OPEN_PT = 3.0
"""A table side counts as open where rules run this far past the last crossing rule."""
ALIKE_PT = 2.5
"""Rules that end this near to each other end together."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell, spans merged. ``row`` and ``column`` count from 0; ``words`` stand in reading order."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    box: Box
    words: tuple[Word, ...] = ()

    @property
    def text_box(self) -> Box:
        """Box of the printed text, or of the cell where it is blank."""
        if len(self.words) == 1:
            return self.words[0].box
        return around(word.box for word in self.words) if self.words else self.box


@dataclass(frozen=True, slots=True)
class Grid:
    """One table on one page: anchors of columns (left to right) and rows (top to bottom), and the cells.

    Of a grid whose columns stand on several pages ``parts`` are those of each page: ``page``, ``box`` and ``row_edges`` are
    the first one's, its cells are theirs.
    """

    page: int
    box: Box
    column_edges: tuple[float, ...]
    row_edges: tuple[float, ...]
    cells: tuple[GridCell, ...]
    flavor: str = "lattice"
    parts: tuple[Grid, ...] = ()

    @property
    def fragments(self) -> tuple[Grid, ...]:
        """What of it stands on each page."""
        return self.parts or (self,)


class RuledLattice(Lattice):
    """camelot's lattice over rules that are already known: no file is opened, no page rendered.

    Text is left out: words are put into cells by :func:`fisc.extractors.grids.fill`, which keeps their boxes.
    """

    def __init__(self, page: Page, rules: Sequence[Rule]) -> None:
        super().__init__(engine="vector")
        self._rules = rules
        self.prepare_page_parse(
            filename="", layout=None, dimensions=(page.width, page.height), page_idx=page.number,
            images=[], horizontal_text=[], vertical_text=[], rotation="", layout_kwargs={},
        )  # fmt: skip

    def _document_has_no_text(self) -> bool:
        return False

    def _generate_table_bbox(self) -> None:
        height = self.pdf_height
        lines = [(r.x0, height - r.y1, r.x1, height - r.y0) for r in self._rules]
        self.horizontal_segments = [line for line, r in zip(lines, self._rules, strict=True) if r.horizontal]
        self.vertical_segments = [
            line for line, r in zip(lines, self._rules, strict=True) if not r.horizontal
        ]
        joints = find_joints_from_lines(self.horizontal_segments, self.vertical_segments)
        self.table_bbox_parses = {bbox: {"joints": points} for bbox, points in joints.items()}
        self._compute_table_anchors()

    def _reject_table(self, table: Table) -> bool:
        return len(table.cols) * len(table.rows) < 2

    def record_parse_metadata(self, table: Table) -> None:
        """Nothing: accuracy and data frames are of no use to us."""


def grids_of(page: Page) -> tuple[Grid, ...]:
    """The ruled tables of a page, top to bottom."""
    if len(page.rules) < 3:
        return ()
    rules = closed(page.rules)
    tables = RuledLattice(page, rules).extract_tables()
    grids = [_grid(table, page) for table in tables]
    return tuple(sorted((g for g in grids if g is not None), key=lambda grid: (grid.box[1], grid.box[0])))


def closed(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Rules with the open sides of tables closed.

    A table cut by a page break often has no line at the cut, and many forms have no outer verticals; the
    rules that run past the last crossing one say where the side is.
    """
    extra: list[Rule] = []
    for across, down in _crossing(rules):
        extra += _missing_sides(across, down)
    return (*rules, *extra)


def _crossing(rules: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of horizontal and vertical rules that cross each other, directly or by way of others."""
    across = [rule for rule in rules if rule.horizontal]
    down = [rule for rule in rules if not rule.horizontal]
    group = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    for i, h in enumerate(across):
        for j, v in enumerate(down, len(across)):
            if h.x0 - 2 <= v.x0 <= h.x1 + 2 and v.y0 - 2 <= h.y0 <= v.y1 + 2:
                group[root(j)] = root(i)
    found: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate((*across, *down)):
        found.setdefault(root(i), ([], []))[0 if rule.horizontal else 1].append(rule)
    return [pair for pair in found.values() if pair[0] and pair[1]]


def _missing_sides(across: list[Rule], down: list[Rule]) -> Iterable[Rule]:
    left, right = min(r.x0 for r in (*across, *down)), max(r.x1 for r in (*across, *down))
    top, bottom = min(r.y0 for r in (*across, *down)), max(r.y1 for r in (*across, *down))
    if min(r.y0 for r in across) - top > OPEN_PT and _together(r.y0 for r in down if r.y0 - top < ALIKE_PT):
        yield Rule(left, top, right, top)
    if bottom - max(r.y1 for r in across) > OPEN_PT and _together(
        r.y1 for r in down if bottom - r.y1 < ALIKE_PT
    ):
        yield Rule(left, bottom, right, bottom)
    if min(r.x0 for r in down) - left > OPEN_PT and _together(r.x0 for r in across if r.x0 - left < ALIKE_PT):
        yield Rule(left, top, left, bottom)
    if right - max(r.x1 for r in down) > OPEN_PT and _together(
        r.x1 for r in across if right - r.x1 < ALIKE_PT
    ):
        yield Rule(right, top, right, bottom)


def _together(ends: Iterable[float]) -> bool:
    return len(list(ends)) >= 2


def _grid(table: Table, page: Page) -> Grid | None:
    column_edges = (*(left for left, _ in table.cols), table.cols[-1][1])
    row_edges = (*(page.height - top for top, _ in table.rows), page.height - table.rows[-1][1])
    return fill(page, column_edges, row_edges, _spans(table.cells))


def _spans(cells: Sequence[Sequence[object]]) -> list[list[Place]]:
    """For each place of the grid, the place whose cell it belongs to, by the edges that camelot set."""
    anchors: list[list[Place]] = []
    for i, row in enumerate(cells):
        anchors.append([])
        for j, cell in enumerate(row):
            anchor = (i, j)
            if j and not cell.left and not row[j - 1].right:  # type: ignore[attr-defined]
                anchor = anchors[i][j - 1]
            if i and not cell.top and not cells[i - 1][j].bottom:  # type: ignore[attr-defined]
                anchor = min(anchor, anchors[i - 1][j])
            anchors[i].append(anchor)
    return anchors


def fill(
    page: Page,
    column_edges: Sequence[float],
    row_edges: Sequence[float],
    anchors: Sequence[Sequence[Place]],
    flavor: str = "lattice",
) -> Grid | None:
    """Put the words of a page into the cells of a grid; None where the grid is one box round some text."""
    frame = frame_of(column_edges, row_edges, anchors)
    held: dict[Place, list[Word]] = {}
    inside = []
    for word in page.words:
        place = frame.place(word)
        if place is not None:
            held.setdefault(place, []).append(word)
            inside.append(word)
    gather(frame, inside, held)
    cells = tuple(_cells(frame, held))
    if len(cells) < 2:
        return None
    box = (column_edges[0], row_edges[0], column_edges[-1], row_edges[-1])
    return Grid(page.number, box, frame.column_edges, frame.row_edges, cells, flavor)


def _cells(frame: CellFrame, held: dict[Place, list[Word]]) -> Iterable[GridCell]:
    """The cells, row by row, with the words that they hold."""
    for anchor, last in sorted(frame.extents.items()):
        words = held.get(anchor, [])
        if len(words) > 1:
            words = in_order(words)
        yield GridCell(
            row=anchor[0],
            column=anchor[1],
            rows=last[0] - anchor[0] + 1,
            columns=last[1] - anchor[1] + 1,
            text=text_of(words) if len(words) > 1 else words[0].text if words else "",
            box=frame.box(anchor),
            words=tuple(words),
        )


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words as text lines, top to bottom, each from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.y0 + word.y1, word.x0)):
        if lines and _on_one_line(lines[-1][-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    for line in lines:
        line.sort(key=lambda word: word.x0)
    return lines


def _on_one_line(one: Word, other: Word) -> bool:
    """Whether the middles of two words lie on one line; glyph boxes of close lines may overlap."""
    apart = abs(one.y0 + one.y1 - other.y0 - other.y1) / 2
    return apart < 0.4 * min(one.y1 - one.y0, other.y1 - other.y0)


def in_order(words: Iterable[Word]) -> list[Word]:
    """Words in reading order."""
    return [word for line in lines_of(words) for word in line]


def text_of(words: Iterable[Word]) -> str:
    """Printed text: words of a line with a blank between them, lines joined without one."""
    return "".join(" ".join(word.text for word in line) for line in lines_of(words))


def around(boxes: Iterable[Box]) -> Box:
    """The box round boxes."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)
