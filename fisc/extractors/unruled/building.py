"""Readings of a region: its columns, header and rows as grids, the likeliest first."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from fisc.extractors.grids import Grid, GridCell, in_order, text_of
from fisc.extractors.page import Rule, Word
from fisc.extractors.unruled.columns import Column, body_columns, matched
from fisc.extractors.unruled.edges import gaps_of
from fisc.extractors.unruled.labels import Interval, Label, Setting, labels_of
from fisc.extractors.unruled.lines import PrintedLine
from fisc.extractors.unruled.regions import Fragment, Region
from fisc.extractors.unruled.rows import Body, RowWords, rows_of
from fisc.extractors.unruled.sheets import sheet_grids
from fisc.extractors.unruled.spans import Run, choices, first_rows, levels, runs_under

FLAVOR = "network"
"""Marks grids whose columns were found by alignment."""
MARGIN_PT = 2.0
"""White space round the text of a table, taken for its own."""
CLOSE = 8.0
"""Headers whose costs differ by less are about as likely."""
EXPLAINED = 0.8
"""How much it matters less that labels stand beside their columns, where all can be in the middle of their cells."""
MOST_CHOICES = 24
MOST_HEADERS = 3
"""Ways to read one header that are worth trying."""


@dataclass(frozen=True, slots=True)
class Manner:
    """A manner of print: the gap that parts columns, the gap inside a cell in heights of a line, how labels are set."""

    gap_pt: float
    tight: float | None
    labels: Setting


MANNERS = (
    Manner(1.0, None, Setting()),
    Manner(1.0, None, Setting(spaced=True)),
    Manner(1.0, None, Setting(tight=0.05)),
    Manner(1.0, 0.35, Setting(tight=0.5)),
    Manner(4.0, None, Setting(spaced=True)),
    Manner(4.0, 0.35, Setting(tight=0.5, spaced=True)),
)
"""The usual manner first; the others are tried where that reading has a flaw."""


@dataclass(frozen=True, slots=True)
class Head:
    """A header read: columns with their edges, and the upper labels of each level with the columns under them."""

    cost: float
    header: tuple[PrintedLine, ...]
    columns: tuple[Column, ...]
    edges: tuple[float, ...]
    levels: tuple[tuple[tuple[Label, Run], ...], ...]


Base = tuple[float, tuple[Column, ...], list[Interval], list[list[Label]]]
"""What a header costs so far, its columns, where their edges can lie, and the upper labels by level."""


def readings(region: Region) -> Iterator[tuple[tuple[Grid, ...], bool]]:
    """Grids of a region's fragments, one set a reading, and whether it is nearly as likely as the one before."""
    if region.sheet is not None:
        yield sheet_grids(region, region.sheet, FLAVOR), False
        return
    seen: set[tuple[object, ...]] = set()
    for manner, head, close in _in_turn(region):
        grids = _grids(region.fragments, head, manner.tight)
        key = tuple((grid.column_edges, tuple(cell.text for cell in grid.cells)) for grid in grids)
        if key not in seen:
            seen.add(key)
            yield grids, close


def _in_turn(region: Region) -> Iterator[tuple[Manner, Head, bool]]:
    """The likeliest header of each manner with those that are nearly as likely, then all others."""
    later: list[tuple[Manner, Head, bool]] = []
    for manner in MANNERS:
        first, *others = _heads(region, manner.gap_pt, manner.labels) or (None,)
        if first is not None:
            yield manner, first, False
        for head in others:
            close = first is not None and head is not None and head.cost - first.cost < CLOSE
            if close and head is not None:
                yield manner, head, True
            elif head is not None:
                later.append((manner, head, False))
    yield from later


def _heads(region: Region, gap_pt: float, setting: Setting) -> list[Head]:
    """The likeliest ways to read a region's header."""
    first = region.fragments[0]
    header = [line for line in first.header if not line.counts_columns]
    counts = [
        word for line in first.header if line.counts_columns for word in line.words if word.text.isdigit()
    ]
    rows = [line.words for fragment in region.fragments for line in fragment.body]
    words = [word for row in rows for word in row]
    body = body_columns(words, gap_pt)
    labels = labels_of(header, body, first.rules, setting)
    bases: list[Base] = []
    for choice in islice(choices(labels), MOST_CHOICES):
        uppers = levels(choice.uppers)
        for pairing in matched(choice.leaves, body_columns(words, gap_pt, choice.leaves), rows):
            if len(pairing.columns) > 1:
                off, gaps = gaps_of(pairing.columns, _sides(first), counts)
                explained = 0.0 if off else EXPLAINED * pairing.apart
                bases.append((choice.cost + pairing.cost + off - explained, pairing.columns, gaps, uppers))
    return _cheapest(first.header, bases)


def _cheapest(header: tuple[PrintedLine, ...], bases: Sequence[Base]) -> list[Head]:
    """The cheapest headers once upper labels are set over columns, which only adds to the cost."""
    found: list[tuple[float, int, Head]] = []
    for number, base in enumerate(sorted(bases, key=lambda base: base[0])):
        if len(found) == MOST_HEADERS and base[0] >= found[-1][0]:
            break
        head = _spanned(header, *base)
        found = sorted([*found, (head.cost, number, head)], key=lambda entry: entry[:2])[:MOST_HEADERS]
    return [head for _, _, head in found]


