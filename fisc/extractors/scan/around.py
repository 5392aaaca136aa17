"""Lines of print around tables: titles, units, notes, and the pages without a table."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from fisc.extractors.scan.cells import Cell, Pixels
from fisc.extractors.scan.cleaning import Grey
from fisc.extractors.scan.connected import connected
from fisc.extractors.scan.print_lines import PrintLine, cut, is_print, shadow, stretches, whole_lines

_GAP = 1.6
"""Heights of a line between two pieces that are read apart."""
_PART = 0.6
"""Heights of a line that a box must have to be more than a part of a character."""
_BESIDE_TABLE = (4.0, 2.0)
"""Points beside and above a table where the remains of its rules lie."""


def lines_around(ink: Grey, cells: Sequence[Cell], height: float, pixels: float) -> list[PrintLine]:
    """The lines of print outside all cells, from top to bottom."""
    outside = ink.copy()
    for cell in cells:
        x0, y0, x1, y1 = cell.box
        beside, above = (round(k * pixels) for k in _BESIDE_TABLE)
        outside[max(0, y0 - above) : y1 + above, max(0, x0 - beside) : x1 + beside] = 0
    boxes = _with_parts(_joined(_blobs(outside, height), height), height)
    page = (0, 0, ink.shape[1], ink.shape[0])
    parts = [part for box in boxes for part in _split(outside, box, height)]
    lines = [
        PrintLine(part, _room(part, boxes, page))
        for part in parts
        if max(part[2] - part[0], part[3] - part[1]) >= _PART * height
        and is_print(cut(outside, part).astype(bool), height)
    ]
    return sorted(lines, key=lambda line: (line.ink[1], line.ink[0]))


def _blobs(ink: Grey, height: float) -> list[Pixels]:
    """Boxes of characters that nearly touch along the line, long thin marks left out."""
    half = (cv2.resize(ink * np.uint8(255), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) > 0).astype(
        np.uint8
    )
    reach = max(3, round(0.4 * height) | 1)
    smeared = cv2.morphologyEx(half, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    stats = connected(smeared)[1][1:] * 2
    boxes = [
        (int(x), int(y), int(x + w), int(y + h))
        for x, y, w, h, _ in stats
        if not (h < 0.25 * height and w > 3 * height) and not (w < 0.25 * height and h > 3 * height)
    ]
    return [tight for box in boxes if (tight := _tight(ink, box))]


def _tight(ink: Grey, box: Pixels) -> Pixels | None:
    """The box of the ink in a box."""
    x, y, width, height = cv2.boundingRect(cut(ink, box))
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
    return overlap >= 0.5 * smaller and right[0] - left[2] <= _GAP * tall


def _split(ink: Grey, box: Pixels, height: float) -> list[Pixels]:
    """The lines of print in a box whose lines touch in their smear."""
    x0, y0, _, y1 = box
    if y1 - y0 <= 1.6 * height:
        return [box]
    inside = cut(ink, box).astype(bool)
    parts = []
    for top, bottom in whole_lines(stretches(shadow(inside, 1)), height):
        columns = np.flatnonzero(inside[top:bottom].any(axis=0))
        parts.append((x0 + int(columns[0]), y0 + top, x0 + int(columns[-1]) + 1, y0 + bottom))
    return parts


def _room(box: Pixels, others: Sequence[Pixels], page: Pixels) -> Pixels:
    """The box grown until it meets the lines above and below."""
    above = [o[3] for o in others if o[3] <= box[1] and o[0] < box[2] and box[0] < o[2]]
    below = [o[1] for o in others if o[1] >= box[3] and o[0] < box[2] and box[0] < o[2]]
    return (page[0], max(above, default=page[1]), page[2], min(below, default=page[3]))
