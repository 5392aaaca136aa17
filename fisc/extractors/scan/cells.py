"""The cells of a lattice, and the pixels in them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.extractors.scan.lattice import Lattice

Pixels = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels, the last ones excluded."""

_RULE = 1.0
"""Points from the middle of a rule to the paper beside it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell without its rules; it covers ``rows`` and ``columns`` of the lattice, the ends excluded."""

    box: Pixels
    rows: tuple[int, int]
    columns: tuple[int, int]


def find_cells(lattice: Lattice, pixels: float) -> list[Cell]:
    """The cells in reading order, spans whole; a shape that is no rectangle falls into one cell a row."""
    labels = _labels(lattice)
    outside = labels[0, 0]
    inner = labels[1:-1, 1:-1]
    cells: list[Cell] = []
    for label in np.unique(inner[inner != outside]):
        i, j = np.nonzero(inner == label)
        rows, columns = (int(i.min()), int(i.max()) + 1), (int(j.min()), int(j.max()) + 1)
        if len(i) == (rows[1] - rows[0]) * (columns[1] - columns[0]):
            cells.append(_cell(lattice, rows, columns, pixels))
        else:
            cells += _bands(lattice, inner == label, pixels)
    return sorted(cells, key=lambda cell: (cell.rows[0], cell.columns[0]))


def _labels(lattice: Lattice) -> NDArray[np.int32]:
    """The number of the cell at each place between rows and columns, a ring of outside around them."""
    rows, columns = len(lattice.rows), len(lattice.columns)
    free = np.zeros((2 * rows + 1, 2 * columns + 1), np.uint8)
    free[::2, ::2] = 1
    free[1::2, 2:-1:2] = ~lattice.across if rows and columns else 0
    free[2:-1:2, 1::2] = ~lattice.down if rows and columns else 0
    free[1::2, [0, -1]] = 1
    free[[0, -1], 1::2] = 1
    labels: NDArray[np.int32] = cv2.connectedComponents(free, connectivity=4)[1][::2, ::2]
    return labels


def _cell(lattice: Lattice, rows: tuple[int, int], columns: tuple[int, int], pixels: float) -> Cell:
    edge = _RULE * pixels
    x0, x1 = lattice.columns[columns[0]] + edge, lattice.columns[columns[1]] - edge
    y0, y1 = lattice.rows[rows[0]] + edge, lattice.rows[rows[1]] - edge
    return Cell((round(x0), round(y0), round(x1) + 1, round(y1) + 1), rows, columns)


def _bands(lattice: Lattice, shape: NDArray[np.bool_], pixels: float) -> list[Cell]:
    cells = []
    for i in np.flatnonzero(shape.any(axis=1)):
        ends = np.flatnonzero(np.diff(np.concatenate([[0], shape[i].astype(np.int8), [0]])))
        for start, end in zip(ends[::2], ends[1::2], strict=True):
            cells.append(_cell(lattice, (int(i), int(i) + 1), (int(start), int(end)), pixels))
    return cells
