"""Figures said in words against the cells of the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from fisc.schemas.audit.claims.arithmetic import HALF, wan
from fisc.schemas.audit.claims.known import SAYS, Cell, Known, alike, keyed
from fisc.schemas.audit.misprints import TELLING, misprint
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.narrative import Fact
from fisc.schemas.patterns import patterns

UNIT_SLIP = Decimal(10_000)
"""元 typed for 万元, or the other way round."""
_EVALUATED = patterns("says")["evaluated"]
_ECONOMIC = patterns("terms")["economic"]
_MONEY = "CNY"


def facts_against_cells(known: Known) -> Iterator[Outcome]:
    """Every named amount equals the line of the table that it names."""
    for fact in known.narrative.facts:
        if fact.unit != _MONEY or fact.name not in SAYS or fact.period not in ("this_year", "budget"):
            continue
        if not SAYS[fact.name].get("claim", True):
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
    slipped = next((cell for cell in hints if _slipped(fact, cell)), None)
    if slipped is not None:
        return differs(fact, slipped, rule)
    if not _beside(fact, known) or not _within(fact):
        return Outcome(rule, "not_run")
    if cells and fact.sure:
        return differs(fact, cells[0], rule)
    return next(
        (_misprinted(fact, cell) for cell in cells or hints if misprint(fact.value, cell.value)),
        Outcome(rule, "not_run"),
    )


def _slipped(fact: Fact, cell: Cell) -> bool:
    """Whether the two figures differ by the factor between 元 and 万元."""
    both = cell.value != 0 and fact.value != 0
    return both and (fact.value == cell.value * UNIT_SLIP or fact.value * UNIT_SLIP == cell.value)


def _misprinted(fact: Fact, cell: Cell) -> Outcome:
    """A figure that need not be the table's, but differs from it as a slip of the pen does."""
    outcome = differs(fact, cell, "narrative.table")
    assert outcome.finding is not None
    return replace(outcome, finding=replace(outcome.finding, severity="warning"))


def _telling(fact: Fact) -> bool:
    """Whether a figure has so many digits that it cannot be another one by chance."""
    return len(fact.text.replace(",", "").replace(".", "").strip("0")) >= TELLING


def agrees(fact: Fact, cell: Cell) -> bool:
    """Whether a figure in words is the figure of a cell, each rounded as it is printed."""
    return abs(fact.value - cell.value) <= (fact.step + cell.step) * HALF


def _within(fact: Fact) -> bool:
    """Whether the fact stands where such things are stated: under a heading of theirs, or beside “三公” itself."""
    wanted = SAYS[fact.name].get("within")
    return not wanted or bool(re.search(wanted, fact.section)) or "三公" in fact.quote


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
    """A figure in words that is not that of the tables; a factor of 10,000 is a slip of the unit.

    What a machine read from a picture may be misread, unless it has the very digits of the text.
    """
    difference = fact.value - cell.value
    slip = _slipped(fact, cell)
    severity = "warning" if cell.recognised and not (slip and _telling(fact)) else "error"
    printed = f"{fact.text}{fact.printed_unit}"
    zh = f"文中称“{fact.label}”为{printed}，而{cell.label}为{wan(cell.value)}，相差{wan(difference)}。"
    en = f"The text gives {printed} for {_name(fact)}, but {cell.label_en} is {wan(cell.value)}; they differ by {wan(difference)}."
    if slip:
        zh = f"文中称“{fact.label}”为{printed}，与{cell.label}{wan(cell.value)}相差一万倍，应为金额单位有误。"
        en = f"The text gives {printed} for {_name(fact)}; {cell.label_en} is {wan(cell.value)}, 10,000 times off, so the unit is wrong."
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
            name = str(row.words["project_name"])
            cell = Cell(term.value, term.amount.step, (term,), "项目表中的预算数")
            if agrees(fact, cell):
                yield Outcome(rule, "pass", (term.cell,))
            else:
                yield differs(replace(fact, label=name), cell, rule)


def economic_lines(known: Known) -> Iterator[Outcome]:
    """Economic lines listed behind 公用经费 or the like, where that is the figure of the table they are lines of."""
    rule = "narrative.economic"
    rows = [
        (str(row.words.get("economic_name") or ""), term)
        for index, statement in known.book.of("basic_expenditure")
        for i, row in enumerate(statement.rows)
        if not row.is_total and (term := known.book.term(index, i, "total"))
    ]
    whole: Fact | None = None
    for fact in known.narrative.facts:
        if fact.name in _ECONOMIC["wholes"] and fact.period == "this_year":
            whole = fact
        if fact.name != _ECONOMIC["name"]:
            continue
        cells = [Cell(t.value, t.amount.step, (t,)) for name, t in rows if keyed(name) == keyed(fact.label)]
        agreeing = next((cell for cell in cells if agrees(fact, cell)), None)
        if agreeing is not None:
            yield Outcome(rule, "pass", (agreeing.terms[0].cell,))
        elif cells and whole is not None and _confirmed(whole, known):
            yield differs(fact, cells[0], rule)
        else:
            yield Outcome(rule, "not_run")


def _confirmed(whole: Fact, known: Known) -> bool:
    """Whether a whole is the figure that the table of basic expenditure prints."""
    names = (whole.name, "expenditure.operating", "expenditure.personnel")
    return any(agrees(whole, cell) for name in names for cell in known.cells(name, hints=True))


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


def turned_changes(known: Known) -> Iterator[Outcome]:
    """The same change of the same figure, said twice, goes the same way."""
    rule = "narrative.direction"
    said: dict[tuple[str, Decimal, Decimal], list[Fact]] = {}
    level: Fact | None = None
    for fact in known.narrative.facts:
        if fact.unit != _MONEY:
            continue
        if fact.period == "this_year":
            level = fact
        elif (
            fact.period == "change"
            and level is not None
            and level.section_at == fact.section_at
            and "." in fact.text
        ):
            whose = "" if _telling(fact) else level.name
            said.setdefault((whose, level.value, abs(fact.value)), []).append(fact)
    for (_, now, _), facts in said.items():
        falls = [fact for fact in facts if fact.value < 0]
        rises = [fact for fact in facts if fact.value > 0]
        if not falls or not rises or not now:
            yield from (Outcome(rule, "pass") for _ in facts[1:])
            continue
        odd = falls if len(falls) < len(rises) else rises[-1:] if len(rises) == len(falls) else rises
        yield from (_turned(fact, len(facts) - len(odd)) for fact in odd)


def _turned(fact: Fact, times: int) -> Outcome:
    ways = ("减少", "增加") if fact.value < 0 else ("增加", "减少")
    printed = f"{fact.text}{fact.printed_unit}"
    return Outcome("narrative.direction", "fail", finding=Finding(
        "narrative.direction", "error", fact.section,
        f"此处称{ways[0]}{printed}，而同一数额的变动在他处{times}次称{ways[1]}，前后矛盾。",
        f"The change of {printed} is said to go {'down' if fact.value < 0 else 'up'} here and the other way {times} times elsewhere.",
        expected=-fact.value, actual=fact.value, difference=2 * fact.value, quote=fact.quote, page=fact.page, box=fact.box,
    ))  # fmt: skip
