"""Figures said in words against the cells of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from fisc.schemas.audit.claims.arithmetic import HALF, wan
from fisc.schemas.audit.claims.known import SAYS, Cell, Known, alike
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.narrative import Fact
from fisc.schemas.patterns import patterns

UNIT_SLIP = Decimal(10_000)
"""元 typed for 万元, or the other way round."""
_EVALUATED = patterns("says")["evaluated"]
_MONEY = "CNY"


def facts_against_cells(known: Known) -> Iterator[Outcome]:
    """Every named amount equals the line of the table that it names."""
    for fact in known.narrative.facts:
        if fact.unit != _MONEY or fact.name not in SAYS or fact.period not in ("this_year", "budget"):
            continue
        measure = "budget" if fact.period == "budget" else "final"
        if fact.period == "budget" and not fact.name.startswith("three_public."):
            continue
        yield _against(fact, known, measure)


def _against(fact: Fact, known: Known, measure: str) -> Outcome:
    rule = "narrative.table"
    cells = known.cells(fact.name, measure)
    hints = known.cells(fact.name, measure, hints=True)
    agreeing = next((cell for cell in hints if agrees(fact, cell)), None)
    if agreeing is not None:
        return Outcome(rule, "pass", tuple(term.cell for term in agreeing.terms))
    if not cells or not fact.sure or not _beside(fact, known):
        return Outcome(rule, "not_run")
    return differs(fact, cells[0], rule)


def agrees(fact: Fact, cell: Cell) -> bool:
    """Whether a figure in words is the figure of a cell, each rounded as it is printed."""
    return abs(fact.value - cell.value) <= (fact.step + cell.step) * HALF


def _beside(fact: Fact, known: Known) -> bool:
    """Whether the fact is of the fund of its table: said beside one that is, or where all money is of that fund."""
    wanted = SAYS[fact.name].get("beside")
    if not wanted:
        return True
    if any(other.name in wanted and other.section_at == fact.section_at for other in known.narrative.facts):
        return True
    whole, fund = known.cell("expenditure.basic@total"), known.cell("general_public_budget.basic@total")
    return (
        whole is not None
        and fund is not None
        and abs(whole.value - fund.value) <= (whole.step + fund.step) * HALF
    )


def differs(fact: Fact, cell: Cell, rule: str) -> Outcome:
    """A figure in words that is not that of the tables; a factor of 10,000 is a slip of the unit."""
    difference = fact.value - cell.value
    slip = cell.value != 0 and fact.value != 0 and (
        fact.value == cell.value * UNIT_SLIP or fact.value * UNIT_SLIP == cell.value
    )  # fmt: skip
    severity = "warning" if cell.recognised else "error"
    printed = f"{fact.text}{fact.printed_unit}"
    zh = f"文中称“{fact.label}”为{printed}，而{cell.label}为{wan(cell.value)}，相差{wan(difference)}。"
    en = f"The text gives {printed} for {_name(fact)}, the table {wan(cell.value)}; they differ by {wan(difference)}."
    if slip:
        zh = f"文中称“{fact.label}”为{printed}，与{cell.label}{wan(cell.value)}相差一万倍，应为金额单位有误。"
        en = f"The text gives {printed} for {_name(fact)}; the table's {wan(cell.value)} is 10,000 times off, so the unit is wrong."
    finding = Finding(
        rule="narrative.unit" if slip else rule, severity=severity, where=fact.section, message_zh=zh, message_en=en,
        expected=cell.value, actual=fact.value, difference=difference, tolerance=(fact.step + cell.step) * HALF,
        quote=fact.quote, page=fact.page, box=fact.box,
    )  # fmt: skip
    return Outcome(finding.rule, "fail", finding=finding)


def _name(fact: Fact) -> str:
    return f"“{fact.label}”" if fact.name.startswith(("other.", "expenditure.function")) else fact.name


def projects(known: Known) -> Iterator[Outcome]:
    """An amount behind the name of a project is that project's budget."""
    rule = "narrative.project"
    sheets = [(i, j, row) for i, s in known.book.of("project") for j, row in enumerate(s.rows)]
    if not sheets:
        return
    for fact in known.narrative.facts:
        if fact.name != "other.amount" or not fact.label:
            continue
        for i, j, row in sheets:
            term = known.book.term(i, j, "budget")
            if term is None or not alike(fact.label, str(row.words.get("project_name") or "")):
                continue
            cell = Cell(term.value, term.amount.step, f"项目表“{row.words['project_name']}”预算数", (term,))
            if agrees(fact, cell):
                yield Outcome(rule, "pass", (term.cell,))
            else:
                yield differs(fact, cell, rule)


def evaluated(known: Known) -> Iterator[Outcome]:
    """What is evaluated is no more than what is spent on projects; budgets may be evaluated too, hence a warning."""
    rule = "narrative.evaluated"
    wholes = [cell for selector in _EVALUATED["wholes"] if (cell := known.cell(selector))]
    if not wholes:
        return
    whole = max(wholes, key=lambda cell: cell.value)
    for fact in known.narrative.facts:
        if (
            fact.name != _EVALUATED["fact"]
            or fact.unit != _MONEY
            or fact.period not in ("this_year", "budget")
        ):
            continue
        if known.final and fact.period == "budget":
            yield Outcome(rule, "not_run")
            continue
        if fact.value <= whole.value + (fact.step + whole.step) * HALF:
            yield Outcome(rule, "pass")
        else:
            printed = f"{fact.text}{fact.printed_unit}"
            yield Outcome(rule, "fail", finding=Finding(
                rule, "warning", fact.section,
                f"绩效评价涉及资金{printed}，大于{whole.label}{wan(whole.value)}。",
                f"The money evaluated, {printed}, is more than all project expenditure, {wan(whole.value)}.",
                expected=whole.value, actual=fact.value, difference=fact.value - whole.value,
                tolerance=(fact.step + whole.step) * HALF, quote=fact.quote, page=fact.page, box=fact.box,
            ))  # fmt: skip
