"""Lines of print in the cells of a table and around tables, by the shadow of their ink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.extractors.scan.cells import Cell, Pixels
from fisc.extractors.scan.cleaning import Grey, ink_threshold

Bools = NDArray[np.bool_]

_USUAL_HEIGHT = 9.0
"""Points: height of a line of print where a page does not show enough of them."""
_DUST = 2
"""Pixels of ink on a square of nine that are no print."""
_LEAST = 0.22
"""Part of the height of a line that a mark must have in one direction: a dash is one, a speck is not."""
_THIN = 0.16
"""Heights of a line that a rule is thick; even a 1 is wider."""
_WIDE_GAP = 4.0
"""Heights of a line between two pieces that are read apart."""
_GAP_OUTSIDE = 1.6
_RULE_REST = 0.9
"""Points from the edge of a cell where half a rule may be left, and where a second, whole one may stand."""
_RULE_NEAR = 3.0
_ON_RULE = 1.0
"""Points from the place of a rule where its pieces lie, their thickness, and the length that tells one from 一."""
_PIECE = 1.8
_LONG_PIECE = 14.0
_PART_FILLED = 0.5
_WHOLLY_FILLED = 0.9
_PART = 0.6
"""Heights of a line that a box must have to be more than a part of a character."""


@dataclass(frozen=True, slots=True)
class PrintLine:
    """One line of print: the box of its ink, the box that belongs to it alone, and the cell it stands in."""

    ink: Pixels
    room: Pixels
    cell: Cell | None = None


def ink_of(picture: Grey) -> Grey:
    """1 where there is ink, without dust."""
    _, ink = cv2.threshold(picture, ink_threshold(picture) - 1, 1, cv2.THRESH_BINARY_INV)
    neighbours = cv2.boxFilter(ink, cv2.CV_8U, (3, 3), normalize=False)
    _, crowded = cv2.threshold(neighbours, _DUST, 1, cv2.THRESH_BINARY)
    whole: Grey = cv2.bitwise_and(ink, crowded)
    return whole


def usual_height(ink: Grey, cells: Sequence[Cell], pixels: float) -> float:
    """Height in pixels of a line of print in most cells."""
    heights = [
        bottom - top
        for cell in cells
        for top, bottom in _bands(_bare(_cut(ink, cell.box), pixels).any(axis=1))
        if 4.5 * pixels < bottom - top < 30 * pixels
    ]
    return float(np.median(heights)) if len(heights) >= 5 else _USUAL_HEIGHT * pixels


def lines_in(ink: Grey, cell: Cell, height: float, pixels: float) -> list[PrintLine]:
    """The lines of print in a cell from top to bottom; a wide gap divides one."""
    x0, y0, x1, y1 = cell.box
    inside = _bare(_cut(ink, cell.box), pixels)
    _erase_pieces(inside, [y - y0 for y in cell.crossed_at[0]], [x - x0 for x in cell.crossed_at[1]], pixels)
    bands = _whole(_bands(inside.any(axis=1)), height)
    if not bands:
        return []
    middles = [0, *((a[1] + b[0]) // 2 for a, b in zip(bands, bands[1:], strict=False)), y1 - y0]
    found = []
    for (top, bottom), above, below in zip(bands, middles[:-1], middles[1:], strict=True):
        for left, right in _pieces(inside[top:bottom].any(axis=0), _WIDE_GAP * max(height, bottom - top)):
            part = inside[top:bottom, left:right]
            if _is_print(part, height):
                rows = np.flatnonzero(part.any(axis=1))
                box = (x0 + left, y0 + top + int(rows[0]), x0 + right, y0 + top + int(rows[-1]) + 1)
                found.append(PrintLine(box, (x0, y0 + above, x1, y0 + below), cell))
    return found


def lines_around(ink: Grey, cells: Sequence[Cell], height: float, pixels: float) -> list[PrintLine]:
    """The lines of print outside all cells, from top to bottom."""
    outside = ink.copy()
    for cell in cells:
        x0, y0, x1, y1 = cell.box
        beside, above = round(4 * pixels), round(2 * pixels)
        outside[max(0, y0 - above) : y1 + above, max(0, x0 - beside) : x1 + beside] = 0
    boxes = _with_parts(_joined(_blobs(outside, height), height), height)
    page = (0, 0, ink.shape[1], ink.shape[0])
    lines = []
    for box in boxes:
        for part in _split(outside, box, height):
            if _is_print(_cut(outside, part).astype(bool), height):
                lines.append(PrintLine(part, _room(part, boxes, page)))
    return sorted(lines, key=lambda line: (line.ink[1], line.ink[0]))


def _cut(ink: Grey, box: Pixels) -> Grey:
    x0, y0, x1, y1 = box
    return ink[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]


def _bare(ink: Grey, pixels: float) -> Bools:
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


def _erase_pieces(inside: Bools, rows: Sequence[int], columns: Sequence[int], pixels: float) -> None:
    """Take away thin marks that lie wholly on a row or column that goes on beside the cell: a broken rule's."""
    if not rows and not columns:
        return
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=8)
    near, thick, long = _ON_RULE * pixels, _PIECE * pixels, _LONG_PIECE * pixels
    for label, (x, y, width, height, _) in enumerate(stats[1:], start=1):
        on_column = width <= thick and any(abs(x + width / 2 - at) <= near for at in columns)
        on_row = height <= thick and width >= long and any(abs(y + height / 2 - at) <= near for at in rows)
        if on_column or on_row:
            inside[labels == label] = False


