"""Amounts that a recogniser misread, read anew by the arithmetic of their tables, and marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from fisc.extractors.scan.repair import Candidate, Cell, Identity, repairs
from fisc.schemas.audit.book import title_zh
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.audit.tables import audit_tables
from fisc.schemas.numbers import figure, to_yuan
from fisc.schemas.statement import Amount, Statement

Place = tuple[int, int, str]
"""Statement index, row index, column."""
_FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Reread:
    """Statements with their repaired amounts, and a finding for each."""

    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...] = ()


def reread(statements: Sequence[Statement]) -> Reread:
    """Take other readings of recognised amounts where only they make every identity of the cells concerned hold.

    The printed text stays the first reading, the method becomes ``repaired``. What cannot be mended in one
    smallest way stays as read.
    """
    amounts = dict(_amounts(statements))
    if not any(amount.recognised for amount in amounts.values()):
        return Reread(tuple(statements))
    outcomes = audit_tables(statements)
    if not any(outcome.outcome == "fail" and outcome.signs for outcome in outcomes):
        return Reread(tuple(statements))
    cells = [
        Cell(place, amount.value, tuple(candidates(amount, statements[place[0]])))
        for place, amount in amounts.items()
    ]
    found = repairs(cells, [_identity(outcome) for outcome in outcomes if outcome.signs])
    repaired: dict[Place, Candidate] = {place: found[place] for place in amounts if place in found}
    return Reread(_with(statements, repaired), tuple(_findings(statements, repaired)))


def candidates(amount: Amount, statement: Statement) -> Iterator[Candidate]:
    """The readings of a recognised amount that are figures or blank, in yuan."""
    scale = _scale(amount, statement)
    if not amount.recognised or scale is None:
        return
    for text, score in amount.readings:
        try:
            found = figure(text)
        except ValueError:
            continue
        value = (found.value * scale).quantize(_FEN) if found else None
        if found is None or value == found.value * scale:
            yield Candidate(value, text, score)


def _scale(amount: Amount, statement: Statement) -> Decimal | None:
    """Yuan in one printed unit of an amount, which may have another unit than its table."""
    try:
        found = figure(amount.text)
    except ValueError:
        found = None
    if amount.method == "ocr" and amount.value and found and found.value:
        return amount.value / found.value
    return to_yuan(Decimal(1), statement.unit) if statement.unit else None


def _amounts(statements: Sequence[Statement]) -> Iterator[tuple[Place, Amount]]:
    for index, statement in enumerate(statements):
        for row_index, row in enumerate(statement.rows):
            for column, amount in row.amounts.items():
                yield (index, row_index, column), amount


def _identity(outcome: Outcome) -> Identity:
    total, *parts = outcome.cells
    return Identity(
        total,
        tuple((place, -sign) for place, sign in zip(parts, outcome.signs[1:], strict=True)),
        outcome.tolerance,
    )


def _with(statements: Sequence[Statement], repaired: dict[Place, Candidate]) -> tuple[Statement, ...]:
    rows = [list(statement.rows) for statement in statements]
    for (index, row_index, column), candidate in repaired.items():
        row = rows[index][row_index]
        amount = replace(row.amounts[column], value=candidate.value, method="repaired")
        rows[index][row_index] = replace(row, amounts={**row.amounts, column: amount})
    return tuple(replace(s, rows=tuple(own)) for s, own in zip(statements, rows, strict=True))


def _findings(statements: Sequence[Statement], repaired: dict[Place, Candidate]) -> Iterator[Finding]:
    for (index, row_index, column), candidate in repaired.items():
        statement = statements[index]
        amount = statement.rows[row_index].amounts[column]
        yield Finding(
            "amount.repaired",
            "info",
            statement.table,
            f"《{title_zh(statement.table)}》扫描页上的“{amount.text}”按表内勾稽关系读作“{candidate.text}”，请核对原表。",
            f"On a scanned page {amount.text!r} in column {column} was read as {candidate.text!r}, the only likely "
            "reading with which the table adds up; compare the page.",
            expected=candidate.value, actual=amount.value, quote=amount.text, page=amount.page, box=amount.box,
        )  # fmt: skip
