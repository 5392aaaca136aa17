"""What changed between two versions of one disclosure: rows that came and went, amounts that differ, findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from fisc.flows.page.rows import NOT_TABLES
from fisc.schemas.contract import MODELS
from fisc.schemas.decisions import line_of, waiver_key

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``kind`` is changed, added or removed; of a whole row ``column`` is None."""

    table: str
    kind: str
    line: str
    column: str | None
    before: Any
    after: Any
    page_before: int | None
    page_after: int | None


def table_changes(before: Tables, after: Tables) -> Iterator[Change]:
    """Differences of the statements, in the order of the later version."""
    for table in MODELS:
        if table not in NOT_TABLES:
            yield from _of_table(table, before.get(table, ()), after.get(table, ()))


def finding_changes(before: Tables, after: Tables) -> tuple[list[Row], list[Row]]:
    """Findings that are new, and findings that are gone."""
    old = {waiver_key(finding): finding for finding in before.get("finding", ())}
    new = {waiver_key(finding): finding for finding in after.get("finding", ())}
    return [new[k] for k in new if k not in old], [old[k] for k in old if k not in new]


def _of_table(table: str, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    lines = [line_of(row) for row in before], [line_of(row) for row in after]
    for kind, a0, a1, b0, b1 in SequenceMatcher(None, *lines, autojunk=False).get_opcodes():
        if kind == "equal":
            for old, new in zip(before[a0:a1], after[b0:b1], strict=True):
                yield from _of_row(table, old, new)
            continue
        for row in before[a0:a1]:
            yield Change(table, "removed", line_of(row), None, _amounts(row), None, row["page"], None)
        for row in after[b0:b1]:
            yield Change(table, "added", line_of(row), None, None, _amounts(row), None, row["page"])


def _of_row(table: str, old: Row, new: Row) -> Iterator[Change]:
    for column, value in new.items():
        was = old.get(column)
        if was != value and (isinstance(value, Decimal) or isinstance(was, Decimal)):
            yield Change(table, "changed", line_of(new), column, was, value, old["page"], new["page"])


def _amounts(row: Row) -> str:
    return "，".join(f"{value:,f}" for value in row.values() if isinstance(value, Decimal))
