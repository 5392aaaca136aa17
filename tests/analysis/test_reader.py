"""Reading with a few functions: the rows that one means, from a folder or another file system."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from city import changed, named, opened, put, read, settle, total

from fisc.schemas.contract import MODELS, arrow_schema
from fisc.warehouse.home import Home
from fisc.warehouse.reader import ReadingError, Warehouse, open_warehouse


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    with opened(tmp_path_factory.mktemp("reader")) as (home, ledger):
        for document in read().values():
            put(home, ledger, document)
        put(home, ledger, named(read()[2025, "budget"], region_code="320000", region="江苏省"))
        settle(home, ledger)
        return home


@pytest.fixture(params=["folder", "data root", "file system"])
def warehouse(home: Home, request: pytest.FixtureRequest) -> Warehouse:
    where = {"folder": home.root, "data root": home.warehouse, "file system": home.warehouse.as_uri()}
    return open_warehouse(where[request.param])


@pytest.mark.parametrize("table", ["expenditure", "general_public_budget"])
def test_leaves_add_up_to_the_total(warehouse: Warehouse, table: str) -> None:
    wanted = {"year": 2025, "stage": "budget", "region": "13"}
    leaves = warehouse.frame(table, rows="leaves", **wanted).collect()  # type: ignore[arg-type]
    whole = warehouse.frame(table, rows="totals", **wanted).collect()  # type: ignore[arg-type]
    assert leaves.height > 1
    assert leaves["total"].sum() == whole["total"].max() == total(read()[2025, "budget"], table)


def test_leaves_of_the_three_public_expenses_are_the_three(warehouse: Warehouse) -> None:
    rows = warehouse.frame("three_public", rows="leaves", stage="final_accounts", year=2024).collect()
    for measure in ("budget", "final"):
        of_measure = rows.filter(measure=measure)
        whole = warehouse.frame("three_public", stage="final_accounts", year=2024).collect()
        (expected,) = whole.filter(measure=measure, item="total")["total"]
        assert of_measure["total"].sum() == expected


def test_leaves_of_a_table_with_lines_of_units_count_nothing_twice() -> None:
    from fisc.warehouse.reader import _leaves

    common = {"document_id": "a" * 16, "department": "某局", "level": "department", "unit_code": None}
    lines = [
        ("201", None, 10),
        ("20101", None, 10),
        ("2010101", None, 10),
        ("2010101", "一所", 4),
        ("2010101", "二所", 6),
    ]
    rows = [
        {**common, "function_code": c, "unit_name": u, "total": t, "is_total": False} for c, u, t in lines
    ]
    rows.append({**common, "function_code": None, "unit_name": None, "total": 10, "is_total": True})
    frame = pl.LazyFrame(rows, schema_overrides={"unit_code": pl.String})
    assert _leaves("expenditure", frame).collect()["total"].to_list() == [10]
    assert sorted(
        _leaves("expenditure", frame.filter(pl.col("unit_name").is_not_null())).collect()["total"]
    ) == [4, 6]


def test_conditions_choose_rows_and_leave_other_files_unread(home: Home, warehouse: Warehouse) -> None:
    assert set(warehouse.frame("document").collect()["region_code"]) == {"130000", "320000"}
    only = warehouse.frame("document", region="32", year=2025, stage="budget", level="department")
    assert only.collect()["region_code"].to_list() == ["320000"]
    assert warehouse.frame("document", department="没有").collect().is_empty()
    if warehouse.remote is None:
        plan = warehouse.frame("expenditure", year=2023).explain()
        assert "year=2025" not in plan


def test_arrow_tables_have_the_declared_types_and_words(warehouse: Warehouse) -> None:
    rows = warehouse.arrow("expenditure", rows="leaves", year=2024)
    assert rows.schema.names == arrow_schema("expenditure").names
    assert rows.schema.field("total").type == pa.decimal128(18, 2)
    assert rows.schema.field("total").metadata[b"zh"].decode() == "合计"


def test_as_of_a_day_and_the_latest_of_several_files(tmp_path: Path) -> None:
    old = read()[2025, "budget"]
    (document,) = old["document"].to_pylist()
    day = document["published_on"]
    new = changed(
        named(old, published_on=date(2025, 6, 1)),
        "three_public",
        "total",
        lambda r: r["item"] == "total",
        pl.Series([900]).cast(pl.Decimal(18, 2))[0],
    )
    with opened(tmp_path) as (home, ledger):
        put(home, ledger, old)
        put(home, ledger, new)
        settle(home, ledger)
    warehouse = open_warehouse(home.root)
    assert warehouse.frame("document").collect().height == 2
    assert warehouse.frame("document", as_of=day).collect()["published_on"].to_list() == [day]
    assert warehouse.frame("document", as_of=date(2020, 1, 1)).collect().is_empty()
    latest = warehouse.frame("three_public", latest=True).collect()
    assert set(latest["document_id"]) == set(
        warehouse.frame("document").filter(published_on=date(2025, 6, 1)).collect()["document_id"]
    )


def test_what_cannot_be_meant_is_refused(home: Home, tmp_path: Path) -> None:
    warehouse = open_warehouse(home.root)
    with pytest.raises(ReadingError, match="no table"):
        warehouse.frame("expenditures")
    with pytest.raises(ReadingError, match="not told apart"):
        warehouse.frame("cell", rows="leaves")
    with pytest.raises(ReadingError, match="not told apart"):
        warehouse.frame("glossary", rows="totals")
    for nowhere in (tmp_path, tmp_path.as_uri(), "nothing://x"):
        with pytest.raises(ReadingError):
            open_warehouse(nowhere)


def test_tables_that_have_rows_are_listed(warehouse: Warehouse) -> None:
    listed = warehouse.tables()
    assert {"document", "expenditure", "comparison"} <= set(listed) <= set(MODELS)
    empty = next(table for table in MODELS if table not in listed)
    assert warehouse.frame(empty).collect().is_empty()


def test_a_warehouse_on_s3_reads_the_same(home: Home) -> None:
    server = pytest.importorskip("moto.server", reason="the extra servers is not installed")
    import pyarrow.fs as pafs

    running = server.ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    running.start()
    try:
        host, port = running.get_host_and_port()
        keys = {"access_key": "x", "secret_key": "x", "region": "us-east-1"}
        store = pafs.S3FileSystem(
            endpoint_override=f"{host}:{port}", scheme="http", allow_bucket_creation=True, **keys
        )
        store.create_dir("disclosures")
        pafs.copy_files(str(home.warehouse), "disclosures/warehouse", destination_filesystem=store)
        here = (
            f"s3://x:x@disclosures/warehouse?endpoint_override={host}%3A{port}&scheme=http&region=us-east-1"
        )
        there, local = open_warehouse(here), open_warehouse(home.root)
        for wanted in ({"year": 2025}, {"rows": "leaves", "region": "13"}):
            one, other = (
                w.frame("expenditure", **wanted).sort("document_id", "row").collect() for w in (there, local)
            )  # type: ignore[arg-type]
            assert one.equals(other)
    finally:
        running.stop()
