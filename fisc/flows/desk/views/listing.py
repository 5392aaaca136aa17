"""The list of documents, and the findings of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from fisc.analysis.comparing.rules import rules as compared_rules
from fisc.flows.desk.wanted import A_PAGE, FINDINGS, ORDERS, PROVEN, STATES, Wanted, years_of
from fisc.flows.desk.words import STATE_WORDS
from fisc.flows.page.marks import SEVERITIES

SHOWN = (
    "document_id",
    "row",
    "region_code",
    "department",
    "fiscal_year",
    "stage",
    "rule",
    "where",
    "message",
    "page",
)
ORDER = ("region_code", "department", "fiscal_year", "stage", "document_id", "row")
"""Findings in the order of their documents."""

if TYPE_CHECKING:
    from fisc.flows.desk.app import Desk


def documents(desk: Desk, request: Request) -> Response:
    """Every document that was fetched, filtered and ordered as the address says."""
    entries = desk.shelf.entries()
    wanted = Wanted.of(request.query_params)
    found = wanted.chosen(entries)
    return desk.page(
        request,
        "list.html",
        wanted=wanted,
        entries=wanted.on_page(found),
        count=len(found),
        all=len(entries),
        last=max(1, -(-len(found) // A_PAGE)),
        states_there=[(s, STATE_WORDS[s]) for s in STATES if any(e.standing.state == s for e in entries)],
        years=[(year, str(year)) for year in years_of(entries)],
        findings_words=_choices(FINDINGS),
        proven_words=_choices(PROVEN),
        order_words=_choices(ORDERS),
        errors=sum(e.found.errors for e in found),
        warnings=sum(e.found.warnings for e in found),
    )


def _choices(words: Mapping[str, tuple[str, Any]]) -> list[tuple[str, str]]:
    return [(name, word) for name, (word, _) in words.items()]


def findings(desk: Desk, request: Request) -> Response:
    """What the published documents say that does not agree, with themselves or with others, by severity and rule."""
    import polars as pl

    from fisc.warehouse.read import findings_of

    query = request.query_params
    severity = query.get("severity") if query.get("severity") in SEVERITIES else "error"
    rule, number = query.get("rule", "")[:100], query.get("page", "1")
    page = max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    found = findings_of(desk.settings.home).filter(pl.col("waived").is_null())
    counts = dict(found.group_by("severity").len().collect().iter_rows())
    rows = found.filter(pl.col("severity") == severity).select(SHOWN).sort(ORDER).collect().to_dicts()
    rules = Counter(row["rule"] for row in rows)
    chosen = [row for row in rows if not rule or row["rule"] == rule]
    return desk.page(
        request,
        "findings.html",
        severity=severity,
        counts=counts,
        rule=rule,
        rules=rules.most_common(),
        between=frozenset(compared_rules()),
        groups=_by_document(chosen[(page - 1) * A_PAGE : page * A_PAGE]),
        count=len(chosen),
        page=page,
        last=max(1, -(-len(chosen) // A_PAGE)),
        address=lambda **said: (
            "/findings?" + urlencode({"severity": severity, "rule": rule, "page": page} | said)
        ),
    )


def _by_document(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [list(group) for _, group in groupby(rows, key=lambda row: row["document_id"])]
