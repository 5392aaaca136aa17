"""Grids to printed tables: captions found, fragments joined over page breaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from fisc.extractors.grids import Grid, GridCell
from fisc.extractors.page import Box, Page
from fisc.extractors.tables.captions import Caption, Line, caption_of, gap_between, lines_outside, notes_below
from fisc.extractors.tables.inside import inner_caption
from fisc.schemas.folding import fold, plain
from fisc.schemas.forms import is_known_header, is_sheet
from fisc.schemas.numbers import is_figure

EDGE_PT = 7.0
"""Columns of two fragments are the same where their edges lie this near, after scaling to one width."""

LONG_LABEL = 5
NEARLY = 0.8
"""Labels so long and so alike are two readings of one."""

COUNTED = frozenset({"栏次", "行次"})
"""Words before the numbers of columns."""
_ORDINAL = 2
FEWEST_CLIPPED = 3
"""Labels whose beginnings are repeated side by side."""
HIGHEST_HEADER = 8
"""Rows that a header takes up at most."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a printed table: its place in the joined grid, and the printed cell it comes from."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    page: int
    printed: GridCell

    @property
    def box(self) -> Box:
        return self.printed.text_box


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One table as it stands on the pages, joined. ``grids`` are its fragments in printed order.

    Where its columns stand on several pages, ``beside`` are the pages of all but the first ones.
    """

    number: int
    caption: Caption
    grids: tuple[Grid, ...]
    cells: tuple[TableCell, ...]
    height: int
    width: int
    notes: tuple[Line, ...] = ()
    inherited: bool = False
    beside: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The title as printed, or which table of the document it is."""
        return self.caption.title or f"表{self.number}"

    def by_row(self) -> list[list[TableCell | None]]:
        """For each row, the cell that covers each column."""
        table: list[list[TableCell | None]] = [[None] * self.width for _ in range(self.height)]
        for cell in self.cells:
            for i in range(cell.row, min(cell.row + cell.rows, self.height)):
                for j in range(cell.column, min(cell.column + cell.columns, self.width)):
                    table[i][j] = cell
        return table


@dataclass(slots=True)
class _Open:
    """A table that may still grow."""

    caption: Caption
    grids: list[Grid]
    notes: tuple[Line, ...]
    inherited: bool
    dropped: list[int]


def printed_tables(pages: Sequence[Page], grids: Mapping[int, Sequence[Grid]]) -> tuple[PrintedTable, ...]:
    """The tables of a document in printed order. ``grids`` holds each page's grids by page number."""
    ordered = [grid for page in pages for grid in grids.get(page.number, ())]
    around = _Around(pages, [fragment for grid in ordered for fragment in grid.fragments])
    tables: list[_Open] = []
    for grid in ordered:
        inner, rows = inner_caption(grid)
        gap = (*around.above(grid.fragments[0]), *inner)
        caption = around.captioned(grid, caption_of(gap, grid))
        notes = tuple(note for fragment in grid.fragments for note in around.notes(fragment))
        if tables and _continues(tables[-1], grid, caption, gap):
            _append(tables[-1], grid, notes)
            continue
        inherited = bool(tables) and not caption.titles and not any(line.speaks for line in gap)
        if inherited:
            caption = replace(
                caption, titles=tables[-1].caption.titles, unit=caption.unit or tables[-1].caption.unit
            )
        tables.append(_Open(caption, [grid], notes, inherited, [rows]))
    return tuple(_joined(number, table) for number, table in enumerate(tables, 1))


class _Around:
    """The lines outside the tables of a document, and what of them stands above and below each."""

    def __init__(self, pages: Sequence[Page], fragments: Sequence[Grid]) -> None:
        self.fragments = sorted(fragments, key=lambda grid: grid.page)
        on: dict[int, list[Grid]] = {}
        for grid in self.fragments:
            on.setdefault(grid.page, []).append(grid)
        self.outside = {page.number: lines_outside(page, on.get(page.number, ())) for page in pages}
        self.place = {id(grid): n for n, grid in enumerate(self.fragments)}

    def above(self, grid: Grid) -> tuple[Line, ...]:
        """The lines after the table before."""
        n = self.place[id(grid)]
        return gap_between(self.fragments[n - 1] if n else None, grid, self.outside)

    def notes(self, grid: Grid) -> tuple[Line, ...]:
        """The notes under it."""
        after = self.place[id(grid)] + 1
        return notes_below(grid, self.fragments[after] if after < len(self.fragments) else None, self.outside)

    def captioned(self, grid: Grid, caption: Caption) -> Caption:
        """A caption with what is said above the columns that stand on other pages."""
        for fragment in grid.fragments[1:]:
            own = caption_of([line for line in self.above(fragment) if line.page == fragment.page], fragment)
            caption = replace(caption, unit=caption.unit or own.unit, lines=(*caption.lines, *own.lines))
        return caption


