"""The figures a narrative tells, by dotted name: sums over a disclosure's lines, in yuan (counts as they are)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from samples.city.books import FISCAL, KINDS, SOURCES, UNIT_FUNDS
from samples.city.staffing import RUNNING, ThreePublic

if TYPE_CHECKING:
    from samples.disclosure import Disclosure

FUNDS = {
    "all": SOURCES,
    "fiscal": FISCAL,
    "unit_funds": UNIT_FUNDS,
    "business_all": ("business", "special_account"),
    "other_all": ("superior_subsidy", "affiliate_remittance", "other"),
    "fund_money": ("government_fund", "state_capital"),
    **{source: (source,) for source in SOURCES},
}
"""Names of groups of sources, as the layouts use them."""

MEASURES = (
    "income",
    "opening",
    "inflow",
    "spent",
    "closing",
    "outflow",
    "used",
    "distributed",
    *KINDS,
    "project_all",
)
THREE = (
    "total", "overseas_travel", "official_vehicles", "vehicle_purchase", "vehicle_operation",
    "official_reception", "meeting", "training", "grand_total",
)  # fmt: skip
COUNTS = ("vehicles_held", "vehicles_bought", "overseas_groups", "overseas_people", "receptions", "guests")


def _three(prefix: str, three: ThreePublic) -> dict[str, Decimal]:
    return {f"{prefix}.{name}": Decimal(getattr(three, name)) for name in (*THREE, *COUNTS)}


def _sums(disclosure: Disclosure) -> dict[str, Decimal]:
    sums = {
        f"{measure}.{fund}": disclosure.flow(measure, sources)
        for fund, sources in FUNDS.items()
        for measure in MEASURES
    }
    classes = {code[:3] for code in disclosure.codes()}
    return sums | {f"class.{code}": disclosure.flow("spent", code=code) for code in classes}


def _basic(disclosure: Disclosure) -> dict[str, Decimal]:
    running = sum((disclosure.economic(code) for code in RUNNING), Decimal(0))
    by_code = {f"economic.{line.code}": line.amount for line in disclosure.economics}
    return by_code | {
        "basic.personnel": disclosure.economic() - running,
        "basic.running": running,
        "agency_operating.total": running,
    }


def _property(disclosure: Disclosure) -> dict[str, Decimal]:
    bought = {
        f"procurement.{kind}": sum(
            (p.amount for p in disclosure.purchases if p.goods.kind == kind), Decimal(0)
        )
        for kind in ("goods", "works", "services")
    }
    return bought | {
        "procurement.total": sum(bought.values(), Decimal(0)),
        "procurement.sme": sum((p.reserved for p in disclosure.purchases), Decimal(0)),
        "assets.fixed": disclosure.assets[0].value,
        "vehicles.count": disclosure.assets[3].quantity or Decimal(0),
        "equipment.over_threshold": disclosure.assets[4].quantity or Decimal(0),
        "performance.projects": Decimal(len(disclosure.projects)),
        "performance.amount": sum((p.amount for p in disclosure.projects), Decimal(0)),
    }


def figures(disclosure: Disclosure) -> Mapping[str, Decimal]:
    """All figures: ``measure.fund`` (``spent.fiscal``), ``class.206``, ``economic.30201``, ``basic.personnel``,
    ``three_public.total`` (spent or planned), ``three_public_budget.total``, ``procurement.goods`` ..."""
    return {
        **_sums(disclosure),
        **_basic(disclosure),
        **_three("three_public", disclosure.three_public),
        **_three("three_public_budget", disclosure.three_public_budget),
        **_property(disclosure),
    }
