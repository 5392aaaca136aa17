"""A disclosure as data: what one department planned or did in one year, in yuan, with every identity holding.

All tables are sums over :class:`Line`; the economic split, “三公”, projects, purchases and assets hang together with
them: 30113 = 2210201, 30108 = 2080505, 30217 = 公务接待费, project sheets = project expenditure, opening balances =
last year's closing balances, last year's figures = what last year's disclosure says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from samples.city import books
from samples.city.books import KINDS, SOURCES, Line, Project
from samples.city.catalogue import Department, Place, department, wangxi
from samples.city.figures import figures
from samples.city.property import Asset, Institution, Purchase, assets, institutions, purchases
from samples.city.staffing import EconomicLine, ThreePublic

ZERO = Decimal(0)
FEWER_SOURCES = {"special_account": "business", "superior_subsidy": "other", "affiliate_remittance": "other"}
"""Where forms with few columns print the money of rare sources."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One error planted before printing: ``wrong`` stands where ``right`` should (see :mod:`samples.slips`).

    In a table, ``where`` is its name, ``row`` counts its published rows from 1, ``column`` is one of the contract's,
    and amounts are in yuan. In the narrative, ``where`` is the heading and ``paragraph`` the text as it should be.
    """

    kind: str
    where: str
    right: str
    wrong: str
    row: int | None = None
    column: str | None = None
    paragraph: str | None = None


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What one department (``level`` department or unit) discloses for one year and stage, amounts in yuan.

    ``last_year`` and ``approved`` hold the same figures (see :mod:`samples.city.figures`) of the same stage a year before
    and, for final accounts, of the year's budget.
    """

    seed: int
    place: Place
    department: Department
    level: str
    year: int
    stage: str
    lines: tuple[Line, ...]
    economics: tuple[EconomicLine, ...]
    three_public: ThreePublic
    three_public_budget: ThreePublic
    projects: tuple[Project, ...]
    purchases: tuple[Purchase, ...]
    assets: tuple[Asset, ...]
    institutions: tuple[Institution, ...]
    last_year: Mapping[str, Decimal] = field(default_factory=dict)
    approved: Mapping[str, Decimal] = field(default_factory=dict)
    slips: tuple[Slip, ...] = ()

    @property
    def name(self) -> str:
        """Full name of the department or unit, without its number."""
        unit = "本级" if self.level == "unit" else ""
        return f"{self.place.name}{self.department.name}{unit}"

    def worded(self, text: str) -> str:
        """A text of the forms as this level prints it: 部门 becomes 单位 where a unit discloses."""
        return text.replace("部门", "单位") if self.level == "unit" else text

    def flow(
        self, measure: str, sources: Collection[str] = SOURCES, code: str = "", kind: str = ""
    ) -> Decimal:
        """Sum of a measure over the lines with these sources (of one kind) whose function code starts with ``code``.

        Measures: the numbers of :class:`Line` (``income``, ``opening``, ``spent``, ``closing``, ``used``,
        ``distributed``), a kind (``basic`` ...: spent on it), ``project_all`` (all but ``basic``), ``inflow`` and
        ``outflow`` (收入总计, 支出总计).
        """
        chosen = (
            x
            for x in self.lines
            if x.source in sources and x.code.startswith(code) and (not kind or x.kind == kind)
        )
        if measure in KINDS:
            return sum((x.spent for x in chosen if x.kind == measure), ZERO)
        if measure == "project_all":
            return sum((x.spent for x in chosen if x.kind != "basic"), ZERO)
        return sum((getattr(x, measure) for x in chosen), ZERO)

    def settled(self) -> Disclosure:
        """The same disclosure for forms with fewer columns: nothing carried over, what was spent was received in the
        year, all but basic expenditure is project expenditure, rare sources are 事业收入 or 其他收入."""
        lines = (
            replace(
                line,
                source=FEWER_SOURCES.get(line.source, line.source),
                kind="basic" if line.kind == "basic" else "project",
                opening=ZERO,
                closing=ZERO,
                distributed=ZERO,
            )
            for line in self.lines
            if line.spent
        )
        return replace(self, lines=tuple(lines))

    def economic(self, code: str = "") -> Decimal:
        """Basic expenditure from the general public budget on the economic codes that start with ``code``."""
        return sum((x.amount for x in self.economics if x.code.startswith(code)), ZERO)

    def codes(self, sources: Collection[str] = SOURCES) -> tuple[str, ...]:
        """The 7-digit function codes of the lines with these sources, in order."""
        return tuple(sorted({x.code for x in self.lines if x.source in sources}))


def _bare(
    seed: int, dep: Department, year: int, stage: str, place: Place, level: str, grain: Decimal
) -> Disclosure:
    book = books.book(seed, dep, year, stage, place, grain)
    return Disclosure(
        seed=seed, place=place, department=dep, level=level, year=year, stage=stage,
        lines=book.lines, economics=book.economics, three_public=book.three_public,
        three_public_budget=book.three_public_budget, projects=book.projects,
        purchases=purchases(seed, dep, year, stage), assets=assets(seed, dep, year),
        institutions=institutions(place, dep),
    )  # fmt: skip


@cache
def _made(
    seed: int, name: str, year: int, stage: str, place: Place, level: str, grain: Decimal
) -> Disclosure:
    dep = department(name)
    this = _bare(seed, dep, year, stage, place, level, grain)
    before = _bare(seed, dep, year - 1, stage, place, level, grain)
    plan = _bare(seed, dep, year, "budget", place, level, grain)
    return replace(this, last_year=figures(before), approved=figures(plan))


def make_disclosure(
    seed: int = 1,
    department: str = "306",
    year: int = 2025,
    stage: str = "budget",
    *,
    level: str = "department",
    place: Place | None = None,
    grain: Decimal = Decimal(100),
) -> Disclosure:
    """Make up a disclosure. ``department`` is a number or short name of ``city/departments.toml``.

    Amounts are multiples of ``grain`` yuan: with the default of 100 every sum holds exactly in 万元 with two decimals;
    with ``Decimal("0.01")`` it holds in yuan, and in 万元 within the rounding of its parts.
    """
    return _made(seed, department, year, stage, place or wangxi(), level, grain)
