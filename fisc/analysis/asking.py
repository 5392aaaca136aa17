"""Asking the published tables in SQL: every table and every curated view, read only, and nothing else of the machine."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from fisc.errors import FiscError
from fisc.warehouse.home import Home
from fisc.warehouse.read import connect

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


class QueryError(FiscError):
    """A query that does not work, or that does more than read."""


@dataclass(frozen=True, slots=True)
class View:
    """A curated view: its SQL, and what it shows in Chinese and English."""

    name: str
    zh: str
    en: str
    sql: str


@cache
def views() -> dict[str, View]:
    """The curated views by name; the head of each file says what it shows."""
    folder = files("fisc.analysis.views")
    read = (
        _view(file.name.removesuffix(".sql"), file.read_text(encoding="utf-8"))
        for file in sorted(
            folder.iterdir(), key=lambda file: file.name
        )  # budget_line stands before what is made of it
        if file.name.endswith(".sql")
    )
    return {view.name: view for view in read}


def open_tables(where: Home | Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB that sees the published tables and the curated views, and no other file; its settings are locked."""
    from fisc.schemas.classification.catalogue import entries

    connection = connect(where)
    classes = [(code, names[-1].name) for code, names in entries("function").items() if len(code) == 3]
    connection.execute("CREATE TABLE function_class (class_code VARCHAR, class_name VARCHAR)")
    connection.executemany("INSERT INTO function_class VALUES (?, ?)", classes)
    for view in views().values():
        connection.execute(f'CREATE VIEW "{view.name}" AS {view.sql}')
    places = ", ".join("'" + place.replace("'", "''") + "'" for place in _places(where))
    connection.execute(f"SET allowed_directories = [{places}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def ask(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    """The answer to one query that reads. Raises :class:`QueryError` with one sentence."""
    import duckdb

    reads = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI}
    try:
        statements = connection.extract_statements(query)
        if not statements:
            raise QueryError("The query is empty; write one, such as: SELECT * FROM coverage.")
        if len(statements) != 1:
            raise QueryError(f"Ask one query at a time; this text holds {len(statements)}.")
        if statements[0].type not in reads:
            kind = statements[0].type.name
            raise QueryError(
                f"Only queries that read are answered (SELECT, WITH, DESCRIBE, EXPLAIN), not {kind}."
            )
        return connection.sql(query).to_arrow_table()
    except duckdb.Error as error:
        raise QueryError(_said(error)) from error


def _places(where: Home | Path) -> list[str]:
    """The data root as DuckDB compares it: patterns, in which brackets are escaped, and the files that they find."""
    if isinstance(where, Home) and where.shared:
        return [f"{where.tables}/"]
    root = where.warehouse if isinstance(where, Home) else where
    return [f"{path}/" for path in (root.absolute(), glob.escape(str(root.absolute())))]


def _view(name: str, text: str) -> View:
    head = " ".join(line.removeprefix("--").strip() for line in text.splitlines() if line.startswith("--"))
    zh, _, en = head.partition(" / ")
    return View(name, zh, en, text)


def _said(error: duckdb.Error) -> str:
    """What DuckDB says in one line, with its advice; the rest repeats the query."""
    parts = [" ".join(part.split()) for part in str(error).split("\n\n")]
    said = next((part for part in parts if part), "it gives no reason").rstrip(".")
    return (
        f"The query does not work: {said}. See fisc tables and fisc dictionary for tables, views and columns."
    )
