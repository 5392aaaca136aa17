"""Rows held against their declarations: a batch in one frame a table, every misfit a finding, none dropped.

One document or a thousand cost pandera the same, so the tables of a batch are checked together and what does not
fit is given back to the document it came from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandera.polars as pandera
import polars as pl
import pyarrow as pa

from fisc.schemas.audit.outcome import Finding
from fisc.schemas.contract import MODELS, arrow_schema, polars_schema
from fisc.schemas.model import COMMON

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
    return with_findings(tables, [_finding(misfit, tables) for misfit in found])


def with_findings(tables: Tables, found: Sequence[Finding]) -> dict[str, pa.Table]:
    """A document's tables with more findings, counted in its own row and among its checks."""
    if not found:
        return dict(tables)
    document = tables["document"].to_pylist()[0]
    document["findings"] += len(found)
    document["errors"] += sum(finding.severity == "error" for finding in found)
    rules = Counter(finding.rule for finding in found)
    checks = [{"rule": rule, "outcome": "fail", "count": count} for rule, count in sorted(rules.items())]
    return {
        **tables,
        "finding": _longer("finding", tables, document, [_row(finding) for finding in found]),
        "check": _longer("check", tables, document, checks),
        "document": pa.Table.from_pylist([document], schema=arrow_schema("document")),
    }


def _longer(
    name: str, tables: Tables, document: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> pa.Table:
    schema = arrow_schema(name)
    here = tables[name] if name in tables else schema.empty_table()
    common = {column: document[column] for column in COMMON if column not in ("row", "page")}
    numbered = [{"page": None, **common, **row, "row": here.num_rows + i} for i, row in enumerate(rows, 1)]
    return pa.concat_tables([here, pa.Table.from_pylist(numbered, schema=here.schema)])


def _row(finding: Finding) -> dict[str, Any]:
    said = {
        name: getattr(finding, name)
        for name in (
            "rule",
            "severity",
            "where",
            "message",
            "expected",
            "actual",
            "difference",
            "quote",
            "page",
        )
    }
    return {**said, "outcome": "fail"}


def _finding(misfit: Misfit, tables: Tables) -> Finding:
    page = tables[misfit.table]["page"][misfit.row].as_py() if misfit.row is not None else None
    at = f"第{misfit.row + 1}行" if misfit.row is not None else ""
    return Finding(
        "schema.misfit",
        "warning",
        misfit.table,
        f"{misfit.table}表{at}{misfit.column}列的“{misfit.value}”不符合字段规定（{misfit.check}）。",
        f"The value {misfit.value!r} does not fit the declaration of {misfit.column} ({misfit.check}).",
        quote=misfit.value,
        page=page,
    )
