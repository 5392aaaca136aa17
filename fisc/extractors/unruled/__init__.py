"""Tables without rules, or with horizontal ones only: columns found by alignment, as camelot's network does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fisc.extractors.grids import Grid
from fisc.extractors.page import Page
from fisc.extractors.unruled.building import FLAVOR, readings
from fisc.extractors.unruled.choosing import best_reading
from fisc.extractors.unruled.regions import regions

__all__ = ["FLAVOR", "unruled_grids"]


def unruled_grids(pages: Sequence[Page], ruled: Mapping[int, Sequence[Grid]]) -> dict[int, tuple[Grid, ...]]:
    """The grids of every page, top to bottom: the ruled ones and those found by alignment.

    ``ruled`` holds each page's ruled grids by page number. A table without rules can go on over pages, so that all
    pages are looked at together; each of its grids has the same column edges and the flavor ``network``.
    """
    by_number = {page.number: page for page in pages}
    grids = {page.number: list(ruled.get(page.number, ())) for page in pages}
    for region in regions(pages, ruled):
        for grid in best_reading(readings(region), by_number):
            grids[grid.page].append(grid)
    return {
        number: tuple(sorted(found, key=lambda g: (g.box[1], g.box[0]))) for number, found in grids.items()
    }
