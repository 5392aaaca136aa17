"""Rows of a table without rules: lines wrapped inside a cell go with the line of their figures."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from statistics import mean, median

from fisc.extractors.grids import lines_of
from fisc.extractors.page import Rule, Word
from fisc.extractors.unruled.lines import is_datum, is_item
from fisc.schemas.folding import plain

ALIGNED = 0.4
"""Middles of one row differ at most this much, in heights of a line."""
OWN_ROW = 0.5
"""What it costs, in heights of a line, to take a line without figures for a row of its own."""
JUMP = 0.15
"""Gaps inside cells and gaps between them differ by at least this much, in heights of a line."""
BETWEEN = 0.2
"""There are at least this many gaps between cells for each inside them."""
LEAST_BETWEEN = 0.05
"""Lines of two cells are at least this far apart, in heights of a line."""
MOST_INSIDE = 0.6
"""Lines of one cell are never further apart, in heights of a line."""
USUAL_INSIDE = 0.25
"""The gap inside cells where there are too few lines to tell."""
FEW = 6
WIDE = 0.5
"""A rule that parts rows runs over at least this part of the table."""
_WHOLE = re.compile(r"^\(?-?[\d,]+\.\d{2}\)?$|^\d{3}(?:\d{2}){0,2}$|^[-—–―/]+$|^\d{1,3}$")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one column that are close enough to be one cell."""

    column: int
    lines: tuple[tuple[Word, ...], ...]

    @property
    def top(self) -> float:
        return min(word.y0 for word in self.lines[0])

    @property
    def bottom(self) -> float:
        return max(word.y1 for word in self.lines[-1])

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class RowWords:
    """The words of one row by column."""

    cells: dict[int, list[Word]] = field(default_factory=dict)

    @property
    def words(self) -> list[Word]:
        return [word for cell in self.cells.values() for word in cell]

    @property
    def top(self) -> float:
        return min(word.y0 for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.y1 for word in self.words)

    @property
    def middle(self) -> float:
        """The height of the single lines of the row; of all where it has none."""
        ones = [
            mean((w.y0 + w.y1) / 2 for w in cell) for cell in self.cells.values() if len(lines_of(cell)) == 1
        ]
        return median(ones) if ones else (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Body:
    """The words of one page's part of a table and the rules at its height."""

    words: Sequence[Word]
    rules: Sequence[Rule]

    def bands(self, width: float) -> list[list[Word]]:
        """The words between each two rules that run over most of the table."""
        cuts = sorted(rule.y0 for rule in self.rules if rule.x1 - rule.x0 >= WIDE * width)
        bands: dict[int, list[Word]] = {}
        for word in self.words:
            bands.setdefault(bisect_right(cuts, (word.y0 + word.y1) / 2), []).append(word)
        return [band for _, band in sorted(bands.items())]


def rows_of(bodies: Sequence[Body], edges: Sequence[float], tight: float | None) -> list[list[RowWords]]:
    """The rows of each page's part, top to bottom.

    ``tight`` is the gap between lines of one cell, in heights of a line; None where the print itself tells.
    """
    bands = [[_by_column(band, edges) for band in body.bands(edges[-1] - edges[0])] for body in bodies]
    every = [columns for part in bands for columns in part]
    pitch = _pitch(every, tight)
    ruled = any(len(part) > 1 for part in bands)
    return [[row for columns in part for row in _rows_between(columns, ruled, pitch)] for part in bands]


def _rows_between(columns: dict[int, list[Word]], ruled: bool, pitch: float) -> list[RowWords]:
    """The rows between two rules: one, unless figures or codes stand on several lines."""
    if ruled and not any(_whole_lines(cell) > 1 for cell in columns.values()):
        return [RowWords(columns)]
    return _rows_without_rules(columns, pitch)


def _by_column(words: Sequence[Word], edges: Sequence[float]) -> dict[int, list[Word]]:
    columns: dict[int, list[Word]] = {}
    for word in words:
        column = min(max(bisect_right(edges, (word.x0 + word.x1) / 2) - 1, 0), len(edges) - 2)
        columns.setdefault(column, []).append(word)
    return dict(sorted(columns.items()))


def _whole_lines(words: Sequence[Word]) -> int:
    """How many lines of a column begin a row for sure: whole figures, codes, items."""
    return sum(_is_whole(line) or _is_item(line) for line in lines_of(words))


def _is_item(line: Sequence[Word]) -> bool:
    return is_item(" ".join(word.text for word in line))


def _is_whole(line: Sequence[Word]) -> bool:
    return bool(_WHOLE.match(plain("".join(word.text for word in line))))


def _rows_without_rules(columns: dict[int, list[Word]], pitch: float) -> list[RowWords]:
    blocks = [block for column, words in columns.items() for block in _blocks(column, words, pitch)]
    rows: list[RowWords] = []
    for block in sorted((b for b in blocks if len(b.lines) == 1), key=lambda block: block.middle):
        height = block.bottom - block.top
        near = rows[-1] if rows and abs(rows[-1].middle - block.middle) < ALIGNED * height else None
        if near is None:
            near = RowWords()
            rows.append(near)
        near.cells.setdefault(block.column, []).extend(block.lines[0])
    for block in sorted(
        (b for b in blocks if len(b.lines) > 1), key=lambda block: (len(block.lines), block.top)
    ):
        _place(block, rows)
        rows.sort(key=lambda row: row.middle)
    return rows


def _pitch(bands: Sequence[dict[int, list[Word]]], tight: float | None) -> float:
    """How far apart, in points, lines of one cell are at most: where the distances of the print jump, unless told."""
    words = [word for columns in bands for cell in columns.values() for word in cell]
    if not words:
        return 0.0
    height = median(word.y1 - word.y0 for word in words)
    return height * (1 + (_inside_cells(bands, height) if tight is None else tight))


def _inside_cells(bands: Sequence[dict[int, list[Word]]], height: float) -> float:
    """The gap that parts lines of one cell from lines of two, in heights of a line."""
    gaps = sorted(gap for columns in bands for gap in _gaps(columns, height))
    for count, (low, high) in enumerate(pairwise(gaps), 1):
        jumps = low < MOST_INSIDE and high > LEAST_BETWEEN and high - low > JUMP
        if jumps and len(gaps) - count >= BETWEEN * count:
            return (low + high) / 2
    return USUAL_INSIDE if len(gaps) < FEW or gaps[0] > USUAL_INSIDE else gaps[0] - JUMP


def _gaps(columns: dict[int, list[Word]], height: float) -> Iterator[float]:
    """The gaps between lines of one column that have no line of another column between them."""
    words = [word for cell in columns.values() for word in cell]
    slack = 0.3 * height
    for cell in columns.values():
        for upper, lower in pairwise(lines_of(cell)):
            end, start = max(word.y1 for word in upper), min(word.y0 for word in lower)
            if not any(word.y0 > end - slack and word.y1 < start + slack for word in words):
                yield (_middle(lower) - _middle(upper)) / height - 1


def _middle(line: Sequence[Word]) -> float:
    return mean((word.y0 + word.y1) / 2 for word in line)


def _blocks(column: int, words: Sequence[Word], pitch: float) -> list[Block]:
    groups: list[list[tuple[Word, ...]]] = []
    for line in lines_of(words):
        if groups and _same_cell(groups[-1][-1], line, pitch):
            groups[-1].append(tuple(line))
        else:
            groups.append([tuple(line)])
    return [Block(column, tuple(group)) for group in groups]


def _same_cell(upper: Sequence[Word], lower: Sequence[Word], pitch: float) -> bool:
    if _middle(lower) - _middle(upper) > pitch:
        return False
    return not (_is_whole(upper) and all(is_datum(word.text) for word in lower)) and not _is_item(lower)


def _place(block: Block, rows: list[RowWords]) -> None:
    """Put a block of several lines into the row it stands beside; where it stands beside several, line by line."""
    beside = [
        row for row in rows if block.top - 1 < row.middle < block.bottom + 1 or _overlap(block, row) > 0.5
    ]
    if len(beside) <= 1:
        row = beside[0] if beside else RowWords()
        if not beside:
            rows.append(row)
        row.cells.setdefault(block.column, []).extend(word for line in block.lines for word in line)
        return
    for found, lines in _shared_out(block, beside):
        row = found or RowWords()
        if found is None:
            rows.append(row)
        row.cells.setdefault(block.column, []).extend(word for line in lines for word in line)


def _overlap(block: Block, row: RowWords) -> float:
    common = min(block.bottom, row.bottom) - max(block.top, row.top)
    return common / max(1.0, min(block.bottom - block.top, row.bottom - row.top))


Lines = tuple[tuple[Word, ...], ...]


def _shared_out(block: Block, rows: Sequence[RowWords]) -> list[tuple[RowWords | None, Lines]]:
    """Consecutive lines of a block given to the rows beside it so that each row's lines stand round its figures."""
    heights = [mean((word.y0 + word.y1) / 2 for word in line) for line in block.lines]
    middles = [row.middle for row in rows]
    own = OWN_ROW * (block.lines[0][0].y1 - block.lines[0][0].y0)

    @cache
    def best(i: int, j: int) -> tuple[float, tuple[tuple[int, int, int], ...]]:
        """Cost of the lines from i on with the rows from j on, and the parts: row or -1, lines from, to."""
        if i == len(heights):
            return 0.0, ()
        ways = []
        for end in range(i + 1, len(heights) + 1):
            middle = mean(heights[i:end])
            cost, parts = best(end, j)
            ways.append((cost + own * (end - i), ((-1, i, end), *parts)))
            for k in range(j, len(rows)):
                cost, parts = best(end, k + 1)
                ways.append((cost + abs(middle - middles[k]), ((k, i, end), *parts)))
        return min(ways)

    return [(rows[k] if k >= 0 else None, block.lines[i:end]) for k, i, end in best(0, 0)[1]]
