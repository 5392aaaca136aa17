"""The audit of one document: everything that is tried, in one list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fisc.schemas.audit.book import title_zh
from fisc.schemas.audit.names import audit_names
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.audit.tables import audit_tables
from fisc.schemas.numbers import UNITS
from fisc.schemas.statement import PercentHead, Statement

OFFICIAL = (
    "revenue_expenditure", "revenue", "expenditure", "fiscal_appropriation", "general_public_budget",
    "basic_expenditure", "government_fund", "state_capital", "three_public",
)  # fmt: skip
"""The nine tables that every department must publish (财政部《地方预决算公开操作规程》)."""
SINCE = {"state_capital": 2020}
"""First year in which a table must be published; places began at different times before."""
NO_DATA = re.compile("空表|无数据|为空(?!白)")
"""What a note says of a table without figures; 无…支出 can speak of a part of it."""
MAY_BE_EMPTY = frozenset({"government_fund", "state_capital", "three_public"})


def audit_document(statements: Sequence[Statement], fiscal_year: int) -> list[Outcome]:
    """Every check on the statements of one document."""
    return [
        *audit_tables(statements),
        *audit_names(statements, fiscal_year),
        *_presence(statements, fiscal_year),
        *_emptiness(statements),
        *_percents(statements),
    ]


def _presence(statements: Sequence[Statement], fiscal_year: int) -> list[Outcome]:
    """Whether the nine official tables are there, where any is; a document without tables says so."""
    there = {statement.table for statement in statements}
    outcomes = [] if there else [Outcome("document.tables", "fail", finding=_no_table())]
    for table in OFFICIAL:
        if table in there:
            outcomes.append(Outcome("table.present", "pass", table=table))
        elif not there & set(OFFICIAL) or fiscal_year < SINCE.get(table, 0):
            outcomes.append(Outcome("table.present", "not_run", table=table))
        else:
            outcomes.append(Outcome("table.present", "fail", finding=_missing(table), table=table))
    return outcomes


def _no_table() -> Finding:
    return Finding(
        "document.tables",
        "info",
        "document",
        "本文件没有任何表格，只有文字；各表可能另行公开。",
        "The document has no table, words only; its tables may be published apart.",
    )


def _missing(table: str) -> Finding:
    return Finding(
        "table.present", "warning", table,
        f"未见《{title_zh(table)}》，请核对是否漏公开。",
        f"The official table {table} is not in the document; check whether it was left out.",
    )  # fmt: skip


def _emptiness(statements: Sequence[Statement]) -> list[Outcome]:
    """An empty table is said to be empty, and one said to be empty is."""
    rule = "table.said_empty"
    outcomes = []
    for statement in statements:
        if statement.table not in MAY_BE_EMPTY:
            continue
        empty = not any(amount.value for row in statement.rows for amount in row.amounts.values())
        if empty and statement.said_empty:
            outcomes.append(Outcome(rule, "pass", table=statement.table))
        elif empty and statement.table != "three_public":
            outcomes.append(Outcome(rule, "fail", finding=_unsaid(statement), table=statement.table))
        elif not empty and statement.said_empty and NO_DATA.search(statement.said_empty):
            outcomes.append(Outcome(rule, "fail", finding=_not_empty(statement), table=statement.table))
    return outcomes


def _percents(statements: Sequence[Statement]) -> list[Outcome]:
    """No head says % over amounts: figures above 100, or those that end at the amount of the budget."""
    rule = "table.percent_head"
    headed = [(statement, head) for statement in statements for head in statement.percent_heads]
    wrong = [(statement, head) for statement, head in headed if _are_amounts(statement, head)]
    passed = [Outcome(rule, "pass")] * (len(headed) - len(wrong))
    return [*passed, Outcome(rule, "fail", finding=_no_percents(wrong))] if wrong else passed


def _are_amounts(statement: Statement, head: PercentHead) -> bool:
    hundred = 100 * UNITS.get(statement.unit or "元", 1)
    for row in statement.rows:
        figures = [
            row.amounts[name] for name in head.columns if name in row.amounts and row.amounts[name].value
        ]
        budget = row.value("budget")
        if any((amount.value or 0) > hundred for amount in figures):
            return True
        if figures and budget not in (None, hundred) and figures[-1].value == budget:
            return True
    return False


def _no_percents(wrong: Sequence[tuple[Statement, PercentHead]]) -> Finding:
    statement, head = wrong[0]
    times = f"（共{len(wrong)}张表）" if len(wrong) > 1 else ""
    return Finding(
        "table.percent_head", "warning", statement.table,
        f"表头“{head.text}”注明百分比，而所列为金额{times}，请更正表头。",
        f"The head “{head.text}” says percent, but its cells are amounts ({len(wrong)} tables).",
        quote=head.text, page=head.page, box=head.box,
    )  # fmt: skip


def _unsaid(statement: Statement) -> Finding:
    return Finding(
        "table.said_empty", "info", statement.table,
        f"《{statement.title}》为空表，表下未注明。", "The table is empty and no note beside it says so.",
        page=statement.page, box=statement.boxes[0][1] if statement.boxes else None,
    )  # fmt: skip


def _not_empty(statement: Statement) -> Finding:
    return Finding(
        "table.said_empty", "warning", statement.table,
        f"《{statement.title}》注明为空表，但表中有数。", "The table is said to be empty, and holds figures.",
        quote=statement.said_empty, page=statement.page, box=statement.boxes[0][1] if statement.boxes else None,
    )  # fmt: skip
