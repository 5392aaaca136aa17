"""The ruled lattice of a page: which sides of which cells are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.extractors.scan.cleaning import Grey
from fisc.extractors.scan.rules import Line, measured, unprinted
from fisc.extractors.scan.traces import TOGETHER, Trace, joins, open_ends, traces

Bools = NDArray[Any]
Floats = NDArray[np.float64]

_DARK = 0.72
"""Share of a cell's side that must be dark."""
_END = 0.12
"""Share of a side at each end that must be dark too: a stroke of a character stops before the rule."""
_DARK_END = 0.4
_CLOSE_CROSSING = 0.8
_DARK_ALONE = 0.9
_MOST_LIKELY = 2
"""Sides in a row that are only likely; and where rules are broken."""
_MOST_BROKEN = 3
_COMPANY = 0.33
"""Share of a chain of sides of a broken rule that must be sure."""
_GAPPED = 0.9
"""Dark share of a side that has a gap; the number of such sides that make a picture's rules broken, and their share."""
_FEWEST_GAPS = 2
_NARROWEST = 8.0
"""Points: a side so short, between two others of a broken rule, may be all gap; no cell is so narrow."""
_OFTEN = 0.03
_CROSSING = 1.4
"""Points beside a joint where the crossing rule hides this one."""
_LONG_ROW = 60.0
"""Points: a row rule that is more than a few characters wide needs no other proof."""
_LONG_COLUMN = 30.0
_SMALLEST = (40.0, 12.0)
"""Points: width and height of the smallest table."""
_LOWEST_CELL = 2.6
"""Points between two rules that are one, printed twice or in pieces."""


@dataclass(frozen=True, slots=True)
class Course:
    """How rules of one direction are told from strokes: the points of a chain of sides that needs no other proof, or
    how many sides it has; and whether print runs along it."""

    long: float
    several: int
    along_print: bool


_ROWS = Course(long=110.0, several=1_000, along_print=True)
_COLUMNS = Course(long=45.0, several=2, along_print=False)


@dataclass(frozen=True, slots=True)
class Lattice:
    """Rows and columns in pixels; ``across[i, j]``: row i is printed between columns j and j + 1;
    ``down[i, j]``: column j is printed between rows i and i + 1. Where a table has no rule at a side, an unprinted
    row or column closes it. ``broken``: its rules have many gaps."""

    rows: Floats
    columns: Floats
    across: Bools
    down: Bools
    printed_rows: Bools
    printed_columns: Bools
    broken: bool = False

    def turned_over(self, shape: tuple[int, ...]) -> Lattice:
        """The same in the picture of this shape (height, width) turned upside down."""
        return Lattice(
            shape[0] - 1 - self.rows[::-1],
            shape[1] - 1 - self.columns[::-1],
            self.across[::-1, ::-1],
            self.down[::-1, ::-1],
            self.printed_rows[::-1],
            self.printed_columns[::-1],
            self.broken,
        )


def find_lattice(picture: Grey, ink: Grey, pixels: float) -> Lattice:
    """The rules of a straightened picture that join to tables; empty where there are none.

    ``ink`` is 1 where the picture is dark.
    """
    on_side, inked, inked_on_side = (
        cv2.transpose(picture),
        cv2.integral(ink),
        cv2.integral(cv2.transpose(ink)),
    )
    row_traces, column_traces = traces(picture, inked, pixels), traces(on_side, inked_on_side, pixels)
    row_traces, column_traces = _joining(row_traces, column_traces, pixels)
    rows = measured(picture, inked, row_traces, pixels)
    columns = measured(on_side, inked_on_side, column_traces, pixels, rows)
    kept_rows, kept_columns = _joining([r.trace for r in rows], [c.trace for c in columns], pixels)
    rows = [r for r in rows if r.trace in kept_rows]
    columns = [c for c in columns if c.trace in kept_columns]
    return _joined(*_closed(rows, columns, picture.shape, pixels), pixels)


def _joining(
    rows: Sequence[Trace], columns: Sequence[Trace], pixels: float
) -> tuple[list[Trace], list[Trace]]:
    """Without the traces that are short and end nowhere, as strokes of characters do."""
    long_columns = [c for c in columns if c.longest >= _LONG_COLUMN * pixels]
    kept = [r for r in rows if joins(r, long_columns, long=_LONG_ROW, pixels=pixels)]
    return kept, [c for c in columns if joins(c, kept, long=_LONG_COLUMN, pixels=pixels)]


