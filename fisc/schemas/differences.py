"""Two readings of one disclosure held against each other, value by value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache
from typing import Any

import pyarrow as pa

from fisc.schemas.contract import MODELS, arrow_schema
from fisc.schemas.model import COMMON

Tables = Mapping[str, pa.Table]
Row = Mapping[str, Any]

NOT_COMPARED = frozenset({"document", "section", "finding", "check", "cell", "comparison"})
"""What is said about a document, or in so many words, and is no value of it."""

LABELS = {"fact": ("name", "unit", "period")}
"""Columns that name a row, where these are not all its texts: a fact's quote holds the very number that may differ."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same. ``column`` None: the whole row came (``before`` None) or went.

    ``row`` is the row's text, ``page`` its page in the later reading, or in the earlier where it went.
    """

    table: str
    row: str
    column: str | None
    before: Any
    after: Any
    page: int | None


def differences(before: Tables, after: Tables) -> list[Difference]:
    """What changed between two readings, table by table in the order of the contract, in printed order."""
    return [each for table in MODELS if table not in NOT_COMPARED for each in _in_table(table, before, after)]


def _in_table(table: str, before: Tables, after: Tables) -> Iterator[Difference]:
    old, new = (_rows(table, tables) for tables in (before, after))
    if old == new:
        return
    was_named, is_named = ([_label(table, row) for row in rows] for rows in (old, new))
    for _, a0, a1, b0, b1 in SequenceMatcher(None, was_named, is_named, autojunk=False).get_opcodes():
        if a1 - a0 == b1 - b0:
            for was, now in zip(old[a0:a1], new[b0:b1], strict=True):
                yield from _in_row(table, was, now)
        else:
            yield from (_whole(table, row, "went") for row in old[a0:a1])
            yield from (_whole(table, row, "came") for row in new[b0:b1])


def _in_row(table: str, was: Row, now: Row) -> Iterator[Difference]:
    name = " ".join(filter(None, _label(table, now)))
    for column in _compared(table):
        if was[column] != now[column]:
            yield Difference(table, name, column, was[column], now[column], now["page"])


def _whole(table: str, row: Row, what: str) -> Difference:
    figures = [str(row[column]) for column in _compared(table) if isinstance(row[column], Decimal)]
    said = " ".join(figures) or "a row without figures"
    before, after = (said, None) if what == "went" else (None, said)
    return Difference(table, " ".join(filter(None, _label(table, row))), None, before, after, row["page"])


def _rows(table: str, tables: Tables) -> Sequence[Row]:
    if table not in tables:
        return []
    columns = [*_compared(table), "page"]
    rows: list[Row] = tables[table].select(columns).to_pylist()
    return rows


def _label(table: str, row: Row) -> tuple[str, ...]:
    texts = LABELS.get(table) or _texts(table)
    return tuple(row[name] or "" for name in texts)


@cache
def _texts(table: str) -> tuple[str, ...]:
    schema = arrow_schema(table)
    return tuple(f.name for f in schema if f.name not in COMMON and pa.types.is_string(f.type))


@cache
def _compared(table: str) -> tuple[str, ...]:
    """All columns but the common ones, boxes, ordinals (an inserted row shifts them all), and texts that only quote."""
    schema = arrow_schema(table)
    named = LABELS.get(table) or _texts(table)
    return tuple(
        f.name
        for f in schema
        if f.name not in COMMON
        and not pa.types.is_floating(f.type)
        and not pa.types.is_integer(f.type)
        and (f.name in named or not pa.types.is_string(f.type))
    )
