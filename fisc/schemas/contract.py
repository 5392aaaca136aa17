"""The published tables by name, and what is derived from their declarations."""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl
import pyarrow as pa

from fisc.schemas.model import Model
from fisc.schemas.reading import adding, example
from fisc.schemas.tables import accompanying as a
from fisc.schemas.tables import audit as u
from fisc.schemas.tables import between as b
from fisc.schemas.tables import official as o

MODELS: dict[str, type[Model]] = {
    model.Config.name: model
    for model in (
        u.Document, o.RevenueExpenditure, o.Revenue, o.Expenditure, o.FiscalAppropriation,
        o.GeneralPublicBudget, o.BasicExpenditure, o.GovernmentFund, o.StateCapital, o.ThreePublic,
        a.Institution, a.Project, a.PerformanceIndicator, a.Procurement, a.FixedAsset, a.Glossary, a.RawTable,
        u.Section, u.Fact, u.Finding, u.Check, u.Cell, b.Comparison,
    )
}  # fmt: skip
"""Every published table, in the order in which it is listed."""


@cache
def polars_schema(table: str) -> dict[str, Any]:
    """Column name to polars type of a published table."""
    return {name: column.dtype.type for name, column in MODELS[table].to_schema().columns.items()}


@cache
def arrow_schema(table: str) -> pa.Schema:
    """Arrow schema of a published table.

    Field metadata: ``zh``, ``en``, ``unit``, ``example``, and ``warning`` on amounts whose sum over all rows counts twice.
    Table metadata: ``title`` (the printed form), ``description``, ``adding_zh``, ``adding_en``.
    """
    model = MODELS[table].to_schema()
    plain = pl.DataFrame(schema=polars_schema(table)).to_arrow().schema
    fields = []
    for field in plain:
        column = model.columns[field.name]
        kind = pa.string() if pa.types.is_large_string(field.type) else field.type
        words = {**(column.metadata or {}), **_read_so(table, field)}
        fields.append(pa.field(field.name, kind, nullable=column.nullable, metadata=words))
    said = adding(table)
    words = {"title": model.title or "", "description": model.description or ""}
    return pa.schema(fields, metadata=words | ({"adding_zh": said.zh, "adding_en": said.en} if said else {}))


def _read_so(table: str, field: pa.Field) -> dict[str, str]:
    """What a reader needs beside the declaration of a column."""
    is_amount = pa.types.is_decimal(field.type)
    shown, said = example(table, field.name, is_amount), adding(table)
    words = (
        {} if shown is None else {"example": str(shown).lower() if isinstance(shown, bool) else str(shown)}
    )
    return words | ({"warning": said.en} if said and is_amount and field.type.scale == 2 else {})