def _closed(
    rows: Sequence[Line], columns: Sequence[Line], shape: tuple[int, ...], pixels: float
) -> tuple[list[Line], list[Line]]:
    """With the unprinted lines that close open tables."""
    row_traces, column_traces = [r.trace for r in rows], [c.trace for c in columns]
    sides = open_ends(row_traces, column_traces, pixels)
    ends = open_ends([*column_traces, *sides], row_traces, pixels)
    more_rows = [*rows, *(unprinted(t, shape[1]) for t in ends)]
    more_columns = [*columns, *(unprinted(t, shape[0]) for t in sides)]
    return sorted(more_rows, key=lambda r: r.at), sorted(more_columns, key=lambda c: c.at)


def _joined(rows: Sequence[Line], columns: Sequence[Line], pixels: float) -> Lattice:
    across, down = _printed(rows, columns, pixels)
    for _ in range(2):
        used_rows = np.any(across, axis=1) & _closing(rows, down)
        used_columns = np.any(down, axis=0) & _closing(columns, across.T)
        if used_rows.all() and used_columns.all():
            break
        rows = [r for r, used in zip(rows, used_rows, strict=True) if used]
        columns = [c for c, used in zip(columns, used_columns, strict=True) if used]
        across, down = _printed(rows, columns, pixels)
    across, down = _without_stubs(across, down)
    lattice = _large_tables(_lattice(rows, columns, across, down), pixels)
    snapped = _snapped(_transposed(_snapped(_transposed(lattice), pixels)), pixels)
    row_places, column_places = (
        np.round([line.at for line in lines]).astype(int) for lines in (rows, columns)
    )
    broken = _broken(rows, column_places, across, pixels) or _broken(columns, row_places, down.T, pixels)
    return replace(snapped, broken=broken)


def _closing(lines: Sequence[Line], crossing: Bools) -> Bools:
    """Whether each line is printed, or closes some rules, more than go on behind it and half of those further inside.

    ``crossing[i, j]``: the rules that cross line i + 1 are printed before it, ``crossing[i + 1, j]``: behind it.
    """
    if not lines:
        return np.zeros(0, dtype=bool)
    around = np.pad(crossing, ((2, 2), (0, 0))).astype(bool)
    inside = np.maximum(around[:-3].sum(axis=1), around[3:].sum(axis=1))
    before, behind = around[1:-2], around[2:-1]
    ends, goes_on = (before ^ behind).sum(axis=1), (before & behind).sum(axis=1)
    closing: Bools = np.array([line.trace.printed for line in lines], dtype=bool)
    closing |= (ends > goes_on) & (ends >= TOGETHER) & (2 * ends >= inside)
    return closing


def _lattice(rows: Sequence[Line], columns: Sequence[Line], across: Bools, down: Bools) -> Lattice:
    return Lattice(
        np.array([r.at for r in rows]),
        np.array([c.at for c in columns]),
        across,
        down,
        np.array([r.trace.printed for r in rows], dtype=bool),
        np.array([c.trace.printed for c in columns], dtype=bool),
    )


def _transposed(lattice: Lattice) -> Lattice:
    return Lattice(
        lattice.columns,
        lattice.rows,
        lattice.down.T,
        lattice.across.T,
        lattice.printed_columns,
        lattice.printed_rows,
    )


def _snapped(lattice: Lattice, pixels: float) -> Lattice:
    """Rows that lie closer than any cell is high made one, at the place of the one that is printed longer."""
    rows, across, down, printed = lattice.rows, lattice.across, lattice.down, lattice.printed_rows
    i = 0
    while i + 1 < len(rows):
        if rows[i + 1] - rows[i] >= _LOWEST_CELL * pixels:
            i += 1
            continue
        longer = i + int(across[i + 1].sum() > across[i].sum())
        gone = 2 * i + 1 - longer
        across[longer] |= across[gone]
        printed[longer] |= printed[gone]
        rows, across, printed = np.delete(rows, gone), np.delete(across, gone, 0), np.delete(printed, gone)
        down = np.delete(down, i, 0)
    return Lattice(rows, lattice.columns, across, down, printed, lattice.printed_columns)


