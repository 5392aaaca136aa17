"""A page as a reader sees it: words, rules and pictures in points, from the top left corner, rotation undone."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Page:
    """One page, opened once and never again. ``number`` counts from 1; ``scanned`` where words came by OCR."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...]
    pictures: tuple[Picture, ...] = ()
    scanned: bool = False
