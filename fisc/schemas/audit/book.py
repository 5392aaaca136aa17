"""The statements of one document, looked up the way identities speak of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from fisc.schemas.contract import MODELS
from fisc.schemas.folding import fold, without_number
from fisc.schemas.statement import Amount, Row, Statement

_GRAND = re.compile(r"^(?:合计|总计|本年收入合计|本年支出合计|收入合计|支出合计|收入总计|支出总计)$")
MAIN = frozenset({"total", "amount", "budget", "value"})
"""Columns that need not be named: the line says it all."""
_TOP_ORDINAL = re.compile(r"^\s*[一二三四五六七八九十]{1,3}\s*[、.．]")


@dataclass(frozen=True, slots=True)
class Term:
    """One figure in an identity: where it stands, and the line of the table that it is of."""

    statement: int
    row: int
    column: str
    amount: Amount
    table: str
    line: Row

    @property
    def label(self) -> str:
        """Table, line and column in Chinese: 支出总表“合计”的基本支出."""
        column = "" if self.column in MAIN else f"的{column_zh(self.table, self.column)}"
        return f"{title_zh(self.table)}“{name_of(self.line)}”{column}"

    @property
    def label_en(self) -> str:
        """Table, column and line for a sentence in English: expenditure.basic of “合计”."""
        return f"{self.table}.{self.column} of “{name_of(self.line)}”"

    @property
    def value(self) -> Decimal:
        """The amount; a blank counts as nothing in a sum."""
        return self.amount.value or Decimal(0)

    @property
    def cell(self) -> tuple[int, int, str]:
        return self.statement, self.row, self.column


class Book:
    """Statements by published table, with the terms that identities are made of."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = tuple(statements)

    def of(self, table: str) -> Iterator[tuple[int, Statement]]:
        """The statements of a published table, with their index."""
        return ((i, s) for i, s in enumerate(self.statements) if s.table == table)

    def term(self, index: int, row_index: int, column: str) -> Term | None:
        """The figure in a row and column; None where the form has no such cell or it is blank."""
        row = self.statements[index].rows[row_index]
        amount = row.amounts.get(column)
        if amount is None or amount.value is None:
            return None
        return Term(index, row_index, column, amount, self.statements[index].table, row)

    def first(self, table: str, column: str, fits: Callable[[Row], bool]) -> Term | None:
        """The first figure of a table in a row that fits."""
        for index, statement in self.of(table):
            for i, row in enumerate(statement.rows):
                if fits(row) and (term := self.term(index, i, column)):
                    return term
        return None

    def total(self, table: str, column: str) -> Term | None:
        """The figure of a table's 合计 line."""
        return self.first(table, column, is_grand_total)

    def keyed(self, table: str, side: str, key: str, column: str) -> Term | None:
        """The figure of a line of a two-sided table by its canonical key."""
        return self.first(
            table, column, lambda row: row.words.get("side") == side and row.words.get("key") == key
        )

    def coded(self, table: str, code: str, column: str) -> Term | None:
        """The figure of a code's line."""
        return self.first(table, column, lambda row: code_of(row) == code)


@cache
def column_zh(table: str, column: str) -> str:
    """The Chinese label of a column of a published table."""
    metadata = MODELS[table].to_schema().columns[column].metadata or {}
    return str(metadata.get("zh", column))


@cache
def title_zh(table: str) -> str:
    """The Chinese title of a published table."""
    return str(MODELS[table].Config.title).split(" / ")[0]  # type: ignore[attr-defined]


def code_of(row: Row) -> str | None:
    """The function or economic code of a row."""
    code = row.words.get("function_code") or row.words.get("economic_code")
    return str(code) if code else None


def unit_of(row: Row) -> str:
    """The unit of the department that a row is of, where its table has a column for it."""
    return str(row.words.get("unit_code") or row.words.get("unit_name") or "")


def name_of(row: Row) -> str:
    """What a row is called on the page."""
    words = row.words
    for column in (
        "item",
        "function_name",
        "economic_name",
        "item_text",
        "project_name",
        "goods",
        "name",
        "unit_name",
    ):
        if column == "item" and "side" not in words:
            continue
        if words.get(column):
            code = code_of(row)
            return f"{code} {words[column]}" if code and column.endswith("_name") else str(words[column])
    return code_of(row) or str(words.get("item") or "合计")


def is_grand_total(row: Row) -> bool:
    """Whether a row is the 合计 line of a list."""
    if not row.is_total or "side" in row.words:
        return False
    names = ("function_name", "economic_name", "item_text", "unit_name")
    name = next((row.words[column] for column in names if row.words.get(column)), None)
    return name is None or bool(_GRAND.match(fold(str(name))))


def is_top(row: Row) -> bool:
    """Whether a line carries a first-level ordinal (一、)."""
    return bool(_TOP_ORDINAL.match(str(row.words.get("item") or row.words.get("item_text") or "")))


def bare_name(row: Row) -> str:
    """A line's name without its ordinal, folded."""
    return fold(without_number(str(row.words.get("item") or row.words.get("function_name") or "")))


def tolerance(terms: Iterable[Term]) -> Decimal:
    """(n + 1) × half a unit of the last printed digit, n rounded addends; nothing for figures with no step."""
    steps = [term.amount.step for term in terms]
    return max(steps, default=Decimal(0)) * len(steps) / 2
