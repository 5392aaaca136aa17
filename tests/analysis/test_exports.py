"""What is handed on: a workbook that leads to the pages, and a data package whose fields are fiscal ones."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest
from city import opened, put, read, settle, total

from fisc.analysis.asking import open_tables
from fisc.analysis.exports import workbook
from fisc.analysis.exports.package import column_type, write_selection
from fisc.analysis.exports.selecting import NothingSelected, Selection, select
from fisc.analysis.exports.workbook import Sheet, TooManyRows, write_workbook
from fisc.schemas.contract import MODELS, arrow_schema
from fisc.warehouse.home import Home


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(tmp_path_factory.mktemp("exports")) as (home, ledger):
        for document in read().values():
            put(home, ledger, document)
        settle(home, ledger)
        with open_tables(home) as connection:
            yield connection


def test_a_workbook_has_a_sheet_a_table_with_chinese_heads(
    tables: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    selected = select(tables, Selection(words="科技", year=2025))
    write_selection(selected, tmp_path / "new" / "document.xlsx")
    book = openpyxl.load_workbook(tmp_path / "new/document.xlsx")
    assert book.sheetnames[:2] == ["文件", "收支总表"]
    page = book["支出总表"]
    heads = [cell.value for cell in page[1]]
    assert "合计 total" in heads
    at = heads.index("合计 total")
    whole = [
        row[at].value for row in page.iter_rows(min_row=2) if row[heads.index("是否合计 is_total")].value
    ]
    assert Decimal(str(whole[0])) == total(read()[2025, "budget"], "expenditure")


def test_page_numbers_lead_to_the_page_on_the_portal(
    tables: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    selected = select(tables, Selection(year=2025))
    (document_id,) = selected.tables["document"]["document_id"].to_pylist()
    linked = type(selected)(selected.tables, {document_id: "http://portal.invalid/2025.pdf"})
    write_selection(linked, tmp_path / "linked.xlsx")
    page = openpyxl.load_workbook(tmp_path / "linked.xlsx")["支出总表"]
    at = [cell.value for cell in page[1]].index("页码 page")
    assert page[2][at].hyperlink.target == f"http://portal.invalid/2025.pdf#page={page[2][at].value}"


def test_a_package_describes_its_files_with_fiscal_types(
    tables: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_selection(select(tables, Selection(stage="budget")), tmp_path / "package")
    package = json.loads((tmp_path / "package/datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        with (tmp_path / "package" / resource["path"]).open(encoding="utf-8", newline="") as lines:
            head, *rows = csv.reader(lines)
        assert head == [field["name"] for field in resource["schema"]["fields"]]
        assert rows
    lines = {resource["name"]: resource for resource in package["resources"]}["budget-line"]
    types = {field["name"]: field.get("columnType") for field in lines["schema"]["fields"]}
    assert types["value"] == "value"
    assert types["function_code"] == "functional-classification:generic:code"
    assert types["fiscal_year"] == "date:fiscal-year"
    assert types["stage"] == "phase:id"


def test_budget_lines_add_up_to_the_whole(tables: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write_selection(select(tables, Selection(year=2025)), tmp_path)
    with (tmp_path / "budget_line.csv").open(encoding="utf-8", newline="") as lines:
        added = sum(Decimal(row["value"]) for row in csv.DictReader(lines))
    assert added == total(read()[2025, "budget"], "expenditure")


def test_every_fiscal_type_is_of_a_column_that_exists() -> None:
    assert all(
        column_type(table, "fiscal_year") == "date:fiscal-year"
        for table in MODELS
        if "fiscal_year" in arrow_schema(table).names
    )
    assert column_type("expenditure", "total") == "value"
    assert column_type("expenditure", "basic") is None


def test_what_fits_nothing_is_said(tables: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(NothingSelected, match="没有"):
        select(tables, Selection(words="没有这个部门"))


def test_an_empty_warehouse_has_nothing_to_hand_on(tmp_path: Path) -> None:
    with (
        open_tables(Home(tmp_path).create()) as connection,
        pytest.raises(NothingSelected, match="fisc harvest"),
    ):
        select(connection, Selection())


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    with pytest.raises(TooManyRows):
        write_workbook([Sheet("表", ["a"], [{"a": n} for n in range(3)])], tmp_path / "x.xlsx")
