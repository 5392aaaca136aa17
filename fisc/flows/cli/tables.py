"""``fisc tables`` and ``fisc dictionary``: what is published, and what it means."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from fisc.flows.cli.console import UsageError

AsJson = Annotated[bool, typer.Option("--json", help="One JSON value on standard output, nothing else.")]


def tables(json: AsJson = False) -> None:
    """The published tables and how many rows they have, and the curated views.

    Example: [bold]fisc tables[/]
    """
    from fisc.analysis.asking import views
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
    curated = [{"view": view.name, "title": view.zh, "shows": view.en} for view in views().values()]
    if json:
        print_json(listed)
        return
    rows = [(t["table"], t["title"], count(t["rows"]), t["description"]) for t in listed]
    out().print(grid(("table", "标题", ("rows", "right"), "holds"), rows))
    out().print()
    out().print(grid(("view of fisc sql", "标题", "shows"), [tuple(each.values()) for each in curated]))
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
