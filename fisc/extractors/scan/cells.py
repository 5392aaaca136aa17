"""The cells of a lattice, and the pixels in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.extractors.scan.cleaning import Grey
from fisc.extractors.scan.lattice import Lattice

Pixels = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels, the last ones excluded."""

_THICKEST = 2.2
"""Points from the middle of a rule to the paper beside it, at most."""
_STILL_RULE = 0.25
"""Share of ink along a rule that tells it from paper."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell without its rules; it covers ``rows`` and ``columns`` of the lattice, the ends excluded.

    ``crossed_at`` are the places of rows and of columns, in pixels of the picture, that go on beside it.
    """

    box: Pixels
    rows: tuple[int, int]
    columns: tuple[int, int]
    crossed_at: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where the paper begins after each rule and ends before it, for rows and for columns."""

    after_row: NDArray[np.int_]
    before_row: NDArray[np.int_]
    after_column: NDArray[np.int_]
    before_column: NDArray[np.int_]


def find_cells(lattice: Lattice, ink: Grey, pixels: float) -> list[Cell]:
    """The cells in reading order, spans whole; a shape that is no rectangle falls into one cell a row."""
    labels = _labels(lattice)
    edges = _edges(lattice, ink, pixels)
    inner = labels[1:-1, 1:-1]
    cells: list[Cell] = []
    for label in np.unique(inner[inner != labels[0, 0]]):
        i, j = np.nonzero(inner == label)
        rows, columns = (int(i.min()), int(i.max()) + 1), (int(j.min()), int(j.max()) + 1)
        if len(i) == (rows[1] - rows[0]) * (columns[1] - columns[0]):
            cells.append(_cell(lattice, edges, rows, columns))
        else:
            cells += [_cell(lattice, edges, *band) for band in _bands(inner == label)]
    return sorted(cells, key=lambda cell: (cell.rows[0], cell.columns[0]))


def _edges(lattice: Lattice, ink: Grey, pixels: float) -> _Edges:
    reach = round(_THICKEST * pixels)
    before_row, after_row = _paper(ink, lattice.rows, lattice.columns, lattice.across, reach)
    on_side = cv2.transpose(ink)
    before_column, after_column = _paper(on_side, lattice.columns, lattice.rows, lattice.down.T, reach)
    return _Edges(after_row, before_row, after_column, before_column)


def _paper(
    ink: Grey,
    places: NDArray[np.float64],
    joints: NDArray[np.float64],
    printed: NDArray[np.bool_],
    reach: int,
) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Before and after each row rule the first pixel row that is not dark along its printed sides."""
    before, after = np.round(places).astype(int), np.round(places).astype(int)
    for k, middle in enumerate(before.copy()):
        sides = np.flatnonzero(printed[k])
        dark = [
            ink[max(0, middle - reach) : middle + reach + 1, round(joints[j]) : round(joints[j + 1])]
            for j in sides
        ]
        shares = np.concatenate(dark, axis=1).mean(axis=1) if dark else np.zeros(2 * reach + 1)
        rule = np.flatnonzero(shares > _STILL_RULE)
        first = middle - max(0, middle - reach)
        before[k] = middle + min(int(rule[0]) - first if len(rule) else 0, 0) - 1
        after[k] = middle + max(int(rule[-1]) - first if len(rule) else 0, 0) + 2
    return before, after


def _labels(lattice: Lattice) -> NDArray[Any]:
    """The number of the cell at each place between rows and columns, a ring of outside around them."""
    rows, columns = len(lattice.rows), len(lattice.columns)
    free = np.zeros((2 * rows + 1, 2 * columns + 1), np.uint8)
    free[::2, ::2] = 1
    free[1::2, 2:-1:2] = ~lattice.across if rows and columns else 0
    free[2:-1:2, 1::2] = ~lattice.down if rows and columns else 0
    free[1::2, [0, -1]] = 1
    free[[0, -1], 1::2] = 1
    labels: NDArray[Any] = cv2.connectedComponents(free, connectivity=4)[1][::2, ::2]
    return labels


def _cell(lattice: Lattice, edges: _Edges, rows: tuple[int, int], columns: tuple[int, int]) -> Cell:
    x0, x1 = int(edges.after_column[columns[0]]), int(edges.before_column[columns[1]])
    y0, y1 = int(edges.after_row[rows[0]]), int(edges.before_row[rows[1]])
    beside = [k for k in (columns[0] - 1, columns[1]) if 0 <= k < lattice.across.shape[1]]
    around = [k for k in (rows[0] - 1, rows[1]) if 0 <= k < lattice.down.shape[0]]
    crossed = (
        tuple(round(lattice.rows[i]) for i in range(rows[0] + 1, rows[1]) if lattice.across[i, beside].any()),
        tuple(
            round(lattice.columns[j])
            for j in range(columns[0] + 1, columns[1])
            if lattice.down[around, j].any()
        ),
    )
    return Cell((max(x0, 0), max(y0, 0), max(x1, x0), max(y1, y0)), rows, columns, crossed)


def _bands(shape: NDArray[np.bool_]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The rows and columns of each stretch of a shape in one row of the lattice."""
    bands = []
    for i in np.flatnonzero(shape.any(axis=1)):
        ends = np.flatnonzero(np.diff(np.concatenate([[0], shape[i].astype(np.int8), [0]])))
        bands += [
            ((int(i), int(i) + 1), (int(a), int(b))) for a, b in zip(ends[::2], ends[1::2], strict=True)
        ]
    return bands
