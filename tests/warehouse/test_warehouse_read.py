"""Reading the published folder: with fisc, and with what analysts have anyway."""

from __future__ import annotations

import glob
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq
import pytest
from made import arrive, bytes_below, disclosure, opened, restage, rows, tables

from fisc.schemas.contract import MODELS, arrow_schema, polars_schema
from fisc.warehouse import read
from fisc.warehouse.datapackage import write_datapackage
from fisc.warehouse.home import Home
from fisc.warehouse.publish import publish

KEYS = {"year": pl.Int32, "kind": pl.String, "prov": pl.String}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Three documents of two rows each, of 1.25, 2.50 and 5.00 yuan a row, in three partitions."""
    with opened(tmp_path_factory.mktemp("read it's") / "数据 [1]") as (home, ledger):
        for amount, of in (
            ("1.25", disclosure()),
            ("2.50", disclosure(fiscal_year=2024, stage="final_accounts")),
            ("5.00", disclosure(region_code="010101")),
        ):
            arrive(home, ledger, amount, amount, of, count=2, amount=amount)
        publish(home, ledger)
        yield home


TOTAL = Decimal("17.50")


def test_plain_pandas_reads_the_folder(home: Home) -> None:
    frame = pd.read_parquet(home.warehouse / "expenditure", dtype_backend="pyarrow")
    assert len(frame) == 6
    assert frame["total"].sum() == TOTAL
    assert frame["total"].dtype.pyarrow_dtype == pa.decimal128(18, 2)
    assert set(frame["fiscal_year"]) == {2024, 2025}
    assert frame["basic"].isna().all()


def test_plain_polars_reads_the_folder(home: Home) -> None:
    frame = pl.read_parquet(f"{glob.escape(str(home.warehouse))}/expenditure/**/*.parquet")
    assert frame["total"].sum() == TOTAL
    assert frame.schema["total"] == pl.Decimal(18, 2)
    assert set(frame["stage"]) == {"budget", "final_accounts"}


def test_plain_duckdb_reads_the_folder(home: Home) -> None:
    files = f"{glob.escape(str(home.warehouse))}/expenditure/**/*.parquet".replace("'", "''")
    sql = f"SELECT sum(total), typeof(any_value(total)), min(prov) FROM read_parquet('{files}')"
    assert duckdb.sql(sql).fetchall() == [(TOTAL, "DECIMAL(18,2)", "01")]


def test_plain_pyarrow_reads_the_folder(home: Home) -> None:
    table = pads.dataset(home.warehouse / "expenditure", partitioning="hive").to_table()
    assert (table.num_rows, table.schema.field("total").type) == (6, pa.decimal128(18, 2))
    assert table.schema.field("total").metadata[b"unit"] == b"CNY"
    assert pq.read_table(home.warehouse / "glossary").num_rows == 3


def test_scan_gives_the_declared_columns_and_the_keys(home: Home) -> None:
    frame = read.scan(home, "expenditure").collect()
    assert dict(frame.schema) == {**polars_schema("expenditure"), **KEYS}
    assert frame["total"].sum() == TOTAL
    assert set(frame["prov"]) == {"01", "13"}
    assert read.scan(home.warehouse, "expenditure").filter(pl.col("year") == 2024).collect().height == 2


def test_dataset_gives_the_declared_columns_and_the_keys(home: Home) -> None:
    table = read.dataset(home, "expenditure").to_table(filter=pads.field("prov") == "01")
    assert table.schema.names == [*arrow_schema("expenditure").names, *KEYS]
    assert table.column("total").to_pylist() == [Decimal("5.00")] * 2
    assert read.dataset(home.warehouse, "expenditure").count_rows() == 6


def test_connect_gives_every_table_as_a_view(home: Home) -> None:
    with read.connect(home) as connection:
        found = {
            name
            for (name,) in connection.sql(
                "SELECT view_name FROM duckdb_views() WHERE NOT internal"
            ).fetchall()
        }
        assert found == set(MODELS)
        assert connection.sql("SELECT sum(total) FROM expenditure").fetchall() == [(TOTAL,)]
        of_2024 = (
            "SELECT count(*) FROM expenditure WHERE year = 2024 AND kind = 'final_accounts' AND prov = '13'"
        )
        assert connection.sql(of_2024).fetchall() == [(2,)]
        plan = connection.sql(f"EXPLAIN {of_2024}").fetchall()[0][1]
        assert "1/3" in plan  # the files of other years are not opened


@pytest.mark.parametrize("table", MODELS)
def test_a_table_without_files_is_empty_and_has_its_columns(tmp_path: Path, table: str) -> None:
    names = [*arrow_schema(table).names, *KEYS]
    frame = read.scan(tmp_path, table).collect()
    assert (dict(frame.schema), frame.height) == ({**polars_schema(table), **KEYS}, 0)
    assert read.dataset(tmp_path, table).to_table().schema.names == names


def test_views_of_an_empty_warehouse_have_the_types_of_a_full_one(home: Home, tmp_path: Path) -> None:
    sql = "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'main' ORDER BY ALL"
    with read.connect(home) as full, read.connect(Home(tmp_path)) as empty:
        assert full.sql(sql).fetchall() == empty.sql(sql).fetchall()
        assert empty.sql('SELECT * FROM "check"').fetchall() == []


@pytest.mark.parametrize("older", [2024, 2025])
@pytest.mark.parametrize("lost", ["total", "is_total"])
def test_files_written_before_a_column_was_declared_are_read(tmp_path: Path, lost: str, older: int) -> None:
    with opened(tmp_path) as (home, ledger):
        arrive(home, ledger, "1", "a")
        arrive(home, ledger, "2", "b", disclosure(fiscal_year=2024))
        publish(home, ledger)
    for file in (home.warehouse / "expenditure").glob(f"year={older}/**/*.parquet"):
        pq.write_table(pq.ParquetFile(file).read().drop_columns([lost]), file)
    expected = {(older, None), (2024 + 2025 - older, Decimal("10.00") if lost == "total" else False)}
    assert set(read.scan(home, "expenditure").select("year", lost).collect().rows()) == expected
    table = read.dataset(home, "expenditure").to_table(["year", lost])
    assert {tuple(row.values()) for row in table.to_pylist()} == expected
    with read.connect(home) as connection:
        assert set(connection.sql(f"SELECT DISTINCT year, {lost} FROM expenditure").fetchall()) == expected


def test_every_kind_of_column_survives_the_way(tmp_path: Path) -> None:
    of = disclosure()
    with opened(tmp_path) as (home, ledger):
        document_id = arrive(home, ledger, "1", "a")
        box = {"x0": 1.5, "y0": 2.0, "x1": 3.25, "y1": 4.0}
        said = {
            "fact": {
                "name": "expenditure.basic",
                "value": Decimal("-12.3456"),
                "quote": "减少12.3456万元",
                **box,
            },
            "document": {
                **dict.fromkeys(("pages", "scanned_pages", "numbers", "numbers_accounted", "cells"), 1),
                **dict.fromkeys(("cells_proven", "cells_refuted", "findings", "errors"), 0),
                "sha256": ledger.document(document_id).sha256,
                "extractor_version": "1",
                "published_on": date(2025, 2, 20),
            },
        }
        staged = {name: rows(name, document_id, of, 1, **values) for name, values in said.items()}
        ledger.extracted(document_id, of, "1")
        restage(home, ledger, document_id, staged)
        publish(home, ledger)
    for table, expected in staged.items():
        assert (
            read.dataset(home, table).to_table(arrow_schema(table).names).to_pylist() == expected.to_pylist()
        )
        (row,) = read.scan(home, table).select(arrow_schema(table).names).collect().to_dicts()
        assert row == expected.to_pylist()[0]


def test_duckdb_views_survive_a_replacement(tmp_path: Path) -> None:
    with opened(tmp_path) as (home, ledger):
        document_id = arrive(home, ledger, "1", "a")
        publish(home, ledger)
        with read.connect(home) as connection:
            assert connection.sql("SELECT count(*) FROM expenditure").fetchall() == [(3,)]
            ledger.extracted(document_id, disclosure(), "2")
            restage(home, ledger, document_id, tables(document_id, disclosure(), count=9))
            publish(home, ledger)
            assert connection.sql("SELECT count(*) FROM expenditure").fetchall() == [(9,)]


def test_the_data_package_describes_every_table_and_column(home: Home) -> None:
    package = json.loads((home.warehouse / "datapackage.json").read_text())
    described = {resource["name"]: resource for resource in package["resources"]}
    assert list(described) == list(MODELS)
    for name, resource in described.items():
        assert [field["name"] for field in resource["schema"]["fields"]] == arrow_schema(name).names
        assert all(field["title"] and field["description"] for field in resource["schema"]["fields"])
    total = next(f for f in described["expenditure"]["schema"]["fields"] if f["name"] == "total")
    assert (total["title"], total["unit"], total["type"]) == ("合计", "CNY", "number")
    assert "constraints" not in total
    row = next(f for f in described["expenditure"]["schema"]["fields"] if f["name"] == "row")
    assert row["constraints"] == {"required": True}
    files = list(home.warehouse.glob(described["expenditure"]["path"]))
    assert len(files) == 3


def test_the_data_package_is_the_same_every_time_and_written_once(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    write_datapackage(home)
    file = home.warehouse / "datapackage.json"
    before = file.stat().st_ino, bytes_below(home.warehouse)
    write_datapackage(home)
    assert (file.stat().st_ino, bytes_below(home.warehouse)) == before
    file.write_text("{}")
    write_datapackage(home)
    assert bytes_below(home.warehouse) == before[1]
