"""Columns of a table without rules: what the body shows, matched with the lowest labels of its header."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest

from camelot.utils import find_columns_boundaries

from fisc.extractors.page import Word
from fisc.extractors.tables.headers import TOTAL_WORDS
from fisc.extractors.unruled.labels import Interval, Label
from fisc.extractors.unruled.lines import is_datum
from fisc.schemas.folding import fold

UNLABELLED = 60.0
"""What it costs, in points, to leave a column of the body without a label."""
BLANK = 12.0
"""What it costs to take a label for a column that is blank in every row."""
MOST_PAIRINGS = 24
"""Pairings of labels and columns that are worth a second look."""
MERGED = 20.0
"""What it costs to take two columns of the body for one."""


Pair = tuple[int, int, int]
"""A label, or -1; the columns of the body under it, from and to."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column before its edges are known: how far its text reaches, and its lowest label."""

    reach: Interval
    label: Label | None


@dataclass(frozen=True, slots=True)
class Pairing:
    """Columns with their labels, what that costs in all, and how much of it for labels that stand beside their column."""

    columns: tuple[Column, ...]
    cost: float
    apart: float


def body_columns(words: Iterable[Word], gap_pt: float, leaves: Sequence[Label] = ()) -> list[Interval]:
    """How far the text of each column reaches, by camelot; words over two lowest labels and 合计 are left out."""
    kept = [word for word in words if fold(word.text) not in TOTAL_WORDS and not _bridges(word, leaves)]
    return [(left, right) for left, right in find_columns_boundaries(kept, min_gap=gap_pt)]


def _bridges(word: Word, leaves: Sequence[Label]) -> bool:
    return not is_datum(word.text) and sum(word.x0 < x.box[2] and word.x1 > x.box[0] for x in leaves) > 1


def matched(
    leaves: Sequence[Label], body: Sequence[Interval], rows: Sequence[Sequence[Word]]
) -> list[Pairing]:
    """Lowest labels and columns of the body paired from left to right, at the least cost."""
    order = sorted(leaves, key=lambda label: label.centre)

    @cache
    def best(i: int, j: int) -> list[tuple[float, tuple[Pair, ...]]]:
        """The cheapest ways to pair the labels from i on and the columns from j on."""
        if i == len(order) and j == len(body):
            return [(0.0, ())]
        ways = []
        if i < len(order):
            ways += [(cost + BLANK, ((i, j, j), *pairs)) for cost, pairs in best(i + 1, j)]
        if j < len(body):
            ways += [(cost + UNLABELLED, ((-1, j, j + 1), *pairs)) for cost, pairs in best(i, j + 1)]
        if i < len(order) and j < len(body):
            for end in range(j + 1, _last_merge(order[i], body, j, rows) + 1):
                near = _distance(order[i], body[j][0], body[end - 1][1]) + MERGED * (end - j - 1)
                ways += [(cost + near, ((i, j, end), *pairs)) for cost, pairs in best(i + 1, end)]
        return nsmallest(MOST_PAIRINGS, ways)

    return [
        Pairing(
            tuple(_column(order[i] if i >= 0 else None, body[j:end]) for i, j, end in pairs),
            cost,
            sum(
                _distance(order[i], body[j][0], body[end - 1][1]) for i, j, end in pairs if i >= 0 and j < end
            ),
        )
        for cost, pairs in best(0, 0)
    ]


def _last_merge(label: Label, body: Sequence[Interval], j: int, rows: Sequence[Sequence[Word]]) -> int:
    """How far columns from j on may be one: while the label reaches over them and no row has words in two."""
    end = j + 1
    while end < len(body) and label.box[2] > body[end][0] and not _apart(body[end - 1], body[end], rows):
        end += 1
    return end


def _apart(one: Interval, other: Interval, rows: Sequence[Sequence[Word]]) -> bool:
    def within(word: Word, reach: Interval) -> bool:
        return reach[0] <= (word.x0 + word.x1) / 2 <= reach[1]

    return any(
        any(within(word, one) and is_datum(word.text) for word in row)
        and any(within(word, other) and is_datum(word.text) for word in row)
        for row in rows
    )


def _distance(label: Label, left: float, right: float) -> float:
    apart = max(0.0, label.box[0] - right, left - label.box[2])
    return apart + 0.02 * abs(label.centre - (left + right) / 2)


def _column(label: Label | None, body: Sequence[Interval]) -> Column:
    ends = [*body, *([(label.box[0], label.box[2])] if label else [])]
    return Column((min(left for left, _ in ends), max(right for _, right in ends)), label)
