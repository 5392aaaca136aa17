"""A place on a scanned page read once more: larger, and straight from the picture."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

import cv2
import numpy as np

from fisc.extractors.mupdf import pymupdf
from fisc.extractors.page import Affine, Box, Page, Placement, Reading
from fisc.extractors.scan.amounts import ranked
from fisc.extractors.scan.cleaning import Grey, clean
from fisc.extractors.scan.decoding import decoder
from fisc.extractors.scan.jpeg import drawn
from fisc.extractors.scan.line_reader import crop
from fisc.extractors.scan.print_lines import PrintLine, cut, ink_of, is_print
from fisc.extractors.scan.recogniser import recogniser

_PIXELS = 400 / 72
"""Pixels a point: twice what the first reading has."""
_LARGEST = 300 / 72
"""Pixels a point of a page beyond which nothing is gained."""
_AROUND = 14.0
"""Points of paper around the place that is read."""
_BESIDE = 3.0
"""Points beside print that may belong to it; points by which a blank cell is read inside of its rules."""
_INSIDE = 1.2
_USUAL_HEIGHT = 9.0
_MOST = 5


class SecondReading:
    """Opens a PDF for single places of its scanned pages; use it as a context."""

    def __init__(self, content: bytes) -> None:
        self._document = pymupdf.open(stream=content, filetype="pdf")
        self._seen: tuple[int, Grey, float] = (0, np.zeros((1, 1), np.uint8), 1.0)

    def __enter__(self) -> SecondReading:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._document.close()

    def amounts(self, page: Page, box: Box, *, blank: bool = False) -> tuple[Reading, ...]:
        """The ways in which the ink at ``box`` can be read as an amount, best first; none where there is no ink.

        ``box`` stands in the frame in which the page was read; of a ``blank`` cell it is the cell itself.
        """
        place = next((p for p in page.placements if _inside(box, p)), None)
        if place is None:
            return ()
        picture = self._picture(page, box, place.to_page)
        room = _pixels(_grown(box, -_INSIDE if blank else _BESIDE), box)
        ink = _tight(ink_of(picture), room if blank else _pixels(box, box))
        if ink is None:
            return ()
        line = PrintLine(ink, room)
        lines = [crop(picture, line, _USUAL_HEIGHT * _PIXELS), crop(picture, line, 0.0)]
        engine = recogniser(1)
        own = decoder(engine.characters)
        found = [reading for _, p in engine.read(lines) for reading in ranked(own.amounts(p))]
        return _best(found)

    def _picture(self, page: Page, box: Box, to_page: Affine) -> Grey:
        """The paper around a box, upright and straight, without stamp and tint."""
        around = _grown(box, _AROUND)
        grey, pixels = self._page(page)
        to_box = np.array([[1 / _PIXELS, 0, around[0]], [0, 1 / _PIXELS, around[1]], [0, 0, 1.0]])
        back = np.diag([pixels, pixels, 1.0]) @ np.array([to_page[:3], to_page[3:], [0, 0, 1.0]]) @ to_box
        size = (round((around[2] - around[0]) * _PIXELS), round((around[3] - around[1]) * _PIXELS))
        ways = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        picture: Grey = cv2.warpAffine(grey, back[:2], size, flags=ways, borderValue=(255.0,))
        return picture

    def _page(self, page: Page) -> tuple[Grey, float]:
        """A page as shown, without stamp and tint, and the pixels of a point; the last one is kept."""
        number, grey, pixels = self._seen
        if number != page.number:
            shown = self._document[page.number - 1]
            own = max((p.width / max(p.x1 - p.x0, 1.0) for p in page.pictures), default=_LARGEST)
            grey = clean(drawn(shown, tuple(shown.rect), round(min(own, _LARGEST) * 72)))
            pixels = grey.shape[1] / shown.rect.width
            self._seen = (page.number, grey, pixels)
        return grey, pixels


def _inside(box: Box, part: Placement) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return part.box[0] <= x <= part.box[2] and part.box[1] <= y <= part.box[3]


def _grown(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _pixels(place: Box, box: Box) -> tuple[int, int, int, int]:
    """A place in pixels of the picture around ``box``."""
    x0, y0, x1, y1 = (
        round((at - corner + _AROUND) * _PIXELS)
        for at, corner in zip(place, (*box[:2], *box[:2]), strict=True)
    )
    return x0, y0, x1, y1


def _tight(ink: Grey, room: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """The box of the print in a room; None where there is none."""
    inside = cut(ink, room)
    x, y, width, height = cv2.boundingRect(inside)
    if not width or not is_print(inside.astype(bool), _USUAL_HEIGHT * _PIXELS):
        return None
    return room[0] + x, room[1] + y, room[0] + x + width, room[1] + y + height


def _best(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Each text once, as probable as its best reading, best first."""
    scores: dict[str, float] = {}
    for reading in readings:
        scores[reading.text] = max(scores.get(reading.text, 0.0), reading.score)
    ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Reading(text, score) for text, score in ordered[:_MOST])
