"""Rules and words to grids: camelot builds each table from what the page already holds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from camelot.core import Table
from camelot.image_processing import find_joints_from_lines
from camelot.parsers.lattice import Lattice

from fisc.extractors.page import Box, Page, Rule, Word

OPEN_PT = 3.0
"""A table side counts as open where rules run this far past the last crossing rule."""
ALIKE_PT = 2.5
"""Rules that end this near to each other end together."""
CROSSES_PT = 1.0
"""A word crosses a rule where it reaches this far beyond it."""

CLOSEST_LINES, FARTHEST_LINES = 1.0, 1.9
"""Lines of one text stand so far apart, in sizes of their type."""
AT_EDGE = 0.35
"""A rule goes through a line where it is this near to its middle, in sizes of its type; so near, in its heights, are sides
that are aligned."""

OFF = 0.12
"""A word stands on another line, a text off the middle of its cell, from this part of its height on."""
EVEN = 0.1
"""The distances of lines of one text differ by no more than this, in their heights."""

Place = tuple[int, int]
"""Row and column in a grid."""
Line = list[Word]
"""Words of one printed line, from left to right."""


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
    frame = _Frame(tuple(column_edges), tuple(row_edges), anchors, _extents(anchors))
    held: dict[Place, list[Word]] = {}
    for word in page.words:
        place = frame.place(word)
        if place is not None:
            held.setdefault(place, []).append(word)
    frame.gather(page.words, held)
    cells = tuple(frame.cells(held))
    if len(cells) < 2:
        return None
    box = (column_edges[0], row_edges[0], column_edges[-1], row_edges[-1])
    return Grid(page.number, box, frame.column_edges, frame.row_edges, cells, flavor)


def _extents(anchors: Sequence[Sequence[Place]]) -> dict[Place, Place]:
    """The last row and column of each cell, by its first."""
    extents: dict[Place, Place] = {}
    for i, row in enumerate(anchors):
        for j, anchor in enumerate(row):
            last = extents.get(anchor, anchor)
            extents[anchor] = (max(last[0], i), max(last[1], j))
    return extents


@dataclass(frozen=True, slots=True)
class _Frame:
    """The cells of a grid before they hold words: edges, the cell at each place, and where each cell ends."""

    column_edges: tuple[float, ...]
    row_edges: tuple[float, ...]
    anchors: Sequence[Sequence[Place]]
    extents: dict[Place, Place]

    def place(self, word: Word) -> Place | None:
        """The cell in which the middle of a word lies."""
        return self.at((word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2)

    def at(self, x: float, y: float) -> Place | None:
        """The cell at a point."""
        column, row = bisect_right(self.column_edges, x) - 1, bisect_right(self.row_edges, y) - 1
        if 0 <= column < len(self.column_edges) - 1 and 0 <= row < len(self.row_edges) - 1:
            return self.anchors[row][column]
        return None

    def box(self, anchor: Place) -> Box:
        """The box of a cell."""
        (top, left), (bottom, right) = anchor, self.extents[anchor]
        return (
            self.column_edges[left],
            self.row_edges[top],
            self.column_edges[right + 1],
            self.row_edges[bottom + 1],
        )

    def gather(self, words: Sequence[Word], held: dict[Place, list[Word]]) -> None:
        """Put texts with more lines than their cell has room for back into it: their ends hang into the cells above or below.

        Such lines follow each other in print, as those of one text do. Of the cells that they lie in, theirs is the one
        that holds nothing else; the others hold a text of their own, or the rule goes through the line.
        """
        for run in _runs(words):
            places = [self.place(line[0]) for line in run]
            if len({*places}) > 1 and (hung := self._hung(run, places, held)):
                own, lines = hung
                for line in lines:
                    place = self.place(line[0])
                    if place and place != own:
                        held[place] = [word for word in held[place] if word not in line]
                        held.setdefault(own, []).extend(line)

    def _hung(
        self, run: Sequence[Line], places: Sequence[Place | None], held: dict[Place, list[Word]]
    ) -> tuple[Place, Sequence[Line]] | None:
        """The cell of a text that hangs out of it, and its lines; None where several texts follow each other.

        Lines that stand alone and whole in their cells are of several texts, unless others before or after them cross
        other texts: then those are of one text in whose middle its cell lies.
        """
        ids = {id(word) for line in run for word in line}
        crossing = [
            place is None or any(id(word) not in ids and _is_off(word, line) for word in held[place])
            for line, place in zip(run, places, strict=True)
        ]
        alone = [i for i, crosses in enumerate(crossing) if not crosses]
        settled = {places[i] for i in alone if not self._is_cut(run[i])}
        cells = settled or {places[i] for i in alone}
        if len(cells) == 1 and (len(alone) < len(run) or settled):
            own, lines = next(iter(cells)), run
        elif all(crossing) or not any(crossing):
            return None
        else:
            own, lines = self._middle_of(run, places, crossing)
        return (own, lines) if own and self._is_wide_enough(own, lines) else None

    def _middle_of(
        self, run: Sequence[Line], places: Sequence[Place | None], crossing: Sequence[bool]
    ) -> tuple[Place | None, Sequence[Line]]:
        """The lines of a run, with all that cross other texts, that lie evenly round the middle of a cell that none crosses."""
        first, last = crossing.index(True), len(run) - 1 - crossing[::-1].index(True)
        for start in range(first, -1, -1):
            for stop in range(max(last, start + 1), len(run)):
                middle = (_middle(run[start]) + _middle(run[stop])) / 2
                inner = run[(start + stop) // 2]
                place = places[(start + stop) // 2]
                if place is None or crossing[(start + stop) // 2] or (stop - start) % 2:
                    continue
                _, top, _, bottom = self.box(place)
                if abs(middle - (top + bottom) / 2) < OFF * _height(inner):
                    return place, run[start : stop + 1]
        return None, run

    def _is_wide_enough(self, place: Place, lines: Sequence[Line]) -> bool:
        left, _, right, _ = self.box(place)
        return all(left - CROSSES_PT <= line[0].x0 and line[-1].x1 <= right + CROSSES_PT for line in lines)

    def _is_cut(self, line: Line) -> bool:
        """Whether a rule of its cell goes through a line, or nearly so."""
        left, top, right, bottom = self.box(self.place(line[0]) or (0, 0))
        reach = AT_EDGE * _size(line)
        wide = line[0].x0 < left - CROSSES_PT or line[-1].x1 > right + CROSSES_PT
        return wide or min(abs(_middle(line) - top), abs(_middle(line) - bottom)) < reach

    def cells(self, held: dict[Place, list[Word]]) -> Iterable[GridCell]:
        """The cells, row by row, with the words that they hold."""
        for anchor, last in sorted(self.extents.items()):
            words = held.get(anchor, [])
            if len(words) > 1:
                words = in_order(words)
            yield GridCell(
                row=anchor[0],
                column=anchor[1],
                rows=last[0] - anchor[0] + 1,
                columns=last[1] - anchor[1] + 1,
                text=text_of(words) if len(words) > 1 else words[0].text if words else "",
                box=self.box(anchor),
                words=tuple(words),
            )


def _runs(words: Sequence[Word]) -> Iterator[list[Line]]:
    """Lines of recognised or printed text that follow each other in print, one below the other: two and more."""
    run: list[Line] = []
    for word in words:
        if run and _goes_on(run[-1], word):
            run[-1].append(word)
            continue
        if run and not _is_below(run[-1], word):
            if len(run) > 1:
                yield run
            run = []
        elif len(run) > 1 and abs(nearer := _nearer(run, word)) > EVEN * _height(run[-1]):
            last = [run.pop()] if nearer > 0 else []
            if len(run) > 1:
                yield run
            run = last
        run.append([word])
    if len(run) > 1:
        yield run


def _goes_on(line: Line, word: Word) -> bool:
    """Whether a word stands on a line, right after its last one."""
    last, height = line[-1], line[-1].y1 - line[-1].y0
    return abs(word.y0 - last.y0) < AT_EDGE * height and -height < word.x0 - last.x1 < height


def _is_below(line: Line, word: Word) -> bool:
    """Whether a word begins the next line of a text: at the distance of lines, aligned at a side or in the middle, of the
    same size and kind."""
    height, size = _height(line), _size(line)
    if not CLOSEST_LINES * size <= word.y0 - line[0].y0 < FARTHEST_LINES * size:
        return False
    left, right = line[0].x0 - word.x0, line[-1].x1 - word.x1
    alike = abs(word.y1 - word.y0 - height) < EVEN * height and word.text.isascii() == line[0].text.isascii()
    return alike and min(abs(left), abs(right), abs(left + right) / 2) < AT_EDGE * height


def _is_off(word: Word, line: Line) -> bool:
    """Whether a word stands beside a line on none of its own: nearer to it than the next line of a text."""
    apart = abs((word.y0 + word.y1) / 2 - _middle(line))
    return OFF * _height(line) < apart < CLOSEST_LINES * _size(line)


def _nearer(run: Sequence[Line], word: Word) -> float:
    """How much nearer a word stands to the last line of a run than that to the one before."""
    return run[-1][0].y0 - run[-2][0].y0 - (word.y0 - run[-1][0].y0)


def _middle(line: Line) -> float:
    return (line[0].y0 + line[0].y1) / 2


def _height(line: Line) -> float:
    return line[0].y1 - line[0].y0


def _size(line: Line) -> float:
    """The size of a line's type: the width of a wide character, no more than the height of the box round it."""
    width, characters = sum(word.x1 - word.x0 for word in line), sum(len(word.text) for word in line)
    wide = not any(word.text.isascii() for word in line)
    return min(_height(line), width / characters) if wide else _height(line) / 1.2


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
