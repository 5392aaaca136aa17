"""The tables beside the nine, as rows in the contract's columns: institutions, projects, procurement, assets, glossary."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import asdict
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from samples.city import goals
from samples.city.books import FISCAL
from samples.city.catalogue import DATA
from samples.city.property import Purchase
from samples.disclosure import Disclosure
from samples.telling.printed import Row
from samples.telling.statements import slipped


def institution_rows(disclosure: Disclosure) -> list[Row]:
    return [asdict(unit) for unit in disclosure.institutions]


def _in_ten_thousands(row: Row) -> Row:
    """A row with its amounts as they are printed in 万元 with two decimals."""
    cent = Decimal(100)
    return {
        name: (value / cent).to_integral_value(ROUND_HALF_UP) * cent if isinstance(value, Decimal) else value
        for name, value in row.items()
    }


def project_rows(disclosure: Disclosure) -> list[Row]:
    """One row a goal sheet; ``goal`` is printed a line a goal and joined without a blank."""
    return [
        _in_ten_thousands(
            {
                "project_number": n,
                "project_code": project.number,
                "project_name": project.name,
                "budget": project.amount,
                "fiscal_funds": project.amount if project.source in FISCAL else None,
                "other_funds": None if project.source in FISCAL else project.amount,
                "purpose": goals.purpose(project),
                "goal": "".join(goals.goals(project)),
                **goals.plan(project.amount),
            }
        )
        for n, project in enumerate(disclosure.projects, 1)
    ]


def indicator_rows(disclosure: Disclosure) -> list[Row]:
    return [
        {"project_number": n, **asdict(indicator)}
        for n, project in enumerate(disclosure.projects, 1)
        for indicator in goals.indicators(disclosure, project)
    ]


def _paid(amount: Decimal, reserved: Decimal) -> Row:
    return {"total": amount, "general_public": amount, "sme_reserved": reserved or None}


def _purchase_row(purchase: Purchase) -> Row:
    cents = Decimal(100)
    price = (purchase.unit_price / cents).to_integral_value() * cents
    return {
        "item_text": purchase.project,
        "project_budget": purchase.project_budget,
        "goods": purchase.goods.name,
        "catalogue_code": purchase.goods.catalogue_code,
        "measure_unit": purchase.goods.measure_unit,
        "quantity": Decimal(purchase.quantity),
        "unit_price": price,
        **_paid(purchase.amount, purchase.reserved),
        "is_total": False,
    }


def procurement_rows(disclosure: Disclosure) -> list[Row]:
    """合计, then the subtotal of the department's own unit, then the purchases."""
    bought = sum((p.amount for p in disclosure.purchases), Decimal(0))
    reserved = sum((p.reserved for p in disclosure.purchases), Decimal(0))
    totals: list[Row] = [
        {"item_text": text, **_paid(bought, reserved), "is_total": True}
        for text in ("合  计", f"{disclosure.institutions[0].name}小计")
    ]
    empty = ("government_fund", "state_capital", "special_account", "unit_funds", "carryover")
    rows = [*totals, *map(_purchase_row, disclosure.purchases)]
    blank = dict.fromkeys(
        ("project_budget", "goods", "catalogue_code", "measure_unit", "quantity", "unit_price", *empty)
    )
    return [blank | row for row in rows]


def asset_rows(disclosure: Disclosure) -> list[Row]:
    return [
        {"item_text": a.item, "quantity": a.quantity, "value": a.value or None, "is_total": n == 0}
        for n, a in enumerate(disclosure.assets)
    ]


@cache
def _terms() -> tuple[Row, ...]:
    told = tomllib.loads((DATA / "glossary.toml").read_text(encoding="utf-8"))
    return tuple(told["term"])


def glossary_rows(disclosure: Disclosure) -> list[Row]:
    stages = ("budget", "final_accounts")
    chosen = (t for t in _terms() if disclosure.stage in t.get("stages", stages))
    return [{"term": t["term"], "definition": t["definition"]} for t in chosen]


def rows_beside(disclosure: Disclosure, table: str) -> list[Row]:
    """The rows of one of these tables, slips included."""
    return slipped(ROWS[table](disclosure), table, disclosure)


ROWS: dict[str, Callable[[Disclosure], list[Row]]] = {
    "institution": institution_rows,
    "project": project_rows,
    "performance_indicator": indicator_rows,
    "procurement": procurement_rows,
    "fixed_asset": asset_rows,
    "glossary": glossary_rows,
}