def _printed(rows: Sequence[Line], columns: Sequence[Line], pixels: float) -> tuple[Bools, Bools]:
    """Which sides of cells are printed; gaps between them are closed, wide ones where the rules are broken all over."""
    column_places = np.round([c.at for c in columns]).astype(int)
    row_places = np.round([r.at for r in rows]).astype(int)
    across = _sides(rows, column_places, pixels, _ROWS)
    down = _sides(columns, row_places, pixels, _COLUMNS)
    if not (_broken(rows, column_places, across, pixels) or _broken(columns, row_places, down, pixels)):
        return _bridged(rows, column_places, across), _bridged(columns, row_places, down).T
    across = _bridged_far(rows, column_places, across, pixels)
    return across, _bridged_far(columns, row_places, down, pixels).T


def _sides(lines: Sequence[Line], places: NDArray[np.int_], pixels: float, course: Course) -> Bools:
    """For each line, between which neighbouring joints it is surely printed.

    In a short chain of sides one must be dark throughout and, where print runs along it, have paper on both hands,
    or be mostly dark where there is paper on both, as a dashed rule: else strokes of characters that nearly fill
    their cell would do.
    """
    if not lines or len(places) < 2:
        return np.zeros((len(lines), max(len(places) - 1, 0)), dtype=bool)
    printed = _dark(lines, places, round(_CROSSING * pixels), _DARK, _DARK_END)
    throughout = _dark(lines, places, round(_CLOSE_CROSSING * pixels), _DARK_ALONE, _DARK_ALONE)
    clear = np.array([line.clear(places[:-1], places[1:]) for line in lines]) | (not course.along_print)
    start, end = _between_joints(places, pixels)
    dashed = np.array([line.dashed(start, end) for line in lines])
    proof = (throughout & clear) | dashed
    strict = np.array([_proven(*row, places / pixels, course) for row in zip(printed, proof, strict=True)])
    traced = np.array([line.traced(places[:-1], places[1:]) for line in lines])
    sure: Bools = strict | traced
    return sure


def _proven(printed: Bools, proof: Bools, points: Floats, course: Course) -> Bools:
    """The printed sides in chains that are long, or in which one is a rule beyond doubt."""
    kept = np.zeros(len(printed), dtype=bool)
    for start, end in zip(*_chains(printed), strict=True):
        long = points[end] - points[start] > course.long or end - start >= course.several
        kept[start:end] = long or proof[start:end].any()
    return kept


def _chains(printed: Bools) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Where each chain of neighbouring sides begins, and the place behind its last one."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], printed.astype(np.int8), [0]])))
    return ends[::2], ends[1::2]


def _broken(lines: Sequence[Line], places: NDArray[np.int_], sure: Bools, pixels: float) -> bool:
    """Whether the rules of a picture have gaps, so that a gap between two printed sides is none of the form's."""
    if not sure.any():
        return False
    start, end = _between_joints(places, pixels)
    printed = sure | np.array([line.seen(start, end)[2] for line in lines])
    gapped = int((np.array([line.share(start, end) for line in lines])[printed] < _GAPPED).sum())
    return gapped >= _FEWEST_GAPS and gapped > _OFTEN * int(printed.sum())


def _bridged(lines: Sequence[Line], places: NDArray[np.int_], sure: Bools) -> Bools:
    """The sure sides of each line, and the few likely ones between two that follow each other.

    Not more: the columns of another table further down are no proof that digits one below the other are a rule.
    """
    whole = sure.copy()
    for line, printed, found in zip(lines, sure, whole, strict=True):
        for start, end in zip(*_chains(~printed), strict=True):
            if start > 0 and end < len(printed) and end - start <= _MOST_LIKELY:
                found[start:end] = line.likely(places[start:end], places[start + 1 : end + 1]).all()
    return whole


