"""The identities that one kind of table has: balances of funds, halves of basic expenditure, 三公, procurement, assets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from fisc.schemas.audit.book import Book, Term, code_of, is_top, tolerance
from fisc.schemas.audit.columns import FUND_TABLES, FUNDS
from fisc.schemas.audit.identity import compare, likely, not_run, soft, summed, yuan
from fisc.schemas.audit.outcome import Finding, Outcome


def balances(book: Book) -> Iterator[Outcome]:
    """T5, T7 and T8: 年初结转 + 本年收入 − 本年支出 = 年末结转."""
    for table in FUND_TABLES:
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


def basic_halves(book: Book) -> Iterator[Outcome]:
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


def three_public(book: Book) -> Iterator[Outcome]:
    """T9: the three make the total, purchase and operation make the vehicles, meetings and training add to the grand total."""
    for index, statement in book.of("three_public"):
        for measure in ("budget", "final"):
            for column in ("total", *FUNDS):
                by_item: dict[str, Term] = {}
                for i, row in enumerate(statement.rows):
                    if row.words.get("measure") == measure and (term := book.term(index, i, column)):
                        by_item.setdefault(str(row.words.get("item")), term)
                yield from _three_public_sums(by_item)


def within_budget(book: Book) -> Iterator[Outcome]:
    """T9 of the final accounts: no more than the budget was spent on each of the three (《党政机关厉行节约反对浪费条例》)."""
    rule = "three_public.within_budget"
    for item in ("total", "overseas_travel", "official_vehicles", "official_reception"):
        budget, final = (
            book.first("three_public", "total", lambda row, m=m, item=item: row.words.get("item") == item and row.words.get("measure") == m)  # type: ignore[misc]
            for m in ("budget", "final")
        )  # fmt: skip
        if not budget or not final:
            yield not_run(rule)
        elif final.value <= budget.value + tolerance((budget, final)):
            yield Outcome(rule, "pass")
        else:
            yield Outcome(rule, "fail", finding=Finding(
                rule, "warning", "three_public",
                f"{final.label}决算{yuan(final.value)}元，超过预算{yuan(budget.value)}元，请说明原因。",
                f"The final figure of {yuan(final.value)} yuan is above the budget of {yuan(budget.value)}.",
                expected=budget.value, actual=final.value, difference=final.value - budget.value,
                tolerance=tolerance((budget, final)), quote=final.amount.text, page=final.amount.page, box=final.amount.box,
            ))  # fmt: skip


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


def procurement(book: Book) -> Iterator[Outcome]:
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
            yield from _subtotals(book, index, column)
        for i in range(len(statement.rows)):
            yield from _product(book, index, i)


def _subtotals(book: Book, index: int, column: str) -> Iterator[Outcome]:
    """采购: a subtotal stands above its lines; those of a class (一、货物) end at the next class, others at any subtotal."""
    rows = book.statements[index].rows
    heads = [i for i, row in enumerate(rows) if row.is_total and not row.words.get("goods")]
    for head in heads[1:]:
        ends = (i for i in heads if i > head and (is_top(rows[i]) or not is_top(rows[head])))
        lines = [
            book.term(index, i, column)
            for i in range(head + 1, next(ends, len(rows)))
            if rows[i].words.get("goods")
        ]
        yield likely(summed("procurement.subtotals", book.term(index, head, column), lines), book)


def _product(book: Book, index: int, i: int) -> Iterator[Outcome]:
    """单价 × 数量 = 金额, within what the rounding of the unit price hides."""
    rule = "procurement.price"
    price, count = book.term(index, i, "unit_price"), book.term(index, i, "quantity")
    total = book.term(index, i, "total")
    if not (price and count and total) or not count.value:
        return
    made = price.value * count.value
    allowed = (count.value * price.amount.step + total.amount.step) / 2
    cells = (price.cell, count.cell, total.cell)
    if not price.value and total.value:
        yield Outcome(rule, "fail", (), _unpriced(price, count, total))
    elif abs(made - total.value) <= allowed:
        yield Outcome(rule, "pass", cells)
    else:
        yield Outcome(rule, "fail", cells, Finding(
            rule, "warning", "procurement",
            f"{total.label}：单价{price.amount.text}×数量{count.amount.text}＝{yuan(made)}元，而金额为{yuan(total.value)}元，请核对。",
            f"The unit price {price.amount.text} times {count.amount.text} makes {yuan(made)} yuan, but the amount is {yuan(total.value)}.",
            expected=made, actual=total.value, difference=total.value - made, tolerance=allowed,
            quote=total.amount.text, page=total.amount.page, box=total.amount.box,
        ))  # fmt: skip


def _unpriced(price: Term, count: Term, total: Term) -> Finding:
    """A unit price so small that its print shows nothing."""
    each = (total.value / count.value).quantize(Decimal("0.01"))
    return Finding(
        "procurement.price", "warning", "procurement",
        f"{total.label}：单价印为{price.amount.text}，而{count.amount.text}件共{yuan(total.value)}元（平均每件{each}元），单价应多保留小数或改用元。",
        f"The unit price is printed as {price.amount.text}, but {count.amount.text} pieces cost {yuan(total.value)} yuan ({each} each); print more decimals.",
        expected=total.value, actual=Decimal(0), difference=-total.value, quote=price.amount.text,
        page=price.amount.page, box=price.amount.box,
    )  # fmt: skip


def assets(book: Book) -> Iterator[Outcome]:
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
        yield from _within_the_line_above(book, index)


def _within_the_line_above(book: Book, index: int) -> Iterator[Outcome]:
    """其中：办公用房 is a part of the line above it."""
    rule = "fixed_asset.within"
    rows = book.statements[index].rows
    for i in range(1, len(rows)):
        if not str(rows[i].words.get("item_text") or "").strip().startswith("其中"):
            continue
        part, whole = book.term(index, i, "value"), book.term(index, i - 1, "value")
        if not part or not whole:
            yield not_run(rule)
        elif part.value <= whole.value + tolerance((part, whole)):
            yield Outcome(rule, "pass")
        else:
            yield compare(rule, part, [whole])
