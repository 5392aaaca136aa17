"""Header labels: the words of a header put together to what each cell of it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fisc.extractors.grids import around, in_order, text_of
from fisc.extractors.page import Box, Rule, Word
from fisc.extractors.unruled.lines import PrintedLine, belong_together, em_of, is_datum

LEVEL = 0.2
"""Words of one label line differ in height by at most this much of it."""
BAND_LINES = 1.2
"""Between two rules, lines of one label lie at most this many heights apart."""

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Setting:
    """How close words of one label stand: lines nearer than ``tight``, in heights of a line, can be one wrapped label;
    with ``spaced``, a gap of half a character is a blank in a label."""

    tight: float = 0.25
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """One cell of a header: its words, and the box round them."""

    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        return text_of(self.words)

    @property
    def centre(self) -> float:
        return (self.box[0] + self.box[2]) / 2

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2

    @property
    def height(self) -> float:
        return self.words[0].y1 - self.words[0].y0

    def above(self, other: Label) -> bool:
        """Whether this label stands above another one, wherever across."""
        return self.box[3] <= other.box[1] + 0.3 * self.height


def labels_of(
    header: Sequence[PrintedLine], body: Sequence[Interval], rules: Sequence[Rule], setting: Setting
) -> list[Label]:
    """The labels of a header. ``body`` are the columns that the figures show: no label joins words over two."""
    words = [word for line in header for word in line.words]
    phrases = [phrase for line in _level(words) for phrase in _phrases(line, body, setting.spaced)]
    boxes = [around(word.box for word in phrase) for phrase in phrases]
    joined: list[list[int]] = []
    for i, box in enumerate(boxes):
        is_figure = all(is_datum(word.text) for word in phrases[i])
        above = (
            []
            if is_figure
            else [group for group in joined if _goes_on([boxes[k] for k in group], box, rules, setting.tight)]
        )
        if len(above) == 1 and not _shared([boxes[k] for k in above[0]], i, boxes, rules, setting.tight):
            above[0].append(i)
        else:
            joined.append([i])
    return [_label([word for k in group for word in phrases[k]]) for group in joined]


def _level(words: Sequence[Word]) -> list[list[Word]]:
    """Words that stand at one height: labels of cells of different heights lie less than a line apart."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.y0 + word.y1, word.x0)):
        first = lines[-1][0] if lines else None
        if first and word.y0 + word.y1 - first.y0 - first.y1 < 2 * LEVEL * (first.y1 - first.y0):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.x0) for line in lines]


def _label(words: Sequence[Word]) -> Label:
    return Label(tuple(in_order(words)), around(word.box for word in words))


def _phrases(words: Sequence[Word], body: Sequence[Interval], spaced: bool) -> list[tuple[Word, ...]]:
    em = em_of(words)
    groups = [[words[0]]]
    for one, other in pairwise(words):
        if belong_together(one, other, em, spaced) and not _over_two(one, other, body):
            groups[-1].append(other)
        else:
            groups.append([other])
    return [tuple(group) for group in groups]


def _over_two(one: Word, other: Word, body: Sequence[Interval]) -> bool:
    left, right = (
        {i for i, (a, b) in enumerate(body) if word.x0 < b and word.x1 > a} for word in (one, other)
    )
    return bool(left and right) and not left & right


def _goes_on(upper: Sequence[Box], lower: Box, rules: Sequence[Rule], tight: float) -> bool:
    """Whether a phrase is the next line of a wrapped label: close under it, within its reach, no rule between."""
    last = upper[-1]
    height = last[3] - last[1]
    left, right = min(box[0] for box in upper), max(box[2] for box in upper)
    overlap = min(right, lower[2]) - max(left, lower[0])
    if overlap < 0.3 * min(right - left, lower[2] - lower[0]) or lower[1] < last[1] + 0.5 * height:
        return False
    middle = (max(left, lower[0]) + min(right, lower[2])) / 2
    reach = 0.3 * height
    if any(r.x0 <= middle <= r.x1 and last[3] - reach < r.y0 < lower[1] + reach for r in rules):
        return False
    return lower[1] - last[3] < (BAND_LINES if len(rules) > 3 else tight) * height


def _shared(upper: Sequence[Box], i: int, boxes: Sequence[Box], rules: Sequence[Rule], tight: float) -> bool:
    """Whether another phrase stands beside this one under the same upper one: that is the common head of both."""
    middle = (boxes[i][1] + boxes[i][3]) / 2
    return any(
        k != i and box[1] < middle < box[3] and _goes_on(upper, box, rules, tight)
        for k, box in enumerate(boxes)
    )
