"""Slips: plants one error of a given kind into a disclosure before it is printed, and says what was planted.

    disclosure, slip = plant(make_disclosure(), load("hebei"), "direction")
    # slip.paragraph says 增加…, the print says 减少…

Kinds in a table: ``digit`` (an amount of a code line), ``total`` (an amount of a 合计 row), ``side`` (a line of
收支总表), ``code`` (a function code that does not exist), ``missing`` (an amount left out), ``reception`` (an
amount of “三公”), ``project_budget``, ``plan`` and ``deadline`` (goal sheets), ``asset`` (yuan under a 万元 head),
``price`` (of a purchase). In the narrative: ``amount``, ``change``, ``share``, ``growth``, ``done``, ``grade``,
``vehicles``, ``unit``, ``direction``, ``part`` (one of the parts of a sum), ``year``, ``name``, ``template``.

Planted is only what a reader of the document could find: a change of last year that is said once, beside no rate,
cannot be told from a right one, nor can a rate of 0.29万元 whose rounding hides the slip.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import TypeVar

from samples.city.books import rng
from samples.city.catalogue import departments
from samples.disclosure import Disclosure, Slip
from samples.layout import Layout
from samples.press import expected_rows
from samples.telling.narrative import sentences

T = TypeVar("T")
AMOUNT = r"\d+\.\d{2}"
CODED = ("revenue", "expenditure", "general_public_budget", "basic_expenditure")


class NoPlaceForSlip(LookupError):
    """The disclosure, as this layout prints it, says nothing that could be wrong in this way."""


def _other_digit(draw: Random, number: str) -> str:
    """The number with one digit changed, never the first to a zero, nor the last of several.

    The last digit of a sum or a rate may be off by rounding, so that nobody can tell such a slip from it.
    """
    places = [i for i, char in enumerate(number) if char.isdigit()]
    place = draw.choice(places[:-1] or places)
    digits = "123456789" if place == places[0] else "0123456789"
    return number[:place] + draw.choice([d for d in digits if d != number[place]]) + number[place + 1 :]


def _digit_in_yuan(draw: Random, value: Decimal, cent: Decimal) -> Decimal:
    """The amount with one of the digits changed that are printed."""
    return Decimal(_other_digit(draw, f"{value / cent:.0f}")) * cent


def _any_row(_: dict[str, object]) -> bool:
    return True


Place = tuple[str, int, str, Decimal]
"""Table, row, column and amount of a cell."""


def _cells(
    disclosure: Disclosure,
    layout: Layout,
    tables: tuple[str, ...],
    wanted: Callable[[dict[str, object]], bool],
) -> list[Place]:
    rows = expected_rows(disclosure, layout)
    return [
        (table, n, column, value)
        for table in tables
        for n, row in enumerate(rows.get(table, ()), 1)
        for column, value in row.items()
        if wanted(row) and isinstance(value, Decimal) and value
    ]


def _cent(layout: Layout, table: str) -> Decimal:
    units = {"元": Decimal("0.01"), "万元": Decimal(100)}
    known = {form.table: form.unit for form in layout.forms}
    return units[known.get(table, "万元")]


def _in_table(
    tables: tuple[str, ...], wanted: Callable[[dict[str, object]], bool], columns: tuple[str, ...] = ()
) -> Callable[[Disclosure, Layout, Random, str], Slip]:
    def make(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
        found = [c for c in _cells(disclosure, layout, tables, wanted) if not columns or c[2] in columns]
        table, row, column, value = _one_of(found, draw, kind)
        wrong = _digit_in_yuan(draw, value, _cent(layout, table))
        return Slip(kind, table, str(value), str(wrong), row, column)

    return make


def _one_of(found: list[T], draw: Random, kind: str) -> T:
    if not found:
        raise NoPlaceForSlip(kind)
    return draw.choice(found)


def _missing(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
    found = _cells(disclosure, layout, CODED, lambda row: not row["is_total"])
    table, row, column, value = _one_of([c for c in found if c[2] != "total"], draw, kind)
    return Slip(kind, table, str(value), "", row, column)


def _code(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
    """A code whose last two digits are no item of its group."""
    rows = expected_rows(disclosure, layout).get("expenditure", [])
    found = [
        (n, str(r["function_code"])) for n, r in enumerate(rows, 1) if len(r["function_code"] or "") == 7
    ]
    row, code = _one_of(found, draw, kind)
    return Slip(kind, "expenditure", code, f"{code[:5]}{draw.randint(80, 89)}", row, "function_code")


def _asset(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
    """The value in yuan, typed under a head that says 万元."""
    found = [c for c in _cells(disclosure, layout, ("fixed_asset",), _any_row) if c[2] == "value"]
    table, row, column, value = _one_of(found, draw, kind)
    return Slip(kind, table, str(value), str(value * 10_000), row, column)


def _deadline(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
    """A deadline in the year before the budget's."""
    rows = expected_rows(disclosure, layout).get("performance_indicator", [])
    found = [
        (n, str(r["target"]))
        for n, r in enumerate(rows, 1)
        if str(r["target"]).startswith(f"{disclosure.year}年")
    ]
    row, target = _one_of(found, draw, kind)
    return Slip(kind, "performance_indicator", target, f"{disclosure.year - 1}{target[4:]}", row, "target")


