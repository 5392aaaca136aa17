"""Words outside the tables to text lines, read by the size of their characters and not by their boxes.

Fonts disagree about the height of a glyph: on one printed line boxes of 3, 12 and 22 points stand side by side. The advance
of a Chinese character is its size, whatever the font says, and lines are told apart by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fisc.extractors.page import Box, Page, Word

_RADICAL = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff]")
_BLANK = re.compile(r"[\s\u3000\xa0\u200b\ufeff]+")
NARROW = 0.5
"""Digits and Latin letters advance about half a Chinese character."""
SAME_LINE = 0.45
"""Middles of boxes on one line lie nearer than this part of a character, whatever their fonts say."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of a line and where they stand."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line. ``size`` is its character size in points; ``role`` says what the line is for."""

    text: str
    page: int
    x0: float
    x1: float
    y0: float
    y1: float
    size: float
    spans: tuple[Span, ...]
    role: str = "text"

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    def doing(self, role: str) -> TextLine:
        """The same line in another role."""
        return replace(self, role=role)


def text_lines(page: Page, boxes: Sequence[Box]) -> list[TextLine]:
    """The lines of a page outside its tables, top to bottom."""
    words = [word for word in page.words if not _held(word, boxes) and not _sideways(word)]
    return sorted((_line(group, page.number) for group in _grouped(words)), key=lambda line: line.middle)


def _held(word: Word, boxes: Sequence[Box]) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return any(x0 - 1 <= x <= x1 + 1 and y0 - 1 <= y <= y1 + 1 for x0, y0, x1, y1 in boxes)


def _sideways(word: Word) -> bool:
    return len(word.text) > 2 and word.y1 - word.y0 > 3 * (word.x1 - word.x0)


def size_of(word: Word) -> float:
    """Character size by advance, or by height where justified text stands wide."""
    narrow = (
        3 * len(word.text) - len(word.text.encode())
    ) / 2  # UTF-8 spends three bytes on a Chinese character
    weight = len(word.text) - (1 - NARROW) * narrow
    advance, height = (word.x1 - word.x0) / weight, word.y1 - word.y0
    return min(advance, height) if height > 0.6 * advance else advance


def _grouped(words: Iterable[Word]) -> list[list[Word]]:
    """Words by printed line: first as the file's own lines, then pieces side by side at one height."""
    runs: list[list[Word]] = []
    for word in words:
        if runs and word.line == runs[-1][0].line and _beside(runs[-1], word):
            if not _twice(runs[-1], word):
                runs[-1].append(word)
        else:
            runs.append([word])
    lines: list[_Height] = []
    for height in sorted((_Height(run) for run in runs), key=lambda height: height.middle):
        run = height.words
        for line in reversed(lines[-3:]):
            if not line.is_that_of(height):
                continue
            if not _overlap(line.words, run):
                line.take(run)
                break
            if all(_twice(line.words, word) for word in run):
                break
        else:
            lines.append(height)
    return [sorted(line.words, key=lambda word: word.x0) for line in lines]


class _Height:
    """Words on one printed line, its middle (of the widest word), and its character size (of the first one)."""

    def __init__(self, words: list[Word]) -> None:
        self.size = size_of(words[0])
        self.words: list[Word] = []
        self.take(words)

    def take(self, words: list[Word]) -> None:
        """Words that stand on the line too."""
        self.words += words
        widest = max(self.words, key=lambda word: word.x1 - word.x0)
        self.middle = (widest.y0 + widest.y1) / 2

    def is_that_of(self, other: _Height) -> bool:
        """Whether other words stand on this line."""
        size = max(min(self.size, other.size), 4.0)
        return abs(self.middle - other.middle) < SAME_LINE * size


def _beside(run: Sequence[Word], word: Word) -> bool:
    last = run[-1]
    return last.y0 < word.y1 and word.y0 < last.y1 and word.x0 > last.x0 - 1


def _twice(run: Iterable[Word], word: Word) -> bool:
    """The same word printed twice on one place, for boldness."""
    return any(w.text == word.text and abs(w.x0 - word.x0) < 1.5 and abs(w.y0 - word.y0) < 1.5 for w in run)


def _overlap(one: Sequence[Word], other: Sequence[Word]) -> bool:
    return any(a.x0 < b.x1 - 1.5 and b.x0 < a.x1 - 1.5 for a in one for b in other)


def _line(words: Sequence[Word], page: int) -> TextLine:
    text, spans = "", []
    size = Counter({round(size_of(word), 1): len(word.text) for word in words}).most_common(1)[0][0]
    for index, word in enumerate(words):
        said = clean(word.text)
        if not said:
            continue
        if index and text and _apart(text[-1], said[0], word.x0 - words[index - 1].x1, size):
            text += " "
        spans.append(Span(len(text), len(text) + len(said), word.box))
        text += said
    box = (
        min(w.x0 for w in words),
        max(w.x1 for w in words),
        min(w.y0 for w in words),
        max(w.y1 for w in words),
    )
    return TextLine(text, page, *box, size=size, spans=tuple(spans))


def clean(text: str) -> str:
    """Printed text with radicals as the characters they stand for and without odd blanks."""
    if _RADICAL.search(text):
        text = _RADICAL.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return _BLANK.sub("", text)


def _apart(before: str, after: str, gap: float, size: float) -> bool:
    if before.isascii() and after.isascii() and before.isalnum() and after.isalnum():
        return True
    return gap > 0.9 * size and not (before.isdecimal() or after.isdecimal())
