"""Comparing the documents of one province: the published tables in, the rows of ``comparison`` out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from fisc.analysis.comparing import saying
from fisc.analysis.comparing.rules import labels, rules, says, text
from fisc.schemas.contract import arrow_schema
from fisc.schemas.regions import normalise_department
from fisc.warehouse.home import Home
from fisc.warehouse.read import connect

if TYPE_CHECKING:
    import duckdb

TABLES = (
    "document", "revenue_expenditure", "revenue", "expenditure", "fiscal_appropriation", "general_public_budget",
    "basic_expenditure", "government_fund", "state_capital", "three_public", "institution", "fact", "cell",
)  # fmt: skip
"""What is compared, and what it is found by."""

STEPS = ("lines.sql", "pairs.sql", "sayable.sql")
QUESTIONS = ("figures.sql", "said.sql", "completion.sql", "units.sql")

LARGEST_RATIO = 1e12


def compare(where: Home | Path, prov: str) -> pa.Table:
    """Every comparison among the documents of a province, in the contract's Arrow schema.

    Deterministic: the same published rows give the same rows. ``prov`` is the key of the partitions.
    """
    with connect(where, TABLES, prov) as connection:
        for table in TABLES:
            connection.execute(f'CREATE TEMP TABLE "kept_{table}" AS SELECT * FROM "{table}"')
        _state(connection)
        for step in STEPS:
            connection.execute(text(step))
        parts = [connection.sql(text(question)).pl() for question in QUESTIONS]
        standing = connection.sql("SELECT * FROM standing_words").pl()
        paired = connection.sql("SELECT DISTINCT relation, document_id, department, level FROM pair").pl()
    # A figure too large for its column is compared with nothing, rather than stop the comparison of a province.
    found = pl.concat([part.cast(FOUND, strict=False) for part in parts])
    return _rows(found.drop_nulls(["value", "other_value", "tolerance"]), standing, paired)


FOUND = {
    "rule": pl.String, "document_id": pl.String, "department": pl.String, "level": pl.String, "label": pl.String,
    "table": pl.String, "column": pl.String, "table_row": pl.Int32, "page": pl.Int32, "value": pl.Decimal(20, 4),
    "quote": pl.String, "other_document_id": pl.String, "other_documents": pl.String, "other_department": pl.String,
    "other_table": pl.String, "other_column": pl.String, "other_row": pl.Int32, "other_page": pl.Int32,
    "other_value": pl.Decimal(20, 4), "tolerance": pl.Decimal(20, 4),
}  # fmt: skip
"""What every question answers."""


def _state(connection: duckdb.DuckDBPyConnection) -> None:
    """What is data: the rules, the cells that print a fact, its Chinese name, the series of each name."""
    stated = [
        (rule.name, rule.relation, rule.stage, rule.test, rule.limit, *_selector(own), *_selector(other))
        for rule in rules().values()
        for own, other in rule.figures
    ]
    _table(connection, "rule", (
        "name", "relation", "stage", "test", "limit", "own_table", "own_column", "own_line",
        "other_table", "other_column", "other_line",
    ), stated, {"limit": pl.Decimal(10, 4)})  # fmt: skip
    _table(connection, "says", ("fact", "table", "column", "line"), list(says()))
    _table(connection, "says_label", ("fact", "label"), list(labels()))
    names = connection.execute(
        "SELECT department FROM kept_document UNION SELECT department FROM kept_revenue_expenditure "
        "UNION SELECT department FROM kept_general_public_budget UNION SELECT name FROM kept_institution"
    ).fetchall()
    series = [(name, normalise_department(name).series) for (name,) in names]
    _table(connection, "series", ("department", "series"), series)


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]],
    types: dict[str, pl.DataType] | None = None,
) -> None:  # fmt: skip
    schema = {column: (types or {}).get(column, pl.String()) for column in columns}
    connection.register("given", pl.DataFrame(list(rows), schema=schema, orient="row").to_arrow())
    connection.execute(f"CREATE TEMP TABLE {name} AS SELECT DISTINCT * FROM given")
    connection.unregister("given")


def _selector(path: str) -> tuple[str, str, str]:
    """``table.column@line`` in its three parts."""
    place, _, line = path.partition("@")
    table, _, column = place.partition(".")
    return table, column, line


def _rows(found: pl.DataFrame, standing: pl.DataFrame, paired: pl.DataFrame) -> pa.Table:
    """What was found and what could not be tried, with the common columns, numbered within each document."""
    own = ["document_id", "department", "level"]
    others = standing.select(
        other_document_id="document_id", other_department="department", other_level="level",
        other_fiscal_year="fiscal_year", other_stage="stage",
    )  # fmt: skip
    tried = found.join(
        others, left_on=["other_document_id", "other_department", "level"],
        right_on=["other_document_id", "other_department", "other_level"], how="left",
    )  # fmt: skip
    rows = pl.concat([_judged(tried), _not_run(standing, paired)], how="diagonal_relaxed")
    rows = rows.join(standing, on=own, how="inner").with_columns(
        other_fiscal_year=pl.coalesce("other_fiscal_year", _year_of_several()),
        other_stage=pl.coalesce("other_stage", _stage_of_several()),
    )
    order = list(rules())
    rows = rows.sort(
        "document_id", pl.col("rule").replace_strict(order, range(len(order))), "department", "level", "table",
        "table_row", "column", "other_documents", "other_row", nulls_last=True,
    ).with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("document_id"))  # fmt: skip
    rows = rows.with_columns(message=pl.Series(list(saying.messages(rows)), dtype=pl.String))
    schema = arrow_schema("comparison")
    return rows.select(schema.names).to_arrow().cast(schema)


def _judged(tried: pl.DataFrame) -> pl.DataFrame:
    test = {rule.name: rule.test for rule in rules().values()}
    off = (
        pl.when(pl.col("rule").replace_strict(test) == "at_most")
        .then("difference")
        .otherwise(pl.col("difference").abs())
    )
    return (
        tried.with_columns(difference=pl.col("value") - pl.col("other_value"), ratio=_ratio())
        .with_columns(
            severity=pl.col("rule").replace_strict({rule.name: rule.severity for rule in rules().values()}),
            outcome=pl.when(off <= pl.col("tolerance")).then(pl.lit("pass")).otherwise(pl.lit("fail")),
        )
    )  # fmt: skip


def _ratio() -> pl.Expr:
    """Percent of the other side with four decimals; null where that is zero, or next to nothing."""
    wanted = pl.when(pl.col("other_value") != 0).then(pl.col("other_value"))
    percent = pl.col("value").cast(pl.Float64) * 100 / wanted.cast(pl.Float64)
    return pl.when(percent.abs() < LARGEST_RATIO).then(percent.round(4)).cast(pl.Decimal(20, 4))


def _not_run(standing: pl.DataFrame, paired: pl.DataFrame) -> pl.DataFrame:
    """A row for each disclosure and rule whose other side is not published: no finding is not the same as not checked."""
    wanted = [
        (rule.name, rule.severity, rule.relation, rule.stage)
        for rule in rules().values()
        if rule.relation in ("own_budget", "year_before")
    ]
    stated = pl.DataFrame(wanted, schema=["rule", "severity", "relation", "only"], orient="row", strict=False)
    own = ["document_id", "department", "level"]
    every = standing.select(*own, "stage").join(stated, how="cross")
    fits = (pl.col("only").is_null() | (pl.col("only") == pl.col("stage"))) & (
        (pl.col("relation") != "own_budget") | (pl.col("stage") == "final_accounts")
    )
    left = every.filter(fits).join(paired, on=["relation", *own], how="anti")
    return left.select(*own, "rule", "severity", outcome=pl.lit("not_run"))


def _year_of_several() -> pl.Expr:
    return pl.when(pl.col("rule") == "units.sum").then("fiscal_year")


def _stage_of_several() -> pl.Expr:
    return pl.when(pl.col("rule") == "units.sum").then("stage")
