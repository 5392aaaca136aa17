"""Lines joined into paragraphs as a person would: by indent, by line ends short of the margin, by ordinals."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from fisc.extractors.narrative.text.lines import TextLine
from fisc.extractors.narrative.text.numbering import Marker, marker_of
from fisc.schemas.narrative import Piece
from fisc.schemas.patterns import patterns

_HEADING = patterns("sections")["heading"]
_NEVER = re.compile(_HEADING["never"])
_ENDS = re.compile(_HEADING["ends"])
_STOPPED = re.compile(_HEADING["stopped"])
_MOST = int(_HEADING["most_characters"])
_FULL_STOP = re.compile(r"[。！？；：:;][”’」』）)]*$")
_SENTENCE = re.compile(r"[。；，：]")
_OPENING = "（(“‘《【[「『"
_GOING_ON = ".．%％，。；：、）"
"""No paragraph begins with such a mark."""

INDENT = 0.6
"""A first line stands at least this many characters inside the margin."""
FEW = 5
"""Fewer lines do not show the margins of their page."""
TITLE = 1.12
"""Characters this much larger than the running text make a title."""


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together. ``title`` says that it is printed larger than the running text."""

    lines: tuple[TextLine, ...]
    title: bool = False

    @cached_property
    def text(self) -> str:
        return self._joined[0]

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        return self._joined[1]

    @cached_property
    def marker(self) -> Marker | None:
        return marker_of(self.text)

    @cached_property
    def _joined(self) -> tuple[str, tuple[Piece, ...]]:
        text, pieces = "", []
        for line in self.lines:
            if text and _blank_between(text[-1], line.text[0]):
                text += " "
            pieces += [Piece(len(text) + s.start, len(text) + s.end, line.page, s.box) for s in line.spans]
            text += line.text
        return text, tuple(pieces)

    @property
    def heading(self) -> bool:
        """Whether it reads as a heading: short, no sentence, no amount."""
        body = self.text[self.marker.length :] if self.marker else self.text
        if len(body) > _MOST or _NEVER.search(body) or body.endswith(("，", "；", "、", ";", ",")):
            return False
        return bool(_STOPPED.search(body)) if body.endswith(("。", "：", ":")) else True


def _blank_between(before: str, after: str) -> bool:
    return before.isascii() and after.isascii() and before.isalpha() and after.isalpha()


@dataclass(frozen=True, slots=True)
class Column:
    """The text column of a page: its margins, the size of its characters, the distance of its lines."""

    left: float
    right: float
    size: float
    pitch: float


def paragraphs(pages: Sequence[Sequence[TextLine]]) -> list[Paragraph]:
    """The paragraphs of the running text, page after page."""
    found: list[list[TextLine]] = []
    titles: list[bool] = []
    body = _body_size(pages)
    columns = _columns(pages, body)
    last: TextLine | None = None
    for lines, column in zip(pages, columns, strict=True):
        for line in lines:
            title = line.size >= TITLE * body and not _SENTENCE.search(line.text)
            if last is None or _begins(line, last, found[-1], column, title, titles[-1]):
                found.append([])
                titles.append(title)
            found[-1].append(line)
            last = line
    return [Paragraph(tuple(lines), title) for lines, title in zip(found, titles, strict=True)]


def _body_size(pages: Sequence[Sequence[TextLine]]) -> float:
    """The size of most characters, in sentences if there are any: the rows of a table that was lost are none."""
    every = [line for lines in pages for line in lines]
    weights: Counter[float] = Counter()
    for line in [line for line in every if _SENTENCE.search(line.text)] or every:
        weights[round(line.size)] += len(line.text)
    return float(weights.most_common(1)[0][0]) if weights else 12.0


def _columns(pages: Sequence[Sequence[TextLine]], body: float) -> list[Column]:
    """Margins page by page; a page with a few lines only takes those of its neighbours."""
    running = [[line for line in lines if line.size < TITLE * body] for lines in pages]
    own = [_column(lines, body) if len(lines) >= FEW else None for lines in running]
    whole = _column([line for lines in running for line in lines], body)
    columns: list[Column] = []
    for index, column in enumerate(own):
        near = [c for c in own[max(0, index - 3) : index + 4] if c is not None]
        columns.append(column or (near[0] if near else whole))
    return columns


def _column(lines: Sequence[TextLine], body: float) -> Column:
    if not lines:
        return Column(0.0, 1000.0, body, 2 * body)
    left = min((line.x0 for line in lines if line.text[0] not in _OPENING), default=lines[0].x0)
    ends = sorted(line.x1 for line in lines)
    steps = [b.middle - a.middle for a, b in itertools.pairwise(lines) if b.middle > a.middle]
    return Column(left, ends[int(0.85 * (len(ends) - 1))], body, median(steps) if steps else 2 * body)


def _begins(
    line: TextLine, last: TextLine, lines: Sequence[TextLine], column: Column, title: bool, titled: bool
) -> bool:
    """Whether a line opens a paragraph."""
    marker = marker_of(line.text)
    if marker and marker.style == "part":
        return True
    if line.text[0] in _GOING_ON and not title and not titled:
        return False
    if _goes_on(line, last, lines, column) and marker is None:
        return False
    if title != titled:
        return True
    if title:
        return marker is not None or line.page != last.page or _far(line, last, 3.2 * line.size)
    ended = bool(_FULL_STOP.search(last.text))
    short = last.x1 < column.right - 2 * column.size
    indented = line.x0 >= column.left + INDENT * column.size
    if (marker and (ended or indented or short)) or (indented and line.text[0] not in _GOING_ON):
        return True
    if _far(line, last, 1.9 * column.pitch) or (ended and short):
        return True
    if len(lines) > 1 or ended:
        return False
    return _heading_line(last, column) or (last.x1 < column.right - 8 * column.size and len(last.text) > 3)


def _goes_on(line: TextLine, last: TextLine, lines: Sequence[TextLine], column: Column) -> bool:
    """Whether a line goes on with the heading 第…部分 above it: the ordinal stood alone, or both are centred."""
    opened = marker_of(lines[0].text)
    if opened is None or opened.style != "part" or line.page != last.page or len(lines) > 3:
        return False
    if opened.length == len(last.text) and len(lines) == 1:
        return True
    middle = (column.left + column.right) / 2
    centred = abs((line.x0 + line.x1) / 2 - middle) < column.size and line.x0 > column.left + 4 * column.size
    return (centred or len(line.text) < 4) and not _SENTENCE.search(line.text)


def _heading_line(line: TextLine, column: Column) -> bool:
    """Whether a line alone reads as a heading that ends with it."""
    paragraph = Paragraph((line,))
    if paragraph.marker is None or not paragraph.heading:
        return False
    short = line.x1 < column.right - column.size
    return short and (
        bool(_ENDS.search(line.text)) or line.x1 - line.x0 < 0.75 * (column.right - column.left)
    )


def _far(line: TextLine, last: TextLine, most: float) -> bool:
    return line.page == last.page and line.middle - last.middle > most
