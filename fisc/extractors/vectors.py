"""Rules out of the vectors that a text page collects beside its words, so that a page is interpreted once.

MuPDF gives each straight piece of a path as the box it paints. That box says where a line stands for filled shapes and
for thin strokes; of a larger stroked shape it does not say which of its sides are drawn, of a curve nothing, and of runs of
dots it leaves some out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fisc.extractors.page import Box, Rule
from fisc.extractors.rules import THIN_PT, WHITE, Segment, is_dot, merged, thin_shape, turned

VECTOR = 3
"""The type of a block that is a vector."""
DOTS = 3
"""So many dots drawn one after the other, apart, are of a dotted line; the corners of a table touch its lines."""


def rules_from_vectors(
    blocks: Iterable[Mapping[str, Any]], turn: Sequence[float] | None = None
) -> tuple[Rule, ...] | None:
    """Rules of a page from the blocks of a text page's dictionary; None where its drawings must be asked.

    The text page was made with vectors collected; ``turn`` is the page's rotation matrix (a–f). ``extractBLOCKS`` says
    the same for less, but never frees what it said (PyMuPDF 2.0).
    """
    segments: list[Segment] = []
    dots = 0
    before: Box | None = None
    for block in blocks:
        if block["type"] != VECTOR or _white(block["color"]):
            continue
        x0, y0, x1, y1 = box = block["bbox"]
        if is_dot(box):
            dots += before is not None and _apart(before, box)
            if dots == DOTS:
                return None
            before = box
            continue
        before = None
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


def _apart(one: Box, other: Box) -> bool:
    return one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


def _stroke(x0: float, y0: float, x1: float, y1: float) -> Iterator[Segment]:
    """The line that a stroke paints: MuPDF widens its box by the width of the line on every side."""
    width = min(x1 - x0, y1 - y0) / 2
    if x1 - x0 >= y1 - y0:
        yield x0 + width, (y0 + y1) / 2, x1 - width, (y0 + y1) / 2
    else:
        yield (x0 + x1) / 2, y0 + width, (x0 + x1) / 2, y1 - width
