"""One printed line of a list: its cells by target column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from fisc.extractors.tables.printed import TableCell
from fisc.schemas.contract import polars_schema
from fisc.schemas.folding import fold, plain

CODE = re.compile(r"^\d{3}(?:\d{2}){0,2}$")
_TOTAL = re.compile(r"^(?:.*(?:合计|总计|小计|总额|总数))$")
_NOTE = re.compile(r"^(?:备?注|说明|附注)\d*[:：]")

Cells = Mapping[str, Sequence[TableCell]]
"""The cells of one line by target column."""


def is_total(label: str) -> bool:
    """Whether a line's label says that it repeats other lines (合计, 总计, 小计, 人员经费合计)."""
    return bool(_TOTAL.match(fold(label)))


def is_note(text: str) -> bool:
    """Whether a cell holds a note and no data."""
    return bool(_NOTE.match(plain(text)))


def is_code_column(target: str) -> bool:
    """Whether a target holds function or economic codes, whole or in parts."""
    return target.split(".")[0] in ("function_code", "economic_code")


def numeric_columns(table: str) -> frozenset[str]:
    """The columns of a published table that hold figures."""
    return frozenset(name for name, kind in polars_schema(table).items() if "Decimal" in str(kind))


def line_of(row: Sequence[TableCell | None], block: Mapping[int, str], skipped: Sequence[TableCell]) -> Cells:
    """The cells of one line by target. A cell over several targets goes to the first that can hold it."""
    line: dict[str, list[TableCell]] = {}
    for cell in distinct(row[j] for j in block):
        if any(cell is other for other in skipped):
            continue
        covered = [block[k] for k in range(cell.column, cell.column + cell.columns) if k in block]
        line.setdefault(_holder(cell, covered), []).append(cell)
    return line


def _holder(cell: TableCell, covered: Sequence[str]) -> str:
    if not is_code_column(covered[0]) or CODE.match(plain(cell.text)):
        return covered[0]
    return next((target for target in covered if not is_code_column(target)), covered[0])


def distinct(cells: Iterable[TableCell | None]) -> list[TableCell]:
    """Cells without gaps and repetitions, in order."""
    found: list[TableCell] = []
    for cell in cells:
        if cell is not None and not any(cell is other for other in found):
            found.append(cell)
    return found
