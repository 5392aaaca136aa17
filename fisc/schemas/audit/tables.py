"""The identities inside and between the tables of one document, each stated once for both stages.

Source of the rules: the structure of the official forms (财政部部门预算、部门决算公开表样). T1–T9 are the nine tables in
official order: 收支总表, 收入, 支出, 财政拨款收支, 一般公共预算支出, 基本支出, 政府性基金, 国有资本, 三公.
"""

from __future__ import annotations

from collections.abc import Sequence

from fisc.schemas.audit.between import between, economic_and_function
from fisc.schemas.audit.book import Book
from fisc.schemas.audit.codes import codes
from fisc.schemas.audit.columns import (
    BALANCES,
    CARRIED,
    FUND_TABLES,
    FUNDS,
    LOOSE,
    PART_OF,
    SOURCES,
    SPENDING,
    SPLIT,
)
from fisc.schemas.audit.identity import Children, RowSum, Units, not_run
from fisc.schemas.audit.outcome import Outcome
from fisc.schemas.audit.particular import (
    assets,
    balances,
    basic_halves,
    procurement,
    three_public,
    within_budget,
)
from fisc.schemas.audit.sides import carried_by_fund, fund_balances, sides
from fisc.schemas.audit.sources import listed_sources
from fisc.schemas.statement import Statement

INSIDE: tuple[RowSum | Children | Units, ...] = (
    RowSum(
        "revenue.current_year_and_carryover", "revenue", "total", ("current_year", "carryover"), closed=True
    ),
    RowSum("revenue.sources", "revenue", "current_year", SOURCES, inside=PART_OF, loose=LOOSE),
    RowSum("revenue.sources", "revenue", "total", (*SOURCES, "carryover"), ("current_year",), PART_OF, LOOSE),
    RowSum("revenue.funds", "revenue", "fiscal_appropriation", FUNDS),
    RowSum("revenue.carryover_by_fund", "revenue", "carryover", CARRIED),
    RowSum("expenditure.parts", "expenditure", "total", SPENDING, closed=True),
    RowSum("fiscal_appropriation.funds", "fiscal_appropriation", "total", FUNDS),
    RowSum("basic_expenditure.parts", "basic_expenditure", "total", ("personnel", "operating"), closed=True),
    *(RowSum(f"{table}.parts", table, "total", ("basic", "project"), closed=True) for table in FUND_TABLES),
    *(
        RowSum(f"{table}.{part}_parts", table, column, (f"{part}_basic", f"{part}_project"), closed=True)
        for table in FUND_TABLES
        for column, part in SPLIT.items()
    ),
    *(RowSum(f"{table}.basic_parts", table, "basic", ("personnel", "operating")) for table in FUND_TABLES),
    RowSum("expenditure.basic_parts", "expenditure", "basic", ("personnel", "agency_operating")),
    RowSum("three_public.funds", "three_public", "total", FUNDS),
    RowSum("project.funds", "project", "budget", ("fiscal_funds", "other_funds")),
    RowSum("project.plan_ends_at_budget", "project", "budget", ("plan_december",)),
    RowSum(
        "procurement.funds", "procurement", "total", (*FUNDS, "special_account", "unit_funds", "carryover")
    ),
    Children("codes.roll_up", "revenue", ("total", "current_year", *SOURCES, "carryover", *CARRIED)),
    Children("codes.roll_up", "expenditure", ("total", *SPENDING)),
    Children("codes.roll_up", "basic_expenditure", ("total", "personnel", "operating")),
    *(Children("codes.roll_up", table, (*BALANCES, "basic", "project")) for table in FUND_TABLES),
    Units("units.add_up", "revenue", ("total", "current_year", *SOURCES, "carryover")),
    Units("units.add_up", "expenditure", ("total", *SPENDING)),
)


def audit_tables(statements: Sequence[Statement]) -> list[Outcome]:
    """Every identity inside and between the tables, tried."""
    book = Book(statements)
    outcomes: list[Outcome] = []
    for identity in INSIDE:
        found = list(identity.outcomes(book))
        outcomes += found or [not_run(identity.rule)]
    for check in (
        listed_sources,
        balances,
        sides,
        carried_by_fund,
        fund_balances,
        basic_halves,
        three_public,
        within_budget,
        procurement,
        assets,
        between,
        economic_and_function,
        codes,
    ):
        outcomes += check(book)
    return outcomes
