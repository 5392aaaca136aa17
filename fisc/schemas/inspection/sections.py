"""Which item of the inspection sheet each part of the text belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from fisc.schemas.inspection.items import Item, items

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """One section with the item it belongs to, None where no heading above it says so.

    ``empty``: there is no text in it nor below it.
    """

    heading: str
    page: int
    page_to: int
    item: Item | None
    empty: bool


def placed_sections(sections: Sequence[Row]) -> tuple[Placed, ...]:
    """Sections in printed order: an item is named by a section's own heading, else by the nearest one above it."""
    above: list[tuple[int, Item | None]] = []
    placed = []
    for at, section in enumerate(sections):
        heading = section["heading"] or ""
        while above and above[-1][0] >= section["depth"]:
            above.pop()
        inherited = above[-1][1] if above else None
        item = inherited if inherited and inherited.closed else _named(heading) or inherited
        above.append((section["depth"], item))
        last = section["page_to"] or section["page"]
        placed.append(Placed(heading, section["page"], last, item, _empty(sections, at)))
    return tuple(placed)


def _empty(sections: Sequence[Row], at: int) -> bool:
    below = takewhile(lambda section: section["depth"] > sections[at]["depth"], sections[at + 1 :])
    return not any((section["text"] or "").strip() for section in (sections[at], *below))


def _named(heading: str) -> Item | None:
    """Items that stand lower on the sheet are more particular, and come first."""
    return next((item for item in reversed(items()) if item.heads(heading)), None)


def item_at(placed: Sequence[Placed], where: str | None, page: int | None) -> Item | None:
    """The item of a finding: of the section whose heading it names, else of the last one on its page."""
    titled = [section for section in placed if where and section.heading == where]
    on_page = [s for s in titled or placed if page is not None and s.page <= page <= s.page_to]
    found = on_page[-1] if on_page else titled[-1] if titled else None
    return found.item if found else None
