"""The money unit of each table: as printed, else proven by what other tables and the narrative say of the same money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from fisc.extractors.tables.columns import Rows
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.printed import PrintedTable
from fisc.extractors.tables.stated import Stated, stated_units
from fisc.extractors.tables.statements import read_statement
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


Heads = Literal["proven", "refuted", "unproven"]
"""Heads of columns that contradict a table's unit: figures agree in the heads' unit, in the table's, or tell neither."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit in which a table is read, and why; None where no unit is known.

    ``columns`` are the units in which single columns are read. ``heads`` judges those whose heads contradict the table's
    unit: what they state is in ``stated``.
    """

    name: str | None
    basis: Basis
    columns: Mapping[int, str] = field(default_factory=dict)
    heads: Heads | None = None
    stated: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads tables in one unit or another."""

    rows: Mapping[int, Rows]
    fits: Mapping[int, Fit]
    stage: str

    def read(
        self, table: PrintedTable, unit: str | None = None, columns: Mapping[int, str] | None = None
    ) -> Statement:
        number = table.number
        return read_statement(
            table, self.rows[number], self.fits[number], self.stage, unit, columns
        ).statement

    def prints_figures(self, table: PrintedTable) -> bool:
        """Whether a table has a figure at all; a list of institutions needs no unit proven."""
        amounts = (amount for row in self.read(table).rows for amount in row.amounts.values())
        return any(plain(amount.text) not in BLANKS for amount in amounts)


def units_of(
    tables: Sequence[PrintedTable],
    rows: Mapping[int, Rows],
    fits: Mapping[int, Fit],
    stage: str,
    told: Sequence[Fact],
) -> dict[int, Unit]:
    """The unit of each table that fits a form, by its number.

    Where a table prints none, a unit is proven where figures read in it, and in no other one, stand in identities with
    tables of known unit or are told in the narrative; so are heads of columns that contradict their table. ``told`` are
    the narrative's facts.
    """
    fitting = [table for table in tables if table.number in fits]
    stated = {table.number: stated_units(table, fits[table.number]) for table in fitting}
    units = {n: Unit(said.table, "printed") for n, said in stated.items() if said.table and not said.columns}
    doubtful = [table for table in fitting if table.number not in units]
    if not doubtful:
        return units
    evidence = _Evidence.of(fitting, set(units), _Reader(rows, fits, stage), told)
    for table in sorted(doubtful, key=lambda table: not stated[table.number].table):
        units[table.number] = evidence.unit_of(table, stated[table.number])
    return units


@dataclass(slots=True)
class _Evidence:
    """What can prove a unit: statements in units that are known, and what the narrative tells.

    A table whose unit is proven proves those of others, so that tables are asked for one after the other. ``usual`` are
    the units of captions, ``figured`` the tables in doubt that print figures at all: without one there is nothing to prove.
    """

    reader: _Reader
    known: list[Statement]
    told: Sequence[Fact]
    usual: Set[str]
    figured: Set[int]

    @classmethod
    def of(
        cls, fitting: Sequence[PrintedTable], units: Set[int], reader: _Reader, told: Sequence[Fact]
    ) -> _Evidence:
        """The evidence of a document; ``units`` are the numbers of tables whose unit is in no doubt."""
        figured = {t.number for t in fitting if t.number not in units and reader.prints_figures(t)}
        return cls(
            reader,
            [reader.read(table) for table in fitting if table.number in units] if figured else [],
            [fact for fact in told if fact.unit == "CNY" and fact.value and fact.period != "change"],
            {table.caption.unit for table in fitting if table.caption.unit},
            figured,
        )

    def unit_of(self, table: PrintedTable, said: Stated) -> Unit:
        """The unit of a table in doubt."""
        if said.table:
            return self._with_heads(table, said.table, said.columns)
        return self._without_caption(table, said) if table.number in self.figured else self._likely(said)

    def _with_heads(self, table: PrintedTable, unit: str, stated: Mapping[int, str]) -> Unit:
        """The units of a table whose heads contradict it: what its figures prove, else what the heads state."""
        by_heads, by_table = self.reader.read(table), self.reader.read(table, columns={})
        heads = _judged(by_heads, by_table, self.known, self.told)
        self.known.append(by_table if heads == "refuted" else by_heads)
        return Unit(unit, "printed", {} if heads == "refuted" else stated, heads, stated)

    def _without_caption(self, table: PrintedTable, said: Stated) -> Unit:
        """The unit of a table that prints none: the only one in which its figures agree with others."""
        read = {unit: self.reader.read(table, unit) for unit in CANDIDATES}
        proven = [unit for unit in read if _is_proven(read[unit], self.known, self.told)]
        if not proven:
            return self._likely(said)
        if len(proven) > 1:
            return Unit(None, "unknown", said.columns)
        self.known.append(read[proven[0]])
        return Unit(proven[0], "proven", said.columns)

    def _likely(self, said: Stated) -> Unit:
        """A unit that nothing proves: that of the heads that state one, else that of every caption."""
        likely = set(said.columns.values()) or self.usual
        only = next(iter(likely)) if len(likely) == 1 else None
        return Unit(only, "assumed" if only else "unknown", said.columns)


def _judged(heads: Statement, table: Statement, known: Sequence[Statement], told: Sequence[Fact]) -> Heads:
    """Whether figures agree with others in the unit of their own heads, or in that of the table.

    What holds in both readings, or in neither, tells nothing; where no identity tells, the narrative may.
    """
    one, other = (_held([*known, statement]) for statement in (heads, table))
    differing = [(one[check], other[check]) for check in one if check in other and one[check] != other[check]]
    ahead = differing.count(("pass", "fail")) - differing.count(("fail", "pass"))
    if not differing:
        ahead = _told(heads, table, told) - _told(table, heads, told)
    return "proven" if ahead > 0 else "refuted" if ahead < 0 else "unproven"


def _held(statements: Sequence[Statement]) -> dict[tuple[object, ...], str]:
    """How each identity that the last of some statements stands in came out."""
    own = len(statements) - 1
    return {
        (outcome.rule, outcome.cells): outcome.outcome
        for outcome in audit_tables(statements)
        if any(index == own for index, _, _ in outcome.cells)
    }


def _told(statement: Statement, other: Statement, told: Sequence[Fact]) -> int:
    """How many figures of a statement that are others in its other reading the narrative tells."""
    return sum(
        amount.value != other.rows[row].value(column) and _is_told(amount, told)
        for row, line in enumerate(statement.rows)
        for column, amount in line.amounts.items()
    )


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
