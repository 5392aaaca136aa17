"""Printed lines outside the ruled grids, and what can be told of a line by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from fisc.extractors.grids import Grid, around, lines_of
from fisc.extractors.page import Box, Page, Word
from fisc.extractors.tables.lines import is_note
from fisc.schemas.folding import plain, without_number
from fisc.schemas.numbers import BLANKS, is_figure

APART_EM = 0.45
"""Words this far apart, in widths of a character, are two phrases, unless blanks were printed between them."""
BLANKS_EM = 0.85
"""A gap this wide on one text line was made with blanks: neighbouring cells of such a gap are two text lines."""
LONGEST_NAME = 30
"""A longer phrase with a comma is prose; the longest official names have no comma."""
CODE_PARTS = frozenset("类款项")
"""Single characters side by side that are labels of their own; others are one label set wide (项  目)."""
_PAGE_NUMBER = re.compile(r"^[-—–·第]*\d{1,4}(?:页?[/，,]?共?\d{1,4})?[-—–·页]*$")
_YEAR = re.compile(r"^(?:19|20)\d{2}$")
_COUNT = re.compile(r"^(?:栏次|行次|\d{1,2}(?:=\d{1,2}(?:[+-]\d{1,2})*)?)$")
_CJK = re.compile(r"^[一-鿿]+$")


@dataclass(frozen=True)
class PrintedLine:
    """One text line, its words from left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with a blank between them, as captions are read."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def box(self) -> Box:
        """The box round the words."""
        return around(word.box for word in self.words)

    @cached_property
    def height(self) -> float:
        """The usual height of a word of this line."""
        return median(word.y1 - word.y0 for word in self.words)

    @property
    def middle(self) -> float:
        """The height at which the line stands."""
        return (self.box[1] + self.box[3]) / 2

    @cached_property
    def phrases(self) -> tuple[tuple[Word, ...], ...]:
        """The words grouped where they belong together as far as the gaps tell."""
        em = em_of(self.words)
        groups: list[list[Word]] = []
        for word in self.words:
            if groups and belong_together(groups[-1][-1], word, em):
                groups[-1].append(word)
            else:
                groups.append([word])
        return tuple(tuple(group) for group in groups)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The text of each phrase."""
        return tuple(" ".join(word.text for word in phrase) for phrase in self.phrases)

    @property
    def counts_columns(self) -> bool:
        """Whether the line numbers the columns (栏次 1 2 3), or is a half of a 栏次 that is wrapped round it."""
        texts = [plain(word.text) for word in self.words]
        if texts in (["栏"], ["次"]):
            return True
        if len(texts) < 2 or not all(_COUNT.match(text) for text in texts):
            return False
        numbers = [int(match[0]) for text in texts if (match := re.match(r"\d+", text))]
        rising = len(numbers) >= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        return rising or any(not text[0].isdigit() for text in texts)

    @property
    def holds_data(self) -> bool:
        """Whether the line has a figure, a code or a dash in place of one."""
        return not self.counts_columns and any(is_datum(word.text) for word in self.words)

    @property
    def opens_item(self) -> bool:
        """Whether a phrase begins with an ordinal, as the items of a table do."""
        return any(is_item(label) for label in self.labels)

    @property
    def is_prose(self) -> bool:
        """Whether the line is a sentence, a part of one, or a note."""
        text = plain(self.text)
        if is_note(text):
            return True
        return len(self.phrases) == 1 and ("。" in text or (len(text) > LONGEST_NAME and "，" in text))


def em_of(words: Iterable[Word]) -> float:
    """The width of a Chinese character in these words; of their height where there is none."""
    kept = list(words)
    widths = [(word.x1 - word.x0) / len(word.text) for word in kept if _CJK.match(word.text)]
    return median(widths) if widths else 0.8 * median(word.y1 - word.y0 for word in kept)


def belong_together(one: Word, other: Word, em: float, spaced: bool = False) -> bool:
    """Whether two neighbours are one phrase: close, or with printed blanks between them.

    A gap of half a character can be either; with ``spaced`` it counts as printed blanks.
    """
    gap = other.x0 - one.x1
    if gap <= APART_EM * em:
        return True
    wide = len(one.text) == len(other.text) == 1 and not {one.text, other.text} <= CODE_PARTS
    return one.line == other.line and one.method == "text" and (spaced or wide or gap > BLANKS_EM * em)


def is_datum(text: str) -> bool:
    """Whether a word is a figure, a code, or a dash that stands for a blank figure."""
    bare = plain(text)
    return bool(bare) and not _YEAR.match(bare) and (is_figure(bare) or (bare in BLANKS and bare != "无"))


def is_item(label: str) -> bool:
    """Whether a label begins with an ordinal (一、 （二） 3.)."""
    return not label.startswith("其中") and without_number(label) != label.strip()


def free_lines(page: Page, grids: Sequence[Grid]) -> tuple[PrintedLine, ...]:
    """The text lines that stand in no grid, top to bottom, without page numbers."""
    free = [word for word in page.words if not any(_inside(word.box, grid.box) for grid in grids)]
    lines = [PrintedLine(tuple(words)) for words in lines_of(free)]
    if len(lines) > 1 and _is_page_number(lines[-1], lines[-2], page):
        lines.pop()
    if len(lines) > 1 and _is_page_number(lines[0], lines[1], page):
        lines.pop(0)
    return tuple(lines)


def _inside(box: Box, outer: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] - 1 <= x <= outer[2] + 1 and outer[1] - 1 <= y <= outer[3] + 1


def _is_page_number(line: PrintedLine, nearest: PrintedLine, page: Page) -> bool:
    """Whether the outermost line of a page is its number: in the margin, by itself, far from the next line."""
    in_margin = not page.height * 0.1 < line.box[1] < page.height * 0.88
    apart = max(nearest.box[1] - line.box[3], line.box[1] - nearest.box[3])
    return in_margin and apart > line.height and bool(_PAGE_NUMBER.match(plain(line.text)))
