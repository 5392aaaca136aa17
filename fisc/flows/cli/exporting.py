"""``fisc export``: a document, a department or a selection as files for others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fisc.flows.cli.console import UsageError


def export(
    words: Annotated[
        str | None,
        typer.Argument(metavar="DOCUMENT", help="Beginning of an id, or words of a department; none: all."),
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="Beginning of a region's code, or words of its name.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Fiscal year.")] = None,
    stage: Annotated[str | None, typer.Option(help="budget or final_accounts.")] = None,
    level: Annotated[str | None, typer.Option(help="department or unit.")] = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="An .xlsx file, or a folder for CSV files with datapackage.json."
        ),
    ] = Path("fisc-export.xlsx"),
) -> None:
    """Hand on a document, a department or a selection.

    An Excel workbook has one sheet a table, Chinese heads, and links from page numbers to the page on the portal. A folder gets CSV files and a Frictionless datapackage.json whose fields have the types of the Fiscal Data Package; budget_line.csv has every lowest line once, safe to add up.

    Example: [bold]fisc export 民政局 --year 2024 -o 民政局.xlsx[/] or [bold]fisc export --region 1303 -o package[/]
    """
    from fisc.analysis.asking import open_tables
    from fisc.analysis.exports.package import write_selection
    from fisc.analysis.exports.selecting import Selection, select
    from fisc.flows.cli.console import count, out
    from fisc.warehouse.home import Home

    if output.suffix and output.suffix.lower() != ".xlsx":
        raise UsageError(
            f"{output.name} is neither an .xlsx file nor a folder; for other forms use fisc sql --output."
        )
    with open_tables(Home.from_environment()) as tables:
        selected = select(tables, Selection(words, region, year, stage, level))
    written = write_selection(selected, output)
    rows = sum(table.num_rows for table in selected.tables.values())
    documents = selected.tables["document"].num_rows
    out().print(
        f"{count(documents)} documents, {count(rows)} rows: {', '.join(map(str, written[:3]))}"
        + (f" and {len(written) - 3} more" if len(written) > 3 else ""),
        soft_wrap=True, markup=False,
    )  # fmt: skip
