"""Rules out of the vectors that a text page collects beside its words, so that a page is interpreted once.

MuPDF gives each straight piece of a path as the box it paints. That box says where a line stands for filled shapes and
for thin strokes; of a larger stroked shape it does not say which of its sides are drawn, and of a curve nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fisc.extractors.page import Rule
from fisc.extractors.rules import THIN_PT, WHITE, Segment, merged, thin_shape, turned

VECTOR = 3
"""The type of a block that is a vector."""
_LOOK = re.compile(
    r"<vector (?P<kind>stroked|filled), color: #(?P<colour>[0-9a-f]{6}).*is-rect: (?P<rect>true|false)"
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a vector is painted, and whether it is a rectangle with upright sides or a straight upright line."""

    stroked: bool
    white: bool
    upright: bool


def rules_from_vectors(
    blocks: Sequence[tuple[Any, ...]], turn: Sequence[float] | None = None
) -> tuple[Rule, ...] | None:
    """Rules of a page from ``extractBLOCKS`` of a text page with vectors; None where its drawings must be asked.

    ``turn`` is the page's rotation matrix (a–f).
    """
    segments: list[Segment] = []
    for x0, y0, x1, y1, text, _, kind in blocks:
        if kind != VECTOR:
            continue
        look = _look(text)
        if look.white:
            continue
        if not look.stroked:
            segments += thin_shape((x0, y0, x1, y1))
        elif look.upright and min(x1 - x0, y1 - y0) <= 2 * THIN_PT:
            segments += _stroke(x0, y0, x1, y1)
        else:
            return None
    if turn is not None:
        segments = [turned(segment, turn) for segment in segments]
    return merged(segments)


def _stroke(x0: float, y0: float, x1: float, y1: float) -> Iterator[Segment]:
    """The line that a stroke paints: MuPDF widens its box by the width of the line on every side."""
    width = min(x1 - x0, y1 - y0) / 2
    if x1 - x0 >= y1 - y0:
        yield x0 + width, (y0 + y1) / 2, x1 - width, (y0 + y1) / 2
    else:
        yield (x0 + x1) / 2, y0 + width, (x0 + x1) / 2, y1 - width


@lru_cache(maxsize=1024)
def _look(text: str) -> Look:
    """What MuPDF says of a vector; one whose words are not known is taken for a shape that must be asked."""
    said = _LOOK.search(text)
    if said is None:
        return Look(stroked=True, white=False, upright=False)
    colour = bytes.fromhex(said["colour"])
    return Look(said["kind"] == "stroked", min(colour) > WHITE * 255, said["rect"] == "true")
