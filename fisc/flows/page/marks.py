"""The boxes drawn on a page's picture, and what each belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fisc.flows.page.words import message, say

Row = Mapping[str, Any]
Rows = Sequence[Row]
Box = tuple[float, float, float, float]

PROOFS = {"proven": "已证实", "unchecked": "未校验", "refuted": "被否定"}
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
UNACCOUNTED = "number.unaccounted"


@dataclass(frozen=True, slots=True)
class Mark:
    """One box on one page. ``leads_to`` is the id of what it belongs to; ``label`` is said when it is pointed at."""

    page: int
    box: Box
    id: str
    leads_to: str
    kind: str
    label: str
    number: int | None = None
    caption: str | None = None


def marks(cells: Rows, facts: Rows, findings: Rows, sides: Iterable[Mark] = ()) -> dict[int, list[Mark]]:
    """The boxes of each page: amounts, facts, and findings with their two sides on top of them."""
    found: dict[int, list[Mark]] = {}
    for mark in (*_cell_marks(cells), *_fact_marks(facts), *_finding_marks(findings), *sides):
        found.setdefault(mark.page, []).append(mark)
    return found


def _cell_marks(cells: Rows) -> Iterator[Mark]:
    for n, cell in enumerate(cells, 1):
        label = f"{cell['text']} {say(PROOFS[cell['proof']])}"
        yield Mark(cell["page"], box_of(cell), f"b{n}", f"c{n}", f"cell {cell['proof']}", label)


def _fact_marks(facts: Rows) -> Iterator[Mark]:
    for n, fact in enumerate(facts, 1):
        label = f"{fact['name']} {fact['period'] or ''}"
        yield Mark(fact["page"], box_of(fact), f"q{n}", f"w{n}", "fact", label)


def _finding_marks(findings: Rows) -> Iterator[Mark]:
    for n, finding in enumerate(findings, 1):
        if boxed(finding):
            loose = finding["rule"] == UNACCOUNTED
            kind = "loose" if loose else f"finding {finding['severity']}"
            words = message(finding["message"])
            label = words if loose else f"{say(SEVERITIES[finding['severity']])} {n} {words}"
            yield Mark(finding["page"], box_of(finding), f"g{n}", f"f{n}", kind, label, None if loose else n)


def boxed(row: Row) -> bool:
    """Whether a finding says where on the page it stands."""
    return row["page"] is not None and row["x0"] is not None


def box_of(row: Row) -> Box:
    """The box of a row, in points of the page as shown."""
    return row["x0"], row["y0"], row["x1"], row["y1"]


def cells_under(finding: Row, cells: Rows) -> list[int]:
    """Numbers, from 1, of the cells that a finding's box holds or lies in."""
    if not boxed(finding):
        return []
    box = box_of(finding)
    return [
        n
        for n, cell in enumerate(cells, 1)
        if cell["page"] == finding["page"] and (_holds(box, box_of(cell)) or _holds(box_of(cell), box))
    ]


def _holds(outer: Box, box: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
