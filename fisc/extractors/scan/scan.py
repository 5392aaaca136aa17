"""The recognition of a scanned picture: pixels in, words and rules in points out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fisc.extractors.page import Affine, Box, Placement, Rule, Word, shown_at
from fisc.extractors.scan.amounts import settled
from fisc.extractors.scan.around import lines_around
from fisc.extractors.scan.bend import bend_of, unbent
from fisc.extractors.scan.borders import without_borders
from fisc.extractors.scan.cells import find_cells
from fisc.extractors.scan.cleaning import Grey, clean
from fisc.extractors.scan.decoding import looks_like_amount
from fisc.extractors.scan.frame import Frame, Slant, straighten, turned
from fisc.extractors.scan.labels import meant
from fisc.extractors.scan.lattice import Lattice, find_lattice
from fisc.extractors.scan.line_reader import LineReader, ReadLine
from fisc.extractors.scan.orientation import runs_sideways, slant
from fisc.extractors.scan.print_lines import (
    PrintLine,
    bare,
    cut,
    ink_of,
    lines_in,
    traces_of,
    usual_height,
    with_traces,
)
from fisc.extractors.scan.recogniser import Recogniser, recogniser
from fisc.extractors.scan.specks import without_specks

_PIXELS = 200 / 72
"""Pixels a point at which rules and lines are sought."""
_SURE = 0.75
"""Mean probability of a character below which a picture may stand upside down."""
_SMALLEST = 16
"""Pixels on a side below which nothing can be read."""
_LEAST_DPI = 95
_UNSURE = 0.5
_UNSURE_NUMBERS = 3
_UNSURE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanned picture says.

    Words and rules stand in the reading frame: points from the page's top left corner, the picture turned
    upright and straight about its middle. ``to_page`` maps that frame to the page as shown; of a bent page each of the
    ``tiles`` maps its own part.
    ``rotation`` is by how many degrees the picture was turned clockwise, ``skew`` the degrees by which its rows
    fell to the right.
    """

    words: tuple[Word, ...]
    rules: tuple[Rule, ...]
    rotation: int
    skew: float
    dpi: float
    to_page: Affine
    warnings: tuple[str, ...] = ()
    tiles: tuple[Placement, ...] = ()

    def on_page(self, box: Box) -> Box:
        """The smallest upright box on the page as shown around a box of the reading frame."""
        return shown_at(box, (*self.tiles, Placement(box, self.to_page)))


