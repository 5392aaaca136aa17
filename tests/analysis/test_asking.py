"""SQL over the published tables: curated views that hold what they say, answers in every form, and nothing but reading."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pyarrow as pa
import pytest
from city import opened, put, read, settle, total

from fisc.analysis.asking import QueryError, ask, open_tables, views
from fisc.analysis.exports.answers import UnknownForm, as_csv, write_answer
from fisc.schemas.contract import MODELS
from fisc.warehouse.home import Home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Four documents of a department of science, in a folder with a name that wants quoting."""
    with opened(tmp_path_factory.mktemp("it's") / "数据 [1]") as (home, ledger):
        for tables in read().values():
            put(home, ledger, tables)
        settle(home, ledger)
        return home


@pytest.fixture
def tables(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_tables(home) as connection:
        yield connection


@pytest.mark.parametrize("name", views())
def test_every_view_says_in_both_languages_what_it_shows_and_answers(
    tables: duckdb.DuckDBPyConnection, name: str
) -> None:
    view = views()[name]
    assert view.zh
    assert view.en
    rows = ask(tables, f"SELECT * FROM {name}").num_rows
    assert rows or name in ("contradictions", "all_findings")


@pytest.mark.parametrize("name", views())
def test_every_view_is_there_before_anything_is_published(tmp_path: Path, name: str) -> None:
    with open_tables(Home(tmp_path).create()) as connection:
        assert ask(connection, f"SELECT * FROM {name}").num_rows == 0


def test_classes_add_up_to_the_whole_that_is_printed(tables: duckdb.DuckDBPyConnection) -> None:
    rows = ask(
        tables,
        "SELECT fiscal_year, stage, sum(total) AS total, sum(share) AS share FROM spending_by_class GROUP BY ALL",
    ).to_pylist()
    assert {(row["fiscal_year"], row["stage"]): row["total"] for row in rows} == {
        key: total(each, "expenditure") for key, each in read().items()
    }
    assert all(abs(row["share"] - 100) < 0.1 for row in rows)


def test_lines_of_budget_and_final_stand_side_by_side(tables: duckdb.DuckDBPyConnection) -> None:
    (row,) = ask(tables, "SELECT * FROM budget_against_final WHERE depth = 'total'").to_pylist()
    assert row["budget"] == total(read()[2024, "budget"], "general_public_budget")
    assert row["final"] == total(read()[2024, "final_accounts"], "general_public_budget")
    assert row["difference"] == row["final"] - row["budget"]
    depths = ask(
        tables, "SELECT DISTINCT depth, length(function_code) AS n FROM budget_against_final"
    ).to_pylist()
    assert {(d["depth"], d["n"]) for d in depths} == {("total", None), ("类", 3), ("款", 5), ("项", 7)}


def test_years_of_a_department_hold_what_its_tables_print(tables: duckdb.DuckDBPyConnection) -> None:
    rows = ask(tables, "SELECT fiscal_year, stage, basic, project FROM department_years").to_pylist()
    assert {(row["fiscal_year"], row["stage"]): row["basic"] for row in rows} == {
        key: total(each, "expenditure", "basic") for key, each in read().items()
    }


@pytest.mark.parametrize(
    "query",
    [
        "COPY document TO 'x.csv'", "CREATE TABLE x AS SELECT 1", "ATTACH 'x.db'", "INSTALL httpfs", "SET threads = 1",
        "DROP VIEW document", "SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM glob('/*')",
        "SELECT 1; SELECT 2", "", "-- nothing", "SELEC 1", "SELECT nothing FROM document", "SELECT * FROM nowhere",
        "SELECT * FROM read_csv('https://example.invalid/x.csv')", "SELECT CAST('x' AS INTEGER)",
    ],
)  # fmt: skip
def test_what_does_not_read_or_does_not_work_is_refused_in_one_line(
    tables: duckdb.DuckDBPyConnection, query: str
) -> None:
    with pytest.raises(QueryError) as refused:
        ask(tables, query)
    assert "\n" not in str(refused.value)


def test_a_query_cannot_write_into_the_tables(tables: duckdb.DuckDBPyConnection, home: Home) -> None:
    before = {file: file.stat().st_mtime_ns for file in home.root.rglob("*")}
    with pytest.raises(QueryError):
        ask(tables, f"COPY (SELECT 1) TO '{str(home.warehouse).replace(chr(39), chr(39) * 2)}/x.parquet'")
    assert {file: file.stat().st_mtime_ns for file in home.root.rglob("*")} == before


ANSWER = pa.table({
    "部门": ["=1+1", "财政局\x00", None],
    "amount": pa.array([Decimal("1234567.80"), None, Decimal("-0.10")], pa.decimal128(18, 2)),
})  # fmt: skip


def test_an_answer_is_written_in_every_form(tmp_path: Path) -> None:
    for form in ("csv", "json", "parquet", "xlsx"):
        write_answer(ANSWER, tmp_path / f"deep/answer.{form}")
    assert pl.read_csv(tmp_path / "deep/answer.csv", infer_schema=False)["amount"].to_list() == [
        "1234567.80",
        None,
        "-0.10",
    ]
    assert (
        pl.read_parquet(tmp_path / "deep/answer.parquet")["amount"].to_list() == ANSWER["amount"].to_pylist()
    )
    assert json.loads((tmp_path / "deep/answer.json").read_text(encoding="utf-8"))[0]["amount"] == 1234567.8
    page = openpyxl.load_workbook(tmp_path / "deep/answer.xlsx").worksheets[0]
    assert (page["A2"].value, page["A2"].data_type) == ("=1+1", "s"), "a text never becomes a formula"
    assert page["A3"].value == "财政局\N{REPLACEMENT CHARACTER}"
    assert page["B2"].value == 1234567.8


def test_a_file_whose_ending_says_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownForm):
        write_answer(ANSWER, tmp_path / "answer.doc")
    assert as_csv(ANSWER).splitlines()[0] == "部门,amount"


def test_views_do_not_take_the_names_of_tables() -> None:
    assert not set(views()) & set(MODELS)
