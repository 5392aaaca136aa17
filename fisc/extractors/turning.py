"""Pages that are shown turned, or whose text runs sideways: made upright, with the way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fisc.extractors.mupdf import pymupdf
from fisc.extractors.page import Affine, Box, Placement, after

TALL_SHARE = 0.2
"""Where at least this share of the words stands tall, the characters are asked which way they run."""


@dataclass(frozen=True, slots=True)
class Upright:
    """How a page becomes upright: ``turn`` (a–f of a PDF matrix) from PDF space, the new size, the way back."""

    turn: tuple[float, ...] | None
    width: float
    height: float
    placements: tuple[Placement, ...] = ()

    def led_back(self, back: Affine) -> tuple[Placement, ...]:
        """The placements of a page that was turned straight before, ``back`` the way back from there."""
        own = self.placements or (whole(self.width, self.height, (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)),)
        return tuple(Placement(part.box, after(back, part.to_page)) for part in own)


def uprighting(raw: Sequence[tuple[Any, ...]], blocks: Iterable[Mapping[str, Any]], page: Any) -> Upright:
    """Undo ``/Rotate``, and turn a page most of whose words run up or down.

    ``raw`` and ``blocks`` are the words of a text page and the blocks of its dictionary.
    """
    width, height = page.rect.width, page.rect.height
    shown: Any = page.rotation_matrix if page.rotation else pymupdf.Matrix(1, 1)
    plain = Upright(tuple(shown) if page.rotation else None, width, height)
    long = [word for word in raw if len(word[4]) > 1]
    if page.rotation % 180:
        tall = sum(x1 - x0 > 1.5 * (y1 - y0) for x0, y0, x1, y1, *_ in long)
    else:
        tall = sum(y1 - y0 > 1.5 * (x1 - x0) for x0, y0, x1, y1, *_ in long)
    if len(long) < 2 or tall < TALL_SHARE * len(long):
        return plain
    up, down, level = _running(blocks, shown)
    if level >= max(up, down):
        return plain
    if up >= down:
        turn, back = pymupdf.Matrix(0, 1, -1, 0, height, 0), (0.0, 1.0, 0.0, -1.0, 0.0, height)
    else:
        turn, back = pymupdf.Matrix(0, -1, 1, 0, 0, width), (0.0, -1.0, width, 1.0, 0.0, 0.0)
    return Upright(tuple(shown * turn), height, width, (whole(height, width, back),))


def whole(width: float, height: float, to_page: Affine) -> Placement:
    """A placement that takes in everything read on a page of this size, and what stands over its edges."""
    return Placement((-width - height, -width - height, 2 * (width + height), 2 * (width + height)), to_page)


def _running(blocks: Iterable[Mapping[str, Any]], shown: Any) -> tuple[int, int, int]:
    """How many characters of a page as shown run up, down, and level."""
    up = down = level = 0
    for block in blocks:
        for line in block.get("lines", ()):
            x, y = line["dir"]
            along = shown.b * x + shown.d * y
            size = sum(len(span["text"]) for span in line["spans"])
            if abs(along) < 0.5:
                level += size
            elif along < 0:
                up += size
            else:
                down += size
    return up, down, level


def turned_box(box: Box, turn: Sequence[float]) -> Box:
    """The upright box round a box that was turned by a PDF matrix."""
    a, b, c, d, e, f = turn
    xs = sorted((a * box[0] + c * box[1] + e, a * box[2] + c * box[3] + e))
    ys = sorted((b * box[0] + d * box[1] + f, b * box[2] + d * box[3] + f))
    return xs[0], ys[0], xs[1], ys[1]
