"""The two numbers of a finding, drawn on the page: each where it is printed, else beside the finding's own box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from fisc.flows.page.marks import Mark, Row, Rows, box_of, boxed
from fisc.flows.page.words import say
from fisc.schemas.contract import MODELS

TWO_SIDES = {"expected": "应为", "actual": "实为"}


def side_marks(findings: Rows, cells: Rows, facts: Rows) -> Iterator[Mark]:
    """Boxes of both numbers of each finding that has two, on the finding's own page."""
    for n, finding in enumerate(findings, 1):
        if not boxed(finding) or any(finding[side] is None for side in TWO_SIDES):
            continue
        for at, (side, word) in enumerate(TWO_SIDES.items()):
            printed = _printed(finding, finding[side], cells, facts)
            kind = f"side {side}" if printed else f"side {side} computed"
            caption = f"{say(word)} {finding[side].normalize():,f}"
            box = printed or _own(finding, at)
            yield Mark(finding["page"], box, f"x{n}{side[0]}", f"f{n}", kind, caption, caption=caption)


def standing(finding: Row, value: Decimal | None, cells: Rows) -> int | None:
    """The number, from 1, of a printed amount that a side of a finding is.

    Of several alike one on its page, else one of a table that the finding names, else the first.
    """
    if not value:
        return None
    alike = [
        n for n, cell in enumerate(cells, 1) if cell["value"] is not None and abs(cell["value"]) == abs(value)
    ]
    said = f"{finding['where']} {finding['message']}"
    here = (n for n in alike if cells[n - 1]["page"] == finding["page"])
    named = (n for n in alike if any(name in said for name in _names(cells[n - 1]["table"])))
    return next((n for group in (here, named, alike) for n in group), None)


def _names(table: str) -> tuple[str, ...]:
    """What a finding may call a table: its published name, or its title for either stage."""
    return table, *(MODELS[table].to_schema().title or "").split(" / ")


def _printed(
    finding: Row, value: Decimal, cells: Rows, facts: Rows
) -> tuple[float, float, float, float] | None:
    """The nearest place of the page where a value is printed."""
    places = [box_of(row) for row in _alike(finding, value, cells)] + [
        box_of(row) for row in _alike(finding, value, facts)
    ]
    own = box_of(finding)
    return min(places, key=lambda box: abs(box[1] - own[1]) + abs(box[0] - own[0]) / 10, default=None)


def _alike(finding: Row, value: Decimal, rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        same_page = row["page"] == finding["page"] and row["value"] is not None
        if value and same_page and abs(row["value"]) == abs(value):
            yield row


def _own(finding: Row, at: int) -> tuple[float, float, float, float]:
    """A number that is printed nowhere, as it was computed: beside the finding's box, one line a number."""
    x0, y0, x1, y1 = box_of(finding)
    return (x0, y0, x1, y1) if at else (x0, y1 + 14, x1, y1 + 14)
