"""Class lines said in words (类, 款, 项) against the rows of the tables: their amounts and their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fisc.schemas.audit.book import Term, code_of
from fisc.schemas.audit.claims.known import Cell, Known, added
from fisc.schemas.audit.columns import FUND_TABLES
from fisc.schemas.audit.narrative.tables import agrees, differs
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.classification import distance, fold
from fisc.schemas.narrative import Fact

TABLES = ("general_public_budget", "expenditure", "government_fund", "state_capital")
LEVELS = (3, 5, 7)
NAMES = ("类", "款", "项")
ENDING = "支出"
DIGITS = 3
"""An amount of fewer digits can be that of another class by chance."""
WHOLES = frozenset({"general_public.appropriation", "general_public.expenditure"})


@dataclass(frozen=True, slots=True)
class Line:
    """One coded row: its names from the class down and its total."""

    code: str
    names: tuple[str, ...]
    term: Term | None


def lines_against_rows(known: Known) -> Iterator[Outcome]:
    """Each class line in words is found in the tables by code or name; its amount and its names agree."""
    lines = [line for table in TABLES for line in _lines(known, table)]
    if not lines:
        return
    told: set[tuple[str, str]] = set()
    for fact in known.narrative.facts:
        if fact.name != "expenditure.function" or fact.period != "this_year" or fact.unit != "CNY":
            continue
        yield _amount(fact, lines) if _of_tables(fact, known) else Outcome("narrative.line", "not_run")
        for outcome in _names(fact, lines):
            finding = outcome.finding
            key = (finding.message_zh, "") if finding else ("", "")
            if finding is None or key not in told:
                told.add(key)
                yield outcome


def _of_tables(fact: Fact, known: Known) -> bool:
    """Whether the whole that a line is said of is one that the tables print; 当年拨款 leaves out what was carried over."""
    wholes = [
        f
        for f in known.narrative.facts
        if f.name in WHOLES and f.period == "this_year" and f.section_at <= fact.section_at
    ]
    if not wholes:
        return True
    totals = [cell for table in TABLES if (cell := known.cell(f"{table}.total@total"))]
    return not totals or any(agrees(wholes[-1], cell) for cell in totals)


def _lines(known: Known, table: str) -> list[Line]:
    found: list[Line] = []
    for index, statement in known.book.of(table):
        names = {
            code: str(row.words.get("function_name") or "")
            for row in statement.rows
            if (code := code_of(row))
        }
        for i, row in enumerate(statement.rows):
            code = code_of(row)
            if code and len(code) in LEVELS:
                path = tuple(names.get(code[:n], "") for n in LEVELS if n <= len(code))
                found.append(Line(code, path, known.book.term(index, i, "total")))
    return found


def same(one: str, other: str) -> bool:
    """Whether two names are one, 支出 at the end or not."""
    return fold(one).removesuffix(ENDING) == fold(other).removesuffix(ENDING)


def _code(fact: Fact) -> str:
    """The code as far as it is printed in words: （204类）…（06款）…（01项）."""
    parts = fact.codes
    return "".join(parts) if parts and all(parts) and len("".join(parts)) in LEVELS else ""


def _matching(fact: Fact, lines: list[Line]) -> list[Line]:
    """The rows that a line in words can mean, by its code or by its names, last name first."""
    depth = len(fact.path)
    alike = [line for line in lines if len(line.names) == depth]
    if code := _code(fact):
        return [line for line in alike if line.code == code]
    exact = [line for line in alike if all(map(same, line.names, fact.path))]
    if exact:
        return exact
    last = [line for line in alike if same(line.names[-1], fact.path[-1])]
    within = [line for line in last if any(map(same, line.names[:-1], fact.path[:-1]))]
    return within or (last if len({line.code for line in last}) == 1 else [])


def _amount(fact: Fact, lines: list[Line]) -> Outcome:
    rule = "narrative.line"
    terms = [line.term for line in _matching(fact, lines) if line.term]
    cells = _cells(terms)
    agreeing = next((cell for cell in cells if agrees(fact, cell)), None)
    if agreeing is not None:
        return Outcome(rule, "pass", tuple(term.cell for term in agreeing.terms))
    if not cells or not fact.sure:
        return Outcome(rule, "not_run")
    return differs(replace(fact, label="—".join(fact.path)), cells[0], rule)


def _cells(terms: Sequence[Term]) -> list[Cell]:
    """What the text may mean by a line: each cell, and those of all funds together."""
    return [*(Cell(term.value, term.amount.step, (term,)) for term in terms), *_of_all_funds(terms)]


def _of_all_funds(terms: Sequence[Term]) -> list[Cell]:
    """The same line in the tables of several funds, added up: 财政拨款 is all of them."""
    funds = [term for term in terms if term.table in FUND_TABLES]
    several = len({term.table for term in funds}) == len(funds) > 1
    return [cell] if several and (cell := added(funds)) else []


def _names(fact: Fact, lines: list[Line]) -> Iterator[Outcome]:
    """Names that differ from those of the tables: by code surely, else by place and amount."""
    rule = "narrative.line_name"
    line, by_code = _meant(fact, lines)
    if line is None:
        yield Outcome(rule, "not_run")
        return
    wrong = [
        (i, said, name)
        for i, (said, name) in enumerate(zip(fact.path, line.names, strict=True))
        if name and not same(said, name)
    ]
    if not wrong:
        yield Outcome(rule, "pass")
    for i, said, name in wrong:
        yield Outcome(rule, "fail", finding=Finding(
            rule, "error" if by_code and _printed(line) else "warning", fact.section,
            f"文中“{said}（{NAMES[i]}）”与表中{line.code[: LEVELS[i]]}“{name}”名称不一致。",
            f"The text calls {line.code[: LEVELS[i]]} “{said}”; the tables call it “{name}”.",
            quote=fact.quote, page=fact.page, box=fact.box,
        ))  # fmt: skip


def _printed(line: Line) -> bool:
    """Whether the row was printed as text, and not recognised from a picture."""
    return line.term is None or line.term.amount.method == "text"


def _meant(fact: Fact, lines: list[Line]) -> tuple[Line | None, bool]:
    """The row that a line in words means, and whether its printed code says so."""
    found = _matching(fact, lines)
    if found:
        return found[0], bool(_code(fact))
    by_amount = [
        line for line in lines
        if len(line.names) == len(fact.path) and line.term and same(line.names[0], fact.path[0])
        and agrees(fact, Cell(line.term.value, line.term.amount.step, (line.term,)))
    ]  # fmt: skip
    by_amount = by_amount or _near(fact, lines) or _class_of_amount(fact, lines)
    return (by_amount[0], False) if len({line.code for line in by_amount}) == 1 else (None, False)


def _class_of_amount(fact: Fact, lines: list[Line]) -> list[Line]:
    """The class that has the amount of one that no table names, in a table or in those of all funds together."""
    if len(fact.path) > 1 or len(fact.text.replace(".", "").lstrip("0")) < DIGITS:
        return []
    classes = [line for line in lines if len(line.names) == 1 and line.term]
    if any(same(line.names[0], fact.path[0]) for line in classes):
        return []
    by_code: dict[str, list[Line]] = {}
    for line in classes:
        by_code.setdefault(line.code, []).append(line)
    return [
        found[0]
        for found in by_code.values()
        if any(agrees(fact, cell) for cell in _cells([line.term for line in found if line.term]))
    ]


def _near(fact: Fact, lines: list[Line]) -> list[Line]:
    """Rows whose name differs by a letter or two."""
    said = fold(fact.path[-1])
    return [
        line for line in lines
        if len(line.names) == len(fact.path) and distance(fold(line.names[-1]), said) <= max(1, len(said) // 4)
    ]  # fmt: skip