def _bands(shadow: Bools) -> list[tuple[int, int]]:
    """Start and end of each stretch of ink."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], shadow.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(ends[::2], ends[1::2], strict=True)]


def _whole(bands: Sequence[tuple[int, int]], height: float) -> list[tuple[int, int]]:
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


def _pieces(shadow: Bools, gap: float) -> list[tuple[int, int]]:
    """Stretches of ink, joined over gaps that are no wider than ``gap``."""
    pieces: list[tuple[int, int]] = []
    for left, right in _bands(shadow):
        if pieces and left - pieces[-1][1] <= gap:
            pieces[-1] = (pieces[-1][0], right)
        else:
            pieces.append((left, right))
    return pieces


def _is_print(ink: Bools, height: float) -> bool:
    """Whether some mark in it is larger than dust, and not all of it is a piece of a rule."""
    tallest = max((b - a for a, b in _bands(ink.any(axis=1))), default=0)
    widest = max((b - a for a, b in _bands(ink.any(axis=0))), default=0)
    upright_rule = widest < _THIN * height and tallest > 0.4 * height
    level_rule = tallest < _THIN * height and widest > 3 * height
    return max(tallest, widest) >= _LEAST * height and not upright_rule and not level_rule


def _blobs(ink: Grey, height: float) -> list[Pixels]:
    """Boxes of characters that nearly touch along the line, long thin marks left out."""
    half = (cv2.resize(ink * np.uint8(255), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
    reach = max(3, round(0.4 * height) | 1)
    smeared = cv2.morphologyEx(half, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    stats = cv2.connectedComponentsWithStats(smeared, connectivity=8)[2][1:] * 2
    boxes = [
        (int(x), int(y), int(x + w), int(y + h))
        for x, y, w, h, _ in stats
        if not (h < 0.25 * height and w > 3 * height) and not (w < 0.25 * height and h > 3 * height)
    ]
    return [tight for box in boxes if (tight := _tight(ink, box))]


def _tight(ink: Grey, box: Pixels) -> Pixels | None:
    """The box of the ink in a box."""
    x, y, width, height = cv2.boundingRect(_cut(ink, box))
    return (box[0] + x, box[1] + y, box[0] + x + width, box[1] + y + height) if width else None


def _joined(boxes: Sequence[Pixels], height: float) -> list[Pixels]:
    """Boxes on one line joined where the gap is no wider than their characters."""
    lines: list[Pixels] = []
    for box in sorted(boxes):
        for i, line in enumerate(lines):
            if _same_line(line, box, height):
                lines[i] = (
                    min(line[0], box[0]),
                    min(line[1], box[1]),
                    max(line[2], box[2]),
                    max(line[3], box[3]),
                )
                break
        else:
            lines.append(box)
    return lines


def _with_parts(boxes: Sequence[Pixels], height: float) -> list[Pixels]:
    """Dots and strokes joined to the line that they stand above or below of, as in 二 and 注."""
    tall = [b for b in boxes if b[3] - b[1] >= _PART * height]
    for part in boxes:
        if part[3] - part[1] >= _PART * height:
            continue
        for i, line in enumerate(tall):
            top, bottom = min(line[1], part[1]), max(line[3], part[3])
            beside = max(line[0] - part[2], part[0] - line[2]) <= height
            if beside and bottom - top <= 1.3 * max(height, line[3] - line[1]):
                tall[i] = (min(line[0], part[0]), top, max(line[2], part[2]), bottom)
                break
        else:
            tall.append(part)
    return tall


def _same_line(left: Pixels, right: Pixels, height: float) -> bool:
    tall = max(left[3] - left[1], 0.8 * height)
    overlap = min(left[3], right[3]) - max(left[1], right[1])
    smaller = min(left[3] - left[1], right[3] - right[1])
    return overlap >= 0.5 * smaller and right[0] - left[2] <= _GAP_OUTSIDE * tall


def _split(ink: Grey, box: Pixels, height: float) -> list[Pixels]:
    """The lines of print in a box whose lines touch in their smear."""
    x0, y0, x1, y1 = box
    if y1 - y0 <= 1.6 * height:
        return [box]
    inside = _cut(ink, box).astype(bool)
    parts = []
    for top, bottom in _whole(_bands(inside.any(axis=1)), height):
        columns = np.flatnonzero(inside[top:bottom].any(axis=0))
        parts.append((x0 + int(columns[0]), y0 + top, x0 + int(columns[-1]) + 1, y0 + bottom))
    return parts


def _room(box: Pixels, others: Sequence[Pixels], page: Pixels) -> Pixels:
    """The box grown until it meets the lines above and below."""
    above = [o[3] for o in others if o[3] <= box[1] and o[0] < box[2] and box[0] < o[2]]
    below = [o[1] for o in others if o[1] >= box[3] and o[0] < box[2] and box[0] < o[2]]
    return (page[0], max(above, default=page[1]), page[2], min(below, default=page[3]))