def _unique(paragraph: str, start: int, stop: int) -> int:
    """Where to begin so that the quote up to ``stop`` stands in the paragraph once."""
    while start > 0 and paragraph.count(paragraph[start:stop]) > 1:
        start -= 1
    return start


def _in_text(
    pattern: str, change: Callable[[Random, re.Match[str], Disclosure], str | None], within: str = ""
) -> Callable[[Disclosure, Layout, Random, str], Slip]:
    """A slip in what a pattern finds (in paragraphs that hold ``within``); YEAR and DEPARTMENT are put in.

    ``change`` says what stands there then, None where no slip there could be told.
    """

    def make(disclosure: Disclosure, layout: Layout, draw: Random, kind: str) -> Slip:
        filled = pattern.replace("YEAR", str(disclosure.year)).replace(
            "DEPARTMENT", re.escape(disclosure.name)
        )
        found = [
            (sentence, match, wrong)
            for sentence in sentences(disclosure, layout)
            if within in sentence.text
            for match in re.finditer(filled, sentence.text)
            if (wrong := change(draw, match, disclosure)) is not None
        ]
        sentence, match, wrong = _one_of(found, draw, kind)
        text = sentence.text
        start = _unique(text, match.start(), match.end())
        right = text[start : match.end()]
        return Slip(kind, sentence.heading, right, text[start : match.start()] + wrong, paragraph=text)

    return make


def _new_number(draw: Random, match: re.Match[str], _: Disclosure) -> str:
    """What was found with another number in the place of its first group."""
    start, stop = match.start(1) - match.start(), match.end(1) - match.start()
    return match[0][:start] + _other_digit(draw, match[1]) + match[0][stop:]


def _felt_rate(draw: Random, match: re.Match[str], _: Disclosure) -> str | None:
    """What was found with another rate, farther off than the rounding of the two amounts before it can hide."""
    said = [Decimal(number) for number in re.findall(AMOUNT, match.string[: match.start()])[-2:]]
    return _felt(draw, match, [amount for amount in said if amount])


def _felt_change(draw: Random, match: re.Match[str], _: Disclosure) -> str | None:
    """What was found with another amount of change, so far off that the rate beside it is another one."""
    return _felt(draw, match, [Decimal(match[2])])


def _felt(draw: Random, match: re.Match[str], beside: Sequence[Decimal]) -> str | None:
    """The first group with one digit changed by twice what its neighbours' last digits can hide; None where none can be."""
    right = Decimal(match[1])
    hidden = 2 * sum(
        (right * _last_digit(number) / number for number in beside if number), _last_digit(right)
    )
    wrong = [
        text
        for text in {_other_digit(draw, match[1]) for _ in range(40)}
        if abs(Decimal(text) - right) > hidden
    ]
    start, stop = match.start(1) - match.start(), match.end(1) - match.start()
    return match[0][:start] + draw.choice(sorted(wrong)) + match[0][stop:] if wrong else None


