"""Texts with more lines than their cell has room for: their ends hang into the cells above or below.

Office programs print such a text whole, over the rules; which lines are one text is told by how they follow each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fisc.extractors.cell_frame import CellFrame, Place
from fisc.extractors.page import Word

CROSSES_PT = 1.0
"""A word crosses a rule where it reaches this far beyond it."""

CLOSEST_LINES, FARTHEST_LINES = 1.0, 1.9
"""Lines of one text stand so far apart, in sizes of their type."""
AT_EDGE = 0.35
"""A rule goes through a line where it is this near to its middle, in sizes of its type; so near, in its heights, are sides
that are aligned."""

OFF = 0.12
"""A word stands on another line, a text off the middle of its cell, from this part of its height on."""
EVEN = 0.1
"""The distances of lines of one text differ by no more than this, in their heights."""

Line = list[Word]
"""Words of one printed line, from left to right."""


def gather(frame: CellFrame, words: Sequence[Word], held: dict[Place, list[Word]]) -> None:
    """Put texts with more lines than their cell has room for back into it: their ends hang into the cells above or below.

    Such lines follow each other in print, as those of one text do. Of the cells that they lie in, theirs is the one
    that holds nothing else; the others hold a text of their own, or the rule goes through the line.
    """
    for run in _runs(words):
        places = [frame.place(line[0]) for line in run]
        if len({*places}) > 1 and (hung := _hung(frame, run, places, held)):
            own, lines = hung
            for line in lines:
                place = frame.place(line[0])
                if place and place != own:
                    held[place] = [word for word in held[place] if word not in line]
                    held.setdefault(own, []).extend(line)


def _hung(
    frame: CellFrame, run: Sequence[Line], places: Sequence[Place | None], held: dict[Place, list[Word]]
) -> tuple[Place, Sequence[Line]] | None:
    """The cell of a text that hangs out of it, and its lines; None where several texts follow each other.

    Lines that stand alone and whole in their cells are of several texts, unless others before or after them cross
    other texts: then those are of one text in whose middle its cell lies.
    """
    ids = {id(word) for line in run for word in line}
    crossing = [
        place is None or any(id(word) not in ids and _is_off(word, line) for word in held[place])
        for line, place in zip(run, places, strict=True)
    ]
    alone = [i for i, crosses in enumerate(crossing) if not crosses]
    settled = {places[i] for i in alone if not _is_cut(frame, run[i])}
    cells = settled or {places[i] for i in alone}
    if len(cells) == 1 and (len(alone) < len(run) or settled):
        own, lines = next(iter(cells)), run
    elif all(crossing) or not any(crossing):
        return None
    else:
        own, lines = _middle_of(frame, run, places, crossing)
    return (own, lines) if own and _is_wide_enough(frame, own, lines) else None


def _middle_of(
    frame: CellFrame, run: Sequence[Line], places: Sequence[Place | None], crossing: Sequence[bool]
) -> tuple[Place | None, Sequence[Line]]:
    """The lines of a run, with all that cross other texts, that lie evenly round the middle of a cell that none crosses."""
    first, last = crossing.index(True), len(run) - 1 - crossing[::-1].index(True)
    for start in range(first, -1, -1):
        for stop in range(max(last, start + 1), len(run)):
            inner, odd = divmod(start + stop, 2)
            place = places[inner]
            if odd or place is None or crossing[inner]:
                continue
            middle = (_middle(run[start]) + _middle(run[stop])) / 2
            _, top, _, bottom = frame.box(place)
            if abs(middle - (top + bottom) / 2) < OFF * _height(run[inner]):
                return place, run[start : stop + 1]
    return None, run


def _is_wide_enough(frame: CellFrame, place: Place, lines: Sequence[Line]) -> bool:
    left, _, right, _ = frame.box(place)
    return all(left - CROSSES_PT <= line[0].x0 and line[-1].x1 <= right + CROSSES_PT for line in lines)


def _is_cut(frame: CellFrame, line: Line) -> bool:
    """Whether a rule of its cell goes through a line, or nearly so."""
    left, top, right, bottom = frame.box(frame.place(line[0]) or (0, 0))
    reach = AT_EDGE * _size(line)
    wide = line[0].x0 < left - CROSSES_PT or line[-1].x1 > right + CROSSES_PT
    return wide or min(abs(_middle(line) - top), abs(_middle(line) - bottom)) < reach


def _runs(words: Sequence[Word]) -> Iterator[list[Line]]:
    """Lines of recognised or printed text that follow each other in print, one below the other: two and more."""
    run: list[Line] = []
    for word in words:
        if run and _goes_on(run[-1], word):
            run[-1].append(word)
            continue
        if run and not _is_below(run[-1], word):
            if len(run) > 1:
                yield run
            run = []
        elif len(run) > 1 and abs(nearer := _nearer(run, word)) > EVEN * _height(run[-1]):
            last = [run.pop()] if nearer > 0 else []
            if len(run) > 1:
                yield run
            run = last
        run.append([word])
    if len(run) > 1:
        yield run


def _goes_on(line: Line, word: Word) -> bool:
    """Whether a word stands on a line, right after its last one."""
    last, height = line[-1], _height(line[-1:])
    return abs(word.y0 - last.y0) < AT_EDGE * height and -height < word.x0 - last.x1 < height


def _is_below(line: Line, word: Word) -> bool:
    """Whether a word begins the next line of a text: at the distance of lines, aligned at a side or in the middle, of the
    same size and kind."""
    height, size = _height(line), _size(line)
    if not CLOSEST_LINES * size <= word.y0 - line[0].y0 < FARTHEST_LINES * size:
        return False
    left, right = line[0].x0 - word.x0, line[-1].x1 - word.x1
    alike = abs(word.y1 - word.y0 - height) < EVEN * height and word.text.isascii() == line[0].text.isascii()
    return alike and min(abs(left), abs(right), abs(left + right) / 2) < AT_EDGE * height


def _is_off(word: Word, line: Line) -> bool:
    """Whether a word stands beside a line on none of its own: nearer to it than the next line of a text."""
    apart = abs((word.y0 + word.y1) / 2 - _middle(line))
    return OFF * _height(line) < apart < CLOSEST_LINES * _size(line)


def _nearer(run: Sequence[Line], word: Word) -> float:
    """How much nearer a word stands to the last line of a run than that to the one before."""
    return run[-1][0].y0 - run[-2][0].y0 - (word.y0 - run[-1][0].y0)


def _middle(line: Line) -> float:
    return (line[0].y0 + line[0].y1) / 2


def _height(line: Line) -> float:
    return line[0].y1 - line[0].y0


def _size(line: Line) -> float:
    """The size of a line's type: the width of a wide character, no more than the height of the box round it."""
    width, characters = sum(word.x1 - word.x0 for word in line), sum(len(word.text) for word in line)
    wide = not any(word.text.isascii() for word in line)
    return min(_height(line), width / characters) if wide else _height(line) / 1.2
