"""Figures printed in pieces: one number broken over lines is one; two numbers in a cell are never put together."""

from __future__ import annotations

from itertools import pairwise

from fisc.extractors.grids import lines_of
from fisc.extractors.page import Word
from fisc.extractors.tables.printed import TableCell

APART = 0.3
"""Digits of one line are of two numbers where the gap between them is wider than this, in heights of the line."""
ROOM = 4.0
"""A number is broken where no digit has room, in widths of one: the digit itself, and white space on either side."""
OPEN_ENDS = (",", "，", ".", "．", "-", "(", "（", "￥", "¥")


def is_several(cell: TableCell) -> bool:
    """Whether the words of a cell are pieces of more than one number, though their text reads as one.

    Of a recognised picture the gaps say nothing.
    """
    words = cell.printed.words
    if len(words) < 2 or any(word.method != "text" for word in words):
        return False
    lines = [[word for word in line if _digits(word)] for line in lines_of(words)]
    beside = (pair for line in lines for pair in pairwise(line))
    return any(_apart(*pair) for pair in beside) or _not_broken([line for line in lines if line], cell)


def _apart(one: Word, other: Word) -> bool:
    """Whether two pieces stand apart, or one upon the other."""
    height = min(one.y1 - one.y0, other.y1 - other.y0)
    return abs(other.x0 - one.x1) > APART * height


def _not_broken(lines: list[list[Word]], cell: TableCell) -> bool:
    """Whether a line that is not the last has room for more, and does not end inside a number."""
    width = cell.printed.box[2] - cell.printed.box[0]
    for line in lines[:-1]:
        used = line[-1].x1 - line[0].x0
        digit = used / sum(len(word.text) for word in line)
        if width - used > ROOM * digit and not line[-1].text.endswith(OPEN_ENDS):
            return True
    return False


def _digits(word: Word) -> bool:
    return any(char.isdigit() for char in word.text)