def _spanned(
    header: tuple[PrintedLine, ...],
    cost: float,
    columns: tuple[Column, ...],
    gaps: Sequence[Interval],
    uppers: Sequence[Sequence[Label]],
) -> Head:
    """Columns with their edges and the upper labels over them, and what that costs."""
    starts = first_rows(uppers, columns)
    spans = []
    for index, level in enumerate(uppers):
        more, runs = runs_under(level, index, columns, starts, gaps)
        cost += more
        spans.append(tuple(zip(level, runs, strict=False)))
    edges = tuple((low + high) / 2 for low, high in gaps)
    return Head(cost, header, columns, edges, tuple(spans))


def _sides(fragment: Fragment) -> Interval | None:
    """Where the table's rules begin and end; None where it has none or the text runs past them."""
    rules = fragment.rules
    if not rules:
        return None
    left, right = min(rule.x0 for rule in rules), max(rule.x1 for rule in rules)
    inside = all(left - 1 < word.x0 and word.x1 < right + 1 for line in fragment.lines for word in line.words)
    return (left, right) if inside else None


def _grids(fragments: Sequence[Fragment], head: Head, tight: float | None) -> tuple[Grid, ...]:
    bodies = [Body(fragment.words(), fragment.rules) for fragment in fragments]
    rows = rows_of(bodies, head.edges, tight)
    return tuple(_grid(fragment, head, part) for fragment, part in zip(fragments, rows, strict=True))


def _grid(fragment: Fragment, head: Head, rows: Sequence[RowWords]) -> Grid:
    cells = _header_cells(fragment.header, head) if fragment.header else []
    height = max((cell.row + cell.rows for cell in cells), default=0)
    rows = rows or [RowWords()]
    for i, row in enumerate(rows, height):
        cells += [_Cell(i, j, 1, 1, tuple(in_order(row.cells.get(j, ())))) for j in range(len(head.columns))]
    bands = _bands(cells, height + len(rows), fragment.rules)
    placed = tuple(_placed(cell, head.edges, bands) for cell in cells)
    box = (head.edges[0], bands[0], head.edges[-1], bands[-1])
    return Grid(fragment.page.number, box, head.edges, tuple(bands), placed, FLAVOR)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell before its box is known."""

    row: int
    column: int
    rows: int
    columns: int
    words: tuple[Word, ...] = ()


def _placed(cell: _Cell, edges: Sequence[float], bands: Sequence[float]) -> GridCell:
    box = (
        edges[cell.column],
        bands[cell.row],
        edges[cell.column + cell.columns],
        bands[cell.row + cell.rows],
    )
    return GridCell(cell.row, cell.column, cell.rows, cell.columns, text_of(cell.words), box, cell.words)


def _header_cells(header: Sequence[PrintedLine], head: Head) -> list[_Cell]:
    """The header's cells: a row a level of upper labels, one for the lowest labels, one that counts the columns."""
    here = _words_here(header, head.header)
    depth = len(head.levels)
    cells = []
    lowest = [0] * len(head.columns)
    for i, level in enumerate(head.levels):
        free = [True] * len(head.columns)
        for label, (first, last) in level:
            cells.append(_Cell(i, first, 1, last - first + 1, _words(label, here)))
            for j in range(first, last + 1):
                cells += [_Cell(k, j, 1, 1) for k in range(lowest[j], i)]
                lowest[j], free[j] = i + 1, False
    for j, column in enumerate(head.columns):
        words = _words(column.label, here) if column.label else ()
        cells.append(_Cell(lowest[j], j, depth + 1 - lowest[j], 1, words))
    counts = [word for line in header if line.counts_columns for word in line.words]
    if counts:
        by_column = RowWords()
        for word in counts:
            by_column.cells.setdefault(_column_at(word, head.edges), []).append(word)
        cells += [
            _Cell(depth + 1, j, 1, 1, tuple(in_order(by_column.cells.get(j, ()))))
            for j in range(len(head.columns))
        ]
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _words(label: Label, here: dict[Word, Word]) -> tuple[Word, ...]:
    return tuple(here[word] for word in label.words)


def _column_at(word: Word, edges: Sequence[float]) -> int:
    return min(max(bisect_right(edges, (word.x0 + word.x1) / 2) - 1, 0), len(edges) - 2)


def _words_here(header: Sequence[PrintedLine], first: Sequence[PrintedLine]) -> dict[Word, Word]:
    """For each word of the first page's header, the word that repeats it in this one."""
    return {
        there: here
        for line, above in zip(header, first, strict=True)
        for here, there in zip(line.words, above.words, strict=True)
    }


def _bands(cells: Sequence[_Cell], height: int, rules: Sequence[Rule]) -> list[float]:
    """Row edges: on a rule between two rows where there is one, else in the middle between their texts."""
    tops = [min((w.y0 for c in cells if c.row == k for w in c.words), default=None) for k in range(height)]
    ends = [
        max((w.y1 for c in cells if c.row + c.rows == k + 1 for w in c.words), default=None)
        for k in range(height)
    ]
    bands = [min(top for top in tops if top is not None) - MARGIN_PT]
    for k in range(1, height):
        above, below = ends[k - 1], tops[k]
        low = above if above is not None else bands[-1]
        high = below if below is not None else low + 2 * MARGIN_PT
        between = [rule.y0 for rule in rules if low - 1 < rule.y0 < high + 1]
        edge = between[0] if between else (low + high) / 2
        bands.append(max(edge, bands[-1] + 0.5))
    bottom = max(end for end in ends if end is not None) + MARGIN_PT
    return [*bands, max(bottom, bands[-1] + MARGIN_PT)]
