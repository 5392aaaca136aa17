"""The people of an invented department: what they cost by economic code, and what that is by function code."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from samples.city.catalogue import Department

ZERO = Decimal(0)

PERSONNEL = {
    "30101": (36_000, 58_000),
    "30102": (24_000, 42_000),
    "30103": (14_000, 26_000),
    "30107": (9_000, 24_000),
}
"""Economic code to yuan a head and year; 30107 绩效工资 where there are public institutions."""

SHARES = {
    "30108": "0.16",
    "30109": "0.08",
    "30110": "0.07",
    "30111": "0.04",
    "30112": "0.006",
    "30113": "0.12",
}
"""Economic code to its share of the wages."""

OFFICE = {
    "30201": (900, 2_400), "30202": (60, 400), "30205": (80, 300), "30206": (200, 900), "30207": (300, 1_600),
    "30208": (500, 1_500), "30209": (300, 1_800), "30211": (200, 1_100), "30213": (100, 900), "30214": (50, 300),
    "30226": (100, 800), "30227": (100, 900), "30228": (900, 1_300), "30229": (700, 1_100), "30239": (1_200, 2_600),
    "30299": (100, 700),
}  # fmt: skip
"""Economic code to yuan a head and year of 公用经费."""

ALWAYS = ("30201", "30207", "30228", "30229", "30299")
RUNNING = ("302", "310")
"""The economic classes that make up 公用经费."""


@dataclass(frozen=True, slots=True)
class EconomicLine:
    """Basic expenditure from the general public budget on a 5-digit economic code, in yuan."""

    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ThreePublic:
    """“三公”经费 and what is often printed beside it, in yuan, with the counts that finals tell."""

    overseas_travel: Decimal
    vehicle_purchase: Decimal
    vehicle_operation: Decimal
    official_reception: Decimal
    meeting: Decimal
    training: Decimal
    vehicles_held: int
    vehicles_bought: int
    overseas_groups: int
    overseas_people: int
    receptions: int
    guests: int

    @property
    def official_vehicles(self) -> Decimal:
        return self.vehicle_purchase + self.vehicle_operation

    @property
    def total(self) -> Decimal:
        return self.overseas_travel + self.official_vehicles + self.official_reception

    @property
    def grand_total(self) -> Decimal:
        return self.total + self.meeting + self.training


def _draw(*parts: object) -> Random:
    return Random("/".join(str(part) for part in parts))  # noqa: S311


def _rounded(amount: float | Decimal, grain: Decimal) -> Decimal:
    return (Decimal(str(amount)) / grain).to_integral_value(ROUND_HALF_UP) * grain


def heads(seed: int, dep: Department, year: int) -> int:
    """How many people the department employs; it changes by a few from year to year."""
    base = _draw(seed, dep.number, "heads").randint(*dep.staff)
    return max(3, base + _draw(seed, dep.number, year, "heads").randint(-2, 2))


def vehicles(seed: int, dep: Department) -> int:
    """How many official vehicles the department holds."""
    return _draw(seed, dep.number, "vehicles").choice((0, 0, 1, 2, 3, 5))


def three_public(seed: int, dep: Department, year: int, grain: Decimal) -> ThreePublic:
    """The budget of “三公”, meetings and training."""
    draw = _draw(seed, dep.number, year, "three_public")
    held = vehicles(seed, dep)
    bought = 1 if held and draw.random() < 0.2 else 0
    trips = draw.choice((0, 0, 0, 1))
    return ThreePublic(
        overseas_travel=_rounded(trips * draw.uniform(30_000, 60_000), grain),
        vehicle_purchase=_rounded(bought * draw.uniform(140_000, 180_000), grain),
        vehicle_operation=_rounded(held * draw.uniform(21_000, 29_900), grain),
        official_reception=_rounded(draw.choice((0, 1, 1, 1)) * draw.uniform(500, 28_000), grain),
        meeting=_rounded(draw.choice((0, 1)) * draw.uniform(4_000, 60_000), grain),
        training=_rounded(draw.choice((0, 1, 1)) * draw.uniform(3_000, 90_000), grain),
        vehicles_held=held, vehicles_bought=bought, overseas_groups=trips, overseas_people=trips * 3,
        receptions=0, guests=0,
    )  # fmt: skip


def spent(seed: int, dep: Department, year: int, budget: ThreePublic, grain: Decimal) -> ThreePublic:
    """What was spent of the budget: each item at most what was planned."""
    draw = _draw(seed, dep.number, year, "three_public", "spent")

    def part(amount: Decimal) -> Decimal:
        return min(amount, _rounded(amount * Decimal(str(draw.uniform(0.35, 1.05))), grain))

    reception = part(budget.official_reception)
    visits = max(1, int(reception / 900)) if reception else 0
    return ThreePublic(
        part(budget.overseas_travel), part(budget.vehicle_purchase), part(budget.vehicle_operation), reception,
        part(budget.meeting), part(budget.training), budget.vehicles_held, budget.vehicles_bought,
        budget.overseas_groups, budget.overseas_people, visits, visits * 7,
    )  # fmt: skip


def _personnel(draw: Random, dep: Department, people: int) -> dict[str, float]:
    paid = {code: people * draw.uniform(*a_head) for code, a_head in PERSONNEL.items()}
    if not (dep.institutions or dep.schools):
        del paid["30107"]
    wages = sum(paid.values())
    return paid | {code: wages * float(share) for code, share in SHARES.items()}


def _retired(draw: Random, people: int) -> dict[str, float]:
    retired = {"30302": people * draw.uniform(2_000, 7_000)}
    if draw.random() < 0.3:
        retired["30301"] = draw.uniform(60_000, 180_000)
    return retired


def _running(draw: Random, chosen: Random, people: int) -> dict[str, float]:
    codes = [code for code in OFFICE if code in ALWAYS or chosen.random() < 0.6]
    return {code: people * draw.uniform(*OFFICE[code]) for code in codes}


def _told(three: ThreePublic) -> dict[str, Decimal]:
    return {
        "30212": three.overseas_travel, "30215": three.meeting, "30216": three.training,
        "30217": three.official_reception, "30231": three.vehicle_operation, "31013": three.vehicle_purchase,
    }  # fmt: skip


def economics(
    seed: int, dep: Department, year: int, stage: str, three: ThreePublic, grain: Decimal
) -> tuple[EconomicLine, ...]:
    """Basic expenditure by 5-digit economic code; codes without money are left out."""
    draw = _draw(seed, dep.number, year, stage, "economics")
    chosen = _draw(seed, dep.number, "economics")
    people = heads(seed, dep, year)
    drawn = _personnel(draw, dep, people) | _retired(draw, people) | _running(draw, chosen, people)
    if chosen.random() < 0.3:
        drawn["31002"] = people * draw.uniform(300, 1_500)
    amounts = {code: _rounded(amount, grain) for code, amount in drawn.items()} | _told(three)
    return tuple(EconomicLine(code, amounts[code]) for code in sorted(amounts) if amounts[code])


def by_function(dep: Department, lines: tuple[EconomicLine, ...]) -> list[tuple[str, Decimal]]:
    """Basic expenditure by function code: insurance and housing on their own codes, the rest on the running costs."""
    amounts = {line.code: line.amount for line in lines}
    retired = amounts.get("30301", ZERO) + amounts.get("30302", ZERO)
    performance = amounts.get("30107", ZERO)
    medical = amounts["30110"]
    of_institutions = medical // 400 * 100 if performance else ZERO
    fixed = {
        "2080501": retired, "2080505": amounts["30108"], "2080506": amounts["30109"],
        "2101101": medical - of_institutions, "2101102": of_institutions, "2101103": amounts["30111"],
        "2210201": amounts["30113"], dep.institution_code: performance,
    }  # fmt: skip
    rest = sum(amounts.values(), ZERO) - sum(fixed.values(), ZERO)
    return sorted(
        (code, amount) for code, amount in ({dep.administration_code: rest} | fixed).items() if amount
    )
