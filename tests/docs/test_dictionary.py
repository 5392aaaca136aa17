"""The dictionary says what the declarations say, in every place where it stands, and its examples are possible values."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fisc.analysis.dictionary import as_markdown, described
from fisc.schemas.contract import MODELS, arrow_schema, polars_schema
from fisc.schemas.reading import adding, example, tables_with_words
from fisc.warehouse.home import Home

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_what_the_declarations_say() -> None:
    page = (ROOT / "docs/dictionary.md").read_text(encoding="utf-8")
    assert page == as_markdown([described(name) for name in MODELS]), (
        "write it anew: fisc dictionary --markdown > docs/dictionary.md"
    )


def test_parquet_and_data_package_say_the_same_as_the_dictionary(home: Home) -> None:
    package = json.loads((home.warehouse / "datapackage.json").read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in package["resources"]}
    published = [name for name in MODELS if list((home.warehouse / name).rglob("*.parquet"))]
    assert "expenditure" in published
    assert set(resources) == set(MODELS)
    for name in published:
        file = next((home.warehouse / name).rglob("*.parquet"))
        words = {field.name: field.metadata for field in pq.read_schema(file)}
        fields = {field["name"]: field for field in resources[name]["schema"]["fields"]}
        for column in described(name).columns:
            said = {key.decode(): value.decode() for key, value in words[column.column].items()}
            given = (column.zh, column.en, column.unit, column.example, column.warning)
            assert given == tuple(said.get(key) for key in ("zh", "en", "unit", "example", "warning"))
            field = fields[column.column]
            assert given == (
                field["title"],
                field["description"],
                *map(field.get, ("unit", "example", "warning")),
            )


@pytest.mark.parametrize("table", MODELS)
def test_every_column_has_an_example_that_fits_it(table: str) -> None:
    values = {field.name: _value(table, field) for field in arrow_schema(table)}
    assert [name for name, value in values.items() if value is None] == []
    frame = pl.DataFrame(
        {name: [value] for name, value in values.items()}, schema_overrides=polars_schema(table)
    )
    MODELS[table].validate(frame.select(list(polars_schema(table))), lazy=True)


def test_amounts_that_a_sum_would_count_twice_carry_a_warning() -> None:
    for table in MODELS:
        names = arrow_schema(table).names
        if "is_total" in names:
            assert adding(table), f"{table} holds totals and does not say how to add it up"
        for field in arrow_schema(table):
            warned = b"warning" in field.metadata
            assert warned == (adding(table) is not None and str(field.type) == "decimal128(18, 2)")


def test_words_are_of_tables_that_exist() -> None:
    assert tables_with_words() <= set(MODELS)


def _value(table: str, field: pa.Field) -> Any:
    value = example(table, field.name, pa.types.is_decimal(field.type))
    if pa.types.is_decimal(field.type) and value is not None:
        return Decimal(value)
    assert not isinstance(value, date) or pa.types.is_date(field.type)
    return value
