"""Pages that are shown turned, or whose text runs sideways: made upright, with the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pymupdf

from fisc.extractors.page import Affine, Box, Placement

FEWEST_WORDS = 5
"""Fewer words than these do not say how a page is read."""


@dataclass(frozen=True, slots=True)
class Upright:
    """How a page becomes upright: ``turn`` (a–f of a PDF matrix) from PDF space, the new size, the way back."""

    turn: tuple[float, ...] | None
    width: float
    height: float
    placements: tuple[Placement, ...] = ()


def uprighting(raw: Sequence[tuple[Any, ...]], textpage: Any, page: Any) -> Upright:
    """Undo ``/Rotate``, and turn a page most of whose words run up or down."""
    width, height = page.rect.width, page.rect.height
    shown: Any = page.rotation_matrix if page.rotation else pymupdf.Matrix(1, 1)
    plain = Upright(tuple(shown) if page.rotation else None, width, height)
    long = [word for word in raw if len(word[4]) > 1]
    boxes = (turned_box((word[0], word[1], word[2], word[3]), shown) for word in long)
    tall = sum(box[3] - box[1] > 1.5 * (box[2] - box[0]) for box in boxes)
    if len(long) < FEWEST_WORDS or tall * 2 <= len(long):
        return plain
    if _runs_up(textpage, shown):
        turn, back = pymupdf.Matrix(0, 1, -1, 0, height, 0), (0.0, 1.0, 0.0, -1.0, 0.0, height)
    else:
        turn, back = pymupdf.Matrix(0, -1, 1, 0, 0, width), (0.0, -1.0, width, 1.0, 0.0, 0.0)
    return Upright(tuple(shown * turn), height, width, (whole(height, width, back),))


def whole(width: float, height: float, to_page: Affine) -> Placement:
    """A placement that takes in everything read on a page of this size, and what stands over its edges."""
    return Placement((-width - height, -width - height, 2 * (width + height), 2 * (width + height)), to_page)


def _runs_up(textpage: Any, shown: Any) -> bool:
    """Whether most characters of a sideways page run from the bottom to the top as shown."""
    up = down = 0
    for block in textpage.extractDICT()["blocks"]:
        for line in block.get("lines", ()):
            x, y = line["dir"]
            along = shown.b * x + shown.d * y
            size = sum(len(span["text"]) for span in line["spans"])
            up, down = (up + size, down) if along < -0.5 else (up, down + size if along > 0.5 else down)
    return up >= down


def turned_box(box: Box, turn: Sequence[float]) -> Box:
    """The upright box round a box that was turned by a PDF matrix."""
    a, b, c, d, e, f = turn
    xs = sorted((a * box[0] + c * box[1] + e, a * box[2] + c * box[3] + e))
    ys = sorted((b * box[0] + d * box[1] + f, b * box[2] + d * box[3] + f))
    return xs[0], ys[0], xs[1], ys[1]
