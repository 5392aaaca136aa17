"""The money units that a table's caption and the heads of its columns state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fisc.extractors.tables.figures import COUNTED
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.lines import numeric_columns
from fisc.extractors.tables.printed import PrintedTable
from fisc.schemas.numbers import head_unit, line_unit


@dataclass(frozen=True, slots=True)
class Stated:
    """The unit of a whole table, and those that the heads of single columns state beside it.

    ``table`` is None where neither the caption nor the header as a whole prints one.
    """

    table: str | None
    columns: Mapping[int, str]

    @property
    def conflicts(self) -> bool:
        """Whether heads contradict what is stated for the table."""
        return self.table is not None and bool(self.columns)


def stated_units(table: PrintedTable, fit: Fit) -> Stated:
    """The units that a table prints.

    Where no caption does, a line with the unit among the heads is one; the unit in the head of names or codes is the
    table's too, and one that the heads of all money columns state. The head of some of them speaks for these alone.
    """
    if not fit.header.labels:
        top = (cell.text for cell in table.cells if cell.row < max(1, fit.header.height))
        return Stated(
            table.caption.unit or next((unit for text in top if (unit := head_unit(text))), None), {}
        )
    above = (label for labels in fit.header.labels for label in labels)
    line = next((unit for label in above if (unit := line_unit(label))), None)
    heads = {
        j: unit
        for j, labels in enumerate(fit.header.labels)
        if (
            unit := next(
                (unit for label in reversed(labels) if (unit := head_unit(label)) and not line_unit(label)),
                None,
            )
        )
    }
    money = _money(fit)
    named = next((unit for j, unit in heads.items() if j not in money), None)
    whole = table.caption.unit or line or named or _whole(heads, money)
    return Stated(whole, {j: unit for j, unit in heads.items() if j in money and unit != whole})


def _money(fit: Fit) -> list[int]:
    """The columns that hold money."""
    numeric = numeric_columns(fit.form.table) - COUNTED
    spread = fit.layout.shape == "spread"
    return [
        j for j, target in enumerate(fit.targets) if target and (spread or target.split(".")[-1] in numeric)
    ]


def _whole(heads: Mapping[int, str], money: list[int]) -> str | None:
    """The unit of the first money column, where every one of them states a unit."""
    return heads[money[0]] if money and all(j in heads for j in money) else None


def printed_unit(table: PrintedTable, fit: Fit) -> str | None:
    """The money unit that caption or header print for the table."""
    return stated_units(table, fit).table
