"""The identities inside the two-sided tables: 收支总表 (T1) and 财政拨款收支总表 (T4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from fisc.schemas.audit.book import Book, is_top
from fisc.schemas.audit.columns import FUNDS
from fisc.schemas.audit.identity import equal, not_run, summed
from fisc.schemas.audit.outcome import Outcome
from fisc.schemas.statement import Row


def sides(book: Book) -> Iterator[Outcome]:
    """T1 and T4: items make the year's total, the year and what is carried make the grand total, both sides agree."""
    for table, column in (("revenue_expenditure", "amount"), ("fiscal_appropriation", "total")):
        grand = {side: book.keyed(table, side, "total", column) for side in ("revenue", "expenditure", "use")}
        yield equal(f"{table}.sides_agree", grand["revenue"], grand["expenditure"])
        yield equal(f"{table}.use_agrees", grand["use"], grand["revenue"])
        for side in ("revenue", "expenditure"):
            year = book.keyed(table, side, "current_year_total", column)
            carried = (
                ("carryover_in", "non_fiscal_surplus_used")
                if side == "revenue"
                else ("carryover_out", "surplus_distribution")
            )
            ends = [book.keyed(table, side, key, column) for key in carried]
            yield (
                summed(f"{table}.grand_total", grand[side], [year, *ends])
                if year
                else not_run(f"{table}.grand_total")
            )
        for side in ("revenue", "expenditure", "use"):
            yield from _items(book, table, side, column)


CARRIED = ("carryover_in", "carryover_out")


def _items(book: Book, table: str, side: str, column: str) -> Iterator[Outcome]:
    """The first-level items above the first total line make that total, in every column that the side has.

    Where the total stands above its items (一、本年收入), they are the lines from there to what is carried over.
    """
    for index, statement in book.of(table):
        rows = [(i, row) for i, row in enumerate(statement.rows) if row.words.get("side") == side]
        end = next((k for k, (_, row) in enumerate(rows) if row.is_total), None)
        if end is None:
            continue
        items = _first_level(rows[:end]) if end else _up_to_carried(rows[1:])
        for name in [column, *FUNDS] if table == "fiscal_appropriation" else [column]:
            total = book.term(index, rows[end][0], name)
            yield summed(f"{table}.items", total, [book.term(index, i, name) for i in items])


def _first_level(rows: Sequence[tuple[int, Row]]) -> list[int]:
    """The lines with a first-level ordinal (all, where none has one), and what is carried over between them."""
    tops = [i for i, row in rows if is_top(row)]
    return [i for i, row in rows if not tops or i in tops or row.words.get("key") in CARRIED]


def _up_to_carried(rows: Sequence[tuple[int, Row]]) -> list[int]:
    return [
        i for i, row in takewhile(lambda r: not r[1].is_total and r[1].words.get("key") not in CARRIED, rows)
    ]


def carried_by_fund(book: Book) -> Iterator[Outcome]:
    """T4: what was carried in is the sum of its funds, and each fund's income and carry-over make its column."""
    rule = "fiscal_appropriation.carryover_by_fund"
    for index, statement in book.of("fiscal_appropriation"):
        rows = [(i, row) for i, row in enumerate(statement.rows) if row.words.get("side") == "revenue"]
        start = next((k for k, (_, row) in enumerate(rows) if row.words.get("key") == "carryover_in"), None)
        if start is None:
            continue
        following = []
        for i, row in rows[start + 1 :]:
            if row.is_total or not str(row.words.get("key") or "").endswith("_appropriation"):
                break
            following.append(book.term(index, i, "total"))
        yield summed(rule, book.term(index, rows[start][0], "total"), following)