def _last_digit(number: Decimal) -> Decimal:
    """One unit of the last digit that is printed."""
    return Decimal(1).scaleb(int(number.as_tuple().exponent))


def _one_more(_: Random, match: re.Match[str], __: Disclosure) -> str:
    """What was found with one more in the place of its first group."""
    start, stop = match.start(1) - match.start(), match.end(1) - match.start()
    return match[0][:start] + str(int(match[1]) + 1) + match[0][stop:]


def _without_ten_thousand(_: Random, match: re.Match[str], __: Disclosure) -> str:
    return match[0].replace("万元", "元")


def _turned(_: Random, match: re.Match[str], __: Disclosure) -> str:
    return ("减少" if match[0].startswith("增加") else "增加") + match[0][2:]


def _next_year(draw: Random, match: re.Match[str], disclosure: Disclosure) -> str:
    return match[0].replace(str(disclosure.year), str(disclosure.year + draw.choice((-1, 1))))


def _somebody_else(draw: Random, _: re.Match[str], disclosure: Disclosure) -> str:
    others = [d.name for d in departments() if d.name != disclosure.department.name]
    return disclosure.place.name + draw.choice(others)


def _left_open(_: Random, __: re.Match[str], ___: Disclosure) -> str:
    return "XX局"


NONZERO = rf"(?<![\d.])(?!0\.00){AMOUNT}"
KINDS: dict[str, Callable[[Disclosure, Layout, Random, str], Slip]] = {
    "digit": _in_table(CODED, lambda row: not row["is_total"]),
    "total": _in_table(CODED, lambda row: bool(row["is_total"])),
    "side": _in_table(("revenue_expenditure",), lambda row: bool(row["function_code"])),
    "code": _code,
    "missing": _missing,
    "reception": _in_table(("three_public",), lambda row: row.get("item") == "official_reception"),
    "project_budget": _in_table(("project",), _any_row, ("budget",)),
    "plan": _in_table(("project",), _any_row, ("plan_december",)),
    "deadline": _deadline,
    "asset": _asset,
    "price": _in_table(("procurement",), lambda row: bool(row.get("goods")), ("unit_price",)),
    "amount": _in_text(rf"(?<!增加)(?<!减少)({NONZERO})万元", _new_number),
    "change": _in_text(rf"(?:增加|减少)({NONZERO})万元，(?:增长|下降)(\d+\.\d+)%", _felt_change),
    "share": _in_text(r"占[^，。；\d]{0,14}(\d+\.\d+)%", _felt_rate),
    "growth": _in_text(r"(?:增长|下降)(\d+\.\d+)%", _felt_rate),
    "done": _in_text(r"完成(?:年初)?预算的(\d+\.\d+)%", _felt_rate),
    "grade": _in_text(r"评优率为?(\d+\.\d+)%", _new_number),
    "vehicles": _in_text(r"用车(\d+)辆", _one_more),
    "unit": _in_text(rf"{NONZERO}万元", _without_ten_thousand),
    "direction": _in_text(rf"(?:增加|减少)(?={NONZERO}万元，(?:增长|下降))", _turned),
    "part": _in_text(rf"支出({NONZERO})万元", _new_number, within="其中"),
    "year": _in_text(r"YEAR年", _next_year),
    "name": _in_text(r"DEPARTMENT", _somebody_else),
    "template": _in_text(r"DEPARTMENT", _left_open),
}


def plant(disclosure: Disclosure, layout: Layout, kind: str, seed: int = 0) -> tuple[Disclosure, Slip]:
    """The disclosure with one slip of a kind planted in it, and the slip.

    Raises :class:`NoPlaceForSlip` where there is nothing of the kind to get wrong.
    """
    draw = rng(disclosure.seed, disclosure.name, disclosure.year, kind, seed)
    slip = KINDS[kind](disclosure, layout, draw, kind)
    return replace(disclosure, slips=(*disclosure.slips, slip)), slip
