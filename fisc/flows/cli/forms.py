"""``fisc forms``: which official tables are known, and which form each table of a file meets and why."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from fisc.extractors.explaining import ExplainedTable
    from fisc.schemas.forms import Form

AsJson = Annotated[bool, typer.Option("--json", help="One JSON value on standard output, nothing else.")]
app = typer.Typer(
    help="The forms: official tables with their titles, layouts and headers, as fisc knows them.",
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback(invoke_without_command=True)
def forms(context: typer.Context, json: AsJson = False) -> None:
    """The known forms, with their titles and layouts.

    Each is a file in fisc/schemas/forms; a new title or header is a line there.

    Example: [bold]fisc forms[/]
    """
    if context.invoked_subcommand:
        return
    from fisc.flows.cli.console import grid, out, print_json
    from fisc.schemas.forms import forms as known

    if json:
        print_json([_described(form) for form in known()])
        return
    rows = [
        (
            form.name,
            form.table if form.published else "raw",
            "、".join(form.titles),
            "; ".join(f"{layout.name} ({layout.shape})" for layout in form.layouts),
        )
        for form in known()
    ]
    out().print(grid(("form", "table", "titles", "layouts"), rows))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A PDF file.")],
    json: AsJson = False,
) -> None:
    """Which form each table of a file meets, and why.

    For each printed table: its pages, title and unit, the form and layout it met, and what each column is. For a table
    that met none: the nearest form, what does not fit, and the lines to add to that form's file.

    Example: [bold]fisc forms check budget.pdf[/]
    """
    from fisc.flows.cli.console import out, print_json

    tables = _explained(file)
    if json:
        print_json([asdict(table) for table in tables])
        return
    console = out()
    for table in tables:
        _print(console, table)
    met = sum(table.layout is not None for table in tables)
    console.print(f"{met} of {len(tables)} tables met a form.", markup=False)


def _explained(file: Path) -> tuple[ExplainedTable, ...]:
    from fisc.errors import DocumentError
    from fisc.extractors.explaining import explain
    from fisc.schemas.identity import Hints

    try:
        content = file.read_bytes()
    except OSError as error:
        raise DocumentError("unreadable_file", f"The file cannot be opened: {error.strerror}.") from error
    return explain(content, Hints(file_name=file.name))


def _described(form: Form) -> dict[str, Any]:
    return {
        "form": form.name,
        "table": form.table if form.published else None,
        "titles": form.titles,
        "without": form.without,
        "layouts": [
            {
                "layout": layout.name,
                "shape": layout.shape,
                "required": layout.required,
                "columns": layout.columns,
            }
            for layout in form.layouts
        ],
    }


def _print(console: Console, table: ExplainedTable) -> None:
    from fisc.flows.cli.console import grid

    pages = "、".join(str(page) for page in table.pages)
    met = f"{table.form}, {table.layout}" if table.layout else (table.form or "no form")
    style = "green" if table.layout else ("dim" if table.form else "bold red")
    console.print(f"[bold]{table.number}[/]  p. {pages}  ", end="")
    console.print(table.title or "(no title)", style="bold", markup=False, end="")
    console.print(f"  {table.unit or 'no unit'}", style="dim", markup=False)
    console.print(f"   {met}", style=style, markup=False)
    console.print(f"   {table.why}", style="dim", markup=False, soft_wrap=True)
    rows = [("", column.head, column.column or "—", column.why or "") for column in table.columns]
    if rows:
        console.print(grid(("  ", "head", "column", ""), rows))
    for line in table.lines:
        console.print(
            f"   + fisc/schemas/forms/{table.nearest}.toml: {line}",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )
    console.print()
