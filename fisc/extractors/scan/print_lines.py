"""Lines of print in the cells of a table, by the shadow of their ink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.extractors.scan.cells import Cell, Pixels
from fisc.extractors.scan.cleaning import Grey, ink_threshold, trace_threshold
from fisc.extractors.scan.connected import connected

Bools = NDArray[Any]

_USUAL_HEIGHT = 9.0
"""Points: height of a line of print where a page does not show enough of them."""
_DUST = 2
"""Pixels of ink on a square of nine that are no print."""
_LEAST = 0.3
"""Part of the height of a line that a mark must have in one direction: a dash is one, a speck is not."""
_THIN = 0.16
"""Heights of a line that a rule is thick; even a 1 is wider."""
_STROKE = 1.3
"""Heights of a line before and behind it where pale strokes of it are sought, and the gap between them."""
_STROKE_GAP = 0.9
_LONG_STROKE = 0.35
_WIDE_GAP = 4.0
"""Heights of a line between two pieces that are read apart."""
_RULE_REST = 0.9
"""Points from the edge of a cell where half a rule may be left, and where a second, whole one may stand."""
_RULE_NEAR = 3.0
_ON_RULE = 0.7
"""Points from the place of a rule where its pieces lie, their thickness, and the heights of a line that tell one
from 一."""
_PIECE = 1.7
_LONG_PIECE = 1.4
_PART_FILLED = 0.5
_WHOLLY_FILLED = 0.9


@dataclass(frozen=True, slots=True)
class PrintLine:
    """One line of print: the box of its ink, the box that belongs to it alone, and the cell it stands in."""

    ink: Pixels
    room: Pixels
    cell: Cell | None = None


def ink_of(picture: Grey) -> Grey:
    """1 where there is ink, without dust."""
    return _darker(picture, ink_threshold(picture), _DUST)


def traces_of(picture: Grey) -> Grey:
    """1 also where strokes are so thin that they are paler than ink."""
    return _darker(picture, trace_threshold(picture), 2 * _DUST)


def _darker(picture: Grey, threshold: int, dust: int) -> Grey:
    _, ink = cv2.threshold(picture, threshold - 1, 1, cv2.THRESH_BINARY_INV)
    neighbours = cv2.boxFilter(ink, cv2.CV_8U, (3, 3), normalize=False)
    _, crowded = cv2.threshold(neighbours, dust, 1, cv2.THRESH_BINARY)
    whole: Grey = cv2.bitwise_and(ink, crowded)
    return whole


def with_traces(line: PrintLine, traces: Grey, height: float) -> PrintLine:
    """The line with the thin strokes before and behind it, as an 一 that came out pale."""
    x0, y0, x1, y1 = line.ink
    reach, gap = round(_STROKE * height), _STROKE_GAP * height
    left, right = max(line.room[0], x0 - reach), min(line.room[2], x1 + reach)
    before = _strokes(traces[y0:y1, left:x0][:, ::-1], gap, height)
    behind = _strokes(traces[y0:y1, x1:right], gap, height)
    return replace(line, ink=(x0 - before, y0, x1 + behind, y1))


def _strokes(traces: Grey, gap: float, height: float) -> int:
    """How far from its first column print goes on in a strip, without upright rules."""
    end = 0
    for start, stop in stretches(shadow(traces, 0)) if traces.size else []:
        tall = int(shadow(traces[:, start:stop], 1).sum())
        rule = stop - start < _THIN * height and tall > 0.7 * len(traces)
        if start - end > gap or rule:
            break
        if stop - start >= _LONG_STROKE * height:
            end = stop
    return end


def usual_height(insides: Sequence[Bools], pixels: float) -> float:
    """Height in pixels of a line of print in most cells; ``insides`` is their ink."""
    heights = [
        bottom - top
        for inside in insides
        for top, bottom in stretches(shadow(inside, 1))
        if 4.5 * pixels < bottom - top < 30 * pixels
    ]
    return float(np.median(heights)) if len(heights) >= 5 else _USUAL_HEIGHT * pixels


def lines_in(inside: Bools, cell: Cell, height: float, pixels: float) -> list[PrintLine]:
    """The lines of print in a cell from top to bottom; a wide gap divides one. ``inside`` is its ink, as of :func:`bare`."""
    x0, y0, x1, y1 = cell.box
    crossing_rows, crossing_columns = (
        [y - y0 for y in cell.crossed_at[0]],
        [x - x0 for x in cell.crossed_at[1]],
    )
    _erase_pieces(inside, crossing_rows, crossing_columns, height, pixels)
    bands = [band for band in stretches(shadow(inside, 1)) if not _rest_of_rule(inside, band, height, pixels)]
    bands = whole_lines(bands, height)
    if not bands:
        return []
    middles = [0, *((a[1] + b[0]) // 2 for a, b in pairwise(bands)), y1 - y0]
    found = []
    for (top, bottom), above, below in zip(bands, middles[:-1], middles[1:], strict=True):
        for left, right in _pieces(shadow(inside[top:bottom], 0), _WIDE_GAP * max(height, bottom - top)):
            part = inside[top:bottom, left:right]
            if is_print(part, height):
                rows = np.flatnonzero(part.any(axis=1))
                box = (x0 + left, y0 + top + int(rows[0]), x0 + right, y0 + top + int(rows[-1]) + 1)
                found.append(PrintLine(box, (x0, y0 + above, x1, y0 + below), cell))
    return found


def _rest_of_rule(inside: Bools, band: tuple[int, int], height: float, pixels: float) -> bool:
    """Whether a band of ink is flat and lies on the edge of its cell, or close to it and longer than any stroke."""
    distance = min(band[0], len(inside) - band[1])
    if band[1] - band[0] > _PIECE * pixels or distance > min(_RULE_NEAR * pixels, len(inside) / 6):
        return False
    longest = max(right - left for left, right in stretches(shadow(inside[band[0] : band[1]], 0)))
    return distance <= _RULE_REST * pixels or longest >= _LONG_PIECE * height


def cut(ink: Grey, box: Pixels) -> Grey:
    x0, y0, x1, y1 = box
    return ink[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]


def bare(ink: Grey, pixels: float) -> Bools:
    """The ink of a cell without what is left of its rules at the edges."""
    inside = ink.astype(bool)
    depth, deepest = round(_RULE_REST * pixels), round(_RULE_NEAR * pixels)
    for side in (inside, inside[::-1], inside.T, inside.T[::-1]):
        strip = side[: min(deepest + 1, len(side) // 3)]
        if not strip.any():
            continue
        filled = strip.mean(axis=1)
        slanting = (strip[:-1] | strip[1:]).mean(axis=1)
        near = np.flatnonzero(filled[: depth + 1] > _PART_FILLED)
        far = np.flatnonzero(slanting > _WHOLLY_FILLED) + 1
        last = max([*near, *far], default=-1)
        side[: int(last) + 1] = False
    return inside


def _erase_pieces(
    inside: Bools, rows: Sequence[int], columns: Sequence[int], height: float, pixels: float
) -> None:
    """Take away thin marks that lie wholly on a row or column that goes on beside the cell: a broken rule's."""
    if not inside.any() or not (rows or columns):
        return
    labels, stats, _ = connected(inside.astype(np.uint8))
    near, thick = _ON_RULE * pixels, _PIECE * pixels
    for label, (x, y, wide, tall, _) in enumerate(stats[1:], start=1):
        on_column = wide <= thick and any(abs(x + wide / 2 - at) <= near for at in columns)
        on_row = tall <= thick and any(abs(y + tall / 2 - at) <= near for at in rows)
        alone = _is_alone(inside, (int(x), int(y), int(x + wide), int(y + tall)), height)
        if (on_column and (alone or tall > height)) or (on_row and wide > _LONG_PIECE * height):
            inside[labels == label] = False


