"""Which way the print runs, and how far it slants."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.extractors.scan.cleaning import Grey, ink_threshold
from fisc.extractors.scan.connected import connected
from fisc.extractors.scan.frame import Slant

_STEEPEST = math.radians(4.0)
_STEPS = (
    (math.radians(0.2), 3.0, 10_000),
    (math.radians(0.05), 1.0, 40_000),
    (math.radians(0.0125), 1.0, 40_000),
)
"""Steps from angle to angle, coarse to fine, the height of the rows in which ink is counted, and the points of it that
are enough."""
_FEWEST_POINTS = 50
_CLEAR = 1.15
_PIXELS = 100 / 72
"""Pixels a point that are enough to see which way the lines run."""


def runs_sideways(grey: Grey, pixels: float) -> bool:
    """Whether the lines of print run from top to bottom of the picture; ``pixels`` make a point.

    Neighbouring characters of a line stand closer than neighbouring lines, so ink that is smeared along the
    lines falls into fewer pieces than ink smeared across them. Rules are left out.
    """
    shrink = min(1.0, _PIXELS / pixels)
    size = (round(grey.shape[1] * shrink), round(grey.shape[0] * shrink))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if shrink < 1 else grey
    marks = _marks(small, pixels * shrink)
    reach = max(3, round(pixels * shrink * 2.9) | 1)
    along = _pieces(cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8)))
    across = _pieces(cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((reach, 1), np.uint8)))
    return across * _CLEAR < along


def _marks(grey: Grey, pixels: float) -> Grey:
    """The pieces of ink that are no larger than a large character and no smaller than a stroke."""
    ink = (grey < ink_threshold(grey)).astype(np.uint8)
    labels, stats, _ = connected(ink)
    largest = 30 * pixels
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
    keep = (width < largest) & (height < largest) & (area > (pixels * 0.7) ** 2)
    keep[0] = False
    marks: Grey = np.take(keep.astype(np.uint8), labels)
    return marks


def _pieces(marks: Grey) -> int:
    return int(cv2.connectedComponents(marks, connectivity=8)[0]) - 1


def slant(grey: Grey) -> Slant:
    """The angles of rows and columns, by the direction in which the ink's shadow is sharpest."""
    ink = grey < ink_threshold(grey)
    across = _sharpest(ink)
    return Slant(across, across)


def _sharpest(ink: NDArray[np.bool_]) -> float:
    points = np.flatnonzero(ink)
    if len(points) < _FEWEST_POINTS:
        return 0.0
    angle, reach = 0.0, _STEEPEST
    for step, bin_pixels, enough in _STEPS:
        some = points[:: max(1, len(points) // enough)]
        some_y, some_x = (at.astype(np.float32) for at in np.divmod(some, ink.shape[1]))
        angles = np.arange(angle - reach, angle + reach + step / 2, step)
        angle = float(
            angles[int(np.argmax([_sharpness(some_x, some_y, float(a), bin_pixels) for a in angles]))]
        )
        reach = step
    return angle


def _sharpness(x: NDArray[Any], y: NDArray[Any], angle: float, bin_pixels: float) -> float:
    """Sum of squares of the ink on each band of rows after turning back by ``angle``."""
    rows = ((y - x * np.float32(math.tan(angle))) / np.float32(bin_pixels)).astype(np.int32)
    shadow = np.bincount(rows - rows.min()).astype(np.float64)
    return float((shadow * shadow).sum())
