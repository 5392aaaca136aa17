"""Pages whose whole text runs a little aslant: turned straight before they are read, with the way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import atan2, cos, degrees, radians, sin
from typing import Any

from fisc.extractors.mupdf import pymupdf
from fisc.extractors.page import Affine

LEAST_DEGREES = 0.05
"""Over a page's width this is less than half a point."""
SAME_DEGREES = 0.1
SHARE = 0.5
"""A page runs aslant where more than this share of its characters does, all by the same angle."""


def skew_of(blocks: Iterable[Mapping[str, Any]]) -> float:
    """By how many degrees the text of a page runs down to the right of its nearest quarter turn; 0 where it is straight.

    ``blocks`` are those of the text page's dictionary. Half of the text decides: a watermark does not.
    """
    sizes: Counter[int] = Counter()
    angles: dict[int, float] = {}
    for block in blocks:
        for line in block.get("lines", ()):
            angle = degrees(atan2(line["dir"][1], line["dir"][0]))
            aslant = angle - 90 * round(angle / 90)
            step = round(aslant / SAME_DEGREES)
            sizes[step] += sum(len(span["text"]) for span in line["spans"])
            angles.setdefault(step, aslant)
    if not sizes:
        return 0.0
    step, size = sizes.most_common(1)[0]
    aslant = angles[step]
    return aslant if abs(aslant) >= LEAST_DEGREES and size > SHARE * sizes.total() else 0.0


def straighten(page: Any, aslant: float) -> Affine:
    """Turn all that a page draws by so many degrees to the left, about its middle, and give the way back.

    The page of the opened file is changed, not the file.
    """
    box = page.mediabox
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    along, down = cos(radians(aslant)), sin(radians(aslant))
    matrix = (along, down, -down, along, x - along * x + down * y, y - down * x - along * y)
    page.wrap_contents()
    pymupdf.TOOLS._insert_contents(page, (" ".join(f"{n:.6f}" for n in matrix) + " cm\n").encode(), False)
    x, y = page.rect.width / 2, page.rect.height / 2
    return along, -down, x - along * x + down * y, down, along, y - down * x - along * y
