"""Forms: an amount and its correction, a finding and its waiver, taking a decision back, reading a document again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from fisc.flows.desk.deciding import (
    FormError,
    cell_place,
    correction_of,
    is_money,
    printed_unit,
    row_of,
    seal,
    waiver_of,
)
from fisc.flows.desk.opened import NotThere, Opened
from fisc.flows.desk.views.document import figure, opened_at, shared
from fisc.flows.page.findings import Findings
from fisc.flows.page.marks import PROOFS, Mark, box_of, cells_under
from fisc.flows.page.rows import METHODS
from fisc.flows.page.words import say
from fisc.schemas.contract import MODELS
from fisc.schemas.decisions import Correction, Waiver, line_of, waiver_key
from fisc.schemas.numbers import UNITS
from fisc.warehouse.reviewed import decide, decisions

if TYPE_CHECKING:
    from fisc.flows.desk.app import Desk

Form = Mapping[str, str]
NAME_COOKIE = "fisc_name"
COOKIE_S = 365 * 24 * 3600


def cell(desk: Desk, request: Request) -> Response:
    """Where an amount stands, what is said of it, and the form to correct it."""
    return _cell(desk, request, {}, None)


def correct(desk: Desk, request: Request, form: Form) -> Response:
    """Write a correction down."""
    opened, number = opened_at(desk, request), request.path_params["number"]
    _cell_at(opened, number)
    try:
        correction = correction_of(opened, number, form)
    except FormError as error:
        return _cell(desk, request, form, str(error))
    return _written(desk, opened, correction, form, "corrected")


def finding(desk: Desk, request: Request) -> Response:
    """A finding and the form to waive it."""
    return _finding(desk, request, {}, None)


def waive(desk: Desk, request: Request, form: Form) -> Response:
    """Write a waiver down."""
    opened, number = opened_at(desk, request), request.path_params["number"]
    _finding_at(opened, number)
    try:
        waiver = waiver_of(opened, number, form)
    except FormError as error:
        return _finding(desk, request, form, str(error))
    return _written(desk, opened, waiver, form, "waived")


def withdraw(desk: Desk, request: Request, form: Form) -> Response:
    """Take a decision back; its file keeps both."""
    opened = opened_at(desk, request)
    standing = decisions(desk.settings.reviewed, opened.source).of(opened.id)
    every: list[Correction | Waiver] = [*standing.corrections, *standing.waivers]
    chosen = next((each for each in every if seal(each.key) == form.get("seal")), None)
    if chosen is None or opened.source is None:
        raise NotThere("That decision does not stand any more.")
    decide(desk.settings.home, desk.settings.reviewed, opened.source, chosen, withdrawn=True)
    desk.reruns.start(opened.id)
    return RedirectResponse(f"/document/{opened.id}?done=withdrawn", 303)


def rerun(desk: Desk, request: Request, form: Form) -> Response:  # noqa: ARG001 - the token was in it
    """Read a document again."""
    opened = opened_at(desk, request)
    desk.reruns.start(opened.id)
    return RedirectResponse(f"/document/{opened.id}?done=rerun", 303)


def _written(desk: Desk, opened: Opened, decision: Correction | Waiver, form: Form, done: str) -> Response:
    if opened.source is None:
        raise NotThere(f"No source listed document {opened.id}, so there is no file for decisions about it.")
    decide(desk.settings.home, desk.settings.reviewed, opened.source, decision)
    if form.get("rerun"):
        desk.reruns.start(opened.id)
    response = RedirectResponse(f"/document/{opened.id}?done={done}", 303)
    name = decision.name.encode().hex()
    response.set_cookie(NAME_COOKIE, name, max_age=COOKIE_S, httponly=True, samesite="strict")
    return response


def _cell(desk: Desk, request: Request, form: Form, error: str | None) -> Response:
    opened, number = opened_at(desk, request), request.path_params["number"]
    found = _cell_at(opened, number)
    mark = Mark(
        found["page"], box_of(found), f"b{number}", f"c{number}", f"cell {found['proof']} on", found["text"]
    )
    column = MODELS[found["table"]].to_schema().columns[found["column"]]
    return desk.page(
        request,
        "cell.html",
        400 if error else 200,
        **shared(desk, request, opened, "pages"),
        number=number,
        cell=found,
        column=(column.metadata or {}).get("zh") or found["column"],
        line=line_of(row_of(opened, found)),
        proof=say(PROOFS[found["proof"]]),
        method=METHODS.get(found["method"]),
        figure=figure(desk, opened, found, [mark]),
        concerned=[
            (n, f) for n, f in enumerate(opened.findings, 1) if number in cells_under(f, opened.cells)
        ],
        units=list(UNITS) if is_money(found) else ["元"],
        money=is_money(found),
        unit=form.get("unit") or printed_unit(opened, found),
        form=form,
        error=error,
        seal=seal(cell_place(opened, number)),
        name=form.get("name") or _name(request),
    )


def _finding(desk: Desk, request: Request, form: Form, error: str | None) -> Response:
    opened, number = opened_at(desk, request), request.path_params["number"]
    found = _finding_at(opened, number)
    card = Findings(opened.findings, opened.cells, opened.page_address).card(number, found)
    standing = next(
        (
            w
            for w in decisions(desk.settings.reviewed, opened.source).of(opened.id).waivers
            if w.key[1:] == waiver_key(found)
        ),
        None,
    )
    return desk.page(
        request,
        "finding.html",
        400 if error else 200,
        **shared(desk, request, opened, "pages"),
        number=number,
        finding=found,
        card=card,
        address=opened.address_of(found, number),
        waiver=standing,
        withdrawal=seal(standing.key) if standing else None,
        form=form,
        error=error,
        seal=seal(waiver_key(found)),
        name=form.get("name") or _name(request),
    )


def _cell_at(opened: Opened, number: int) -> Mapping[str, Any]:
    if not 1 <= number <= len(opened.cells):
        raise NotThere(f"Document {opened.id} has no amount {number}.")
    return opened.cells[number - 1]


def _finding_at(opened: Opened, number: int) -> Mapping[str, Any]:
    if not 1 <= number <= len(opened.findings):
        raise NotThere(f"Document {opened.id} has no finding {number}.")
    return opened.findings[number - 1]


def _name(request: Request) -> str:
    """Who decided last in this browser."""
    try:
        return bytes.fromhex(request.cookies.get(NAME_COOKIE, "")).decode()
    except ValueError:
        return ""
