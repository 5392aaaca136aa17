"""What lies on a scanned page beside print: black borders, a band of a copier's edge, punched holes, ticks of a pen."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Blemish = Callable[[Image, int, np.random.Generator], None]
_DARK = (25, 25, 25)
_PEN = (40, 50, 130)
_BORDER, _BAND, _HOLE, _TICK = 0.25, 0.35, 0.13, 0.13
"""Inches."""
_TICKS = 14


def blemished(image: Image, kinds: tuple[str, ...], dpi: int, rng: np.random.Generator) -> Image:
    """The picture with these of :data:`BLEMISHES` on it."""
    for kind in kinds:
        BLEMISHES[kind](image, dpi, rng)
    return image


def _border(image: Image, dpi: int, _: np.random.Generator) -> None:
    """The lid of the scanner around a sheet that lies a little aslant."""
    height, width = image.shape[:2]
    far = dpi * _BORDER
    paper = np.array(
        [(far, far * 0.6), (width - far * 0.5, far), (width - far, height - far * 0.7), (far * 0.7, height - far)],
        np.int32,
    )  # fmt: skip
    sheet = np.zeros((height, width), np.uint8)
    cv2.fillPoly(sheet, [paper], (1,))
    image[sheet == 0] = _DARK


def _band(image: Image, dpi: int, _: np.random.Generator) -> None:
    """A dark band along one side that fades towards the paper."""
    wide = int(dpi * _BAND)
    shade = np.linspace(0.15, 1.0, wide)[None, :, None]
    image[:, :wide] = (image[:, :wide] * shade).astype(np.uint8)


def _holes(image: Image, dpi: int, _: np.random.Generator) -> None:
    """Two punched holes at the left side."""
    height = image.shape[0]
    for y in (height // 2 - int(1.6 * dpi), height // 2 + int(1.6 * dpi)):
        cv2.circle(image, (int(0.45 * dpi), y), int(_HOLE * dpi), _DARK, -1)


def _ticks(image: Image, dpi: int, rng: np.random.Generator) -> None:
    """Ticks of a blue pen, some close to print."""
    height, width = image.shape[:2]
    size = _TICK * dpi
    for _ in range(_TICKS):
        x, y = rng.uniform(0.3, 0.9) * width, rng.uniform(0.2, 0.7) * height
        strokes = np.array([(x, y), (x + size * 0.35, y + size * 0.5), (x + size, y - size * 0.6)], np.int32)
        cv2.polylines(image, [strokes], False, _PEN, max(1, dpi // 90), cv2.LINE_AA)


BLEMISHES: dict[str, Blemish] = {"border": _border, "band": _band, "holes": _holes, "ticks": _ticks}
"""What may lie on a scanned page."""
