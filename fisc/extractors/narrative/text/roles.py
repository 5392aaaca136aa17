"""What each line is for: text, page number, running head, contents, caption, chart, or text stored twice."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median

from fisc.extractors.narrative.text.lines import TextLine
from fisc.extractors.narrative.text.numbering import marker_of
from fisc.extractors.page import Box, Page
from fisc.schemas.patterns import patterns

_DATA = patterns("sections")
_PAGE_NUMBER = re.compile(_DATA["furniture"]["page_number"])
_CAPTION = re.compile(_DATA["furniture"]["caption"])
_NOTE = re.compile(_DATA["furniture"]["note"])
_COUNTED = re.compile(_DATA["furniture"]["counted"])
_CONTENTS = re.compile(_DATA["contents"]["title"])
_LEADERS = re.compile(_DATA["contents"]["leaders"])
_DIGITS = re.compile(r"\d+")
_MARKS = re.compile(r"[\W_]+")
_SENTENCE = re.compile(r"[。；，：:]")

TOP, BOTTOM = 0.12, 0.88
"""Running heads stand above the first part of the page, page numbers and feet below the second."""
LARGER = 1.12
"""A caption larger than the running text by this much is one even where it is numbered."""
SMALL = 0.8
"""Text smaller than this part of the body is no running text: chart labels, imprints."""

Lines = dict[int, list[TextLine]]


def with_roles(pages: Sequence[Page], lines: Lines, boxes: Mapping[int, Sequence[Box]]) -> Lines:
    """The lines of all pages, each with its role."""
    lines = {page.number: _furniture(lines[page.number], page) for page in pages}
    lines = _running(lines, {page.number: page for page in pages})
    lines = _contents(lines)
    lines = _cover(lines, boxes)
    body = _body(lines)
    centre = {page.number: page.width / 2 for page in pages}
    lines = {
        number: _captions(found, boxes.get(number, ()), body, centre[number])
        for number, found in lines.items()
    }
    lines = _small(lines, body)
    lines = _stored_twice(lines)
    return {number: _counted(found) for number, found in lines.items()}


def _furniture(lines: list[TextLine], page: Page) -> list[TextLine]:
    """Page numbers: alone on the first or last line of a page."""
    outer = {id(line) for line in (*lines[:1], *lines[-1:])}
    return [
        line.doing("page_number")
        if id(line) in outer
        and _PAGE_NUMBER.match(line.text)
        and not TOP < line.middle / page.height < BOTTOM
        else line
        for line in lines
    ]


def _running(lines: Lines, pages: Mapping[int, Page]) -> Lines:
    """Heads and feet: the same words at the same height on at least three pages."""
    seen: Counter[tuple[str, int]] = Counter()
    for number, found in lines.items():
        seen.update({_at(line) for line in found if line.role == "text" and _outer(line, pages[number])})
    heads = {key for key, count in seen.items() if count >= 3}
    return {
        number: [
            line.doing("running_head")
            if line.role == "text" and _outer(line, pages[number]) and _at(line) in heads
            else line
            for line in found
        ]
        for number, found in lines.items()
    }


def _outer(line: TextLine, page: Page) -> bool:
    return not TOP < line.middle / page.height < BOTTOM and marker_of(line.text) is None


def _at(line: TextLine) -> tuple[str, int]:
    return _DIGITS.sub("0", line.text), round(line.middle / 4)


def _contents(lines: Lines) -> Lines:
    """The pages of contents: from their title as long as lines look like entries."""
    running, marked = False, {}
    for number, found in lines.items():
        start = next((i for i, line in enumerate(found) if _CONTENTS.match(line.text)), None)
        if start is None and not (running and _all_entries(found)):
            start, running = len(found), False
        elif start is not None:
            running = True
        marked[number] = [
            line.doing("contents")
            if line.role == "text" and (i >= (start or 0) or _LEADERS.search(line.text))
            else line
            for i, line in enumerate(found)
        ]
    return marked


def _all_entries(lines: Sequence[TextLine]) -> bool:
    said = [line for line in lines if line.role == "text"]
    numbered = sum(marker_of(line.text) is not None for line in said)
    return bool(said) and numbered >= 0.6 * len(said) and not any("。" in line.text for line in said)


def _cover(lines: Lines, boxes: Mapping[int, Sequence[Box]]) -> Lines:
    """Everything before the first sentence that stands on a page without sentences or above the contents."""
    marked = dict(lines)
    for number, found in lines.items():
        said = [line for line in found if line.role == "text"]
        sentences = any("。" in line.text or marker_of(line.text) for line in said)
        if sentences or len(said) > 12 or boxes.get(number):
            break
        marked[number] = [line.doing("cover") if line.role == "text" else line for line in found]
        if any(line.role == "contents" for line in found):
            break
    return marked


def _body(lines: Lines) -> float:
    """Character size of the running text."""
    sizes = [
        line.size for found in lines.values() for line in found if line.role == "text" and len(line.text) > 15
    ]
    return median(sizes) if sizes else 0.0


def _captions(lines: list[TextLine], boxes: Sequence[Box], body: float, centre: float) -> list[TextLine]:
    """Titles, units and notes that stand by a table and were not said to belong to it."""
    return [
        line.doing("caption") if line.role == "text" and _by_table(line, boxes, body, centre) else line
        for line in lines
    ]


def _by_table(line: TextLine, boxes: Sequence[Box], body: float, centre: float) -> bool:
    if _CAPTION.search(line.text):
        return True
    if any(0 <= line.y0 - box[3] < 5 * line.size for box in boxes) and _NOTE.match(line.text):
        return True
    marker = marker_of(line.text)
    larger = line.size > LARGER * body
    if not any(0 <= box[1] - line.y1 < 7 * line.size for box in boxes) or (
        marker and marker.style in ("part", "one", "two")
    ):
        return False
    middle = abs((line.x0 + line.x1) / 2 - centre) < line.size and line.x1 - line.x0 < 1.2 * centre
    return larger or (middle and marker is None and not _SENTENCE.search(line.text))


def _counted(lines: Sequence[TextLine]) -> list[TextLine]:
    """Ordinals that stand alone on their lines, each one more than the last, below a head that says 序号."""
    marked: list[TextLine] = []
    expected = 0
    for line in lines:
        if _COUNTED.match(line.text):
            expected = 1
        elif expected and line.role == "text" and line.text.strip() == str(expected):
            line, expected = line.doing("ordinal"), expected + 1
        marked.append(line)
    return marked


def _small(lines: Lines, body: float) -> Lines:
    """Chart labels and imprints: lines much smaller than the running text."""
    return {
        number: [
            line.doing("chart") if line.role == "text" and line.size < SMALL * body else line
            for line in found
        ]
        for number, found in lines.items()
    }


def _stored_twice(lines: Lines) -> Lines:
    """Where a page ends with lines that the next one begins with, one of them out of sight: keep the later."""
    numbers = list(lines)
    marked = dict(lines)
    for number, following in itertools.pairwise(numbers):
        here = [line for line in marked[number] if line.role == "text"]
        there = [line for line in marked[following] if line.role == "text"]
        twice = {id(line) for line in _repeated(here, there)}
        if twice:
            marked[number] = [
                line.doing("stored_twice") if id(line) in twice else line for line in marked[number]
            ]
    return marked


def _repeated(here: Sequence[TextLine], there: Sequence[TextLine]) -> Sequence[TextLine]:
    first = _MARKS.sub("", there[0].text) if there else ""
    if len(first) <= 12:
        return ()
    end = [_MARKS.sub("", line.text) for line in here[-25:]]
    beginning = [_MARKS.sub("", line.text) for line in there[:25]]
    for length in range(len(end), 0, -1):
        if end[-length:] == beginning[:length]:
            return here[-length:]
    return ()