def _is_alone(inside: Bools, box: Pixels, height: float) -> bool:
    """Whether no other mark stands beside the box."""
    x0, y0, x1, y1 = box
    reach = round(_STROKE_GAP * height)
    return not inside[y0:y1, max(0, x0 - reach) : x0].any() and not inside[y0:y1, x1 : x1 + reach].any()


def shadow(ink: Bools, axis: int) -> Bools:
    """Where there is ink along each row (axis 1) or column (axis 0)."""
    return np.asarray(ink.any(axis=axis))


def stretches(inked: Bools) -> list[tuple[int, int]]:
    """Start and end of each stretch of ink; what is asked has hundreds of places at most, and is asked often."""
    places, end = inked.tobytes() + b"\0", 0
    found = []
    while (start := places.find(1, end)) >= 0:
        end = places.find(0, start)
        found.append((start, end))
    return found


def whole_lines(bands: Sequence[tuple[int, int]], height: float) -> list[tuple[int, int]]:
    """Bands of ink joined to lines of print: 二 and = are one line, two lines of a cell are not."""
    lines: list[tuple[int, int]] = []
    for top, bottom in bands:
        if lines and _one_line(lines[-1], (top, bottom), height):
            lines[-1] = (lines[-1][0], bottom)
        else:
            lines.append((top, bottom))
    return lines


def _one_line(upper: tuple[int, int], lower: tuple[int, int], height: float) -> bool:
    together = lower[1] - upper[0]
    smaller = min(upper[1] - upper[0], lower[1] - lower[0])
    return together <= 1.25 * height and (smaller < 0.6 * height or lower[0] - upper[1] <= 1)


def _pieces(inked: Bools, gap: float) -> list[tuple[int, int]]:
    """Stretches of ink, joined over gaps that are no wider than ``gap``."""
    pieces: list[tuple[int, int]] = []
    for left, right in stretches(inked):
        if pieces and left - pieces[-1][1] <= gap:
            pieces[-1] = (pieces[-1][0], right)
        else:
            pieces.append((left, right))
    return pieces


def is_print(ink: Bools, height: float) -> bool:
    """Whether some mark in it is larger than dust, and not all of it is a piece of a rule."""
    tallest = max((b - a for a, b in stretches(shadow(ink, 1))), default=0)
    widest = max((b - a for a, b in stretches(shadow(ink, 0))), default=0)
    upright_rule = widest < _THIN * height and tallest > 0.4 * height
    level_rule = tallest < _THIN * height and widest > 3 * height
    return max(tallest, widest) >= _LEAST * height and not upright_rule and not level_rule
