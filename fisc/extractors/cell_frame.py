"""The cells of a grid before they hold words: where each lies, and which lies at a point."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.extractors.page import Box, Word

Place = tuple[int, int]
"""Row and column in a grid."""


def frame_of(
    column_edges: Sequence[float], row_edges: Sequence[float], anchors: Sequence[Sequence[Place]]
) -> CellFrame:
    """A frame by its edges and by the cell to which each place belongs."""
    return CellFrame(tuple(column_edges), tuple(row_edges), anchors, _extents(anchors))


def _extents(anchors: Sequence[Sequence[Place]]) -> dict[Place, Place]:
    """The last row and column of each cell, by its first."""
    extents: dict[Place, Place] = {}
    for i, row in enumerate(anchors):
        for j, anchor in enumerate(row):
            last = extents.get(anchor, anchor)
            extents[anchor] = (max(last[0], i), max(last[1], j))
    return extents


@dataclass(frozen=True, slots=True)
class CellFrame:
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
