"""Rows held against their declarations: a batch in one frame a table, every misfit a finding, none dropped.

One document or a thousand cost pandera the same, so the tables of a batch are checked together and what does not
fit is given back to the document it came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandera.polars as pandera
import polars as pl
import pyarrow as pa

from fisc.schemas.audit.outcome import Finding
from fisc.schemas.contract import MODELS, arrow_schema, polars_schema

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that its declaration does not allow: ``row`` counts from 0 in the document's table."""

    table: str
    row: int | None
    column: str
    value: str | None
    check: str


def misfits(batch: Sequence[Tables]) -> list[list[Misfit]]:
    """For each document of a batch, the values that do not fit."""
    found: list[list[Misfit]] = [[] for _ in batch]
    for table in MODELS:
        frames = [document[table] for document in batch if table in document]
        owners = [i for i, document in enumerate(batch) if table in document]
        if sum(frame.num_rows for frame in frames):
            for owner, misfit in _table_misfits(table, frames, owners):
                found[owner].append(misfit)
    return found


def _table_misfits(
    table: str, frames: Sequence[pa.Table], owners: Sequence[int]
) -> Iterator[tuple[int, Misfit]]:
    joined = pl.DataFrame(pa.concat_tables(frames)).cast(polars_schema(table))  # type: ignore[arg-type]
    starts = [0]
    for frame in frames:
        starts.append(starts[-1] + frame.num_rows)
    for case in _failure_cases(table, joined):
        index = case["index"]
        if index is None:
            yield from ((owner, _misfit(table, None, case)) for owner in owners)
            continue
        which = max(i for i in range(len(frames)) if starts[i] <= index)
        yield owners[which], _misfit(table, index - starts[which], case)


def _failure_cases(table: str, frame: pl.DataFrame) -> list[dict[str, Any]]:
    try:
        MODELS[table].validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return list(errors.failure_cases.to_dicts())
    return []


def _misfit(table: str, row: int | None, case: Mapping[str, Any]) -> Misfit:
    value = case["failure_case"]
    return Misfit(table, row, str(case["column"]), None if value is None else str(value), str(case["check"]))


def with_misfits(tables: Tables, found: Sequence[Misfit]) -> dict[str, pa.Table]:
    """A document's tables with a finding for each misfit; the rows stay as they are."""
    if not found:
        return dict(tables)
    document = tables["document"].to_pylist()[0]
    document["findings"] += len(found)
    common = {name: document[name] for name in arrow_schema("finding").names if name in document}
    start = tables["finding"].num_rows
    rows = [_row(common, start + i, misfit, tables) for i, misfit in enumerate(found, 1)]
    added = pa.Table.from_pylist(rows, schema=arrow_schema("finding"))
    return {
        **tables,
        "finding": pa.concat_tables([tables["finding"], added]),
        "document": pa.Table.from_pylist([document], schema=arrow_schema("document")),
    }


def _row(common: Mapping[str, Any], number: int, misfit: Misfit, tables: Tables) -> dict[str, Any]:
    page = tables[misfit.table]["page"][misfit.row].as_py() if misfit.row is not None else None
    at = f"第{misfit.row + 1}行" if misfit.row is not None else ""
    finding = Finding(
        "schema.misfit",
        "warning",
        misfit.table,
        f"{misfit.table}表{at}{misfit.column}列的“{misfit.value}”不符合字段规定（{misfit.check}）。",
        f"The value {misfit.value!r} does not fit the declaration of {misfit.column} ({misfit.check}).",
        quote=misfit.value,
        page=page,
    )
    return {
        **common,
        "row": number,
        "page": page,
        "rule": finding.rule,
        "severity": finding.severity,
        "outcome": "fail",
        "where": finding.where,
        "message": finding.message,
        "quote": finding.quote,
    }
