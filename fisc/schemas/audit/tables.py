"""The identities inside and between the tables of one document, each stated once for both stages.

Source of the rules: the structure of the official forms (财政部部门预算、部门决算公开表样). T1–T9 are the nine tables in
official order: 收支总表, 收入, 支出, 财政拨款收支, 一般公共预算支出, 基本支出, 政府性基金, 国有资本, 三公.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fisc.schemas.audit.book import Book, Term, bare_name, code_of, is_top
from fisc.schemas.audit.identity import Children, RowSum, compare, equal, not_run, soft, summed
from fisc.schemas.audit.outcome import Outcome
from fisc.schemas.statement import Statement

SOURCES = (
    "fiscal_appropriation", "special_account", "business", "operating", "superior_subsidy", "affiliate_remittance", "other",
)  # fmt: skip
SPENDING = (
    "basic", "project", "operating", "remitted_to_superior", "subsidy_to_affiliates", "reserve", "carryover_out",
)  # fmt: skip
FUNDS = ("general_public", "government_fund", "state_capital")

INSIDE: tuple[RowSum | Children, ...] = (
    RowSum("revenue.current_year_and_carryover", "revenue", "total", ("current_year", "carryover")),
    RowSum("revenue.sources", "revenue", "current_year", SOURCES),
    RowSum("revenue.sources", "revenue", "total", (*SOURCES, "carryover"), unless="current_year"),
    RowSum("expenditure.parts", "expenditure", "total", SPENDING),
    RowSum("fiscal_appropriation.funds", "fiscal_appropriation", "total", FUNDS),
    RowSum("general_public_budget.parts", "general_public_budget", "total", ("basic", "project")),
    RowSum("basic_expenditure.parts", "basic_expenditure", "total", ("personnel", "operating")),
    RowSum("government_fund.parts", "government_fund", "total", ("basic", "project")),
    RowSum("state_capital.parts", "state_capital", "total", ("basic", "project")),
    RowSum("three_public.funds", "three_public", "total", FUNDS),
    RowSum("project.funds", "project", "budget", ("fiscal_funds", "other_funds")),
    RowSum("project.plan_ends_at_budget", "project", "budget", ("plan_december",)),
    RowSum(
        "procurement.funds", "procurement", "total", (*FUNDS, "special_account", "unit_funds", "carryover")
    ),
    Children("codes.roll_up", "revenue", ("total", "current_year", *SOURCES, "carryover")),
    Children("codes.roll_up", "expenditure", ("total", *SPENDING)),
    Children("codes.roll_up", "general_public_budget", ("total", "basic", "project")),
    Children("codes.roll_up", "basic_expenditure", ("total", "personnel", "operating")),
    Children(
        "codes.roll_up",
        "government_fund",
        ("total", "basic", "project", "opening_balance", "income", "closing_balance"),
    ),
    Children(
        "codes.roll_up",
        "state_capital",
        ("total", "basic", "project", "opening_balance", "income", "closing_balance"),
    ),
)


def audit_tables(statements: Sequence[Statement]) -> list[Outcome]:
    """Every identity inside and between the tables, tried."""
    book = Book(statements)
    outcomes: list[Outcome] = []
    for identity in INSIDE:
        found = list(identity.outcomes(book))
        outcomes += found or [not_run(identity.rule)]
    for check in (
        _balances,
        _sides,
        _roll_forward,
        _basic_halves,
        _three_public,
        _procurement,
        _assets,
        _between,
        _economic,
    ):
        outcomes += check(book)
    return outcomes


def _sides(book: Book) -> Iterator[Outcome]:
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


def _items(book: Book, table: str, side: str, column: str) -> Iterator[Outcome]:
    """The first-level items above the first total line make that total, in every column that the side has."""
    for index, statement in book.of(table):
        rows = [(i, row) for i, row in enumerate(statement.rows) if row.words.get("side") == side]
        end = next((k for k, (_, row) in enumerate(rows) if row.is_total), None)
        if end is None:
            continue
        columns = [column, *FUNDS] if table == "fiscal_appropriation" else [column]
        tops = [i for i, row in rows[:end] if is_top(row)] or [i for i, _ in rows[:end]]
        for name in columns:
            total = book.term(index, rows[end][0], name)
            between = [
                book.term(index, i, name)
                for i, row in rows[:end]
                if row.words.get("key") in ("carryover_in", "carryover_out") and i not in tops
            ]
            yield summed(f"{table}.items", total, [*(book.term(index, i, name) for i in tops), *between])


def _balances(book: Book) -> Iterator[Outcome]:
    """T7 and T8: 年初结转 + 本年收入 − 本年支出 = 年末结转."""
    for table in ("government_fund", "state_capital"):
        for index, statement in book.of(table):
            for i in range(len(statement.rows)):
                closing = book.term(index, i, "closing_balance")
                opening, income = book.term(index, i, "opening_balance"), book.term(index, i, "income")
                spent = book.term(index, i, "total")
                parts = [(t, s) for t, s in ((opening, 1), (income, 1), (spent, -1)) if t]
                if closing and parts:
                    yield compare(
                        f"{table}.balance", closing, [t for t, _ in parts], signs=[s for _, s in parts]
                    )


def _roll_forward(book: Book) -> Iterator[Outcome]:
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


def _basic_halves(book: Book) -> Iterator[Outcome]:
    """T6 of the final accounts: 人员经费合计 and 公用经费合计 make all classes; 人员 = 301 + 303 (in places + 310)."""
    rule = "basic_expenditure.halves"
    for index, statement in book.of("basic_expenditure"):
        named = {
            bare: i
            for i, row in enumerate(statement.rows)
            if (bare := str(row.words.get("economic_name") or "")) and row.is_total
        }
        people = next(
            (book.term(index, i, "total") for name, i in named.items() if name.startswith("人员")), None
        )
        agency = next(
            (book.term(index, i, "total") for name, i in named.items() if name.startswith("公用")), None
        )
        classes = {
            code: t
            for i, row in enumerate(statement.rows)
            if (code := code_of(row)) and len(code) == 3 and (t := book.term(index, i, "total"))
        }
        if not classes or not (people or agency):
            yield not_run(rule)
            continue
        whole = list(classes.values())
        if people and agency:
            yield _sum_of_both(rule, people, agency, whole)
        staff = [t for code, t in classes.items() if code in ("301", "303")]
        rest = [t for code, t in classes.items() if code not in ("301", "303")]
        yield soft(summed("basic_expenditure.personnel", people, staff))
        yield soft(summed("basic_expenditure.operating", agency, rest))


def _sum_of_both(rule: str, people: Term, agency: Term, whole: Sequence[Term]) -> Outcome:
    first, *others = whole
    return compare(rule, first, [people, agency, *others], signs=[1, 1, *([-1] * len(others))])


def _three_public(book: Book) -> Iterator[Outcome]:
    """T9: the three make the total, purchase and operation make the vehicles, meetings and training add to the grand total."""
    for index, statement in book.of("three_public"):
        for measure in ("budget", "final"):
            for column in ("total", *FUNDS):
                by_item: dict[str, Term] = {}
                for i, row in enumerate(statement.rows):
                    if row.words.get("measure") == measure and (term := book.term(index, i, column)):
                        by_item.setdefault(str(row.words.get("item")), term)
                yield from _three_public_sums(by_item)


def _three_public_sums(by_item: dict[str, Term]) -> Iterator[Outcome]:
    def terms(*items: str) -> list[Term | None]:
        return [by_item.get(item) for item in items]

    three = terms("overseas_travel", "official_vehicles", "official_reception")
    yield summed("three_public.three", by_item.get("total"), three)
    yield summed(
        "three_public.vehicles",
        by_item.get("official_vehicles"),
        terms("vehicle_purchase", "vehicle_operation"),
    )
    yield summed(
        "three_public.grand_total", by_item.get("grand_total"), terms("total", "meeting", "training")
    )


def _procurement(book: Book) -> Iterator[Outcome]:
    """采购: the lines with goods make the total, a part of it is reserved for small firms."""
    for index, statement in book.of("procurement"):
        for column in ("total", *FUNDS, "sme_reserved"):
            lines = [
                term
                for i, row in enumerate(statement.rows)
                if row.words.get("goods") and (term := book.term(index, i, column))
            ]
            totals = [
                term
                for i, row in enumerate(statement.rows)
                if row.is_total and (term := book.term(index, i, column))
            ]
            yield summed("procurement.lines", totals[0] if totals else None, lines)
        for i in range(len(statement.rows)):
            yield from _product(book, index, i)


def _product(book: Book, index: int, i: int) -> Iterator[Outcome]:
    price, count = book.term(index, i, "unit_price"), book.term(index, i, "quantity")
    total = book.term(index, i, "total")
    if not (price and count and total) or not count.value:
        return
    allowed = count.value * price.amount.step / 2 + total.amount.step / 2
    if abs(price.value * count.value - total.value) <= allowed:
        yield Outcome("procurement.price", "pass", (price.cell, count.cell, total.cell))
    else:
        yield compare("procurement.price", total, [price], "warning")


def _assets(book: Book) -> Iterator[Outcome]:
    """固定资产: the numbered kinds make the total."""
    for index, statement in book.of("fixed_asset"):
        rows = list(enumerate(statement.rows))
        total = next(
            (
                book.term(index, i, "value")
                for i, row in rows
                if str(row.words.get("item_text")).endswith("总额")
            ),
            None,
        )
        parts = [
            book.term(index, i, "value")
            for i, row in rows
            if str(row.words.get("item_text")).strip()[:1].isdigit()
        ]
        yield summed("fixed_asset.parts", total, parts)


def _between(book: Book) -> Iterator[Outcome]:
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
    carried = any("carryover" in statement.columns for _, statement in book.of("revenue"))
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
    return soft(summed("between.projects", book.total("expenditure", "project"), budgets))


def _economic(book: Book) -> Iterable[Outcome]:
    """Economic lines that are function lines (30113 = 2210201 …), where no other money mixes in."""
    pairs = (
        ("30113", "2210201"),
        ("30108", "2080505"),
        ("30109", "2080506"),
        ("30110", "2101101"),
        ("30111", "2101103"),
    )
    for economic, function in pairs:
        one = book.coded("basic_expenditure", economic, "total")
        other = book.coded("general_public_budget", function, "basic") or book.coded(
            "general_public_budget", function, "total"
        )
        yield soft(equal("between.economic_and_function", one, other))
    for economic, item in (("30217", "official_reception"), ("30231", "vehicle_operation")):
        spent = book.first("three_public", "total", lambda row, item=item: row.words.get("item") == item)  # type: ignore[misc]
        yield soft(
            equal("between.basic_and_three_public", book.coded("basic_expenditure", economic, "total"), spent)
        )
