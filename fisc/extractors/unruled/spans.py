"""Upper labels of a header: which columns each one spans, by what lies centred under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, product
from statistics import mean

from fisc.extractors.unruled.columns import Column
from fisc.extractors.unruled.labels import Interval, Label

Run = tuple[int, int]
"""First and last column under a label."""

UNCOVERED = 8.0
"""What it costs, in points, to leave a label without an upper one though by its height it begins below."""
COVERED = 6.0
"""What it costs to span a label that by its height begins in this header row or above."""
IMPOSSIBLE = 200.0
SINGLE = 4.0
"""What it costs to span one column only."""
UNLIKELY = 20.0
"""What it costs to take a label of the highest line for a lowest one, or one further down for an upper one."""
MOST_DOUBTS = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """Labels taken for the lowest and for upper ones, and what that costs."""

    leaves: list[Label]
    uppers: list[Label]
    cost: float


def choices(labels: Sequence[Label]) -> Iterator[Choice]:
    """The ways in which labels can be lowest or upper ones, the likeliest first.

    One over another is upper; one between lower ones can be either, and is likelier upper on the highest line.
    """
    upper = [label for label in labels if any(_over(label, other) for other in labels)]
    rest = [label for label in labels if not any(label is other for other in upper)]
    doubts = [label for label in rest if _between_lower(label, rest)]
    top = min((label.middle for label in labels), default=0.0)
    likely = [label.middle - top < 0.5 * label.height for label in doubts]
    ways = product((True, False), repeat=min(len(doubts), MOST_DOUBTS))
    found = [(sum(a != b for a, b in zip(way, likely, strict=False)), way) for way in ways]
    for unlikely, way in sorted(found, key=lambda entry: entry[0]):
        taken = [*upper, *(label for label, chosen in zip(doubts, way, strict=False) if chosen)]
        leaves = [label for label in labels if not any(label is x for x in taken)]
        yield Choice(leaves, taken, UNLIKELY * unlikely)


def _over(label: Label, other: Label) -> bool:
    return label.above(other) and label.box[0] < other.box[2] and other.box[0] < label.box[2]


def _between_lower(label: Label, labels: Sequence[Label]) -> bool:
    """Whether labels to the left and to the right stand lower."""
    lower = [other for other in labels if label.above(other)]
    return any(other.centre < label.centre for other in lower) and any(
        other.centre > label.centre for other in lower
    )


def levels(uppers: Sequence[Label]) -> list[list[Label]]:
    """Upper labels by the height at which they stand, the highest first, each from left to right."""
    found: list[list[Label]] = []
    for label in sorted(uppers, key=lambda label: label.middle):
        if found and label.middle - found[-1][-1].middle < 0.5 * label.height:
            found[-1].append(label)
        else:
            found.append([label])
    return [sorted(level, key=lambda label: label.centre) for level in found]


def first_rows(uppers: Sequence[Sequence[Label]], columns: Sequence[Column]) -> list[int | None]:
    """For each column, the header row in which its lowest label begins, by the height at which it stands.

    Rows count from 0, the lowest labels stand in the last; None where the height tells nothing.
    """
    lowest = max((c.label.middle for c in columns if c.label), default=0.0)
    leaves = [c.label for c in columns if c.label and lowest - c.label.middle < 0.4 * c.label.height]
    rows = [list(level) for level in uppers] + [leaves]
    if len(rows) < 2 or not leaves:
        return [0 if column.label else None for column in columns]
    inner = [
        (max(label.box[3] for label in above) + min(label.box[1] for label in below)) / 2
        for above, below in pairwise(rows)
    ]
    edges = [2 * mean(x.middle for x in rows[0]) - inner[0], *inner, 2 * lowest - inner[-1]]
    return [_first_row(column.label, edges) if column.label else None for column in columns]


def _first_row(label: Label, edges: Sequence[float]) -> int | None:
    """The row from which to the last one a label stands in the middle."""
    off = [abs(label.middle - (edge + edges[-1]) / 2) for edge in edges[:-1]]
    nearest = min(range(len(off)), key=lambda k: off[k])
    return nearest if off[nearest] < 0.5 * label.height else None


def runs_under(
    level: Sequence[Label],
    index: int,
    columns: Sequence[Column],
    starts: Sequence[int | None],
    gaps: Sequence[Interval],
) -> tuple[float, list[Run]]:
    """The columns under each label of one level, from left to right, at the least cost, and that cost.

    ``index`` counts the levels from the highest, ``starts`` are the columns' first rows, ``gaps`` where edges can lie.
    """
    costs = [
        _column_cost(column, level[0], start, index) for column, start in zip(columns, starts, strict=True)
    ]
    outside = list(accumulate((cost[0] for cost in costs), initial=0.0))
    inside = list(accumulate((cost[1] for cost in costs), initial=0.0))
    found: dict[int, tuple[float, list[Run]]] = {0: (0.0, [])}
    for label in level:
        further: dict[int, tuple[float, list[Run]]] = {}
        for start, (cost, runs) in found.items():
            for first, last in _round(label, start, gaps):
                own = _run_cost(label, first, last, gaps) + inside[last + 1] - inside[first]
                total = cost + own + outside[first] - outside[start]
                if last + 1 not in further or total < further[last + 1][0]:
                    further[last + 1] = (total, [*runs, (first, last)])
        found = further
    if not found:
        return IMPOSSIBLE, []
    return min((cost + outside[-1] - outside[end], runs) for end, (cost, runs) in found.items())


def _round(label: Label, start: int, gaps: Sequence[Interval]) -> Iterator[Run]:
    """The runs of columns, from start on, that have a label's middle inside."""
    for first in range(start, len(gaps) - 1):
        if gaps[first][0] > label.centre:
            return
        for last in range(first, len(gaps) - 1):
            if gaps[last + 1][1] >= label.centre:
                yield first, last


def _column_cost(column: Column, upper: Label, start: int | None, index: int) -> tuple[float, float]:
    """What it costs to leave a column out of a level, and to have it in."""
    if column.label is None or start is None:
        return 0.0, 1.0
    if not upper.above(column.label):
        return 0.0, IMPOSSIBLE
    return (UNCOVERED, 0.0) if start > index else (0.0, COVERED)


def _run_cost(label: Label, first: int, last: int, gaps: Sequence[Interval]) -> float:
    """How far a label stands from the middle of the columns under it."""
    (a0, a1), (b0, b1) = gaps[first], gaps[last + 1]
    low, high = (a0 + b0) / 2, (a1 + b1) / 2
    outside = max(0.0, low - label.centre, label.centre - high)
    return outside + 0.05 * abs(label.centre - (low + high) / 2) + SINGLE * (first == last)
