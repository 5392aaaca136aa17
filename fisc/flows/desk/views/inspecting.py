"""The inspection sheet of a document, and the ranking of a region."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from fisc.flows.desk.opened import NotThere, Opened
from fisc.flows.desk.views.document import opened_at, shared
from fisc.flows.desk.wanted import STAGES, years_of
from fisc.flows.inspection.gathering import WORDY, Scope, due_of, of_scope, sources_in
from fisc.flows.inspection.table import ranking
from fisc.flows.page.words import english
from fisc.schemas.inspection import Evidence, Sheet, inspect, ranked

if TYPE_CHECKING:
    from fisc.flows.desk.app import Desk

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A_PAGE = 100
"""Documents on one page of the ranking."""


def document(desk: Desk, request: Request) -> Response:
    """The sheet of one document."""
    opened = opened_at(desk, request)
    numbers = {id(finding): n for n, finding in enumerate(opened.findings, 1)}
    return desk.page(
        request,
        "inspection.html",
        **shared(desk, request, opened, "inspection"),
        sheet=_sheet(desk, opened),
        at=lambda finding: opened.address_of(finding, numbers[id(finding)]),
    )


def document_workbook(desk: Desk, request: Request) -> Response:
    """The same as an Excel file."""
    opened = opened_at(desk, request)
    return _workbook([_sheet(desk, opened)], opened.id)


def region(desk: Desk, request: Request) -> Response:
    """The documents of a region, year and stage, ranked."""
    scope = _scope(desk, request)
    rows = list(ranking(_sheets(desk, scope)))
    said = request.query_params.get("page", "1")
    page = max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 7 else 1
    entries = desk.shelf.entries()
    query = {"region": scope.region or "", "year": scope.year or "", "stage": scope.stage or ""}
    return desk.page(
        request,
        "ranking.html",
        rows=rows[(page - 1) * A_PAGE : page * A_PAGE],
        count=len(rows),
        page=page,
        last=max(1, -(-len(rows) // A_PAGE)),
        scope=scope,
        query=urlencode(query),
        ranking_address=lambda page: "/inspection?" + urlencode(query | {"page": page}),
        failing=Counter(
            item for row in rows for item in row["failed_en" if english() else "failed"]
        ).most_common(),
        years=years_of(entries),
        stages_there=STAGES,
        unpublished=sum(_in_scope(e.standing, scope) and e.cells is None for e in entries),
        at=lambda document_id: f"/document/{document_id}/inspection",
    )


def region_workbook(desk: Desk, request: Request) -> Response:
    """The same as an Excel file."""
    sheets = _sheets(desk, _scope(desk, request))
    if not sheets:
        raise NotThere("Nothing is published there.")
    return _workbook([sheet for _, sheet in ranked(sheets)], "inspection")


def _sheets(desk: Desk, scope: Scope) -> list[Sheet]:
    sources = sources_in(desk.settings.sources)
    return [inspect(evidence) for evidence in of_scope(desk.settings.home, scope, sources)]


def _scope(desk: Desk, request: Request) -> Scope:
    """What the address asks for; without a year the newest one, as a ranking is of one year and stage."""
    query = request.query_params
    region, year, stage = (query.get(word, "").strip() for word in ("region", "year", "stage"))
    known = Counter(
        (e.standing.fiscal_year, e.standing.stage)
        for e in desk.shelf.entries()
        if e.standing.state == "published"
    )
    newest = max(known, key=lambda pair: (pair[0] or 0, known[pair]), default=(None, None))
    return Scope(
        region if region.isascii() and region.isdigit() and 2 <= len(region) <= 6 else None,
        int(year) if year.isascii() and year.isdigit() and len(year) == 4 else newest[0],
        stage if stage in STAGES else newest[1] if "stage" not in query else None,
    )


def _in_scope(standing: Any, scope: Scope) -> bool:
    return (
        (standing.region_code or "").startswith(scope.region or "")
        and scope.year in (None, standing.fiscal_year)
        and scope.stage in (None, standing.stage)
        and standing.state != "superseded"
    )


def _sheet(desk: Desk, opened: Opened) -> Sheet:
    if opened.row is None:
        raise NotThere(f"Nothing of document {opened.id} was read; there is nothing to inspect.")
    checks: Mapping[tuple[str, str], int] = {
        (row["rule"], row["outcome"]): row["count"] for row in opened.tables.get("check", [])
    }
    lengths = Counter(cell["table"] for cell in opened.cells)
    lengths |= Counter({name: len(opened.tables.get(name, ())) for name in WORDY})
    due = due_of(opened.row, sources_in(desk.settings.sources))
    return inspect(
        Evidence(opened.row, opened.findings, opened.tables.get("section", []), checks, lengths, due)
    )


def _workbook(sheets: Sequence[Sheet], name: str) -> Response:
    from fisc.flows.inspection.excel import write_workbook

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "sheet.xlsx"
        write_workbook(sheets, target)
        content = target.read_bytes()
    headers = {"content-disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, media_type=WORKBOOK, headers=headers)
