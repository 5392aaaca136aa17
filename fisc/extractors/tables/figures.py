"""Cells to amounts: one place where a printed figure becomes yuan, and where what cannot be read is reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from fisc.extractors.grids import around
from fisc.extractors.tables.pieces import is_several
from fisc.extractors.tables.printed import PrintedTable, TableCell
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.folding import plain
from fisc.schemas.numbers import Figure, figure, step_yuan, to_yuan
from fisc.schemas.statement import Amount

COUNTED = frozenset({"quantity"})
"""Columns that count things and hold no money."""
_FLAT = frozenset({"一", "ー", "_"})
"""What a recogniser makes of the dash of a cell that prints no figure."""


class Figures:
    """Reads the figures of one printed table and collects what cannot be read.

    ``unit`` is the table's money unit, ``units`` are those of columns whose own heads state another one.
    """

    def __init__(
        self,
        where: str,
        table: PrintedTable,
        unit: str | None,
        stage: str,
        units: Mapping[int, str] | None = None,
    ) -> None:
        self.stage = stage
        self.where = where
        self.unit = unit
        self.units = units or {}
        self.decimals = _usual_decimals(table)
        self.findings: list[Finding] = []
        self.outcomes: list[Outcome] = []

    def amount(self, column: str, cells: Sequence[TableCell]) -> Amount | None:
        """The figure in one or more cells of a column; None where there is no cell."""
        if not cells:
            return None
        text = "".join(cell.text for cell in cells)
        box = around(cell.box for cell in cells)
        page = cells[0].page
        words = [word for cell in cells for word in cell.printed.words]
        method = "ocr" if any(word.method == "ocr" for word in words) else "text"
        readings = tuple((r.text, r.score) for r in words[0].readings) if len(words) == 1 else ()
        value = self._value(column, text, cells)
        unit = self._unit(cells[0])
        step = Decimal(1) if column in COUNTED or not unit else step_yuan(self.decimals, unit)
        return Amount(text, value, step, page, box, method, readings)

    def _value(self, column: str, text: str, cells: Sequence[TableCell]) -> Decimal | None:
        cell = cells[0]
        if text in _FLAT and all(word.method == "ocr" for word in cell.printed.words):
            return None
        try:
            found = figure(text)
            if found is None:
                return None
            if "%" in plain(text):
                raise ValueError("a percentage is no amount")
            if any(is_several(one) for one in cells) or sum(_is_whole(one) for one in cells) > 1:
                raise ValueError("the cell holds more than one number")
            return self._worth(column, found, self._unit(cell))
        except ValueError as error:
            self.report("number.unreadable", "error", cell, f"“{text}”无法读作金额，请核对原表。",
                        f"{text!r} in column {column} cannot be read as an amount ({error}); compare the page.")  # fmt: skip
            return None

    def _unit(self, cell: TableCell) -> str | None:
        """The unit that a column's own head states, else the table's."""
        return self.units.get(cell.column, self.unit)

    def _worth(self, column: str, found: Figure, unit: str | None) -> Decimal | None:
        """A figure in yuan; None where no unit is known, which is told of the table once and not of each cell.

        Nothing is nothing in every unit.
        """
        if column in COUNTED:
            return found.value
        return to_yuan(found.value, unit or "元") if unit or not found.value else None

    def counted(self, amount: Amount) -> Amount:
        """A figure that was read as money, as the count of things that it is."""
        try:
            found = figure(amount.text)
        except ValueError:  # reported where it was read as money
            found = None
        return replace(amount, value=found.value if found else None, step=Decimal(1))

    def unnamed(self, column: str, amount: Amount) -> None:
        """Report a figure on a line without a name and without a code: it is in no published row.

        Forms that print 0.00 on their blank lines lose nothing by it.
        """
        if not amount.value:
            return
        self.findings.append(
            Finding(
                "row.unnamed",
                "warning",
                self.where,
                f"“{amount.text}”所在行没有名称和编码，未列入数据。",
                f"The figure {amount.text} in column {column} stands on a line without a name or code; it is in no row.",
                quote=amount.text,
                page=amount.page,
                box=amount.box,
            )
        )

    def report(self, rule: str, severity: str, cell: TableCell, zh: str, en: str) -> None:
        """Record what could not be read in a cell."""
        self.findings.append(
            Finding(rule, severity, self.where, zh, en, quote=cell.text, page=cell.page, box=cell.box)
        )


def _is_whole(cell: TableCell) -> bool:
    """Whether a cell holds a figure, or a dash for one: two of them side by side are never one."""
    try:
        figure(cell.text)
    except ValueError:
        return False
    return bool(cell.text.strip())


def _usual_decimals(table: PrintedTable) -> int:
    """Digits after the point that a table prints: the most that more than one figure in ten has, at least 0."""
    counts: dict[int, int] = {}
    for cell in table.cells:
        try:
            found = figure(cell.text)
        except ValueError:
            continue
        if found is not None and "." in cell.text:
            counts[found.decimals] = counts.get(found.decimals, 0) + 1
    total = sum(counts.values())
    return max((decimals for decimals, count in counts.items() if count * 10 > total), default=0)
