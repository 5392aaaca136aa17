"""Codes that several tables print: the same line has the same code, and the same amounts where all money is of the funds."""

from __future__ import annotations

from collections.abc import Iterator

from fisc.schemas.audit.book import Book, Term, code_of, tolerance
from fisc.schemas.audit.columns import FUND_TABLES
from fisc.schemas.audit.identity import compare, equal, not_run, soft
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.classification import fold
from fisc.schemas.statement import Row

LISTED = ("revenue", "expenditure", *FUND_TABLES)
COLUMNS = ("total", "basic", "project")
ITEM = 7
"""Digits of a 项."""

Place = tuple[int, int]
"""Statement and row."""


def codes(book: Book) -> Iterator[Outcome]:
    """Every check on the codes that several tables print."""
    yield from _amounts(book)
    yield from _revenue(book)
    yield from _agreement(book)


def _by_code(book: Book, table: str) -> dict[str, Place] | None:
    """The rows of a table by code; None where a code stands there twice (a table by units)."""
    found: dict[str, Place] = {}
    for index, statement in book.of(table):
        for i, row in enumerate(statement.rows):
            code = code_of(row)
            if code in found:
                return None
            if code:
                found[code] = (index, i)
    return found


def _amounts(book: Book) -> Iterator[Outcome]:
    """T3 = T5 + T7 + T8 line by line, in the columns in which their totals say that there is no other money."""
    rule = "between.codes"
    lines = _by_code(book, "expenditure")
    funds = [found for table in FUND_TABLES if (found := _by_code(book, table))]
    tried = False
    for column in COLUMNS if lines and funds else ():
        if not _all_of_funds(book, column):
            continue
        for code, place in (lines or {}).items():
            whole = book.term(*place, column)
            parts = [t for found in funds if code in found and (t := book.term(*found[code], column))]
            if whole and parts:
                tried = True
                yield compare(rule, whole, parts)
    if not tried:
        yield not_run(rule)


def _all_of_funds(book: Book, column: str) -> bool:
    whole = book.total("expenditure", column)
    parts = [term for table in FUND_TABLES if (term := book.total(table, column))]
    if whole is None or not parts:
        return False
    return abs(whole.value - sum(part.value for part in parts)) <= tolerance((whole, *parts))


def _revenue(book: Book) -> Iterator[Outcome]:
    """T2 = T3 line by line in a budget that carries nothing over; elsewhere a difference says nothing."""
    rule = "between.revenue_codes"
    revenue, spent = _by_code(book, "revenue"), _by_code(book, "expenditure")
    for code, place in (revenue or {}).items():
        other: Term | None = book.term(*spent[code], "total") if spent and code in spent else None
        yield soft(equal(rule, book.term(*place, "total"), other))


def _agreement(book: Book) -> Iterator[Outcome]:
    """A 项 has one code: the same name in the same 款 with another code is a slip of the code."""
    rule = "code.agreement"
    seen: dict[tuple[str, str], dict[str, list[Place]]] = {}
    for table in LISTED:
        for index, statement in book.of(table):
            for i, row in enumerate(statement.rows):
                code, name = code_of(row), row.words.get("function_name")
                if code and name and len(code) == ITEM:
                    seen.setdefault((code[:5], fold(str(name))), {}).setdefault(code, []).append((index, i))
    for found in seen.values():
        usual = max(found, key=lambda code: len(found[code]))
        for code, places in found.items():
            if code == usual:
                yield from (Outcome(rule, "pass") for _ in places[1:])
            else:
                yield from (_disagrees(rule, book, place, code, usual) for place in places)


def _disagrees(rule: str, book: Book, place: Place, code: str, usual: str) -> Outcome:
    statement = book.statements[place[0]]
    row = statement.rows[place[1]]
    read = any(amount.recognised for amount in row.amounts.values())
    box = next((amount.box for amount in row.amounts.values()), None)
    name = row.words["function_name"]
    return Outcome(rule, "fail", finding=Finding(
        rule, "warning" if read or _alone(book, place, usual) else "error", statement.table,
        f"《{statement.title}》中“{name}”的科目编码为{code}，而本文件其他表中为{usual}，请核对。",
        f"“{name}” has the code {code} here and {usual} in the other tables of the document.",
        quote=f"{code} {name}", page=row.page, box=box,
    ))  # fmt: skip


def _alone(book: Book, place: Place, usual: str) -> bool:
    """Whether both codes stand in the same table: then they may be two lines with one name."""
    rows: tuple[Row, ...] = book.statements[place[0]].rows
    return any(code_of(row) == usual for row in rows)
