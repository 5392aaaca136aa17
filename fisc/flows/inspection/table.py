"""The sheets as plain rows, the same for text, Excel and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fisc.schemas.inspection import FAILS, UNKNOWN, Sheet, open_findings, ranked

STAGES = {"budget": "预算", "final_accounts": "决算"}
LEVELS = {"department": "部门", "unit": "单位"}


def title_of(document: Mapping[str, Any]) -> str:
    """Whose disclosure it is, in one line."""
    year, level, stage = document["fiscal_year"], LEVELS[document["level"]], STAGES[document["stage"]]
    return f"{document['department']} {year}年{level}{stage}"


def ranking(sheets: Sequence[Sheet]) -> Iterator[dict[str, Any]]:
    """A row a document, best first; documents that are alike share a place."""
    for place, sheet in ranked(sheets):
        document = sheet.document
        yield {
            "place": place,
            "document_id": document["document_id"],
            "region": document["region"],
            "department": document["department"],
            "fiscal_year": document["fiscal_year"],
            "stage": document["stage"],
            "level": document["level"],
            "met": sheet.met,
            "judged": sheet.judged,
            "failed": [
                line.item.zh for line in sheet.lines if line.verdict == FAILS and line.item.id != "rest"
            ],
            "failed_en": [
                line.item.en for line in sheet.lines if line.verdict == FAILS and line.item.id != "rest"
            ],
            "errors": open_findings(sheet, "error"),
            "warnings": open_findings(sheet, "warning"),
        }


def as_json(sheet: Sheet) -> dict[str, Any]:
    """One sheet as a JSON value."""
    document = sheet.document
    names = ("document_id", "region", "department", "level", "fiscal_year", "stage")
    said = (
        "rule",
        "severity",
        "page",
        "message",
        "expected",
        "actual",
        "difference",
        "quote",
        "waived",
        "waived_by",
    )
    return {name: document[name] for name in names} | {
        "met": sheet.met,
        "judged": sheet.judged,
        "unknown": sheet.count(UNKNOWN),
        "items": [
            {
                "item": line.item.id,
                "zh": line.item.zh,
                "en": line.item.en,
                "verdict": line.verdict,
                "why_zh": line.zh,
                "why_en": line.en,
                "findings": [{name: finding.get(name) for name in said} for finding in line.findings],
            }
            for line in sheet.lines
        ],
    }
