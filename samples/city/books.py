"""The books of an invented department: how the figures of one year are drawn so that they hang together.

Every part is drawn from its own seed (department, year, stage, part), so last year's part can be drawn again.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from samples.city import staffing
from samples.city.catalogue import Department, Place, ProjectPlan, ten_thousand
from samples.city.staffing import EconomicLine, ThreePublic

ZERO = Decimal(0)
FISCAL = ("general_public", "government_fund", "state_capital")
UNIT_FUNDS = ("business", "operating", "superior_subsidy", "affiliate_remittance", "other")
SOURCES = (*FISCAL, "special_account", *UNIT_FUNDS)
"""Where money comes from, named like the columns of the revenue table."""

KINDS = ("basic", "project", "operating", "remitted_to_superior", "subsidy_to_affiliates")
"""What money is spent on, named like the columns of the expenditure table."""


@dataclass(frozen=True, slots=True)
class Line:
    """Money of one source spent on one 7-digit function code for one kind of purpose, in yuan."""

    code: str
    source: str
    kind: str
    spent: Decimal
    opening: Decimal = ZERO
    closing: Decimal = ZERO
    used: Decimal = ZERO
    distributed: Decimal = ZERO

    @property
    def income(self) -> Decimal:
        """Revenue of the year: what was spent, kept or distributed beyond what was there."""
        return self.outflow - self.opening - self.used

    @property
    def outflow(self) -> Decimal:
        return self.spent + self.closing + self.distributed

    @property
    def inflow(self) -> Decimal:
        return self.income + self.opening + self.used


@dataclass(frozen=True, slots=True)
class Project:
    """A project and what it may spend (budget) or spent (final accounts); ``opening`` is what it carried over."""

    number: str
    code: str
    name: str
    source: str
    amount: Decimal
    notice: str | None = None
    opening: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Book:
    """One department, one year, one stage."""

    lines: tuple[Line, ...]
    economics: tuple[EconomicLine, ...]
    three_public: ThreePublic
    three_public_budget: ThreePublic
    projects: tuple[Project, ...]


def rng(*parts: object) -> Random:
    """A source of numbers that depends on its parts only."""
    return Random("/".join(str(part) for part in parts))  # noqa: S311 (made-up figures, not secrets)


def round_to(amount: Decimal, grain: Decimal) -> Decimal:
    return (amount / grain).to_integral_value(ROUND_HALF_UP) * grain


def _code_number(draw: Random, place: Place, year: int) -> str:
    tail = "".join(draw.choice("0123456789ABCDEFGHJKLM") for _ in range(6))
    return f"{place.region_code}{year % 100:02d}P00{draw.randint(10_000, 99_999)}{tail}"


def carried(seed: int, dep: Department, year: int, place: Place, grain: Decimal) -> tuple[Project, ...]:
    """What projects leave unspent at the end of ``year`` (``amount``): closing there, opening a year later."""
    draw = rng(seed, dep.number, year, "carried")
    open_to = [p for p in dep.projects if (p.source in FISCAL and p.notice) or p.source == "government_fund"]
    chosen = draw.sample(open_to, min(len(open_to), draw.choice((0, 1, 1, 2))))
    return tuple(_left_over(draw, plan, year, place, grain) for plan in chosen)


def _left_over(draw: Random, plan: ProjectPlan, year: int, place: Place, grain: Decimal) -> Project:
    amount = round_to(ten_thousand(draw.uniform(plan.low, plan.high)) / 3, grain)
    name = f"{place.short}财{plan.notice or '综'}【{year}】{draw.randint(20, 699)}号-下达{year}年{plan.name}"
    return Project(_code_number(draw, place, year), plan.code, name, plan.source, amount, plan.notice, amount)


def _planned(seed: int, dep: Department, year: int, place: Place, grain: Decimal) -> tuple[Project, ...]:
    """The projects of a year's budget that are not carried over; most of the department's plans come true."""
    draw = rng(seed, dep.number, year, "projects")
    chosen = [p for p in dep.projects if draw.random() < 0.85] or list(dep.projects[:1])
    return tuple(_project(draw, plan, year, place, grain) for plan in chosen)


def _project(draw: Random, plan: ProjectPlan, year: int, place: Place, grain: Decimal) -> Project:
    amount = round_to(ten_thousand(draw.uniform(plan.low, plan.high)), grain)
    number, name = _code_number(draw, place, year), plan.name
    if plan.notice and draw.random() < 0.6:
        name = (
            f"{place.short}财{plan.notice}[{year - 1}]{draw.randint(20, 699)}号-提前下达{year}年{plan.name}"
        )
    return Project(number, plan.code, name, plan.source, amount, plan.notice)


def _executed(seed: int, dep: Department, year: int, project: Project, grain: Decimal) -> Project:
    """What a project spent in the year; carried money is spent in full."""
    draw = rng(seed, dep.number, year, project.number, "spent")
    spent = round_to((project.amount - project.opening) * Decimal(str(draw.uniform(0.55, 1.3))), grain)
    return Project(
        project.number, project.code, project.name, project.source,
        project.opening + spent, project.notice, project.opening,
    )  # fmt: skip


def _project_lines(projects: tuple[Project, ...], left: tuple[Project, ...]) -> tuple[Line, ...]:
    """One line a code and source; ``left`` is what stays unspent at the end of the year."""
    keys = sorted({(p.code, p.source) for p in (*projects, *left)})
    return tuple(
        Line(
            code, source, "project",
            spent=sum((p.amount for p in projects if (p.code, p.source) == (code, source)), ZERO),
            opening=sum((p.opening for p in projects if (p.code, p.source) == (code, source)), ZERO),
            closing=sum((p.amount for p in left if (p.code, p.source) == (code, source)), ZERO),
        )
        for code, source in keys
    )  # fmt: skip


def _operating_lines(seed: int, dep: Department, year: int, stage: str, grain: Decimal) -> tuple[Line, ...]:
    """Paid services of public institutions: 经营收入 against 经营支出, a part distributed in final accounts."""
    if dep.operating is None:
        return ()
    draw = rng(seed, dep.number, year, stage, "operating")
    spent = round_to(ten_thousand(draw.uniform(20, 90)), grain)
    kept = round_to(spent / 20, grain) if stage == "final_accounts" else ZERO
    subsidy = round_to(ten_thousand(draw.uniform(5, 30)), grain)
    return (
        Line(dep.operating, "operating", "operating", spent, distributed=kept),
        Line(dep.operating, "superior_subsidy", "project", subsidy),
    )


def book(seed: int, dep: Department, year: int, stage: str, place: Place, grain: Decimal) -> Book:
    """Draw a department's year. ``grain`` is the amount in yuan that everything is a multiple of."""
    planned = staffing.three_public(seed, dep, year, grain)
    held = carried(seed, dep, year - 1, place, grain)
    projects = (*held, *_planned(seed, dep, year, place, grain))
    left: tuple[Project, ...] = ()
    actual = planned
    if stage == "final_accounts":
        actual = staffing.spent(seed, dep, year, planned, grain)
        projects = tuple(_executed(seed, dep, year, project, grain) for project in projects)
        left = carried(seed, dep, year, place, grain)
    economics = staffing.economics(seed, dep, year, stage, actual, grain)
    lines = (
        *(
            Line(code, "general_public", "basic", amount)
            for code, amount in staffing.by_function(dep, economics)
        ),
        *_project_lines(projects, left),
        *_operating_lines(seed, dep, year, stage, grain),
    )
    return Book(lines, economics, actual, planned, projects)