def recognise(image: NDArray[np.uint8], *, box: Box, page_number: int, threads: int = 1) -> Scan:
    """Read a picture (height, width, 3) of red, green and blue that stands at ``box`` on page ``page_number``.

    Uses no more than ``threads`` processor threads. Raises :class:`fisc.errors.DocumentError` ``ocr_missing``
    where the recogniser is not installed.
    """
    engine = recogniser(threads)
    if min(image.shape[:2]) < _SMALLEST:
        return Scan((), (), 0, 0.0, 0.0, (1.0, 0.0, 0.0, 0.0, 1.0, 0.0))
    per_point = image.shape[1] / max(box[2] - box[0], 1.0)
    grey = without_borders(clean(image), per_point)
    turns = 1 if runs_sideways(grey, per_point) else 0
    upright = _upright(_standing(grey, box, turns, engine))
    read = [line for line in settled(upright.read()) if not upright.reader.is_ghost(line)]
    return Scan(
        words=tuple(_word(one, upright.frame, number) for number, one in enumerate(read)),
        rules=rules_of(upright.lattice, upright.frame),
        rotation=90 * upright.quarter_turns,
        skew=math.degrees(upright.slant.across),
        dpi=per_point * 72,
        to_page=upright.frame.to_page,
        tiles=upright.frame.tiles,
        warnings=_warnings(read, upright.lattice, per_point * 72, page_number),
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """A picture turned one way and straightened, its ink, its lattice and its lines of print."""

    quarter_turns: int
    slant: Slant
    frame: Frame
    ink: Grey
    lattice: Lattice
    lines: tuple[PrintLine, ...]
    reader: LineReader

    def read(self) -> list[ReadLine]:
        return [one for one in self.reader.read(self.lines) if one.text]

    def turned_over(self) -> _Standing:
        """The same upside down: what was found in the picture is there, turned too."""
        turns = (self.quarter_turns + 2) % 4
        ink, lattice = turned(self.ink, 2), self.lattice.turned_over(self.ink.shape)
        return _lined(turns, self.slant, self.frame.turned_over(), ink, lattice, self.reader.recogniser)


def _standing(grey: Grey, box: Box, quarter_turns: int, engine: Recogniser) -> _Standing:
    upright = turned(grey, quarter_turns)
    angle = slant(upright)
    frame = straighten(upright, box=box, quarter_turns=quarter_turns, slant=angle, pixels=_PIXELS)
    picture, ink = without_specks(frame.picture, ink_of(frame.picture), frame.pixels)
    if bend := bend_of(ink, frame.pixels):
        picture = unbent(picture, bend)
        ink = ink_of(picture)
    frame = replace(frame, picture=picture, bend=bend)
    return _lined(quarter_turns, angle, frame, ink, find_lattice(picture, ink, frame.pixels), engine)


def _lined(
    quarter_turns: int, angle: Slant, frame: Frame, ink: Grey, lattice: Lattice, engine: Recogniser
) -> _Standing:
    """With the lines of print."""
    lines, height = print_lines(ink, lattice, frame.pixels)
    traces = traces_of(frame.picture)
    with_strokes = tuple(with_traces(line, traces, height) for line in lines)
    reader = LineReader(frame.picture, height, engine)
    return _Standing(quarter_turns, angle, frame, ink, lattice, with_strokes, reader)


def _upright(first: _Standing) -> _Standing:
    """The picture as it stands, or upside down where that is read better."""
    sureness = first.reader.sureness(first.lines)
    if sureness >= _SURE:
        return first
    other = first.turned_over()
    return other if other.reader.sureness(other.lines) > sureness else first


def print_lines(ink: Grey, lattice: Lattice, pixels: float) -> tuple[list[PrintLine], float]:
    """The lines of print, and their usual height in pixels."""
    cells = find_cells(lattice, ink, pixels)
    insides = [bare(cut(ink, cell.box), pixels) for cell in cells]
    height = usual_height(insides, pixels)
    lines = lines_around(ink, cells, height, pixels)
    for inside, cell in zip(insides, cells, strict=True):
        lines += lines_in(inside, cell, height, pixels)
    return lines, height


def rules_of(lattice: Lattice, frame: Frame) -> tuple[Rule, ...]:
    """The printed sides of the lattice, joined to the longest rules."""
    rules = []
    for i, row in enumerate(lattice.rows):
        for start, end in _stretches(lattice.across[i] & lattice.printed_rows[i]):
            rules.append(Rule(*frame.points(lattice.columns[start], row, lattice.columns[end], row)))
    for j, column in enumerate(lattice.columns):
        for start, end in _stretches(lattice.down[:, j] & lattice.printed_columns[j]):
            rules.append(Rule(*frame.points(column, lattice.rows[start], column, lattice.rows[end])))
    return tuple(rules)


def _stretches(printed: NDArray[np.bool_]) -> list[tuple[int, int]]:
    ends = np.flatnonzero(np.diff(np.concatenate([[0], printed.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(ends[::2], ends[1::2], strict=True)]


def _warnings(read: Sequence[ReadLine], lattice: Lattice, dpi: float, page_number: int) -> tuple[str, ...]:
    """What a person should know before trusting the page, one sentence each."""
    warnings = []
    if dpi < _LEAST_DPI:
        warnings.append(
            f"Page {page_number} is scanned at {dpi:.0f} dots per inch; below {_LEAST_DPI} digits are confused."
        )
    if lattice.broken:
        warnings.append(
            f"The rules on scanned page {page_number} are broken; figures may stand in the wrong cell."
        )
    numbers = [one for one in read if looks_like_amount(one.text)]
    unsure = sum(one.readings[0].score < _UNSURE for one in numbers)
    if unsure >= _UNSURE_NUMBERS and unsure > _UNSURE_SHARE * len(numbers):
        warnings.append(
            f"{unsure} of {len(numbers)} numbers on scanned page {page_number} were hard to read."
        )
    return tuple(warnings)


def _word(one: ReadLine, frame: Frame, number: int) -> Word:
    x0, y0, x1, y1 = frame.points(*one.line.ink)
    return Word(meant(one.readings), x0, y0, x1, y1, line=number, method="ocr", readings=one.readings)
