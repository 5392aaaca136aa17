"""``fisc inspect``: the inspection sheet of documents or of a region."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fisc.flows.cli.console import UsageError, grid, out, print_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fisc.flows.sources import Source
    from fisc.schemas.inspection import Evidence, Sheet

VERDICT_STYLES = {"meets": "green", "remarks": "yellow", "fails": "bold red", "unknown": "dim"}


def inspect(
    documents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DOCUMENT", help="Documents, as in fisc show, or PDF files; none: see --region."
        ),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(help="All published documents of a region: a code or its beginning (13, 1303, 130302)."),
    ] = None,
    year: Annotated[int | None, typer.Option(help="Of these, one fiscal year.")] = None,
    stage: Annotated[str | None, typer.Option(help="Of these, budget or final_accounts.")] = None,
    excel: Annotated[Path | None, typer.Option(metavar="OUT", help="Write an Excel workbook.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="OUT", help="Write one self-contained page.")] = None,
    source_dir: Annotated[
        Path,
        typer.Option(
            "--source-dir",
            envvar="FISC_SOURCES",
            help="Folder with the source files, which say what is due when.",
        ),
    ] = Path("sources"),
    json: Annotated[
        bool, typer.Option("--json", help="One JSON value on standard output, nothing else.")
    ] = False,
) -> None:
    """Fill in the inspection sheet that finance bureaus use.

    On time, cover, contents, duties, institutions, glossary, explanation, each of the nine tables, other notes, project notes: whether each meets the requirement, with the findings under it. Several documents, or a region, are ranked.

    Example: [bold]fisc inspect 民政局 --excel sheet.xlsx[/] or [bold]fisc inspect --region 1303 --year 2025 --stage budget[/]
    """
    from fisc.flows.inspection.gathering import sources_in
    from fisc.schemas.inspection import inspect as fill_in
    from fisc.schemas.inspection import ranked

    if bool(documents) == any(each is not None for each in (region, year, stage)):
        raise UsageError(
            "Say either which documents, or a --region, --year or --stage; see fisc inspect --help."
        )
    if stage not in (None, "budget", "final_accounts"):
        raise UsageError(f"There is no stage {stage}; there are budget and final_accounts.")
    if region is not None and not (region.isdigit() and 2 <= len(region) <= 6):
        raise UsageError(f"{region!r} is no region code; give two to six digits of GB/T 2260.")
    sources = sources_in(source_dir)
    found = _named(documents, sources) if documents else _of_region(region, year, stage, sources)
    if not found:
        raise UsageError("Nothing is published there; fisc status says what there is.")
    sheets = [sheet for _, sheet in ranked([fill_in(evidence) for evidence in found])]
    _write(sheets, excel, html)
    if json:
        from fisc.flows.inspection.table import as_json

        print_json([as_json(sheet) for sheet in sheets] if len(sheets) > 1 else as_json(sheets[0]))
    elif not (excel or html):
        _print_sheet(sheets[0]) if len(sheets) == 1 else _print_ranking(sheets)


def _of_region(
    region: str | None, year: int | None, stage: str | None, sources: Mapping[str, Source]
) -> list[Evidence]:
    from fisc.flows.inspection.gathering import Scope, of_scope
    from fisc.warehouse.home import Home

    return of_scope(Home.from_environment(), Scope(region, year, stage), sources)


def _named(words: Sequence[str], sources: Mapping[str, Source]) -> list[Evidence]:
    from fisc.flows.cli.extracting import read_file
    from fisc.flows.inspection.gathering import of_document
    from fisc.flows.rerun import named
    from fisc.warehouse.home import Home
    from fisc.warehouse.ledger import Ledger
    from fisc.warehouse.read import rows_of

    files = [each for each in words if each.lower().endswith(".pdf")]
    found = [of_document(read_file(Path(file)).tables, sources) for file in files]
    rest = [each for each in words if each not in files]
    if rest:
        home = Home.from_environment()
        with Ledger.open(home) as ledger:
            known = named(ledger, rest)
        for document in known:
            if document.published_in:
                found.append(of_document(rows_of(home, document.document_id, document.published_in), sources))
            elif len(known) == 1:
                raise UsageError(
                    f"Document {document.document_id} is {document.state}; nothing of it is published."
                )
    return found


def _write(sheets: Sequence[Sheet], excel: Path | None, html: Path | None) -> None:
    if excel:
        from fisc.flows.inspection.excel import write_workbook

        write_workbook(sheets, excel)
        out().print(str(excel), soft_wrap=True, markup=False)
    if html:
        from fisc.flows.inspection.html import inspection_page

        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(inspection_page(sheets), encoding="utf-8")
        out().print(str(html), soft_wrap=True, markup=False)


def _print_sheet(sheet: Sheet) -> None:
    from rich.text import Text

    from fisc.flows.inspection.table import title_of
    from fisc.flows.page.words import in_two
    from fisc.schemas.inspection import VERDICTS

    rows: list[tuple[object, ...]] = []
    for line in sheet.lines:
        if line.item.id == "rest" and not line.findings:
            continue
        verdict = Text(VERDICTS[line.verdict], style=VERDICT_STYLES[line.verdict])
        rows.append((line.item.zh, verdict if line.item.id != "rest" else "", f"{line.zh} {line.en}".strip()))
        for finding in line.findings:
            page = f"第{finding['page']}页 " if finding["page"] else ""
            waived = f"（已免除：{finding['waived']}）" if finding.get("waived") else ""
            rows.append(("", "", Text(f"{page}{in_two(finding['message'])[0]}{waived}", style="dim")))
    console = out()
    console.print(f"[bold]{title_of(sheet.document)}[/]  [dim]{sheet.document['document_id']}[/]")
    console.print(grid(("项目", "结论", "说明"), rows))
    console.print(f"{sheet.met} / {sheet.judged} 符合 meet the requirement")


def _print_ranking(sheets: Sequence[Sheet]) -> None:
    from fisc.flows.inspection.table import ranking

    rows = [
        (r["place"], r["department"], f"{r['fiscal_year']} {r['stage']}", f"{r['met']} / {r['judged']}", r["errors"] or "", r["warnings"] or "", "、".join(r["failed"]), r["document_id"])
        for r in ranking(sheets)
    ]  # fmt: skip
    heads = (
        ("名次", "right"),
        "部门",
        "year",
        ("符合", "right"),
        ("错误", "right"),
        ("警告", "right"),
        "不符合的项目",
        "document",
    )
    out().print(grid(heads, rows))
