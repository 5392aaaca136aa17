"""The identities between the tables of one disclosure: totals, classes and codes that two tables print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fisc.schemas.audit.book import Book, Term, bare_name, code_of
from fisc.schemas.audit.identity import equal, likely, not_run, summed
from fisc.schemas.audit.outcome import Outcome


def between(book: Book) -> Iterator[Outcome]:
    """Totals that two tables print."""
    t1 = {
        side: {
            key: book.keyed("revenue_expenditure", side, key, "amount")
            for key in ("current_year_total", "total")
        }
        for side in ("revenue", "expenditure")
    }
    t4 = {
        side: {
            key: book.keyed("fiscal_appropriation", side, key, "total")
            for key in ("current_year_total", "total")
        }
        for side in ("revenue", "expenditure")
    }
    revenue, current = book.total("revenue", "total"), book.total("revenue", "current_year")
    carried = _carried_listed(book, revenue) or any(
        "carryover" in statement.columns for _, statement in book.of("revenue")
    )
    year_in = t1["revenue"]["current_year_total"] or t1["revenue"]["total"]
    yield equal("between.revenue", revenue, t1["revenue"]["total"] if carried else year_in)
    yield equal("between.revenue_current_year", current, year_in)
    yield equal(
        "between.expenditure",
        book.total("expenditure", "total"),
        t1["expenditure"]["current_year_total"] or t1["expenditure"]["total"],
    )
    yield equal(
        "between.fiscal_revenue",
        book.total("revenue", "fiscal_appropriation"),
        t4["revenue"]["current_year_total"] or t4["revenue"]["total"],
    )
    spent = t4["expenditure"]["current_year_total"] or t4["expenditure"]["total"]
    general = _same_row(book, spent, "general_public")
    yield equal("between.general_public", book.total("general_public_budget", "total"), general)
    yield equal(
        "between.government_fund",
        book.total("government_fund", "total"),
        _same_row(book, spent, "government_fund"),
    )
    yield equal(
        "between.state_capital", book.total("state_capital", "total"), _same_row(book, spent, "state_capital")
    )
    funds = [
        book.total(table, "total") for table in ("general_public_budget", "government_fund", "state_capital")
    ]
    yield summed("between.all_funds", spent, funds)
    yield equal(
        "between.basic",
        book.total("basic_expenditure", "total"),
        book.total("general_public_budget", "basic"),
    )
    yield _halves_make_basic(book)
    yield from _classes(book)
    yield _projects(book)


def _carried_listed(book: Book, total: Term | None) -> bool:
    """Whether the total of a list of sources holds what was carried over, which is a line of it."""
    return (
        total is not None
        and not bare_name(total.line).startswith(("本年", "当年"))
        and any(
            "结转" in bare_name(row) and not code_of(row) and book.term(total.statement, i, total.column)
            for i, row in enumerate(book.statements[total.statement].rows)
        )
    )


def _same_row(book: Book, term: Term | None, column: str) -> Term | None:
    return book.term(term.statement, term.row, column) if term else None


def _halves_make_basic(book: Book) -> Outcome:
    """T6 of the final accounts prints no 合计: its two halves make the basic expenditure of T5."""
    people = book.first(
        "basic_expenditure",
        "total",
        lambda row: str(row.words.get("economic_name") or "").startswith("人员经费合计"),
    )
    agency = book.first(
        "basic_expenditure",
        "total",
        lambda row: str(row.words.get("economic_name") or "").startswith("公用经费合计"),
    )
    if book.total("basic_expenditure", "total"):
        return not_run("between.basic_halves")
    return summed(
        "between.basic_halves",
        book.total("general_public_budget", "basic"),
        [people, agency] if people else [],
    )


def _classes(book: Book) -> Iterator[Outcome]:
    """T1's class lines are T3's class rows, T4's are T5's; blank lines say nothing."""
    for sides, listed, column in (
        ("revenue_expenditure", "expenditure", "amount"),
        ("fiscal_appropriation", "general_public_budget", "general_public"),
    ):
        rule = f"between.classes_of_{listed}"
        names = {
            bare_name(row): (index, i)
            for index, s in book.of(listed)
            for i, row in enumerate(s.rows)
            if len(code_of(row) or "") == 3
        }
        tried = False
        for index, statement in book.of(sides):
            for i, row in enumerate(statement.rows):
                place = names.get(bare_name(row)) if row.words.get("side") == "expenditure" else None
                one = book.term(index, i, column)
                if place and one:
                    tried = True
                    yield equal(rule, one, book.term(*place, "total"))
        if not tried:
            yield not_run(rule)


def _projects(book: Book) -> Outcome:
    """The project sheets make the project expenditure, where every project has a sheet."""
    budgets = [book.term(index, i, "budget") for index, s in book.of("project") for i in range(len(s.rows))]
    return likely(summed("between.projects", book.total("expenditure", "project"), budgets), book)


PAIRS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("30113", ("2210201",)),
    ("30108", ("2080505",)),
    ("30109", ("2080506",)),
    ("30110", ("2101101", "2101102")),
    ("30111", ("2101103",)),
)
"""Economic lines and the function lines that pay them: 住房公积金, 养老保险, 职业年金, 医疗保险 (行政 and 事业), 公务员医疗补助."""


def economic_and_function(book: Book) -> Iterable[Outcome]:
    """Economic lines that are function lines (30113 = 2210201 …), where no other money mixes in.

    A failure says nothing, since other money may, unless the two differ as a slip of the pen does.
    """
    for economic, functions in PAIRS:
        one = book.coded("basic_expenditure", economic, "total")
        found = [_basic_of(book, code) for code in functions]
        several = [[term] for term in found] if len([t for t in found if t]) > 1 else []
        tried = [summed("between.economic_and_function", one, parts) for parts in (found, *several)]
        yield likely(next((o for o in tried if o.outcome == "pass"), tried[0]), book)
    for economic, item in (("30217", "official_reception"), ("30231", "vehicle_operation")):
        spent = book.first("three_public", "total", lambda row, item=item: row.words.get("item") == item)  # type: ignore[misc]
        yield likely(
            equal(
                "between.basic_and_three_public", book.coded("basic_expenditure", economic, "total"), spent
            ),
            book,
        )


def _basic_of(book: Book, code: str) -> Term | None:
    """The basic expenditure of a function line, all of it where the table does not divide it."""
    return book.coded("general_public_budget", code, "basic") or book.coded(
        "general_public_budget", code, "total"
    )
