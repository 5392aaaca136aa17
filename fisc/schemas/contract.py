"""The published tables by name, and what is derived from their declarations."""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl
import pyarrow as pa

from fisc.schemas.model import Model
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
    """Arrow schema of a published table, with labels and units as field metadata."""
    model = MODELS[table].to_schema()
    plain = pl.DataFrame(schema=polars_schema(table)).to_arrow().schema
    fields = []
    for field in plain:
        column = model.columns[field.name]
        kind = pa.string() if pa.types.is_large_string(field.type) else field.type
        fields.append(pa.field(field.name, kind, nullable=column.nullable, metadata=column.metadata))
    return pa.schema(fields, metadata={"title": model.title or "", "description": model.description or ""})
