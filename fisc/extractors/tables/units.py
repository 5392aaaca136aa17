"""The money unit of each table: as printed, else proven by what other tables and the narrative say of the same money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from fisc.extractors.tables.columns import Rows
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.printed import PrintedTable
from fisc.extractors.tables.statements import printed_unit, read_statement
from fisc.schemas.audit.tables import audit_tables
from fisc.schemas.folding import plain
from fisc.schemas.narrative import Fact
from fisc.schemas.numbers import BLANKS
from fisc.schemas.statement import Amount, Statement

CANDIDATES = ("元", "千元", "万元")
"""Units met in departments' tables."""

SIGNIFICANT = 100
"""A told figure proves a unit where it has at least three digits."""

Basis = Literal["printed", "proven", "assumed", "unknown"]
"""Why a table is read in its unit: it is printed, proven, or only that of every other table; or none is known."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit in which a table is read, and why; None where no unit is known."""

    name: str | None
    basis: Basis


def units_of(
    tables: Sequence[PrintedTable],
    rows: Mapping[int, Rows],
    fits: Mapping[int, Fit],
    stage: str,
    told: Sequence[Fact],
) -> dict[int, Unit]:
    """The unit of each table that fits a form, by its number.

    Where a table prints none, a unit is proven where figures read in it, and in no other one, stand in identities with
    tables of known unit or are told in the narrative. ``told`` are the narrative's facts.
    """
    fitting = [table for table in tables if table.number in fits]
    units = {
        table.number: Unit(unit, "printed")
        for table in fitting
        if (unit := printed_unit(table, fits[table.number]))
    }
    silent = [table for table in fitting if table.number not in units]
    if not silent:
        return units
    said = [fact for fact in told if fact.unit == "CNY" and fact.value and fact.period != "change"]

    def read_in(table: PrintedTable, unit: str | None) -> Statement:
        return read_statement(table, rows[table.number], fits[table.number], stage, unit).statement

    figured = {table.number for table in silent if _prints_figures(read_in(table, None))}
    known = [read_in(table, None) for table in fitting if table.number in units] if figured else []
    usual = {unit.name for unit in units.values()}
    for table in silent:
        read = {unit: read_in(table, unit) for unit in CANDIDATES} if table.number in figured else {}
        proven = [unit for unit, statement in read.items() if _is_proven(statement, known, said)]
        if len(proven) == 1:
            units[table.number] = Unit(proven[0], "proven")
            known.append(read[proven[0]])
        elif len(usual) == 1 and not proven:
            units[table.number] = Unit(next(iter(usual)), "assumed")
        else:
            units[table.number] = Unit(None, "unknown")
    return units


def _prints_figures(statement: Statement) -> bool:
    """Whether a statement has a figure at all; a list of institutions needs no unit proven."""
    return any(plain(amount.text) not in BLANKS for row in statement.rows for amount in row.amounts.values())


def _is_proven(statement: Statement, known: Sequence[Statement], told: Sequence[Fact]) -> bool:
    """Whether figures of a statement agree with other tables, or with the narrative where no other table says anything.

    A document may err in one place: more identities must hold than fail.
    """
    own = len(known)
    outcomes = [
        outcome.outcome
        for outcome in audit_tables([*known, statement])
        if {own} < {index for index, _, _ in outcome.cells}
        and any(statement.rows[row].value(column) for index, row, column in outcome.cells if index == own)
    ]
    if outcomes:
        return outcomes.count("pass") > outcomes.count("fail")
    return any(_is_told(amount, told) for amount in _totals(statement))


def _totals(statement: Statement) -> Iterator[Amount]:
    rows = [row for row in statement.rows if row.is_total] or statement.rows
    return (amount for row in rows for amount in row.amounts.values())


def _is_told(amount: Amount, told: Sequence[Fact]) -> bool:
    """Whether the narrative tells a figure, within the rounding of both; too small a one says nothing."""
    value = abs(amount.value or Decimal(0))
    return any(
        value >= SIGNIFICANT * fact.step and abs(value - abs(fact.value)) <= (amount.step + fact.step) / 2
        for fact in told
    )
