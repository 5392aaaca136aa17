"""Figures printed in pieces: one number broken over lines is one; two numbers in a cell are never put together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from fisc.extractors.grids import lines_of
from fisc.extractors.page import Word
from fisc.extractors.tables.printed import TableCell

APART = 0.3
"""Digits of one line are of two numbers where the gap between them is wider than this, in heights of the line."""
ALIKE = 0.15
"""The gaps of a number that is set wide differ by no more than this, in heights of the line."""
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
    whole = lines_of(words)
    if any(_is_spaced(line) for line in whole):
        return False
    lines = [[word for word in line if _digits(word)] for line in whole]
    beside = (pair for line in lines for pair in pairwise(line))
    return any(_apart(*pair) for pair in beside) or _not_broken([line for line in lines if line], cell)


def _is_spaced(line: Sequence[Word]) -> bool:
    """Whether a number is set wide: nearly every character a word, the gaps between them all alike."""
    gaps = [other.x0 - one.x1 for one, other in pairwise(line)]
    height = min(word.y1 - word.y0 for word in line)
    characters = sum(len(word.text) for word in line)
    return len(line) > 3 and characters < 1.6 * len(line) and max(gaps) - min(gaps) < ALIKE * height


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
