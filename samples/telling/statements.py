"""What must be published from a printed disclosure: the rows of each table in the contract's columns, amounts in yuan.

Only the columns that the layout prints are given (with ``side``, ``measure`` and ``is_total``): the common columns are
the reader's to fill. Rounding to the printed unit is applied; a blank is ``None``, a printed zero is ``Decimal(0)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from samples.city.books import FISCAL, SOURCES, UNIT_FUNDS
from samples.city.catalogue import economic_names, function_names
from samples.city.figures import FUNDS, figures
from samples.city.staffing import RUNNING
from samples.disclosure import Disclosure
from samples.layout import Form, Item
from samples.telling.printed import ZERO, Row, amount_columns, published
from samples.telling.sides import sided


def _revenue(disclosure: Disclosure, column: str, code: str) -> Decimal:
    """In final accounts 合计 is the year's revenue, and money of special accounts is 事业收入."""
    groups: dict[str, tuple[str, ...]] = {"fiscal_appropriation": FISCAL, "unit_funds": UNIT_FUNDS}
    if column.startswith("carryover_"):
        return disclosure.flow("opening", FUNDS[column.removeprefix("carryover_")], code)
    if disclosure.stage == "final_accounts":
        groups["business"] = FUNDS["business_all"]
    if column == "total":
        return disclosure.flow("inflow" if disclosure.stage == "budget" else "income", code=code)
    if column in ("current_year", "carryover"):
        return disclosure.flow("income" if column == "current_year" else "opening", code=code)
    return disclosure.flow("income", groups.get(column, (column,)), code)


def _spending(sources: tuple[str, ...]) -> Callable[[Disclosure, str, str], Decimal]:
    measures = {"total": "spent", "opening_balance": "opening", "closing_balance": "closing"}

    def amount(disclosure: Disclosure, column: str, code: str) -> Decimal:
        balance, _, kind = column.partition("_")
        if balance in ("opening", "income", "closing") and kind in ("basic", "project"):
            return disclosure.flow(balance, sources, code, kind)
        return disclosure.flow(measures.get(column, column), sources, code)

    return amount


def _economic(disclosure: Disclosure, column: str, code: str) -> Decimal:
    """Without a code, the total of a column; 人员经费 is what is not 公用经费."""
    classes = [code] if code else sorted({line.code[:3] for line in disclosure.economics})
    wanted = {"operating": (True,), "personnel": (False,)}.get(column, (True, False))
    return sum((disclosure.economic(c) for c in classes if (c[:3] in RUNNING) in wanted), ZERO)


AMOUNTS: dict[str, Callable[[Disclosure, str, str], Decimal]] = {
    "revenue": _revenue,
    "expenditure": _spending(SOURCES),
    "general_public_budget": _spending(("general_public",)),
    "basic_expenditure": _economic,
    "government_fund": _spending(("government_fund",)),
    "state_capital": _spending(("state_capital",)),
    "state_capital_flow": _spending(("state_capital",)),
    "fiscal_expenditure": _spending(FISCAL),
    "fiscal_basic_expenditure": _economic,
    "agency_operating": _economic,
}
LEAVES = {
    "government_fund": ("government_fund",),
    "state_capital": ("state_capital",),
    "state_capital_flow": ("state_capital",),
    "general_public_budget": ("general_public",),
    "fiscal_expenditure": FISCAL,
}
ECONOMIC = ("basic_expenditure", "fiscal_basic_expenditure", "agency_operating")
"""Tables by economic code; the last one holds 公用经费 only."""


def _leaves(disclosure: Disclosure, form: Form) -> Iterable[str]:
    """The finest codes of a table: those that have money in it."""
    table = form.table
    if table in ECONOMIC:
        running = table == "agency_operating"
        return (x.code for x in disclosure.economics if not running or x.code[:3] in RUNNING)
    sources = LEAVES.get(table, SOURCES)
    balanced = table == "government_fund" or "opening_balance" in amount_columns(form)
    measure = "inflow" if table == "revenue" or balanced else "spent"
    return (code for code in disclosure.codes(sources) if disclosure.flow(measure, sources, code))


def _tree(leaves: Iterable[str]) -> list[str]:
    """The codes with all their parents, each parent before its children."""
    return sorted({leaf[:length] for leaf in leaves for length in (3, 5, 7)})


def _coded_row(disclosure: Disclosure, form: Form, code: str, names: tuple[str, str]) -> Row:
    known = economic_names() if form.table in ECONOMIC else function_names()
    cells = {
        c: published(AMOUNTS[form.table](disclosure, c, code), form)
        for c in dict.fromkeys(amount_columns(form))
    }
    name = known[code] if code else form.total_text
    return {names[0]: code or None, names[1]: name, **cells, "is_total": not code}


