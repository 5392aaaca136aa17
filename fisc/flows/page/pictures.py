"""Pictures of a document's pages, small enough to stand inside one file."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from fisc.extractors.mupdf import pymupdf

SHARP_DPI = 144
"""Twice the resolution at which a page is shown beside its rows, so that it can be enlarged."""
LARGEST_PX = 2000
"""The longest side of a picture; posters are drawn smaller."""
WEBP_QUALITY = 55
"""Print stays crisp and a scanned page takes about 100 KB."""
ALL_PAGES_PX = 90_000_000
"""About 40 sharp pages; longer documents are drawn coarser, so that a browser can still hold the file."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as an image. ``width`` and ``height`` are points of the page as shown, ``uri`` leads to the image."""

    page: int
    width: float
    height: float
    wide_px: int
    high_px: int
    uri: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page drawn: its image in WebP, and its size in pixels and in points of the page as shown."""

    page: int
    width: float
    height: float
    wide_px: int
    high_px: int
    webp: bytes

    def at(self, uri: str) -> Picture:
        """The picture that a page shows from an address."""
        return Picture(self.page, self.width, self.height, self.wide_px, self.high_px, uri)


def pictures(content: bytes) -> Iterator[Picture]:
    """Every page of a PDF that has been read before, in order."""
    with pymupdf.open(stream=content, filetype="pdf") as document:
        scale = _scale([page.rect for page in document])
        for page in document:
            drawn = _drawn(page, scale)
            yield drawn.at("data:image/webp;base64," + base64.b64encode(drawn.webp).decode("ascii"))


def drawn_page(content: bytes, number: int) -> Drawn:
    """One sharp page, by its number from 1. Raises ``IndexError`` where there is no such page."""
    with pymupdf.open(stream=content, filetype="pdf") as document:
        if not 1 <= number <= len(document):
            raise IndexError(f"There is no page {number}.")
        return _drawn(document[number - 1], SHARP_DPI / 72)


def _scale(rects: list[Any]) -> float:
    """Pixels a point: sharp, unless all pages together would become too large."""
    sharp = SHARP_DPI / 72
    area = sum(rect.width * rect.height for rect in rects) * sharp**2
    return float(sharp * min(1.0, (ALL_PAGES_PX / max(area, 1.0)) ** 0.5))


def _drawn(page: Any, scale: float) -> Drawn:
    width, height = float(page.rect.width), float(page.rect.height)
    scale = min(scale, LARGEST_PX / max(width, height))
    drawn = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csRGB, alpha=False)
    lines = np.frombuffer(drawn.samples, np.uint8).reshape(drawn.height, drawn.stride)
    red_first = lines[:, : drawn.width * 3].reshape(drawn.height, drawn.width, 3)
    _, encoded = cv2.imencode(".webp", red_first[:, :, ::-1], [cv2.IMWRITE_WEBP_QUALITY, WEBP_QUALITY])
    return Drawn(page.number + 1, width, height, drawn.width, drawn.height, encoded.tobytes())
