"""Edges between columns: white space between the texts, made narrower by labels that stand in the middle of their cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from fisc.extractors.page import Word
from fisc.extractors.unruled.columns import Column
from fisc.extractors.unruled.labels import Interval

OUTSIDE_PT = 250.0
"""The outer edges lie at most this far from the text."""
SLACK_PT = 0.8
"""Labels stand this near to the middle of their cells."""
OFF_CENTRE = 3.0
"""What each point costs by which the labels of a table cannot all stand in the middle of their cells."""
OVERLAP = 30.0
"""What it costs that texts of two columns overlap."""
MOST_OFF = 30.0
"""Beyond this the labels are not centred at all, and that says nothing."""


def gaps_of(
    columns: Sequence[Column], sides: Interval | None, counts: Sequence[Word]
) -> tuple[float, list[Interval]]:
    """Where each column edge can lie, and what it costs that labels do not stand in the middle of their cells.

    ``counts`` are the numbers of the columns, where the header prints them: they have the same middle.
    """
    gaps = _white_space(columns, sides)
    centres = [_centre(column, counts) for column in columns]
    cost = sum(OVERLAP for one, other in pairwise(columns) if one.reach[1] > other.reach[0] + SLACK_PT)
    misplaced = 0.0
    for first, last in _labelled(columns):
        off, narrowed = _centred(gaps, centres, first, last)
        misplaced += off
        if off == 0:
            gaps[first : last + 2] = narrowed
    return cost + OFF_CENTRE * min(misplaced, MOST_OFF), gaps


def _centre(column: Column, counts: Sequence[Word]) -> float:
    """The middle of a column: that of its number, else of its label."""
    if column.label is None:
        return 0.0
    left, _, right, _ = column.label.box
    over = [(word.x0 + word.x1) / 2 for word in counts if word.x0 < right and left < word.x1]
    return over[0] if len(over) == 1 else column.label.centre


def _white_space(columns: Sequence[Column], sides: Interval | None) -> list[Interval]:
    left, right = columns[0].reach[0], columns[-1].reach[1]
    outer = [(max(0.0, left - OUTSIDE_PT), left), (right, right + OUTSIDE_PT)]
    if sides is not None:
        outer = [(sides[0], sides[0]), (sides[1], sides[1])]
    inner = [tuple(sorted((a.reach[1], b.reach[0]))) for a, b in pairwise(columns)]
    return [outer[0], *inner, outer[1]]  # type: ignore[list-item]


def _labelled(columns: Sequence[Column]) -> Iterator[tuple[int, int]]:
    """Runs of columns that all have labels, as first and last."""
    start = None
    for k, column in enumerate([*columns, None]):
        if column is not None and column.label is not None:
            start = k if start is None else start
        elif start is not None:
            yield start, k - 1
            start = None


def _centred(
    gaps: Sequence[Interval], centres: Sequence[float], first: int, last: int
) -> tuple[float, list[Interval]]:
    """By how many points the labels from first to last cannot be centred, and where the edges lie if they can.

    A label in the middle makes each edge the mirror of the one before: all hang on the first.
    """
    sign, shift = 1.0, 0.0
    places = [(sign, shift)]
    for centre in centres[first : last + 1]:
        sign, shift = -sign, 2 * centre - shift
        places.append((sign, shift))
    allowed = []
    for (sign, shift), (low, high) in zip(places, gaps[first : last + 2], strict=True):
        ends = sorted((sign * (low - shift), sign * (high - shift)))
        allowed.append((ends[0] - SLACK_PT, ends[1] + SLACK_PT))
    low, high = max(a for a, _ in allowed), min(b for _, b in allowed)
    if low > high:
        return _least_off(allowed), []
    edges = [sorted((sign * low + shift, sign * high + shift)) for sign, shift in places]
    return 0.0, [
        (max(a, gap[0]), max(a, gap[0], min(b, gap[1])))
        for (a, b), gap in zip(edges, gaps[first : last + 2], strict=True)
    ]


def _least_off(allowed: Sequence[Interval]) -> float:
    """The least sum of distances from one place to all intervals."""
    ends = [end for interval in allowed for end in interval]
    return min(sum(max(0.0, low - at, at - high) for low, high in allowed) for at in ends)
