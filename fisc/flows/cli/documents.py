"""``fisc show`` and ``fisc findings``: what is published of a document and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import unquote

import typer

from fisc.flows.cli.console import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from fisc.warehouse.ledger import Document, Event, KnownLink

AsJson = Annotated[bool, typer.Option("--json", help="One JSON value on standard output, nothing else.")]
SHOWN_FINDINGS = 100
SHOWN_DOCUMENTS = 20


def show(
    document: Annotated[
        str, typer.Argument(help="Id or beginning of an id, or words of a department or address.")
    ],
    json: AsJson = False,
    unaccounted: Annotated[
        bool, typer.Option("--unaccounted", help="Only the numbers that nothing accounts for.")
    ] = False,
) -> None:
    """All about one document.

    Whose it is, its tables and how much of them is proven, facts, findings, and where it came from.

    Example: [bold]fisc show 3f2a[/] or [bold]fisc show 民政局[/]
    """
    from fisc.flows.cli.console import out, print_json
    from fisc.warehouse import archive
    from fisc.warehouse.home import Home
    from fisc.warehouse.ledger import Ledger
    from fisc.warehouse.read import rows_of

    home = Home.from_environment()
    with Ledger.open(home) as ledger:
        found = _the_one(ledger.find(document), document)
        links, events = ledger.links_of(found.document_id), ledger.events(found.document_id)
    file = archive.path(home, found.sha256)
    tables = rows_of(home, found.document_id, found.published_in) if found.published_in else {}
    if unaccounted:
        _print_unaccounted(found, tables, json)
        return
    if json:
        rows = {name: table.to_pylist() for name, table in tables.items()}
        said = {"document": found, "links": links, "events": events, "file": str(file.absolute())}
        print_json({**said, "tables": rows})
        return
    console = out()
    _print_provenance(found, links, events, str(file.absolute()))
    if tables:
        from fisc.flows.cli.described import print_document

        console.print()
        print_document(console, tables)


def _print_unaccounted(document: Document, tables: dict[str, pa.Table], json: bool) -> None:
    from fisc.flows.cli.console import out, print_json
    from fisc.flows.cli.described import print_unaccounted, unaccounted_numbers

    if not tables:
        raise UsageError(f"Document {document.document_id} is {document.state}; nothing of it is published.")
    if json:
        print_json(unaccounted_numbers(tables))
    else:
        print_unaccounted(out(), tables)


def findings(
    documents: Annotated[
        list[str] | None, typer.Argument(metavar="DOCUMENT", help="Documents, as in fisc show; none: all.")
    ] = None,
    rule: Annotated[str | None, typer.Option(help="Only this rule, or rules that begin so.")] = None,
    severity: Annotated[str | None, typer.Option(help="error, warning or info.")] = None,
    json: AsJson = False,
) -> None:
    """What the audit found in the published documents, and between them.

    Checks that failed, things that could not be read, and figures that another document contradicts.

    Example: [bold]fisc findings --severity error[/] or [bold]fisc findings 民政局 --rule expenditure[/]
    """
    import polars as pl

    from fisc.flows.cli.console import SEVERITY_STYLES, err, print_json
    from fisc.flows.rerun import named
    from fisc.warehouse.home import Home
    from fisc.warehouse.ledger import Ledger
    from fisc.warehouse.read import findings_of

    if severity is not None and severity not in SEVERITY_STYLES:
        raise UsageError(f"There is no severity {severity}; there are {', '.join(SEVERITY_STYLES)}.")
    home = Home.from_environment()
    frame = findings_of(home).drop("year", "kind", "prov")
    if documents:
        with Ledger.open(home) as ledger:
            wanted = [each.document_id for each in named(ledger, documents)]
        frame = frame.filter(pl.col("document_id").is_in(wanted))
    if rule is not None:
        frame = frame.filter((pl.col("rule") == rule) | pl.col("rule").str.starts_with(f"{rule}."))
    if severity is not None:
        frame = frame.filter(pl.col("severity") == severity)
    order = ["region_code", "department", "fiscal_year", "stage", "document_id", "row"]
    rows = frame.sort(order).collect().to_dicts()
    if json:
        print_json(rows)
        return
    _print_by_document(rows[:SHOWN_FINDINGS])
    if len(rows) > SHOWN_FINDINGS:
        err().print(f"{SHOWN_FINDINGS} of {len(rows):,} findings; --json prints all.", style="dim")


def _the_one(found: Sequence[Document], words: str) -> Document:
    if len(found) == 1:
        return found[0]
    if not found:
        from fisc.flows.rerun import UnknownDocument

        raise UnknownDocument(words)
    listed = "".join(f"\n  {d.document_id}  {_named(d)}" for d in found[:SHOWN_DOCUMENTS])
    more = f"\n  and {len(found) - SHOWN_DOCUMENTS} more" if len(found) > SHOWN_DOCUMENTS else ""
    raise UsageError(f"{len(found)} documents answer to {words!r}; name one of them:{listed}{more}")


def _named(document: Document) -> str:
    disclosure = document.disclosure
    if disclosure is None:
        return document.state
    return f"{disclosure.department} {disclosure.fiscal_year} {disclosure.stage}"


def _print_provenance(
    document: Document, links: Sequence[KnownLink], events: Sequence[Event], file: str
) -> None:
    from rich.text import Text

    from fisc.flows.cli.console import STATE_STYLES, out, shown, styled
    from fisc.flows.cli.described import print_lines

    console = out()
    since = (f" since {shown(document.changed_at)}", "dim")
    console.print(f"[bold]Document {document.document_id}[/]")
    said: dict[str, Any] = {"State": Text.assemble(styled(document.state, STATE_STYLES), since)}
    said |= {"Why": document.sentence, "Superseded by": document.superseded_by}
    for number, link in enumerate(links, 1):
        said["Link" if number == 1 else f"Link {number}"] = unquote(link.url)
    said["Title"] = links[0].title if links else None
    said |= {
        "Source": ", ".join(dict.fromkeys(link.source for link in links)),
        "Fetched": document.fetched_at,
    }
    said |= {"File": file, "History": _history(events)}
    print_lines(console, said)


def _history(events: Sequence[Event]) -> str:
    """The steps of a document, those that repeat at once said once."""
    steps: list[str] = []
    for event in events:
        step = event.to_state + (f" ({event.reason})" if event.reason else "")
        if not steps or steps[-1] != step:
            steps.append(step)
    return " → ".join(steps[-12:])


def _print_by_document(rows: Sequence[dict[str, Any]]) -> None:
    from itertools import groupby

    from fisc.flows.cli.console import out
    from fisc.flows.cli.described import print_findings

    console = out()
    if not rows:
        console.print("No findings.", style="green")
    for document_id, group in groupby(rows, key=lambda row: row["document_id"]):
        of_document = list(group)
        first = of_document[0]
        words = f"{first['department']} {first['fiscal_year']} {first['stage']}"
        console.print(f"[bold]{words}[/]  [dim]{document_id}[/]", end="")
        print_findings(console, of_document)
        console.print()
