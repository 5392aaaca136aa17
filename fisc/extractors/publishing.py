"""What was read, as the published tables: rows in the contract's Arrow schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fisc import __version__
from fisc.extractors.page import Box, Page
from fisc.extractors.rereading import Place
from fisc.extractors.tables.printed import PrintedTable
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.contract import MODELS, arrow_schema
from fisc.schemas.folding import plain
from fisc.schemas.identity import Hints, Identity
from fisc.schemas.narrative import Fact, Narrative, NumericToken, Section
from fisc.schemas.numbers import BLANKS
from fisc.schemas.regions import normalise_department
from fisc.schemas.statement import Amount, Statement

FINEST = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Everything read of one disclosure; the cells of ``outcomes`` count its own statements."""

    identity: Identity
    statements: Sequence[Statement]
    raw: Sequence[PrintedTable]
    outcomes: Sequence[Outcome]
    findings: Sequence[Finding]
    narrative: Narrative
    numbers: Sequence[NumericToken]
    proofs: Mapping[Place, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything read of one document: nearly always one disclosure, else the department's own first."""

    sha256: str
    hints: Hints
    pages: Sequence[Page]
    disclosed: Sequence[Disclosed]
    numbers: Sequence[NumericToken]

    @property
    def identity(self) -> Identity:
        return self.disclosed[0].identity


def published(parts: Parts) -> dict[str, pa.Table]:
    """Every published table of one document; a table without rows is empty, not missing.

    Each row carries the department and level of the disclosure that it is of.
    """
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in MODELS}
    shown = Shown(parts.pages)
    for disclosed in parts.disclosed:
        before = {table: len(found) for table, found in rows.items()}
        _add(rows, disclosed, shown)
        for table, found in rows.items():
            for row in found[before[table] :]:
                row["department"] = disclosed.identity.department
                row["level"] = disclosed.identity.level
    whose = {"department": parts.identity.department, "level": parts.identity.level}
    rows["document"] = [{**_document(parts, rows), **whose}]
    return {table: _arrow(table, found, parts) for table, found in rows.items()}


def _add(rows: dict[str, list[dict[str, Any]]], disclosed: Disclosed, shown: Shown) -> None:
    """Add the rows of one disclosure."""
    project = max((row["project_number"] for row in rows["project"]), default=0)
    for index, statement in enumerate(disclosed.statements):
        project += statement.table == "project"
        for row_index, row in enumerate(statement.rows):
            values = {**row.words, **{column: amount.value for column, amount in row.amounts.items()}}
            record = _record(statement.table, values, row.page, row.is_total, project)
            rows[statement.table].append(record)
            place = len(rows[statement.table])
            for column, amount in row.amounts.items():
                if amount.value is not None or plain(amount.text) not in BLANKS:
                    proof = disclosed.proofs.get((index, row_index, column), "unchecked")
                    rows["cell"].append(_cell(statement.table, column, amount, proof, place, shown))
    rows["raw_table"] += _raw(disclosed.raw, shown)
    rows["section"] += [_section(section) for section in disclosed.narrative.sections]
    rows["fact"] += [_fact(fact, shown) for fact in disclosed.narrative.facts]
    rows["glossary"] += [
        {"term": term.term, "definition": term.definition, "page": term.page}
        for term in disclosed.narrative.glossary
    ]
    rows["finding"] += [_finding(finding, shown) for finding in disclosed.findings]
    rows["check"] += _checks(disclosed.outcomes, disclosed.findings)


