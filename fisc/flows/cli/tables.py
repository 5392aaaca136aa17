"""``fisc tables``, ``fisc dictionary`` and ``fisc sql``: what is published, and asking it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fisc.flows.cli.console import UsageError

if TYPE_CHECKING:
    import duckdb

AsJson = Annotated[bool, typer.Option("--json", help="One JSON value on standard output, nothing else.")]
SHOWN_ROWS = 200


def tables(json: AsJson = False) -> None:
    """The published tables and how many rows they have.

    Example: [bold]fisc tables[/]
    """
    from fisc.flows.cli.console import count, grid, out, print_json
    from fisc.flows.cli.totals import count_rows
    from fisc.schemas.contract import MODELS
    from fisc.warehouse.home import Home

    home = Home.from_environment()
    listed = [
        {
            "table": name,
            "title": model.to_schema().title,
            "rows": count_rows(home, name),
            "columns": len(model.to_schema().columns),
            "description": model.to_schema().description,
        }
        for name, model in MODELS.items()
    ]
    if json:
        print_json(listed)
        return
    rows = [(t["table"], t["title"], count(t["rows"]), t["description"]) for t in listed]
    out().print(grid(("table", "标题", ("rows", "right"), "holds"), rows))
    out().print(f"\n[dim]Parquet[/]  {home.warehouse.absolute()}", soft_wrap=True)


def dictionary(
    table: Annotated[
        str | None, typer.Argument(metavar="TABLE", help="One table; none: all of them.")
    ] = None,
    json: AsJson = False,
) -> None:
    """What each column means, with its type and unit.

    Example: [bold]fisc dictionary general_public_budget[/]
    """
    from fisc.flows.cli.console import grid, out, print_json
    from fisc.schemas.contract import MODELS

    if table is not None and table not in MODELS:
        raise UsageError(f"There is no table {table}; there are {', '.join(MODELS)}.")
    chosen = {name: _columns(name) for name in MODELS if table in (None, name)}
    if json:
        print_json(chosen if table is None else chosen[table])
        return
    console = out()
    for name, columns in chosen.items():
        schema = MODELS[name].to_schema()
        console.print(f"[bold]{name}[/]  {schema.title}  [dim]{schema.description}[/]")
        rows = [("  " + c["column"], c["zh"], c["type"], c["unit"], c["en"]) for c in columns]
        console.print(grid(("  column", "含义", "type", "unit", "meaning"), rows))
        console.print()


def sql(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Any SQL of DuckDB; every table is a view.")],
    json: AsJson = False,
    csv: Annotated[bool, typer.Option("--csv", help="Comma-separated values with a head line.")] = False,
) -> None:
    """Ask the published tables in SQL (DuckDB).

    See fisc tables and fisc dictionary for what there is. The table check is a word of SQL: write "check".

    Example: [bold]fisc sql "SELECT department, total FROM expenditure WHERE is_total AND fiscal_year = 2025"[/]
    """
    import duckdb

    from fisc.warehouse.home import Home
    from fisc.warehouse.read import connect

    if json and csv:
        raise UsageError("Choose one of --json and --csv.")
    with connect(Home.from_environment()) as connection:
        try:
            answer = connection.execute(query)
            columns = [each[0] for each in answer.description or ()]
            rows = answer.fetchall() if columns else []
        except duckdb.Error as error:
            raise UsageError(_said(error)) from error
    _print_answer(columns, rows, json, csv)


def _print_answer(columns: list[str], rows: list[tuple[Any, ...]], json: bool, csv: bool) -> None:
    import csv as writing
    import sys

    from fisc.flows.cli.console import count, err, grid, out, print_json

    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif csv:
        writer = writing.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    else:
        right = [_is_number([row[n] for row in rows]) for n in range(len(columns))]
        heads = [(name, "right") if flush else name for name, flush in zip(columns, right, strict=True)]
        out().print(grid(heads, rows[:SHOWN_ROWS]))
        if len(rows) > SHOWN_ROWS:
            err().print(
                f"{SHOWN_ROWS} of {count(len(rows))} rows; add a LIMIT, or --csv or --json for all.",
                style="dim",
            )


def _is_number(values: list[Any]) -> bool:
    from decimal import Decimal

    return any(isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in values)


def _said(error: duckdb.Error) -> str:
    """The first sentence of what DuckDB says; the rest repeats the query."""
    first = " ".join(str(error).partition("\n\n")[0].split()).rstrip(".")
    return f"The query does not work: {first}."


def _columns(table: str) -> list[dict[str, Any]]:
    from fisc.schemas.contract import MODELS, arrow_schema

    types = arrow_schema(table)
    return [
        {
            "column": name,
            "zh": (column.metadata or {}).get("zh"),
            "en": (column.metadata or {}).get("en"),
            "type": str(types.field(name).type),
            "unit": (column.metadata or {}).get("unit"),
            "nullable": column.nullable,
        }
        for name, column in MODELS[table].to_schema().columns.items()
    ]
