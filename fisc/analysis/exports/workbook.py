"""Excel workbooks: one sheet a table, Chinese heads, amounts as numbers, links to pages; no text becomes a formula."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from fisc.errors import FiscError

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT = 32_000
"""Characters that Excel takes in one cell, less a margin."""
MOST_ROWS = 1_048_575
WIDEST = 60
SAMPLE = 200
"""Rows that the width of a column is measured by."""


class TooManyRows(FiscError):
    """More than a sheet of Excel holds."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: heads, rows of values, and the address behind a cell by (row from 0, column name)."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    heads: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    links: Mapping[tuple[int, str], str] = field(default_factory=dict)


def write_workbook(sheets: Sequence[Sheet], target: Path) -> None:
    """Write sheets as an ``.xlsx`` file. Raises :class:`TooManyRows`."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        if len(sheet.rows) > MOST_ROWS:
            raise TooManyRows(
                f"{sheet.name} has {len(sheet.rows):,} rows and a sheet of Excel holds {MOST_ROWS:,}; "
                "ask for less, or write .parquet or .csv."
            )
        _fill(book.create_sheet(sheet.name[:31]), sheet)
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for at, column in enumerate(sheet.columns, 1):
        cell = page.cell(1, at)
        put(cell, sheet.heads.get(column, column))
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[get_column_letter(at)].width = _width(sheet, column)
    for number, row in enumerate(sheet.rows):
        for at, column in enumerate(sheet.columns, 1):
            cell = page.cell(number + 2, at)
            put(cell, row.get(column))
            if address := sheet.links.get((number, column)):
                cell.hyperlink, cell.style = address, "Hyperlink"
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    if sheet.note:
        page.oddFooter.left.text = sheet.note


def put(cell: Any, value: Any) -> None:
    """Write a value; a text never becomes a formula, and a figure stays one."""
    if isinstance(value, Decimal):
        cell.value, cell.number_format = value, "#,##0.00##"
    elif isinstance(value, datetime):
        cell.value = value.replace(tzinfo=None)
    elif value is None or isinstance(value, bool | int | float) or hasattr(value, "isoformat"):
        cell.value = value
    else:
        cell.value = FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(value))[:LONGEST_TEXT]
        cell.data_type = "s"  # else a text that begins with = would be a formula


def _width(sheet: Sheet, column: str) -> int:
    said = [sheet.heads.get(column, column), *(str(row.get(column) or "") for row in sheet.rows[:SAMPLE])]
    return min(WIDEST, max(sum(2 if char > "\u2e80" else 1 for char in text) for text in said) + 3)