class Shown:
    """Boxes as a reader sees them, rounded to a tenth of a point."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = {page.number: page for page in pages}

    def __call__(self, page: int, box: Box) -> Box:
        x0, y0, x1, y1 = self._pages[page].shown(box)
        return round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1)


def _record(table: str, values: Mapping[str, Any], page: int, is_total: bool, project: int) -> dict[str, Any]:
    columns = arrow_schema(table).names
    record = {column: values.get(column) for column in columns if column in values}
    record["page"] = page
    if "is_total" in columns:
        record["is_total"] = is_total
    if "project_number" in columns:
        record["project_number"] = max(1, project)
    return record


def _cell(table: str, column: str, amount: Amount, proof: str, row: int, shown: Shown) -> dict[str, Any]:
    x0, y0, x1, y1 = shown(amount.page, amount.box)
    return {
        "table": table, "column": column, "text": amount.text, "value": amount.value, "step": _step(amount.step), "row": row, "page": amount.page,
        "x0": x0, "y0": y0, "x1": x1, "y1": y1, "method": amount.method, "proof": proof,
    }  # fmt: skip


def _raw(tables: Sequence[PrintedTable], shown: Shown) -> Iterator[dict[str, Any]]:
    for table in tables:
        title = table.caption.title
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
            x0, y0, x1, y1 = shown(cell.page, cell.box)
            yield {
                "table_number": table.number, "title": title, "grid_row": cell.row + 1, "grid_column": cell.column + 1,
                "row_span": cell.rows, "column_span": cell.columns, "text": cell.text or None, "page": cell.page,
                "x0": x0, "y0": y0, "x1": x1, "y1": y1,
            }  # fmt: skip


def _section(section: Section) -> dict[str, Any]:
    return {
        "number": section.number, "depth": section.depth, "heading": section.heading, "topic": section.topic, "text": section.text,
        "page": section.page, "page_to": section.page_to,
    }  # fmt: skip


def _fact(fact: Fact, shown: Shown) -> dict[str, Any]:
    x0, y0, x1, y1 = shown(fact.page, fact.box)
    return {
        "name": fact.name, "value": fact.value, "unit": fact.unit, "period": fact.period, "quote": fact.quote,
        "section": fact.section, "step": _step(fact.step), "base": fact.base or None, "path": _line_of(fact),
        "function_code": _function_code(fact), "sure": fact.sure, "page": fact.page, "x0": x0, "y0": y0, "x1": x1, "y1": y1,
    }  # fmt: skip


def _function_code(fact: Fact) -> str | None:
    """The whole number of the class line that a fact is of, where the text prints it."""
    code = "".join(fact.codes)
    return code if re.fullmatch(r"\d{3}(\d{2}){0,2}", code) else None


def _finding(finding: Finding, shown: Shown) -> dict[str, Any]:
    box = shown(finding.page, finding.box) if finding.box and finding.page else (None, None, None, None)
    return {
        "rule": finding.rule, "severity": finding.severity, "outcome": "fail", "where": finding.where or None,
        "message": finding.message, "expected": _rounded(finding.expected), "actual": _rounded(finding.actual),
        "difference": _rounded(finding.difference), "tolerance": _rounded(finding.tolerance), "quote": finding.quote, "page": finding.page,
        "x0": box[0], "y0": box[1], "x1": box[2], "y1": box[3],
    }  # fmt: skip


def _line_of(fact: Fact) -> str | None:
    """The class line that a figure is of, or the economic item (办公费) that an item of a list is."""
    item = fact.label if fact.name == "expenditure.economic" else ""
    return " / ".join(fact.path) or item or None


def _step(value: Decimal) -> Decimal:
    """A step in the four decimals that its column has; a finer print counts as that fine."""
    return max(value.quantize(FINEST), FINEST)


def _rounded(value: Decimal | None) -> Decimal | None:
    """A computed figure in the four decimals that findings carry; amounts are never rounded here."""
    return None if value is None else value.quantize(Decimal("0.0001"))


def _checks(outcomes: Iterable[Outcome], findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    """How often each check had each outcome; what could not be read counts as a failed check of its own rule."""
    counts: dict[tuple[str, str], int] = {}
    tables: dict[tuple[str, str], dict[str, None]] = {}
    counted: set[int] = set()
    for outcome in outcomes:
        counts[outcome.rule, outcome.outcome] = counts.get((outcome.rule, outcome.outcome), 0) + 1
        counted.add(id(outcome.finding))
        if outcome.table:
            tables.setdefault((outcome.rule, outcome.outcome), {})[outcome.table] = None
    for finding in findings:
        if id(finding) not in counted:
            counts[finding.rule, "fail"] = counts.get((finding.rule, "fail"), 0) + 1
    for (rule, outcome_name), count in sorted(counts.items()):
        spoken_of = ", ".join(tables.get((rule, outcome_name), ())) or None
        yield {"rule": rule, "outcome": outcome_name, "count": count, "tables": spoken_of}


def _document(parts: Parts, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    cells = rows["cell"]
    statements = [statement for disclosed in parts.disclosed for statement in disclosed.statements]
    findings = [finding for disclosed in parts.disclosed for finding in disclosed.findings]
    units = sorted({statement.unit for statement in statements if statement.unit})
    hints = parts.hints
    return {
        "sha256": parts.sha256, "url": hints.url, "source": hints.source, "file_name": hints.file_name,
        "title": hints.title, "department_code": parts.identity.department_code,
        "department_series": normalise_department(parts.identity.department).series,
        "printed_unit": (units[0] if len(units) == 1 else "混合") if units else None,
        "published_on": hints.published_on, "fetched_at": hints.fetched_at, "page": 1, "pages": len(parts.pages),
        "scanned_pages": sum(page.scanned for page in parts.pages), "extractor_version": __version__,
        "numbers": len(parts.numbers), "numbers_accounted": sum(number.role is not None for number in parts.numbers), "cells": len(cells),
        "cells_proven": sum(cell["proof"] == "proven" for cell in cells),
        "cells_refuted": sum(cell["proof"] == "refuted" for cell in cells),
        "findings": len(findings), "errors": sum(finding.severity == "error" for finding in findings),
        "waived": 0,
    }  # fmt: skip


def _arrow(table: str, rows: list[dict[str, Any]], parts: Parts) -> pa.Table:
    """Rows column by column in the contract's schema, with the common columns on each."""
    schema = arrow_schema(table)
    identity = parts.identity
    same = {
        "document_id": parts.sha256[:16], "region_code": identity.region_code, "region": identity.region,
        "fiscal_year": identity.fiscal_year, "stage": identity.stage,
    }  # fmt: skip
    columns: list[pa.Array] = []
    for entry in schema:
        if entry.name in same:
            columns.append(pa.repeat(pa.scalar(same[entry.name], entry.type), len(rows)))
        elif entry.name == "row":
            columns.append(pa.array([row.get("row", n) for n, row in enumerate(rows, 1)], entry.type))
        else:
            columns.append(pa.array([row.get(entry.name) for row in rows], entry.type))
    return pa.Table.from_arrays(columns, schema=schema)
