"""One declaration a table: Arrow, polars, pandera and the metadata say the same."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pytest

from fisc.schemas.contract import MODELS, arrow_schema, polars_schema
from fisc.schemas.model import COMMON
from fisc.schemas.validation import misfits, with_misfits


@pytest.mark.parametrize("table", MODELS)
def test_every_table_carries_the_common_columns_and_says_what_each_means(table: str) -> None:
    schema = arrow_schema(table)
    assert tuple(schema.names[: len(COMMON)]) == COMMON
    for field in schema:
        words = field.metadata
        assert words[b"zh"]
        assert words[b"en"]
        if pa.types.is_decimal(field.type) and field.type.scale == 2:
            assert words[b"unit"] == b"CNY", (table, field.name)
    assert list(polars_schema(table)) == schema.names


def test_amounts_are_never_floats() -> None:
    for table in MODELS:
        for field in arrow_schema(table):
            if pa.types.is_floating(field.type):
                assert field.name in ("x0", "y0", "x1", "y1"), (table, field.name)


def _revenue(document_id: str, codes: list[str | None]) -> pa.Table:
    common = {
        "document_id": document_id, "region_code": "130000", "region": "河北省", "department": "某局",
        "level": "department", "fiscal_year": 2025, "stage": "budget", "page": 1, "is_total": False,
    }  # fmt: skip
    rows = [{**common, "row": i, "function_code": code} for i, code in enumerate(codes, 1)]
    return pa.Table.from_pylist(rows, schema=arrow_schema("revenue"))


def _document(document_id: str) -> pa.Table:
    empty = pl.DataFrame(schema=polars_schema("document")).to_arrow().schema.names
    row = dict.fromkeys(empty) | {
        "document_id": document_id, "region_code": "130000", "region": "河北省", "department": "某局",
        "level": "department", "fiscal_year": 2025, "stage": "budget", "row": 1, "page": 1, "sha256": document_id * 4,
        "pages": 1, "scanned_pages": 0, "extractor_version": "0", "numbers": 0, "numbers_accounted": 0, "cells": 0,
        "cells_proven": 0, "cells_refuted": 0, "findings": 0, "errors": 0,
    }  # fmt: skip
    return pa.Table.from_pylist([row], schema=arrow_schema("document"))


def test_a_value_that_does_not_fit_is_a_finding_of_its_own_document_and_stays() -> None:
    good = {"revenue": _revenue("a" * 16, ["201", None])}
    bad = {
        "revenue": _revenue("b" * 16, ["201", "20X"]),
        "document": _document("b" * 16),
        "finding": arrow_schema("finding").empty_table(),
    }
    found = misfits([good, bad])
    assert found[0] == []
    assert [(m.table, m.row, m.column, m.value) for m in found[1]] == [("revenue", 1, "function_code", "20X")]
    told = with_misfits(bad, found[1])
    assert told["revenue"] is bad["revenue"]
    assert told["finding"]["where"].to_pylist() == ["revenue"]
    assert told["document"]["findings"].to_pylist() == [1]


def test_nothing_wrong_changes_nothing() -> None:
    tables = {"revenue": _revenue("a" * 16, ["201"])}
    assert with_misfits(tables, misfits([tables])[0]) == tables
