"""Running heads and feet: lines that stand at the same place of many pages are of no table and part none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fisc.extractors.grids import Grid, around, lines_of
from fisc.extractors.page import Page, Word
from fisc.extractors.tables.captions import Line
from fisc.schemas.folding import plain, without_number
from fisc.schemas.forms import forms_titled, is_known_header

MARGIN = 0.12
"""Running heads and feet stand in this part of a page's height, at its top and bottom."""
FEWEST_PAGES = 3
SAME_PLACE_PT = 4.0
_DIGITS = re.compile(r"\d+")

Key = tuple[int, str]
"""Where a line stands, and what it says, its numbers left out."""


def without_running_lines(pages: Sequence[Page], grids: Mapping[int, Sequence[Grid]]) -> tuple[Page, ...]:
    """The pages without their running heads and feet; ``grids`` are the ruled tables by page number.

    Titles, headers, units, departments and form numbers are no running lines, however often they are repeated.
    """
    found = [list(_margin_lines(page, grids.get(page.number, ()))) for page in pages]
    counts = Counter(key for lines in found for key in {key for key, _ in lines})
    running = {key for key, count in counts.items() if count >= FEWEST_PAGES and _is_free(key[1])}
    if not running:
        return tuple(pages)
    return tuple(
        _without(page, [word for key, words in lines if key in running for word in words])
        for page, lines in zip(pages, found, strict=True)
    )


def _margin_lines(page: Page, grids: Sequence[Grid]) -> Iterator[tuple[Key, list[Word]]]:
    """The lines at the top and the bottom of a page, outside its tables, that are no header of a table."""
    top, bottom = page.height * MARGIN, page.height * (1 - MARGIN)
    outer = [
        word
        for word in page.words
        if (word.y1 < top or word.y0 > bottom)
        and not any(grid.box[1] < word.y1 and word.y0 < grid.box[3] for grid in grids)
    ]
    for words in lines_of(outer) if outer else ():
        if len(words) > 1 and is_known_header([word.text for word in words]):
            continue
        text = plain(" ".join(word.text for word in words))
        place = round(around(word.box for word in words)[1] / SAME_PLACE_PT)
        yield (place, _DIGITS.sub("#", text)), words


def _is_free(text: str) -> bool:
    """Whether a line says something, and nothing that captions say."""
    speaks = Line(text.replace("#", "1"), 0, (0.0, 0.0, 0.0, 0.0)).speaks
    return speaks and not forms_titled(without_number(text.replace("#", ""))) and len(text) > 1


def _without(page: Page, words: Sequence[Word]) -> Page:
    gone = {id(word) for word in words}
    return replace(page, words=tuple(word for word in page.words if id(word) not in gone)) if gone else page
