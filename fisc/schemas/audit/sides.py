"""The identities inside the two-sided tables: 收支总表 (T1) and 财政拨款收支总表 (T4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import takewhile

from fisc.schemas.audit.book import Book, Term, is_top
from fisc.schemas.audit.columns import FUNDS
from fisc.schemas.audit.identity import compare, equal, not_run, soft, summed
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
            if side == "use":
                yield from _uses(book, table, index, rows, column)
            continue
        items = _first_level(rows[:end]) if end else _up_to_carried(rows[1:])
        for name in [column, *FUNDS] if table == "fiscal_appropriation" else [column]:
            total = book.term(index, rows[end][0], name)
            yield summed(f"{table}.items", total, [book.term(index, i, name) for i in items])


def _uses(
    book: Book, table: str, index: int, rows: Sequence[tuple[int, Row]], column: str
) -> Iterator[Outcome]:
    """支出用途 without a total of its own stands above that of the expenditure side, which it makes too.

    Lines without ordinals may be parts of each other (基本支出, 人员经费), so that a sum that fails says nothing.
    """
    lines = list(enumerate(book.statements[index].rows))
    year = _line(lines, "current_year_total")
    total = book.term(index, year, column) if year is not None else None
    spent = [(i, row) for i, row in rows if row.words.get("key") not in CARRIED]
    if total and spent:
        outcome = summed(
            f"{table}.use_agrees", total, [book.term(index, i, column) for i in _first_level(spent)]
        )
        yield outcome if any(is_top(row) for _, row in spent) else soft(outcome)


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


def fund_balances(book: Book) -> Iterator[Outcome]:
    """T4, a fund at a time: what was received in the year and carried in is spent or carried out."""
    rule = "fiscal_appropriation.fund_balance"
    for index, statement in book.of("fiscal_appropriation"):
        rows = list(enumerate(statement.rows))
        received, carried = _by_fund(book, index, rows)
        spent, left = (_line(rows, key) for key in ("current_year_total", "carryover_out"))
        for fund in FUNDS:
            used = book.term(index, spent, fund) if spent is not None else None
            coming = [t for t in (received.get(fund), carried.get(fund)) if t]
            if not used or not coming or not _divided(book, index, rows, carried, left):
                yield not_run(rule)
                continue
            kept = book.term(index, left, fund) if left is not None else None
            parts = [*coming, *([kept] if kept else [])]
            yield compare(rule, used, parts, signs=[*(1 for _ in coming), *([-1] if kept else [])])


Rows = Sequence[tuple[int, Row]]


def _by_fund(book: Book, index: int, rows: Rows) -> tuple[dict[str, Term], dict[str, Term]]:
    """The revenue lines of each fund: what was received in the year, and what was carried in."""
    received: dict[str, Term] = {}
    carried: dict[str, Term] = {}
    chosen = received
    for i, row in rows:
        key = str(row.words.get("key") or "")
        if row.words.get("side") != "revenue":
            continue
        if key == "carryover_in":
            chosen = carried
        fund = key.removesuffix("_appropriation")
        if fund in FUNDS and key != fund and (term := book.term(index, i, "total")):
            chosen.setdefault(fund, term)
    return received, carried


def _line(rows: Rows, key: str) -> int | None:
    """The expenditure line of a key."""
    wanted = (i for i, row in rows if row.words.get("side") == "expenditure" and row.words.get("key") == key)
    return next(wanted, None)


def _divided(book: Book, index: int, rows: Rows, carried: Mapping[str, Term], left: int | None) -> bool:
    """Whether what is carried in and out is printed by fund, or is nothing."""
    into = next((i for i, row in rows if row.words.get("key") == "carryover_in"), None)
    ends = [(into, sum((term.value for term in carried.values()), Decimal(0)))]
    if left is not None:
        ends.append(
            (left, sum((t.value for fund in FUNDS if (t := book.term(index, left, fund))), Decimal(0)))
        )
    totals = ((book.term(index, i, "total"), made) for i, made in ends if i is not None)
    return all(abs(total.value - made) <= total.amount.step * 2 for total, made in totals if total)