def _bridged_far(lines: Sequence[Line], places: NDArray[np.int_], sure: Bools, pixels: float) -> Bools:
    """The same for broken rules: with the sides of which pieces are seen where print leaves them free.

    At the ends of a rule the pieces must lie beside a joint; a bare gap is no rule.
    """
    start, end = _between_joints(places, pixels)
    whole = sure.copy()
    for line, found in zip(lines, whole, strict=True):
        pieces, joined, plain = line.seen(start, end)
        if found.any():
            found |= _with_company(found, joined, plain)
        found[1:-1] |= found[:-2] & found[2:] & (np.diff(places)[1:-1] < _NARROWEST * pixels)
        for first, last in zip(*_chains(~found), strict=True):
            if last - first <= _MOST_BROKEN and (first > 0 or last < len(found)):
                within = first > 0 and last < len(found)
                likely = line.likely(places[first:last], places[first + 1 : last + 1])
                found[first:last] = (likely | (pieces[first:last] & within)).all()
    return whole


def _between_joints(places: NDArray[np.int_], pixels: float) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Where each side begins and ends without the joints, where the crossing rule hides it."""
    skip = np.minimum(round(_CROSSING * pixels), np.diff(places) // 4)
    return places[:-1] + skip, places[1:] - skip


def _with_company(sure: Bools, seen: Bools, plain: Bools) -> Bools:
    """The seen sides in chains of which a good part is sure or plain: strokes of print make a few single ones."""
    kept = np.zeros(len(sure), dtype=bool)
    for start, end in zip(*_chains(sure | seen), strict=True):
        kept[start:end] = (sure | plain)[start:end].mean() >= _COMPANY
    return kept


def _dark(
    lines: Sequence[Line], places: NDArray[np.int_], crossing: int, share: float, at_ends: float
) -> Bools:
    """Sides whose darkness is at least ``share`` in all and ``at_ends`` beside the joints."""
    skip = np.minimum(crossing, np.diff(places) // 4)
    start, end = places[:-1] + skip, places[1:] - skip
    zone = np.maximum(((end - start) * _END).astype(int), 3)
    return np.array(
        [
            (line.share(start, end) >= share)
            & (line.share(start, start + zone) >= at_ends)
            & (line.share(end - zone, end) >= at_ends)
            for line in lines
        ]
    )


def _without_stubs(across: Bools, down: Bools) -> tuple[Bools, Bools]:
    """Take away, until nothing changes, sides that end where no other side begins."""
    while True:
        degree = _degree(across, down)
        keep_across = across & (degree[:, :-1] > 1) & (degree[:, 1:] > 1)
        keep_down = down & (degree[:-1] > 1) & (degree[1:] > 1)
        if (keep_across == across).all() and (keep_down == down).all():
            return across, down
        across, down = keep_across, keep_down


def _degree(across: Bools, down: Bools) -> NDArray[np.int_]:
    """How many sides meet at each crossing."""
    rows, columns = across.shape[0], down.shape[1]
    degree = np.zeros((rows, columns), dtype=int)
    degree[:, :-1] += across
    degree[:, 1:] += across
    degree[:-1] += down
    degree[1:] += down
    return degree


def _large_tables(lattice: Lattice, pixels: float) -> Lattice:
    """Without the small closed shapes that characters make."""
    labels = _labels(lattice)
    keep = np.zeros(labels.max() + 1, dtype=bool)
    for label in range(1, len(keep)):
        i, j = np.nonzero(labels == label)
        width = lattice.columns[j.max()] - lattice.columns[j.min()]
        height = lattice.rows[i.max()] - lattice.rows[i.min()]
        keep[label] = width >= _SMALLEST[0] * pixels and height >= _SMALLEST[1] * pixels
    at = keep[labels]
    across = lattice.across & at[:, :-1] & at[:, 1:]
    down = lattice.down & at[:-1] & at[1:]
    return replace(lattice, across=across, down=down)


def _labels(lattice: Lattice) -> NDArray[Any]:
    """The number of the connected table at each crossing, 0 where nothing meets."""
    rows, columns = len(lattice.rows), len(lattice.columns)
    raster = np.zeros((max(2 * rows - 1, 1), max(2 * columns - 1, 1)), np.uint8)
    if rows > 1 and columns > 1:
        raster[::2, 1::2] = lattice.across
        raster[1::2, ::2] = lattice.down
        raster[::2, ::2] = _degree(lattice.across, lattice.down) > 0
    labels: NDArray[Any] = cv2.connectedComponents(raster, connectivity=4)[1][::2, ::2]
    return labels
