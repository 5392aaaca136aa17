"""Rules out of the vectors that a text page collects beside its words, so that a page is interpreted once.

MuPDF gives each straight piece of a path as the box it paints. That box says where a line stands for filled shapes and
for thin strokes; of a larger stroked shape it does not say which of its sides are drawn, and of a curve nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fisc.extractors.page import Rule
from fisc.extractors.rules import THIN_PT, WHITE, Segment, merged, thin_shape, turned

VECTOR = 3
"""The type of a block that is a vector."""


def rules_from_vectors(
    blocks: Iterable[Mapping[str, Any]], turn: Sequence[float] | None = None
) -> tuple[Rule, ...] | None:
    """Rules of a page from the blocks of a text page's dictionary; None where its drawings must be asked.

    The text page was made with vectors collected; ``turn`` is the page's rotation matrix (a–f). ``extractBLOCKS`` says
    the same for less, but never frees what it said (PyMuPDF 2.0).
    """
    segments: list[Segment] = []
    for block in blocks:
        if block["type"] != VECTOR or _white(block["color"]):
            continue
        x0, y0, x1, y1 = box = block["bbox"]
        if not block["stroked"]:
            segments += thin_shape(box)
        elif block["isrect"] and min(x1 - x0, y1 - y0) <= 2 * THIN_PT:
            segments += _stroke(x0, y0, x1, y1)
        else:
            return None
    if turn is not None:
        segments = [turned(segment, turn) for segment in segments]
    return merged(segments)


def _white(colour: int) -> bool:
    """Whether the darkest channel of a colour 0xRRGGBB does not show on paper."""
    return min(colour >> 16, colour >> 8 & 255, colour & 255) > WHITE * 255


def _stroke(x0: float, y0: float, x1: float, y1: float) -> Iterator[Segment]:
    """The line that a stroke paints: MuPDF widens its box by the width of the line on every side."""
    width = min(x1 - x0, y1 - y0) / 2
    if x1 - x0 >= y1 - y0:
        yield x0 + width, (y0 + y1) / 2, x1 - width, (y0 + y1) / 2
    else:
        yield (x0 + x1) / 2, y0 + width, (x0 + x1) / 2, y1 - width
