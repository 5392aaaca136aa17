"""``fisc sql``: asking the published tables."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fisc.flows.cli.console import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN_ROWS = 200


def sql(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="SQL of DuckDB that reads; every table and curated view.")
    ],
    json: Annotated[
        bool, typer.Option("--json", help="One JSON value on standard output, nothing else.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Comma-separated values with a head line.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to a file: .csv, .json, .parquet or .xlsx.")
    ] = None,
) -> None:
    """Ask the published tables in SQL (DuckDB).

    Every table and curated view that fisc tables lists; fisc dictionary says what the columns mean. Read only: no other file, nothing on the network. Words of SQL that are names here stand in quotation marks: "check", "table", "column", "where".

    Example: [bold]fisc sql "SELECT * FROM budget_against_final WHERE class_code = '206'" -o science.xlsx[/]
    """
    from fisc.analysis.asking import QueryError, ask, open_tables
    from fisc.warehouse.home import Home

    if sum((json, csv, output is not None)) > 1:
        raise UsageError("Choose one of --json, --csv and --output.")
    with open_tables(Home.from_environment()) as connection:
        try:
            answer = ask(connection, query)
        except QueryError as error:
            raise UsageError(str(error)) from error
    if output:
        _write(answer, output)
    else:
        _print(answer, json, csv)


def _write(answer: pa.Table, output: Path) -> None:
    from fisc.analysis.exports.answers import UnknownForm, write_answer
    from fisc.flows.cli.console import count, err

    try:
        write_answer(answer, output)
    except UnknownForm as error:
        raise UsageError(str(error)) from error
    err().print(f"{count(answer.num_rows)} rows written to {output}", style="dim", soft_wrap=True)


def _print(answer: pa.Table, json: bool, csv: bool) -> None:
    import sys

    from fisc.analysis.exports.answers import as_csv, as_json
    from fisc.flows.cli.console import count, err, grid, out

    if json:
        sys.stdout.write(as_json(answer) + "\n")
    elif csv:
        sys.stdout.write(as_csv(answer))
    elif answer.num_rows == 0:
        err().print(f"No rows ({', '.join(answer.column_names)}).", style="dim", soft_wrap=True)
    else:
        columns = [column.to_pylist() for column in answer.slice(0, SHOWN_ROWS).columns]
        heads: list[str | tuple[str, str]] = [
            (name, "right") if _is_number(values) else name
            for name, values in zip(answer.column_names, columns, strict=True)
        ]
        out().print(grid(heads, zip(*columns, strict=True)))
        if answer.num_rows > SHOWN_ROWS:
            err().print(
                f"{SHOWN_ROWS} of {count(answer.num_rows)} rows; add a LIMIT, or --csv, --json or --output for all.",
                style="dim",
            )


def _is_number(values: list[Any]) -> bool:
    return any(isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in values)
