"""Words that the engine glued together: a name and the figure in the next cell, labels printed half a line apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from fisc.extractors.grids import lines_of
from fisc.extractors.page import Word
from fisc.extractors.unruled.lines import PrintedLine, em_of

_FIGURE = r"[￥¥]?-?\d[\d,，]*[.．]\d{2}"
_NAME_AND_FIGURE = re.compile(rf"^(.*[一-鿿）)])({_FIGURE})$")
_AMOUNT = re.compile(rf"^{_FIGURE}$")
_FIGURE_AND_NAME = re.compile(rf"^({_FIGURE})([一-鿿（(].*)$")
APART_PT = 1.2
"""Words that were parted stand this far apart, more than the least gap between columns."""
TALL = 1.25
"""A word this much higher than the others of its header holds characters of two text lines."""


def without_glue(lines: Sequence[PrintedLine]) -> tuple[PrintedLine, ...]:
    """The lines of a table's body, names and figures of neighbouring cells parted."""
    if not any(_is_glued(word) for line in lines for word in line.words):
        return tuple(lines)
    words = [word for line in lines for word in line.words]
    em = em_of(words)
    digits = [(word.x1 - word.x0) / len(word.text) for word in words if _AMOUNT.match(word.text)]
    digit = median(digits) if digits else em / 2
    return tuple(
        PrintedLine(tuple(piece for word in line.words for piece in _name_and_figure(word, em, digit)))
        for line in lines
    )


def _is_glued(word: Word) -> bool:
    return bool(_NAME_AND_FIGURE.match(word.text) or _FIGURE_AND_NAME.match(word.text))


def _name_and_figure(word: Word, em: float, digit: float) -> tuple[Word, ...]:
    """A name with a figure glued to it as two words, each as wide as its characters usually are."""
    if match := _NAME_AND_FIGURE.match(word.text):
        widths = em * len(match[1]), digit * len(match[2])
    elif match := _FIGURE_AND_NAME.match(word.text):
        widths = digit * len(match[1]), em * len(match[2])
    else:
        return (word,)
    left, right = word.x0 + widths[0], word.x1 - widths[1]
    if right - left < APART_PT:
        left, right = (left + right - APART_PT) / 2, (left + right + APART_PT) / 2
    return replace(word, text=match[1], x1=left), replace(word, text=match[2], x0=right)


def parted(header: Sequence[PrintedLine]) -> tuple[PrintedLine, ...]:
    """The lines of a header, words that are glued of two labels parted."""
    words = [word for line in header for word in line.words]
    whole = _parted(words)
    return (
        tuple(header) if len(whole) == len(words) else tuple(PrintedLine(tuple(x)) for x in lines_of(whole))
    )


def _parted(words: Sequence[Word]) -> list[Word]:
    if not words:
        return []
    usual = median(word.y1 - word.y0 for word in words)
    tall = [word for word in words if word.y1 - word.y0 > TALL * usual and len(word.text) > 1]
    if not tall:
        return list(words)
    em = em_of(word for word in words if word not in tall)
    return [
        piece for word in words for piece in (_pieces(word, words, usual, em) if word in tall else (word,))
    ]


def _pieces(word: Word, words: Sequence[Word], height: float, em: float) -> Iterator[Word]:
    """The two labels of a glued word: one of them is wrapped and stands in the middle over (or under) its other line."""
    best: tuple[float, int, bool, bool] | None = None
    for other in words:
        below, above = abs(other.y0 - word.y1) < height, abs(word.y0 - other.y1) < height
        if other is word or other.x1 < word.x0 or other.x0 > word.x1 or not (below or above):
            continue
        centre = (other.x0 + other.x1) / 2
        for on_right, reach in ((True, word.x1 - centre), (False, centre - word.x0)):
            count = round(2 * reach / em)
            if 0 < count < len(word.text):
                off = abs(2 * reach / em - count)
                if best is None or off < best[0]:
                    best = off, count, on_right, below
    if best is None or len(word.text) * em > word.x1 - word.x0 + em:
        yield word
        return
    _, count, on_right, below = best
    cut = len(word.text) - count if on_right else count
    upper, lower = (word.y0, word.y0 + height), (word.y1 - height, word.y1)
    wrapped, single = (upper, lower) if below else (lower, upper)
    left, right = (single, wrapped) if on_right else (wrapped, single)
    yield replace(word, text=word.text[:cut], x1=word.x0 + cut * em, y0=left[0], y1=left[1])
    yield replace(
        word, text=word.text[cut:], x0=word.x1 - (len(word.text) - cut) * em, y0=right[0], y1=right[1]
    )
