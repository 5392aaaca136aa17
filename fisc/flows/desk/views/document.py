"""One document: whose it is and how it stands, its pages, and what changed against the version before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fisc.errors import DocumentError
from fisc.flows.desk.compared import comparisons, finding_changes
from fisc.flows.desk.opened import NotThere, Opened, read_tables
from fisc.flows.desk.rerunning import RUNNING
from fisc.flows.page import head
from fisc.flows.page.markup import element
from fisc.flows.page.page import figure_of
from fisc.flows.page.rows import table_title
from fisc.schemas.decisions import Decisions
from fisc.schemas.differences import differences
from fisc.warehouse.reviewed import decisions

if TYPE_CHECKING:
    from fisc.flows.desk.app import Desk

DONE = {
    "corrected": "更正已记下，重新读取后生效。",
    "waived": "免除已记下，重新读取后生效。",
    "withdrawn": "已撤回，重新读取后生效。",
    "rerun": "正在重新读取。",
}


def opened_at(desk: Desk, request: Request) -> Opened:
    """The document that an address names."""
    return desk.library.open(request.path_params["document_id"])


def shared(desk: Desk, request: Request, opened: Opened, tab: str) -> dict[str, Any]:
    """What every page of a document shows."""
    state = desk.reruns.state(opened.id)
    if state not in (None, RUNNING):
        desk.reruns.forget(opened.id)
    return {
        "opened": opened,
        "tab": tab,
        "base": f"/document/{opened.id}",
        "title": head.what_of(opened.row) if opened.row else opened.name,
        "rerun": state,
        "done": DONE.get(request.query_params.get("done", "")),
        "table_title": table_title,
    }


def overview(desk: Desk, request: Request) -> Response:
    """Identity, proof, findings, tables, decisions and history."""
    opened = opened_at(desk, request)
    values: dict[str, Any] = shared(desk, request, opened, "overview")
    values |= {"decisions": _decisions(desk, opened), "links": [_link(link) for link in opened.links]}
    if opened.row is None:
        return desk.page(request, "unread.html", **values)
    findings, statements, _ = opened.parts()
    return desk.page(
        request,
        "overview.html",
        **values,
        summary=head.summary(opened.row, opened.findings, opened.page_address),
        findings=findings.index(),
        whole=findings.without_page() or "",
        checks=head.checks(opened.tables.get("check", [])) or "",
        begins=statements.pages(),
        compared=comparisons(desk.settings.home, opened.document),
        loose=[(n, f) for n, f in enumerate(opened.findings, 1) if f["rule"] == "number.unaccounted"],
    )


def page(desk: Desk, request: Request) -> Response:
    """One page: its picture with boxes, and beside it the rows, findings and text that stand on it."""
    opened = opened_at(desk, request)
    number = request.path_params["page"]
    if not 1 <= number <= opened.pages:
        raise NotThere(f"Document {opened.id} has no page {number}.")
    findings, statements, sheets = opened.parts()
    try:
        drawn = desk.drawing.page(opened.document.sha256, number)
        sheet = sheets.sheet(drawn.at(f"/document/{opened.id}/picture/{number}"))
    except DocumentError as error:
        sheet = sheets.page(number, element("p", error.sentence, class_="notice"))
    marked = [n for n in range(1, opened.pages + 1) if findings.worst(n)]
    return desk.page(
        request,
        "page.html",
        **shared(desk, request, opened, "pages"),
        number=number,
        sheet=sheet,
        legend=head.legend(),
        pages=head.page_links(
            range(1, opened.pages + 1), statements.pages(), findings, opened.page_address, number
        ),
        before=next((n for n in reversed(marked) if n < number), None),
        after=next((n for n in marked if n > number), None),
    )


def progress(desk: Desk, request: Request) -> Response:
    """Whether a document is being read again."""
    opened = opened_at(desk, request)
    return JSONResponse({"running": desk.reruns.state(opened.id) == RUNNING})


def changes(desk: Desk, request: Request) -> Response:
    """What changed against the version before."""
    opened = opened_at(desk, request)
    if not opened.earlier:
        raise NotThere(f"Document {opened.id} took the place of no other.")
    before = desk.library.open(opened.earlier[0].document_id)
    new, gone = finding_changes(before.tables, opened.tables)
    return desk.page(
        request,
        "changes.html",
        **shared(desk, request, opened, "changes"),
        before=before,
        changes=differences(*(read_tables(desk.settings.home, each.document) for each in (before, opened))),
        new=new,
        gone=gone,
    )


def figure(desk: Desk, opened: Opened, cell: Mapping[str, Any], marks: Any) -> Any:
    """The page of an amount with its box alone; a sentence where the page cannot be drawn."""
    try:
        drawn = desk.drawing.page(opened.document.sha256, cell["page"])
    except DocumentError as error:
        return element("p", error.sentence, class_="notice")
    return figure_of(drawn.at(f"/document/{opened.id}/picture/{cell['page']}"), marks)


def _decisions(desk: Desk, opened: Opened) -> Decisions | str:
    """What was decided about a document, or the sentence that says why the file cannot be read."""
    try:
        return decisions(desk.settings.reviewed, opened.source).of(opened.id)
    except DocumentError as error:
        return error.sentence


def _link(link: Any) -> dict[str, Any]:
    """A link of the ledger; only an address of the web becomes one that can be followed."""
    return {
        "link": link,
        "said": unquote(link.url),
        "followed": urlsplit(link.url).scheme in ("http", "https"),
    }
