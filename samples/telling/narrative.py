"""The narrative: a layout's sentences filled with a disclosure's figures.

In a template, ``{spent.all}`` is a figure (see :mod:`samples.city.figures`) in the narrative's unit, ``{share a b}`` what
percentage a is of b, ``{change a}`` how a differs from last year (增加…, 减少…, 持平), ``{growth a}`` that in per cent,
``{done a}`` the percentage of the budget of the same year, ``{fulfilled a b}`` that a is so much of the budget b, ``{count a}`` a whole number; ``{department}``, ``{year}``
and the like as in titles. A paragraph that begins with ``@`` stands for something longer: ``@duties``, ``@glossary``,
a table (``@institution``, ``@procurement`` ...) or the goal sheets (``@projects``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from samples.city.books import FISCAL
from samples.city.catalogue import economic_names, function_names
from samples.city.figures import figures
from samples.city.staffing import RUNNING
from samples.disclosure import Disclosure
from samples.layout import UNITS, Layout

BRACES = re.compile(r"\{([^{}]+)\}")


def places(value: Decimal, digits: int = 2) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph as printed; ``said`` are the figures of this year that it tells, in yuan."""

    heading: str
    text: str
    said: tuple[tuple[str, Decimal], ...]


@dataclass(slots=True)
class Teller:
    """Fills templates with one disclosure's figures; ``said`` collects the amounts told, in yuan."""

    disclosure: Disclosure
    unit: str = "万元"
    percent_digits: int = 2
    digits: int = 2
    figures: Mapping[str, Decimal] = field(init=False)
    said: list[tuple[str, Decimal]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.figures = figures(self.disclosure)

    def fill(self, template: str) -> str:
        """The template with its braces filled, then the slips planted in the text."""
        text = self.disclosure.worded(BRACES.sub(lambda match: self._word(match[1]), template))
        for slip in self.disclosure.slips:
            if slip.paragraph == text:
                return text.replace(slip.right, slip.wrong, 1)
        return text

    def _word(self, told: str) -> str:
        verb, *names = told.split()
        if names:
            return VERBS[verb](self, *names)
        plain = _words(self.disclosure)
        if told in plain:
            return plain[told]
        if told in LISTS:
            return LISTS[told](self)
        return self.amount(told)

    def value(self, name: str) -> Decimal:
        return self.figures.get(name, Decimal(0))

    def amount(self, name: str) -> str:
        """A figure in the narrative's unit."""
        self.said.append((name, self.value(name)))
        return self.money(self.value(name))

    def money(self, yuan: Decimal) -> str:
        return f"{places(yuan / UNITS[self.unit], self.digits):f}"

    def percent(self, part: Decimal, whole: Decimal) -> str:
        return f"{places(part * 100 / whole, self.percent_digits):f}%" if whole else "0.00%"

    def share(self, part: str, whole: str) -> str:
        return self.percent(self.value(part), self.value(whole))

    def difference(self, name: str) -> Decimal:
        return self.value(name) - self.disclosure.last_year.get(name, Decimal(0))

    def change(self, name: str) -> str:
        return self._rise(self.difference(name), "增加", "减少")

    def _rise(self, by: Decimal, more: str, less: str) -> str:
        return f"{more if by > 0 else less}{self.money(abs(by))}{self.unit}" if by else "持平"

    def growth(self, name: str) -> str:
        by, base = self.difference(name), self.disclosure.last_year.get(name, Decimal(0))
        return (
            f"{'增长' if by > 0 else '下降'}{self.percent(abs(by), base)}"
            if by and base
            else "上年基数为零"
            if by
            else "增长0.00%"
        )

    def approved(self, name: str) -> str:
        return self.money(self.disclosure.approved.get(name, Decimal(0)))

    def done(self, name: str) -> str:
        return self.percent(self.value(name), self.disclosure.approved.get(name, Decimal(0)))

    def over(self, name: str) -> str:
        """How much more or less than the year's budget."""
        return self._rise(self.value(name) - self.disclosure.approved.get(name, Decimal(0)), "增加", "减少")

    def fulfilled(self, part: str, whole: str) -> str:
        """The percentage of a budget that was spent; of none there is no percentage."""
        return f"完成预算的{self.share(part, whole)}" if self.value(whole) else "年初未安排预算"

    def count(self, name: str) -> str:
        return f"{self.value(name):.0f}"


def _words(disclosure: Disclosure) -> dict[str, str]:
    return {
        "department": disclosure.name,
        "place": disclosure.place.name,
        "year": str(disclosure.year),
        "last_year": str(disclosure.year - 1),
        "code": disclosure.department.number,
    }


def _running(teller: Teller) -> str:
    names = economic_names()
    lines = [x for x in teller.disclosure.economics if x.code[:3] in RUNNING]
    return "、".join(f"{names[x.code]}{teller.money(x.amount)}{teller.unit}" for x in lines)


def _personnel(teller: Teller) -> str:
    names = economic_names()
    return "、".join(names[x.code] for x in teller.disclosure.economics if x.code[:3] not in RUNNING)


def _projects(teller: Teller) -> str:
    return (
        "；".join(f"{p.name}{teller.money(p.amount)}{teller.unit}" for p in teller.disclosure.projects)
        or "无"
    )


def _classes(teller: Teller) -> str:
    """Every class with its amount of fiscal money and its share of it."""
    classes = sorted({code[:3] for code in teller.disclosure.codes(FISCAL)})
    whole = teller.value("spent.fiscal")
    amounts = {code: teller.disclosure.flow("spent", FISCAL, code) for code in classes}
    return "；".join(
        f"{function_names()[code].removesuffix('支出')}（类）支出{teller.money(amount)}{teller.unit}，"
        f"占{teller.percent(amount, whole)}"
        for code, amount in amounts.items()
        if amount
    )


def sentences(disclosure: Disclosure, layout: Layout) -> Iterator[Sentence]:
    """Every paragraph of the narrative as it is printed, with its heading and the figures that it tells."""
    told = disclosure.settled() if layout.settled else disclosure
    for section in layout.narrative:
        for text in section.text:
            if not text.startswith("@"):
                teller = Teller(told, layout.narrative_unit, layout.percent_digits, layout.narrative_digits)
                yield Sentence(teller.fill(section.heading), teller.fill(text), tuple(teller.said))


LISTS: dict[str, Callable[[Teller], str]] = {
    "running": _running,
    "personnel": _personnel,
    "projects": _projects,
    "classes": _classes,
}
VERBS: dict[str, Callable[..., str]] = {
    "share": Teller.share,
    "change": Teller.change,
    "growth": Teller.growth,
    "approved": Teller.approved,
    "done": Teller.done,
    "over": Teller.over,
    "fulfilled": Teller.fulfilled,
    "count": Teller.count,
}