def _append(table: _Open, grid: Grid, notes: tuple[Line, ...]) -> None:
    table.dropped.append(_repeated_rows(table, grid))
    table.grids.append(grid)
    table.notes = (*table.notes, *notes)


def _continues(table: _Open, grid: Grid, caption: Caption, gap: Iterable[Line]) -> bool:
    """Whether a grid goes on with a table: the same columns, and nothing but a repeated caption between."""
    if not _same_columns(table, grid):
        return False
    repeated = _repeated_rows(table, grid)
    if caption.titles:
        same = fold(caption.titles[0]) == fold(table.caption.titles[0]) if table.caption.titles else False
        return same and repeated > 0 and grid.page != table.grids[-1].page
    if any(line.speaks for line in gap):
        return False
    if grid.page == table.grids[-1].page and repeated:
        return False
    return repeated > 0 or _is_cut_header(table, grid) or not _opens_with_header(grid, table.grids[0])


def _is_cut_header(table: _Open, grid: Grid) -> bool:
    """Whether a table has labels only so far, parted no finer than the fragment on the next page: its header was cut."""
    fragments = table.grids
    return (
        grid.page == fragments[-1].page + 1
        and sum(len(fragment.row_edges) - 1 for fragment in fragments) <= HIGHEST_HEADER
        and not any(is_figure(cell.text) for fragment in fragments for cell in fragment.cells)
        and all(_edge_places(grid, fragment) is not None for fragment in fragments)
        and is_known_header(_top_labels(grid) + _top_labels(fragments[0]))
    )


def _same_columns(table: _Open, grid: Grid) -> bool:
    """Whether a fragment has the columns of a table, or some of them; on a new page also where it has more of them."""
    if _edge_places(_finest(table.grids), grid) is not None:
        return True
    turned = grid.page != table.grids[-1].page
    return turned and all(_edge_places(grid, fragment) is not None for fragment in table.grids)


def _finest(grids: Sequence[Grid]) -> Grid:
    """The fragment with the most columns: a fragment of one line may show few of them."""
    return max(grids, key=lambda grid: len(grid.column_edges))


def _opens_with_header(grid: Grid, first: Grid) -> bool:
    """Whether a grid begins with a header of its own: labels that the forms know, or words over all columns.

    Where the table before has a header that the forms know, only another such header begins a table.
    """
    top = _top_labels(grid)
    if len(top) < 3 or any(is_figure(label) for label in top):
        return False
    if is_known_header(top):
        return True
    if is_known_header(_top_labels(first)) or is_sheet([cell.text for cell in first.cells if cell.text]):
        return False
    labels = {fold(cell.text) for cell in first.cells if cell.row < 4 and cell.text}
    filled = len(top) >= (len(grid.column_edges) - 1) * 0.8
    return filled and not all(fold(label) in labels for label in top)


def _top_labels(grid: Grid) -> list[str]:
    top = inner_caption(grid)[1]
    return [cell.text for cell in grid.cells if cell.row == top and cell.text]


def _edge_places(first: Grid, grid: Grid) -> list[int] | None:
    """For each column edge of a fragment, the edge of the first fragment it is; None where one is none."""
    width, other = first.box[2] - first.box[0], grid.box[2] - grid.box[0]
    if width <= 0 or other <= 0 or not 0.8 < other / width < 1.25:
        return None
    scaled = [(edge - grid.box[0]) * width / other for edge in grid.column_edges]
    targets = [edge - first.box[0] for edge in first.column_edges]
    if len(scaled) == len(targets) and all(
        abs(a - b) < 3 * EDGE_PT for a, b in zip(scaled, targets, strict=True)
    ):
        return list(range(len(targets)))
    places = [min(range(len(targets)), key=lambda i, at=edge: abs(targets[i] - at)) for edge in scaled]  # type: ignore[misc]
    near = all(abs(targets[place] - edge) < EDGE_PT for place, edge in zip(places, scaled, strict=True))
    return places if near and len(set(places)) == len(places) else None


