"""What a document says in words: sections, sentences, facts, claims and every number of its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from fisc.schemas.statement import Box

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the narrative. ``depth`` counts from 1; ``text`` leaves the subsections out.

    ``topic`` says what it is about, under one name whatever its place calls it (three_public, procurement, …).
    """

    number: str | None
    depth: int
    heading: str
    text: str
    page: int
    page_to: int
    box: Box
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Where the characters ``start`` to ``end`` of a sentence stand."""

    start: int
    end: int
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence joined over lines and pages; ``section`` is the index of its section."""

    text: str
    section: int
    paragraph: int
    pieces: tuple[Piece, ...]

    def place(self, start: int, end: int) -> tuple[int, Box]:
        """Page and box of a range of characters; of its first line, where it runs over the end of one."""
        touched = [piece for piece in self.pieces if piece.start < end and piece.end > start]
        touched = touched or list(self.pieces[:1])
        page = touched[0].page
        boxes = [self._part(piece, start, end) for piece in touched if piece.page == page]
        begun = next((k for k in range(1, len(boxes)) if boxes[k][0] <= boxes[k - 1][0]), len(boxes))
        x0, y0, x1, y1 = zip(*boxes[:begun], strict=True)
        return page, (min(x0), min(y0), max(x1), max(y1))

    def _part(self, piece: Piece, start: int, end: int) -> Box:
        return part_of(self.text[piece.start : piece.end], piece.box, start - piece.start, end - piece.start)


def part_of(text: str, box: Box, start: int, end: int) -> Box:
    """The box of characters ``start`` to ``end`` of a printed word; digits and Latin letters advance half as far."""
    if start <= 0 and end >= len(text):
        return box
    x0, y0, x1, y1 = box
    whole = advance(text)
    if not whole:
        return box
    width = (x1 - x0) / whole
    return x0 + width * advance(text[: max(0, start)]), y0, x1 - width * advance(text[max(0, end) :]), y1


def advance(text: str) -> float:
    """How far a text advances, in Chinese characters."""
    return len(text) - (3 * len(text) - len(text.encode())) / 4


@dataclass(frozen=True, slots=True)
class Figure:
    """One number said: ``value`` and ``step`` (one unit of the last digit) in yuan, percent or pieces.

    ``printed`` is the number with its unit as it stands in the text.
    """

    text: str
    value: Decimal
    step: Decimal
    unit: str
    page: int
    box: Box
    name: str | None = None
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One number said, with its name.

    ``value`` and ``step`` are in yuan for money (``unit`` CNY), in percent for rates, else in pieces of ``unit``.
    A change or growth downwards is negative. ``period`` is this_year, last_year, change, growth, share, completion, budget or rate. ``path`` holds the
    names 类 / 款 / 项 of a class line and ``codes`` what is printed of their numbers. ``sure`` is False where the name was
    taken over from the words before. ``base`` is what a change is measured against (last_year, budget). ``printed_unit`` is the unit as printed, ``section_at`` the index of the section.
    """

    name: str
    value: Decimal
    unit: str
    period: str
    quote: str
    section: str
    page: int
    box: Box
    step: Decimal
    text: str = ""
    printed_unit: str = ""
    path: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    sure: bool = True
    section_at: int = 0
    year: int | None = None
    label: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A relation said in words that arithmetic can check.

    ``kind`` names the relation (growth, share, completion, change, sum, rate, direction, restated); ``stated`` is
    the figure to recompute, ``operands`` the figures it follows from, by their part in it; ``parts`` the addends or the
    sister shares. ``words`` holds what is said in words: a direction, the name of the whole. ``sure`` is False where
    another reading is possible.
    """

    kind: str
    stated: Figure | None
    operands: Mapping[str, Figure]
    quote: str
    section: str
    page: int
    box: Box
    parts: tuple[Figure, ...] = ()
    words: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the glossary (名词解释)."""

    term: str
    definition: str
    page: int


@dataclass(frozen=True, slots=True)
class NumericToken:
    """One number on a page; ``role`` is None where nothing accounts for it. ``table`` is the one in whose cell it stands."""

    text: str
    page: int
    box: Box
    role: str | None
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Narrative:
    """All that a document says in words. ``year`` and ``stage`` are what its headings say.

    ``front`` names what stands before the text: ``cover``, ``contents``.
    """

    sections: tuple[Section, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    facts: tuple[Fact, ...] = ()
    claims: tuple[Claim, ...] = ()
    glossary: tuple[Term, ...] = ()
    numbers: tuple[NumericToken, ...] = ()
    year: int | None = None
    stage: str | None = None
    front: frozenset[str] = frozenset()
