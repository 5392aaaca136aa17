"""Rows cut by a page break: what is the rest of one above, and what is a row of its own."""

from __future__ import annotations

import pytest

from fisc.extractors.grids import GridCell
from fisc.extractors.page import Word
from fisc.extractors.tables.columns import Header
from fisc.extractors.tables.cut_rows import rests, whole
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.printed import TableCell
from fisc.schemas.forms import forms

WIDTH, CHARACTER = 60.0, 8.0
"""Of a cell: six characters fit between its margins."""


def fit(table: str, *targets: str | None) -> Fit:
    form = next(form for form in forms() if form.table == table)
    return Fit(form, form.layouts[0], Header(0, ()), targets, (), 0)


CODES = fit("general_public_budget", "function_code", "function_name", "total", "basic")
SIDES = fit("revenue_expenditure", "revenue.item", "revenue.amount", "expenditure.item", "expenditure.amount")
GOALS = fit("performance_indicator", "level1", "level2", "level3", "description", "target")


def cells(row: int, page: int, texts: list[str]) -> list[TableCell | None]:
    """A row whose last words are as wide as their characters, from the left margin on."""
    made: list[TableCell | None] = []
    for column, text in enumerate(texts):
        left = 50 + column * WIDTH
        last = text[-6:]
        words = (Word(last, left + 5, 100, left + 5 + CHARACTER * len(last), 108),) if text else ()
        printed = GridCell(row, column, 1, 1, text, (left, 95, left + WIDTH, 115), words)
        made.append(TableCell(row, column, 1, 1, text, page, printed))
    return made


def joined(kind: Fit, upper: list[str], lower: list[str], page: int = 2) -> list[str] | None:
    """The texts of the upper row with its rest, or None where the lower one is a row of its own."""
    rows = [cells(0, 1, upper), cells(1, page, lower)]
    found = whole(rows, kind)
    if found[1] == rows[1]:
        assert not rests(rows, kind)
        return None
    assert not any(found[1])
    assert len(rests(rows, kind)) == sum(map(bool, lower))
    return [cell.text if cell else "" for cell in found[0]]


def test_a_name_and_its_figures_are_put_together_where_they_make_an_official_name() -> None:
    upper, lower = ["21011", "行政", "25,714.", "25,714."], ["", "事业单位医疗", "40", "40"]
    assert joined(CODES, upper, lower) == ["21011", "行政事业单位医疗", "25,714.40", "25,714.40"]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (
            ["21011", "行政事业单位医疗", "25.74", "25.74"],
            ["", "事业单位医疗", "40.00", "40.00"],
        ),  # whole figures
        (
            ["21011", "行政", "25.7", "25.7"],
            ["", "事业单位医疗", "4", "4"],
        ),  # 25.7 has room for another digit
        (["21011", "行政", "", ""], ["2101101", "事业单位医疗", "", ""]),  # a code of its own
        (["", "其他", "", ""], ["", "教育支出", "", ""]),  # no code, and room for more
    ],
)
def test_a_row_with_a_code_or_whole_figures_is_its_own(upper: list[str], lower: list[str]) -> None:
    assert joined(CODES, upper, lower) is None


def test_the_same_rows_on_one_page_are_two() -> None:
    assert joined(CODES, ["21011", "行政", "", ""], ["", "事业单位医疗", "", ""], page=1) is None


@pytest.mark.parametrize(
    ("upper", "lower", "whole_name"),
    [
        ("二十二、", "灾害防治及应急管理支出", "二十二、灾害防治及应急管理支出"),
        ("八、社会保障和", "就业支出", "八、社会保障和就业支出"),
    ],
)
def test_a_line_of_a_side_goes_on(upper: str, lower: str, whole_name: str) -> None:
    found = joined(SIDES, ["", "", upper, "3.00"], ["", "", lower, ""])
    assert found is not None
    assert found[2] == whole_name


@pytest.mark.parametrize("lower", ["本年支出合计", "二十三、其他支出", "其他支出"])
def test_a_line_that_names_itself_is_no_rest(lower: str) -> None:
    assert joined(SIDES, ["", "", "二十一、粮油物资储", "3.00"], ["", "", lower, ""]) is None


def test_indicators_go_on_only_under_full_lines() -> None:
    upper = ["效益指标", "社会效益指标", "推动事业发展提升", "服务能力和水平提", "有所提高"]
    assert joined(GOALS, upper, ["", "", "公共服务", "升情况", ""]) == [
        *upper[:2], "推动事业发展提升公共服务", "服务能力和水平提升情况", "有所提高",
    ]  # fmt: skip
    assert joined(GOALS, upper, ["", "", "公共服务", "升情况", "良好"]) is None
