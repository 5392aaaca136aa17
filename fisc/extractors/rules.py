"""Printed lines out of a page's drawings: strokes, thin filled rectangles, borders drawn twice, dashes, dots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from fisc.extractors.page import Rule

THIN_PT = 2.0
"""A filled shape up to this thickness is a line (Word and Excel print rules as 0.5–1.5 pt rectangles)."""
SNAP_PT = 1.2
"""Parallel lines this near are one line drawn twice."""
GAP_PT = 3.0
"""Pieces of one line, or dashes, lie at most this far apart."""
SHORTEST_PT = 4.0
"""A line shorter than this is a mark, not a rule."""
SLANT_PT = 0.7
"""Ends of a straight line differ at most this much across its direction."""

WHITE = 0.97
"""The darkest channel of a colour that does not show on paper."""

Segment = tuple[float, float, float, float]


def rules_of(drawings: Iterable[dict[str, Any]], turn: Sequence[float] | None = None) -> tuple[Rule, ...]:
    """Rules of a page from PyMuPDF's ``get_cdrawings``; ``turn`` is the page's rotation matrix (a–f)."""
    segments: list[Segment] = []
    for drawing in drawings:
        segments += _segments(drawing)
    if turn is not None:
        segments = [turned(segment, turn) for segment in segments]
    return merged(segments)


def merged(segments: Iterable[Segment]) -> tuple[Rule, ...]:
    """Axis-parallel segments joined into whole rules: doubles snapped, pieces and dashes closed.

    A dot, given by its diagonal, is a piece of a line across and of one down; alone it is neither.
    """
    across: list[tuple[float, float, float]] = []
    down: list[tuple[float, float, float]] = []
    for x0, y0, x1, y1 in segments:
        if abs(y1 - y0) <= SLANT_PT and abs(x1 - x0) > SLANT_PT:
            across.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= SLANT_PT and abs(y1 - y0) > SLANT_PT:
            down.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
        elif x0 != x1 and y0 != y1 and is_dot((x0, y0, x1, y1)):
            across.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            down.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    horizontal = (Rule(a, at, b, at) for at, a, b in _whole(across))
    vertical = (Rule(at, a, at, b) for at, a, b in _whole(down))
    return (*horizontal, *vertical)


def _segments(drawing: dict[str, Any]) -> Iterator[Segment]:
    """The straight, visible pieces of one drawing."""
    kind = drawing["type"]
    stroked = "s" in kind and not _white(drawing.get("color"))
    filled = "f" in kind and not _white(drawing.get("fill"))
    if filled and not stroked:
        yield from thin_shape(drawing["rect"])
    for item in drawing["items"]:
        if item[0] == "re":
            if stroked:
                yield from _border(item[1])
            elif filled:
                yield from _dot_or_line(item[1])
        elif item[0] == "l" and stroked:
            yield (*item[1], *item[2])
        elif item[0] == "qu" and stroked:
            yield from _border((*item[1][0], *item[1][3]))


def _white(colour: Sequence[float] | None) -> bool:
    return colour is not None and bool(colour) and min(colour) > WHITE


def is_dot(box: Sequence[float]) -> bool:
    """Whether a shape is a dot of a dotted line, or a mark as small."""
    return max(abs(box[2] - box[0]), abs(box[3] - box[1])) <= THIN_PT


def _dot_or_line(rect: Sequence[float]) -> Iterator[Segment]:
    if is_dot(rect):
        yield rect[0], rect[1], rect[2], rect[3]
    else:
        yield from thin_shape(rect)


def thin_shape(rect: Sequence[float]) -> Iterator[Segment]:
    """The line that a filled shape is, if it is thin."""
    x0, y0, x1, y1 = rect
    if y1 - y0 <= THIN_PT < x1 - x0:
        yield x0, (y0 + y1) / 2, x1, (y0 + y1) / 2
    elif x1 - x0 <= THIN_PT < y1 - y0:
        yield (x0 + x1) / 2, y0, (x0 + x1) / 2, y1


def _border(rect: Sequence[float]) -> Iterator[Segment]:
    x0, y0, x1, y1 = rect
    if min(x1 - x0, y1 - y0) <= THIN_PT:
        yield from thin_shape(rect)
        return
    yield x0, y0, x1, y0
    yield x0, y1, x1, y1
    yield x0, y0, x0, y1
    yield x1, y0, x1, y1


def turned(segment: Segment, turn: Sequence[float]) -> Segment:
    """A segment moved by a PDF matrix (a–f)."""
    a, b, c, d, e, f = turn
    x0, y0, x1, y1 = segment
    return a * x0 + c * y0 + e, b * x0 + d * y0 + f, a * x1 + c * y1 + e, b * x1 + d * y1 + f


def _whole(lines: list[tuple[float, float, float]]) -> Iterator[tuple[float, float, float]]:
    """Lines as (position, from, to), near ones on one position, touching ones in one piece."""
    lines.sort()
    start = 0
    for end in range(1, len(lines) + 1):
        if (
            end == len(lines)
            or lines[end][0] - lines[end - 1][0] > SNAP_PT
            or lines[end][0] - lines[start][0] > 2 * SNAP_PT
        ):
            group = lines[start:end]
            weight = sum(b - a for _, a, b in group)
            at = sum(position * (b - a) for position, a, b in group) / weight
            yield from ((round(at, 2), round(a, 2), round(b, 2)) for a, b in _joined(group))
            start = end


def _joined(group: list[tuple[float, float, float]]) -> Iterator[tuple[float, float]]:
    spans = sorted((a, b) for _, a, b in group)
    left, right = spans[0]
    for a, b in spans[1:]:
        if a - right <= GAP_PT:
            right = max(right, b)
            continue
        if right - left >= SHORTEST_PT:
            yield left, right
        left, right = a, b
    if right - left >= SHORTEST_PT:
        yield left, right