def _coded(disclosure: Disclosure, form: Form) -> list[Row]:
    kind = "economic" if form.table in ECONOMIC else "function"
    names = (f"{kind}_code", f"{kind}_name")
    codes = _tree(_leaves(disclosure, form))
    if not codes and form.empty == "blank":
        return []
    total = _coded_row(disclosure, form, "", names)
    if form.table == "basic_expenditure" and len(form.blocks) > 1:
        return _economic_blocks(disclosure, form, names)
    rows = [_coded_row(disclosure, form, code, names) for code in codes]
    return {"first": [total, *rows], "last": [*rows, total], "missing": rows}[form.total]


def _economic_blocks(disclosure: Disclosure, form: Form, names: tuple[str, str]) -> list[Row]:
    """Blocks side by side: the left one first, each followed by its total line where it has one."""
    rows = []
    for block in form.blocks:
        occurring = _tree(_leaves(disclosure, form))
        codes = sorted(economic_names()) if form.all_codes else occurring
        rows += [_coded_row(disclosure, form, c, names) for c in codes if c[:3] in block.codes]
        for item in block.tail:
            amount = published(_economic(disclosure, item.measure, ""), form) if item.measure else None
            rows.append({names[0]: None, names[1]: item.item, "total": amount, "is_total": True})
    return rows


def _three_amount(disclosure: Disclosure, measure: str, item: str) -> Decimal:
    if item == "agency_operating":
        return sum((disclosure.economic(code) for code in RUNNING), ZERO)
    planned = measure == "budget" and disclosure.stage == "final_accounts"
    three = disclosure.three_public_budget if planned else disclosure.three_public
    return Decimal(getattr(three, item))


def _three_count(disclosure: Disclosure, form: Form, item: Item) -> Row:
    """A line of “三公” that counts groups, people, vehicles or receptions."""
    count = Decimal(getattr(disclosure.three_public, item.measure))
    blanks = dict.fromkeys(amount_columns(form))
    row = {"measure": "budget", "item_text": item.item, "item": item.key, **blanks}
    return {**row, "quantity": count, "is_total": False}


def _three_items(disclosure: Disclosure, form: Form) -> list[Row]:
    """“三公” with a row an item and a column a fund: all of it is general public money."""
    rows = []
    for item in form.blocks[0].top:
        if item.counted:
            rows.append(_three_count(disclosure, form, item))
            continue
        amount = _three_amount(disclosure, "budget", item.measure) if item.measure else ZERO
        paid = {c: amount if c in ("total", "general_public") else ZERO for c in amount_columns(form)}
        cells = {c: published(value, form) for c, value in paid.items()}
        row: Row = {"measure": "budget", "item_text": item.item, **cells, "is_total": item.total}
        rows.append(row | ({"item": item.key} if item.key else {}))
    return rows


def _one_row(disclosure: Disclosure, form: Form) -> list[Row]:
    """One data row. “三公”: a published row a column, from left to right, none where nothing is printed; else the
    fields are figures."""
    if form.table != "three_public":
        told = figures(disclosure)
        return [{c.field: published(told[c.field], form) for c in form.columns}]
    fields = [c.field.split(".") for c in form.columns if "." in c.field]
    rows = [
        {
            "measure": measure,
            "item": item,
            "total": published(_three_amount(disclosure, measure, item), form),
            "is_total": item in ("total", "grand_total", "official_vehicles"),
        }
        for measure, item in fields
    ]
    return rows if any(row["total"] is not None for row in rows) else []


SHAPES: dict[str, Callable[[Disclosure, Form], list[Row]]] = {
    "coded": _coded,
    "sided": sided,
    "items": _three_items,
    "one_row": _one_row,
}


def slipped(rows: list[Row], table: str, disclosure: Disclosure) -> list[Row]:
    """The rows of a table with the slips that are planted in it."""
    for slip in disclosure.slips:
        if slip.where == table and slip.row is not None and slip.column is not None:
            row = rows[slip.row - 1]
            amount = isinstance(row[slip.column], Decimal)
            row[slip.column] = (Decimal(slip.wrong) if amount else slip.wrong) if slip.wrong else None
    return rows


def statement(disclosure: Disclosure, form: Form) -> list[Row]:
    """The rows of one printed table, slips included."""
    return slipped(SHAPES[form.shape](disclosure, form), form.table, disclosure)
