"""Where a pixel of the straightened picture lies: the reading frame, and the page as shown."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.extractors.page import Affine, Box, Placement, after
from fisc.extractors.scan.bend import Bend
from fisc.extractors.scan.cleaning import Grey

Matrix = NDArray[np.float64]

_MOST_PIXELS = 24_000_000
_LARGEST_SCALE = 4.0
_TILES = 6
"""Parts of a bent page from side to side, and from top to foot."""


@dataclass(frozen=True, slots=True)
class Slant:
    """Angles in radians by which rows fall to the right, and columns lean to the left."""

    across: float = 0.0
    down: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The straightened picture and its place.

    ``picture`` is upright and straight; ``pixels`` of it make one point of the reading frame, whose place
    ``left, top`` is the picture's corner. ``to_page`` brings a point of the reading frame to the page as shown, where
    the page was flat; :attr:`tiles` do so for a bent one.
    """

    picture: Grey
    pixels: float
    left: float
    top: float
    to_page: Affine
    bend: Bend | None = None

    @property
    def tiles(self) -> tuple[Placement, ...]:
        """The parts of a bent page, each small enough to be moved as a whole; none where the page was flat."""
        if self.bend is None:
            return ()
        height, width = self.picture.shape
        xs, ys = np.linspace(0, width, _TILES + 1), np.linspace(0, height, _TILES + 1)
        return tuple(
            self._tile(self.bend, (x0, y0, x1, y1))
            for y0, y1 in pairwise(ys.tolist())
            for x0, x1 in pairwise(xs.tolist())
        )

    def _tile(self, bend: Bend, pixels: Box) -> Placement:
        x, y = (pixels[0] + pixels[2]) / 2, (pixels[1] + pixels[3]) / 2
        to_x, to_y = bend.source(x, y)
        moved = (1.0, 0.0, (to_x - x) / self.pixels, 0.0, 1.0, (to_y - y) / self.pixels)
        return Placement(self.points(*pixels), after(self.to_page, moved))

    def turned_over(self) -> Frame:
        """The same picture upside down, its corner at the same place."""
        height, width = self.picture.shape
        over = (
            -1.0,
            0.0,
            2 * self.left + width / self.pixels,
            0.0,
            -1.0,
            2 * self.top + height / self.pixels,
        )
        bend = self.bend.turned_over() if self.bend else None
        return replace(self, picture=turned(self.picture, 2), to_page=after(self.to_page, over), bend=bend)

    def points(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A box of pixels of ``picture`` in points of the reading frame."""
        k = self.pixels
        return self.left + x0 / k, self.top + y0 / k, self.left + x1 / k, self.top + y1 / k


def turned(grey: Grey, quarter_turns: int) -> Grey:
    """The picture turned clockwise."""
    return np.ascontiguousarray(np.rot90(grey, -quarter_turns)) if quarter_turns % 4 else grey


def straighten(upright: Grey, *, box: Box, quarter_turns: int, slant: Slant, pixels: float) -> Frame:
    """Undo the slant of a picture that was turned upright, and scale it to about ``pixels`` a point.

    ``box`` is the place of the picture on the page before it was turned; the reading frame keeps its top left
    corner. One interpolation does both.
    """
    height, width = upright.shape
    points = _size(box, quarter_turns)
    pixels = _affordable(pixels, points, (width, height))
    scale = (pixels * points[0] / width, pixels * points[1] / height)
    matrix, size, corner = _unslanted(slant, (width, height), scale)
    left, top = box[0] - corner[0] / pixels, box[1] - corner[1] / pixels
    way = cv2.INTER_AREA if scale[0] < 0.6 else cv2.INTER_CUBIC
    if max(abs(slant.across), abs(slant.down), abs(scale[0] - 1), abs(scale[1] - 1)) < 1e-4:
        picture = upright
    else:
        picture = cv2.warpAffine(upright, matrix[:2], size, flags=way, borderValue=(255.0,))
    to_pixels = np.array([[pixels, 0, -left * pixels], [0, pixels, -top * pixels], [0, 0, 1.0]])
    to_points = np.diag([points[0] / width, points[1] / height, 1.0])
    whole = _unturned(box, quarter_turns) @ to_points @ np.linalg.inv(matrix) @ to_pixels
    a, b, c, d, e, f = (float(v) for v in whole[:2].ravel())
    return Frame(picture, pixels, left, top, (a, b, c, d, e, f))


def _size(box: Box, quarter_turns: int) -> tuple[float, float]:
    width, height = max(box[2] - box[0], 1.0), max(box[3] - box[1], 1.0)
    return (height, width) if quarter_turns % 2 else (width, height)


def _affordable(pixels: float, points: tuple[float, float], size: tuple[int, int]) -> float:
    most = math.sqrt(_MOST_PIXELS / (points[0] * points[1]))
    largest = _LARGEST_SCALE * min(size[0] / points[0], size[1] / points[1])
    return min(pixels, most, largest)


def _unslanted(
    slant: Slant, size: tuple[int, int], scale: tuple[float, float]
) -> tuple[Matrix, tuple[int, int], tuple[float, float]]:
    """The matrix from slanted to straight pixels, the canvas it needs, and the old corner's place there.

    The canvas holds every pixel; the picture turns about its middle.
    """
    a, d = slant.across, slant.down
    rows = np.array([[math.cos(a), -math.sin(d)], [math.sin(a), math.cos(d)]])
    straight = np.diag(scale) @ np.linalg.inv(rows)
    width, height = size
    corners = straight @ np.array([[0, width, 0, width], [0, 0, height, height]], dtype=float)
    low, high = corners.min(axis=1), corners.max(axis=1)
    middle = straight @ np.array([width / 2, height / 2]) - low
    corner = middle - np.array([width / 2 * scale[0], height / 2 * scale[1]])
    matrix = np.vstack([np.hstack([straight, -low.reshape(2, 1)]), [0, 0, 1.0]])
    canvas = (math.ceil(high[0] - low[0]), math.ceil(high[1] - low[1]))
    return matrix, canvas, (float(corner[0]), float(corner[1]))


def _unturned(box: Box, quarter_turns: int) -> Matrix:
    """From points of the upright picture to points of the page as shown."""
    x0, y0, x1, y1 = box
    rows = {
        0: [[1, 0, x0], [0, 1, y0], [0, 0, 1]],
        1: [[0, 1, x0], [-1, 0, y1], [0, 0, 1]],
        2: [[-1, 0, x1], [0, -1, y1], [0, 0, 1]],
        3: [[0, -1, x1], [1, 0, y0], [0, 0, 1]],
    }
    return np.array(rows[quarter_turns % 4], dtype=float)
