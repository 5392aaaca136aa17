"""Pages seen from beside and curled pages: by how much the rules bend, and the picture with straight ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.extractors.scan.cleaning import Grey

Floats = NDArray[np.float64]

_RULE = 20.0
"""Points: a dark run so long is a piece of a rule."""
_STRIPS, _BANDS = 16, 5
"""Strips across a rule between which its step is measured, and bands of the page that may bend in their own way."""
_STEP = 2.5
"""Points by which a rule may lie higher or lower from strip to strip."""
_LEAST_ALIKE = 0.5
"""Correlation of two neighbouring strips from which a step is read."""
_FEWEST = 16
"""Steps that tell how a page bends."""
_STRAIGHT = 1.3
"""Points by which the rules of a straight page may lie elsewhere."""
_DOUBT = 0.5
"""Part of these points from which a page that is looked at in small is looked at closely."""
_STRAIGHT_ON = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Bend:
    """How far rules lie from their straight places, in pixels of a picture of ``size`` (width, height).

    ``rows`` are the terms of the steepness of row rules, by the place along them and across, both from -1 to 1;
    ``columns`` those of column rules.
    """

    size: tuple[int, int]
    rows: tuple[float, ...]
    columns: tuple[float, ...]

    def source(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Where the point of the straight picture lies in the bent one; arrays that broadcast."""
        width, height = self.size
        u, v = 2 * x / width - 1, 2 * y / height - 1
        return x + _shift(self.columns, v, u) * height / 2, y + _shift(self.rows, u, v) * width / 2

    def turned_over(self) -> Bend:
        """The bend of the picture turned upside down."""
        return Bend(self.size, _turned_over(self.rows), _turned_over(self.columns))

    @property
    def furthest(self) -> float:
        """By how many pixels some point lies elsewhere."""
        width, height = self.size
        x, y = np.linspace(0, width, 9)[None], np.linspace(0, height, 9)[:, None]
        to_x, to_y = self.source(x, y)
        return float(max(np.abs(to_x - x).max(), np.abs(to_y - y).max()))


def bend_of(ink: Grey, pixels: float) -> Bend | None:
    """How the rules of a picture bend; None where they are straight, or too few to tell."""
    rough = _bend(_in_small(ink), pixels / 2)
    if rough is None or rough.furthest <= _DOUBT * _STRAIGHT * pixels / 2:
        return None
    bend = _bend(ink, pixels)
    return bend if bend and bend.furthest > _STRAIGHT * pixels else None


def _in_small(ink: Grey) -> Grey:
    """The ink on half as many pixels each way; a thin rule is not lost."""
    height, width = (size // 2 * 2 for size in ink.shape)
    rows = cv2.bitwise_or(ink[:height:2, :width], ink[1:height:2, :width])
    return cv2.bitwise_or(rows[:, ::2], rows[:, 1::2])


def _bend(ink: Grey, pixels: float) -> Bend | None:
    """How the rules of a picture bend, be it ever so little; None where there are too few to tell."""
    height, width = ink.shape
    rows = _terms(ink, pixels)
    if rows is None:
        return None
    return Bend((width, height), rows, _terms(cv2.transpose(ink), pixels) or _STRAIGHT_ON)


def unbent(picture: Grey, bend: Bend) -> Grey:
    """The picture with its rules straight."""
    width, height = bend.size
    x, y = np.arange(width, dtype=np.float32)[None], np.arange(height, dtype=np.float32)[:, None]
    to_x, to_y = (np.broadcast_to(v, (height, width)).astype(np.float32) for v in bend.source(x, y))
    straight: Grey = cv2.remap(picture, to_x, to_y, cv2.INTER_CUBIC, borderValue=(255.0,))
    return straight


def _shift(terms: tuple[float, ...], along: Any, across: Any) -> Any:
    """The steepness added up along a rule from the middle of the page."""
    a, b, c, d = terms
    return along * (a + along * b / 2 + across * (c + along * d / 2))


def _turned_over(terms: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d = terms
    return a, -b, -c, d


def _terms(ink: Grey, pixels: float) -> tuple[float, ...] | None:
    """The terms of the steepness of row rules, fitted to the steps between strips."""
    height, width = ink.shape
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, max(5, round(_RULE * pixels))), np.uint8))
    strip = width // _STRIPS
    profiles = cv2.resize(
        rules[:, : strip * _STRIPS].astype(np.float32), (_STRIPS, height), interpolation=cv2.INTER_AREA
    )
    profiles = cv2.GaussianBlur(profiles, (1, 9), 1.5)
    found = [
        (2 * (k + 1) / _STRIPS - 1, (2 * band + 1) / _BANDS - 1, step / strip)
        for band in range(_BANDS)
        for k in range(_STRIPS - 1)
        if (step := _step(profiles, k, height * band // _BANDS, height * (band + 1) // _BANDS, pixels))
        is not None
    ]
    if len(found) < _FEWEST:
        return None
    along, across, steepness = np.array(found).T
    model = np.stack([np.ones_like(along), along, across, across * along], axis=1)
    return tuple(float(v) for v in _robust(model, steepness))


def _robust(model: Floats, values: Floats) -> Floats:
    """The least squares without the values that fit worst, which strokes of print brought in."""
    keep = np.ones(len(values), dtype=bool)
    for _ in range(3):
        terms = np.linalg.lstsq(model[keep], values[keep], rcond=None)[0]
        off = np.abs(model @ terms - values)
        keep = off <= max(3 * float(np.median(off)), 1e-4)
    return np.asarray(terms)


def _step(profiles: Grey, k: int, top: int, bottom: int, pixels: float) -> float | None:
    """By how many pixels the rules of a strip lie lower in the next one; None where they do not tell."""
    reach = round(_STEP * pixels)
    one, other = profiles[top:bottom, k], profiles[:, k + 1]
    norm = float(np.linalg.norm(one))
    if norm == 0:
        return None
    padded = np.pad(other, reach)[top : bottom + 2 * reach]
    windows = np.lib.stride_tricks.sliding_window_view(padded, bottom - top)
    alike = windows @ one / np.maximum(np.linalg.norm(windows, axis=1) * norm, 1e-9)
    best = int(alike.argmax())
    if alike[best] < _LEAST_ALIKE or not 0 < best < 2 * reach:
        return None
    before, at, behind = (float(v) for v in alike[best - 1 : best + 2])
    curve = before - 2 * at + behind
    return best - reach + (0.5 * (before - behind) / curve if curve < 0 else 0.0)