def _repeated_rows(table: _Open, grid: Grid) -> int:
    """How many rows at the top of a fragment repeat the header, with its inner caption or without.

    A page can be too short for the header; then it goes on in the next fragment.
    """
    ours, theirs = _row_texts(table.grids[0]), _row_texts(grid)
    bare = ours[table.dropped[0] :]
    for fragment, dropped in zip(table.grids[1:], table.dropped[1:], strict=True):
        if len(bare) > HIGHEST_HEADER:
            break
        bare += _row_texts(fragment)[dropped:]
    return max(_alike(ours, theirs), _alike(bare, theirs))


def _alike(ours: Sequence[tuple[str, ...]], theirs: Sequence[tuple[str, ...]]) -> int:
    """How many rows at the top are the same, up to the last that says something: double borders make blank ones."""
    count = 0
    for number, (row, again) in enumerate(zip(ours, theirs, strict=False), 1):
        if not _same_row(row, again) or _has_amount(row):
            break
        count = number if any(row) else count
    return count


def _same_row(row: tuple[str, ...], again: tuple[str, ...]) -> bool:
    """Whether two rows of labels are the same, but for single characters that a recogniser misread in long ones, or
    number the same columns, where one number may be unread; or, but for their ends, where repeated heads are clipped."""
    if row == again or (len(row) == len(again) and _counts_columns(row) and _counts_columns(again)):
        return True
    if _is_clipped(row, again):
        return True
    differing = [(one, other) for one, other in zip(row, again, strict=False) if one != other]
    return (
        len(row) == len(again)
        and 2 * len(differing) < len(row)
        and all(_nearly(one, other) for one, other in differing)
    )


def _is_clipped(row: tuple[str, ...], again: tuple[str, ...]) -> bool:
    """Whether a row repeats the beginnings of labels."""
    pairs = [(one, other) for one, other in zip(row, again, strict=False) if one or other]
    return (
        len(row) == len(again)
        and len(pairs) >= FEWEST_CLIPPED
        and all(one.startswith(other) and len(other) > 1 and not is_figure(one) for one, other in pairs)
    )


def _counts_columns(row: tuple[str, ...]) -> bool:
    """Whether a row says 栏次 and the numbers of the columns."""
    return any(row) and row[0] in COUNTED and all(text in COUNTED or len(text) <= _ORDINAL for text in row)


def _nearly(one: str, other: str) -> bool:
    """Whether two labels of some length differ in one character of five at most."""
    return min(len(one), len(other)) >= LONG_LABEL and SequenceMatcher(None, one, other).ratio() >= NEARLY


def _row_texts(grid: Grid) -> list[tuple[str, ...]]:
    rows: list[list[str]] = [[] for _ in range(len(grid.row_edges) - 1)]
    for cell in grid.cells:
        rows[cell.row].append(plain(cell.text))
    return [tuple(row) for row in rows]


def _has_amount(texts: Iterable[str]) -> bool:
    return any("." in text and is_figure(text) for text in texts)


def _joined(number: int, table: _Open) -> PrintedTable:
    cells: list[TableCell] = []
    height = 0
    finest = _finest(table.grids)
    width = len(finest.column_edges) - 1
    fragments = [fragment for grid in table.grids for fragment in grid.fragments]
    pages = {id(cell): fragment.page for fragment in fragments for cell in fragment.cells}
    for grid, dropped in zip(table.grids, table.dropped, strict=True):
        places = _edge_places(finest, grid) or list(range(len(grid.column_edges)))
        for cell in grid.cells:
            if cell.row < dropped:
                continue
            left, right = places[cell.column], places[cell.column + cell.columns]
            row, page = height + cell.row - dropped, pages[id(cell)]
            cells.append(TableCell(row, left, cell.rows, right - left, cell.text, page, cell))
        height += len(grid.row_edges) - 1 - dropped
    beside = tuple(fragment.page for grid in table.grids for fragment in grid.parts[1:])
    return PrintedTable(
        number, table.caption, tuple(fragments), tuple(cells), height, width, table.notes, table.inherited, beside
    )  # fmt: skip
