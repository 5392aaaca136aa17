"""The sheets as an Excel workbook: the ranking, every item of every document, and every finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from fisc.analysis.exports.workbook import put
from fisc.flows.inspection.table import ranking, title_of
from fisc.schemas.inspection import VERDICTS, Sheet

COLOURS = {"fails": "F8D7DA", "remarks": "FFF3CD", "unknown": "E9ECEF"}

Head = tuple[tuple[str, int], ...]
"""Column heads with their widths in characters."""

RANKING: Head = (
    ("名次 Place", 8), ("部门 Department", 34), ("年度 Year", 8), ("阶段 Stage", 14), ("符合 Met", 9), ("可判断 Judged", 9),
    ("错误 Errors", 9), ("警告 Warnings", 9), ("不符合的项目 Items not met", 70), ("文件 Document", 18),
)  # fmt: skip
ITEMS: Head = (
    ("文件 Document", 44),
    ("项目 Item", 40),
    ("结论 Verdict", 16),
    ("说明 Why", 50),
    ("发现 Findings", 10),
)
FINDINGS: Head = (
    ("文件 Document", 44), ("项目 Item", 30), ("程度 Severity", 10), ("页 Page", 7), ("说明 What", 80), ("应为 Expected", 18),
    ("实为 Actual", 18), ("差额 Difference", 18), ("原文 Quote", 50), ("免除理由 Waived", 30), ("规则 Rule", 24),
)  # fmt: skip


def write_workbook(sheets: Sequence[Sheet], target: Path) -> None:
    """Write the workbook. Nothing that a document says becomes a formula."""
    book = Workbook()
    book.remove(book.active)
    if len(sheets) > 1:
        _fill(book, "排名 Ranking", RANKING, _ranking(sheets))
    _fill(book, "检查表 Sheet", ITEMS, _items(sheets))
    _fill(book, "发现 Findings", FINDINGS, _findings(sheets))
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)


def _ranking(sheets: Sequence[Sheet]) -> Iterator[tuple[str | None, tuple[Any, ...]]]:
    for row in ranking(sheets):
        yield None, (
            row["place"], row["department"], row["fiscal_year"], row["stage"], row["met"], row["judged"],
            row["errors"], row["warnings"], "、".join(row["failed"]), row["document_id"],
        )  # fmt: skip


def _items(sheets: Sequence[Sheet]) -> Iterator[tuple[str | None, tuple[Any, ...]]]:
    for sheet in sheets:
        title = title_of(sheet.document)
        for line in sheet.lines:
            verdict = f"{VERDICTS[line.verdict]} {line.verdict}"
            item = f"{line.item.zh} {line.item.en}"
            yield COLOURS.get(line.verdict), (title, item, verdict, line.zh, len(line.findings))


def _findings(sheets: Sequence[Sheet]) -> Iterator[tuple[str | None, tuple[Any, ...]]]:
    for sheet in sheets:
        title = title_of(sheet.document)
        for line in sheet.lines:
            for f in line.findings:
                waived = f"{f['waived']}（{f['waived_by']}）" if f.get("waived") else None
                yield None, (
                    title, line.item.zh, f["severity"], f["page"], f["message"], f["expected"], f["actual"],
                    f["difference"], f["quote"], waived, f["rule"],
                )  # fmt: skip


def _fill(book: Any, name: str, head: Head, rows: Iterable[tuple[str | None, tuple[Any, ...]]]) -> None:
    page = book.create_sheet(name)
    for at, (words, width) in enumerate(head, 1):
        page.cell(1, at, words).font = Font(bold=True)
        page.column_dimensions[get_column_letter(at)].width = width
    for number, (colour, values) in enumerate(rows, 2):
        for at, value in enumerate(values, 1):
            _put(page.cell(number, at), value, colour)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions


def _put(cell: Any, value: Any, colour: str | None) -> None:
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if colour:
        cell.fill = PatternFill("solid", start_color=colour)
    put(cell, value)
