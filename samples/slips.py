"""Slips: plants one error of a given kind into a disclosure before it is printed, and says what was planted.

    disclosure, slip = plant(make_disclosure(), load("hebei"), "direction")
    # slip.paragraph says 增加…, the print says 减少…

Kinds in a table: ``digit`` (an amount of a code line), ``total`` (an amount of a 合计 row), ``side`` (a line of
收支总表), ``code`` (a function code that does not exist), ``class_name`` (a class with the name of another), ``missing``
(an amount left out), ``reception`` (an amount of “三公”), ``project_budget``, ``plan``, ``deadline``, ``run_on``,
``above_all`` and ``too_dear`` (goal sheets), ``asset`` (yuan under a 万元 head), ``price`` (of a purchase), ``noted`` (a
filled table said to be empty), ``unnoted`` (an empty one of which nothing is said). In the narrative: ``amount``,
``change``, ``share``, ``growth``, ``zero_base`` (growth from nothing), ``done``, ``grade``, ``score``, ``graded`` (a grade
beside its score), ``vehicles``, ``unit``, ``direction``, ``flat`` (持平 beside a rate), ``part`` (one of the parts of a
sum), ``no_class`` (a class that is in no table), ``year``, ``name``, ``template``.

Planted is only what a reader of the document could find: a change of last year that is said once, beside no rate,
cannot be told from a right one, nor can a rate of 0.29万元 whose rounding hides the slip.
"""

from __future__ import annotations

from dataclasses import replace

from samples.city.books import rng
from samples.disclosure import Disclosure, Slip
from samples.layout import Layout
from samples.slipping import tables, texts
from samples.slipping.draws import Make, NoPlaceForSlip
from samples.slipping.tables import CODED, any_row, in_table, target
from samples.slipping.texts import NONZERO, in_text

__all__ = ["KINDS", "NoPlaceForSlip", "plant"]

KINDS: dict[str, Make] = {
    "digit": in_table(CODED, lambda row: not row["is_total"]),
    "total": in_table(CODED, lambda row: bool(row["is_total"])),
    "side": in_table(("revenue_expenditure",), lambda row: bool(row["function_code"])),
    "code": tables.code,
    "class_name": tables.class_name,
    "missing": tables.missing,
    "reception": in_table(("three_public",), lambda row: row.get("item") == "official_reception"),
    "project_budget": in_table(("project",), any_row, ("budget",)),
    "plan": in_table(("project",), any_row, ("plan_december",)),
    "deadline": target(tables.late),
    "run_on": target(tables.run_on),
    "above_all": target(tables.above_all),
    "too_dear": target(tables.too_dear),
    "asset": tables.asset,
    "price": in_table(("procurement",), lambda row: bool(row.get("goods")), ("unit_price",)),
    "noted": tables.noted(empty=False),
    "unnoted": tables.noted(empty=True),
    "amount": in_text(rf"(?<!增加)(?<!减少)({NONZERO})万元", texts.new_number),
    "change": in_text(rf"(?:增加|减少)({NONZERO})万元，(?:增长|下降)(\d+\.\d+)%", texts.felt_change),
    "share": in_text(r"占[^，。；\d]{0,14}(\d+\.\d+)%", texts.felt_rate),
    "growth": in_text(r"(?:增长|下降)(\d+\.\d+)%", texts.felt_rate),
    "zero_base": in_text(
        rf"({NONZERO})万元，[^，。；\d]{{0,8}}(?:20\d\d)?[^，。；\d]{{0,8}}((?:增加|减少){NONZERO}万元，(?:增长|下降)\d+\.\d+%)",
        texts.from_nothing,
    ),
    "done": in_text(r"完成(?:年初)?预算的(\d+\.\d+)%", texts.felt_rate),
    "grade": in_text(r"评优率为?(\d+\.\d+)%", texts.new_number),
    "score": in_text(r"得分为?(\d+\.\d+)分", texts.over_full),
    "graded": in_text(r"得分[^。]*“(优|良|中|差)”", texts.other_grade),
    "vehicles": in_text(r"用车(\d+)辆", texts.one_more),
    "unit": in_text(rf"{NONZERO}万元", texts.without_ten_thousand),
    "direction": in_text(rf"(?:增加|减少)(?={NONZERO}万元，(?:增长|下降))", texts.turned),
    "flat": in_text(rf"((?:增加|减少){NONZERO}万元)，(?:增长|下降)(\d+\.\d+)%", texts.flat),
    "part": in_text(rf"支出({NONZERO})万元", texts.new_number, within="其中"),
    "no_class": in_text(r"(?<=[：；，])([一-鿿]{2,16})（类）支出", texts.no_class),
    "year": in_text(r"YEAR年", texts.next_year),
    "name": in_text(r"DEPARTMENT", texts.somebody_else),
    "template": in_text(r"DEPARTMENT", texts.left_open),
}


def plant(disclosure: Disclosure, layout: Layout, kind: str, seed: int = 0) -> tuple[Disclosure, Slip]:
    """The disclosure with one slip of a kind planted in it, and the slip.

    Raises :class:`NoPlaceForSlip` where there is nothing of the kind to get wrong.
    """
    draw = rng(disclosure.seed, disclosure.name, disclosure.year, kind, seed)
    slip = KINDS[kind](disclosure, layout, draw, kind)
    return replace(disclosure, slips=(*disclosure.slips, slip)), slip
