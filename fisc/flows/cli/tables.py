"""``fisc tables`` and ``fisc dictionary``: what is published, and what it means."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

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
    out().print(f"\n[dim]Parquet[/]  {home.tables}", soft_wrap=True)


def dictionary(
    table: Annotated[
        str | None, typer.Argument(metavar="TABLE", help="One table; none: all of them.")
    ] = None,
    json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As the page docs/dictionary.md.")] = False,
) -> None:
    """What each column means, with its type, unit and an example, and where a sum would count twice.

    The same words stand in the metadata of the Parquet files and in datapackage.json.

    Example: [bold]fisc dictionary general_public_budget[/]
    """
    import sys

    from fisc.analysis.dictionary import as_markdown, described
    from fisc.flows.cli.console import grid, out, print_json
    from fisc.schemas.contract import MODELS

    if table is not None and table not in MODELS:
        raise UsageError(f"There is no table {table}; there are {', '.join(MODELS)}.")
    if json and markdown:
        raise UsageError("Choose one of --json and --markdown.")
    chosen = [described(name) for name in MODELS if table in (None, name)]
    if json:
        columns = {each.name: [asdict(column) for column in each.columns] for each in chosen}
        print_json(columns if table is None else columns[table])
        return
    if markdown:
        sys.stdout.write(as_markdown(chosen))
        return
    console = out()
    for each in chosen:
        console.print(f"[bold]{each.name}[/]  {each.title}  [dim]{each.description}[/]")
        if each.adding_en:
            console.print(f"[yellow]{each.adding_zh}\n{each.adding_en}[/]")
        rows = [
            ("  " + c.column, c.zh, c.type + ("" if c.nullable else ", never null"), c.unit, c.en, c.example)
            for c in each.columns
        ]
        console.print(grid(("  column", "含义", "type", "unit", "meaning", "example"), rows))
        console.print()
