"""A page as a reader sees it: words, rules and pictures in points, from the top left corner, rotation undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in PDF points from the top left corner of the page as shown."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way a recogniser reads a crop, with its probability between 0 and 1."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a blank, with its box.

    ``line`` numbers the text line it was printed on. ``method`` is ``text`` or ``ocr``; ``readings`` are a recogniser's candidates, best first.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    line: int = 0
    method: str = "text"
    readings: tuple[Reading, ...] = ()

    @property
    def box(self) -> Box:
        return self.x0, self.y0, self.x1, self.y1


@dataclass(frozen=True, slots=True)
class Rule:
    """A printed line: horizontal where ``y0 == y1``, vertical where ``x0 == x1``."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def horizontal(self) -> bool:
        return self.y0 == self.y1


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on the page; ``width`` and ``height`` are its pixels."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: int
    height: int


Affine = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f: x' = a x + b y + c and y' = d x + e y + f."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A part of a page that is read turned or straightened: ``box`` where it is read, ``to_page`` back to the page."""

    box: Box
    to_page: Affine


@dataclass(frozen=True, slots=True)
class Page:
    """One page, opened once and never again.

    ``number`` counts from 1; ``scanned`` where words came by OCR; ``unread`` says why a picture could not be read,
    ``poor`` why what was read of it is doubtful. ``aside`` are the lines of text that were taken for watermarks.
    Coordinates are those in which the page reads upright; :meth:`shown` leads back to the page as shown.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...]
    pictures: tuple[Picture, ...] = ()
    scanned: bool = False
    placements: tuple[Placement, ...] = ()
    unread: str | None = None
    poor: str | None = None
    aside: tuple[str, ...] = ()

    def shown(self, box: Box) -> Box:
        """A box of this page as a reader sees it, where the page is shown."""
        return shown_at(box, self.placements)


def shown_at(box: Box, placements: Sequence[Placement]) -> Box:
    """The upright box on the page as shown around a box that was read, moved as the first part that holds its middle."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for part in placements:
        if part.box[0] <= x <= part.box[2] and part.box[1] <= y <= part.box[3]:
            return _moved(box, part.to_page)
    return box


def after(one: Affine, other: Affine) -> Affine:
    """Both ways, ``other`` first."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f


def _moved(box: Box, affine: Affine) -> Box:
    """The upright box round a box that was moved."""
    a, b, c, d, e, f = affine
    xs = [a * x + b * y + c for x in (box[0], box[2]) for y in (box[1], box[3])]
    ys = [d * x + e * y + f for x in (box[0], box[2]) for y in (box[1], box[3])]
    return min(xs), min(ys), max(xs), max(ys)
