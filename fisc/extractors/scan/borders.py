"""Dark parts along the edges of a picture that are no print: a scanner's lid, a copier's band."""

from __future__ import annotations

import cv2
import numpy as np

from fisc.extractors.scan.cleaning import Grey
from fisc.extractors.scan.connected import connected

_DARK = 110
"""The grey of a border at its darkest, and below which what hangs on it belongs to it."""
_SHADE = 215
_THICK = 6.0
"""Points: no stroke and no rule is so thick."""
_FRINGE = 3.0
"""Points beside a border that it greys."""
_PRINT = 12.0
"""Points: the gaps that light print leaves in a dark field are narrower."""
_PRINTED = 0.25
"""Share of such gaps in a field on which something is printed."""


def without_borders(grey: Grey, pixels: float) -> Grey:
    """The picture with white where thick dark parts reach its edges; a dark field with print on it stays.

    ``pixels`` make a point.
    """
    shrink = max(1, round(pixels))
    size = (max(1, grey.shape[1] // shrink), max(1, grey.shape[0] // shrink))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    point = pixels / shrink
    border = _touching_edges(_solid(small < _DARK, point))
    if not border.any() or _is_printed(border, point):
        return grey
    labels = connected(np.maximum(_solid(small < _SHADE, point), border))[0]
    whole = np.isin(labels, np.unique(labels[border > 0])).astype(np.uint8)
    wide = cv2.dilate(whole, _square(2 * _FRINGE * point))
    full = cv2.resize(wide, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.where(full > 0, np.uint8(255), grey)


def _solid(dark: Grey, point: float) -> Grey:
    """The parts of a mask that are thicker than print; what lies at an edge is taken to go on behind it."""
    thick = round(_THICK * point)
    around = cv2.copyMakeBorder(dark.astype(np.uint8), thick, thick, thick, thick, cv2.BORDER_REPLICATE)
    opened: Grey = cv2.morphologyEx(around, cv2.MORPH_OPEN, _square(_THICK * point))
    return opened[thick:-thick, thick:-thick]


def _touching_edges(mask: Grey) -> Grey:
    labels = connected(np.ascontiguousarray(mask))[0]
    edges = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return np.isin(labels, edges[edges > 0]).astype(np.uint8)


def _is_printed(field: Grey, point: float) -> bool:
    """Whether a dark field has narrow light gaps, as print leaves them."""
    closed = cv2.morphologyEx(field, cv2.MORPH_CLOSE, _square(_PRINT * point))
    return bool(closed.sum() - field.sum() > _PRINTED * field.sum())


def _square(side: float) -> Grey:
    return np.ones((max(3, round(side)), max(3, round(side))), np.uint8)
