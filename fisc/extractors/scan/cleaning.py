"""From a coloured picture of a page to grey ink on white paper."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[Any]
"""Pixels (height, width) of eight bits: 0 is ink, 255 is paper; or 1 is ink, 0 is none."""

_BLOCK = 8
"""Side in pixels of the blocks on which the paper's own grey is measured."""
_RED = 40
"""Levels by which the red channel exceeds the others in red ink."""
_FEW = 50
"""Pixels of red ink that are no stamp."""
_BRIGHTER = 0.5
_NOISE = 4.0
"""Standard deviations of the paper's noise that nothing but print goes below, and the palest print."""
_PALEST = 228
_WINDOW = 15
"""Blocks around one in which some bare paper is expected."""


def clean(image: NDArray[np.uint8]) -> Grey:
    """The ink of an RGB picture (height, width, 3) on white paper: without red stamps, shadows and tint."""
    return flatten(without_red(image))


def without_red(image: NDArray[np.uint8]) -> Grey:
    """Grey in which red ink is as bright as the paper, and black print under a stamp stays dark.

    The red channel alone leaves a stamp as a grey veil with dark edges, for the colour of a compressed
    picture is blurred: so everything near red ink is brightened by a factor, which keeps print darker than stamp.
    """
    red, green, blue = cv2.split(image)
    redness = cv2.subtract(red, cv2.max(green, blue))
    if cv2.countNonZero(cv2.threshold(redness, _RED, 1, cv2.THRESH_BINARY)[1]) < _FEW:
        return red
    near = cv2.blur(cv2.dilate(redness, np.ones((5, 5), np.uint8)), (3, 3))
    gain = 1.0 + _BRIGHTER * near.astype(np.float32) / 255
    lifted: Grey = np.minimum(red * gain, 255).astype(np.uint8)
    return lifted


def flatten(grey: Grey) -> Grey:
    """Divide by the brightness of the paper around each pixel, so that paper is 255 everywhere."""
    paper = _paper(grey)
    if paper.min() >= 250:
        return grey
    height, width = grey.shape
    full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    flat: Grey = cv2.divide(grey, full, scale=255)
    return flat


def _paper(grey: Grey) -> Grey:
    """Brightness of the paper on a coarse raster: the brightest blocks around, smoothed."""
    height, width = grey.shape
    size = (max(1, width // _BLOCK), max(1, height // _BLOCK))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_WINDOW, _WINDOW))
    bright = cv2.morphologyEx(small, cv2.MORPH_CLOSE, window, borderType=cv2.BORDER_REPLICATE)
    smooth: Grey = cv2.blur(bright, (_WINDOW, _WINDOW), borderType=cv2.BORDER_REPLICATE)
    return np.maximum(smooth, 1)


def ink_threshold(grey: Grey) -> int:
    """The grey below which a pixel is ink, from the picture's own darkest print."""
    histogram = np.bincount(grey[::3, ::3].ravel(), minlength=256)
    dark = np.cumsum(histogram[:200])
    if dark[-1] == 0:
        return 160
    level = int(np.searchsorted(dark, dark[-1] * 0.3))
    return int(np.clip(255 - 0.42 * (255 - level), 130, 205))


def trace_threshold(grey: Grey) -> int:
    """The grey below which a pixel stands out of the paper's own noise: thin strokes that are no full ink."""
    ink = ink_threshold(grey)
    sample = grey[::4, ::4]
    paper = sample[sample >= ink].astype(np.float32)
    if not len(paper):
        return ink
    return int(np.clip(paper.mean() - _NOISE * paper.std(), ink, _PALEST))
