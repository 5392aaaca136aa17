"""Forms as data: titles name one form, header paths name one column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.schemas.contract import MODELS
from fisc.schemas.folding import fold, without_number
from fisc.schemas.forms import forms, is_known_header
from fisc.schemas.forms.patterns import Path, Patterns

TITLES = {
    "部门预算收支总表": "revenue_expenditure",
    "2025年部门财务收支预算总表": "revenue_expenditure",
    "公开01表 收入支出决算总表": "revenue_expenditure",
    "部门收入总体情况表": "revenue",
    "收入决算表": "revenue",
    "部门支出总表": "expenditure",
    "支出决算表": "expenditure",
    "财政拨款收支总体情况表": "fiscal_appropriation",
    "四、财政拨款收入支出决算总表": "fiscal_appropriation",
    "部门一般公共预算支出功能分类预算表": "general_public_budget",
    "一般公共预算财政拨款收入支出决算表": "general_public_budget",
    "一般公共预算财政拨款支出决算表（按功能科目）": "general_public_budget",
    "部门一般公共预算基本支出部门预算经济分类预算表": "basic_expenditure",
    "一般公共预算财政拨款基本支出决算明细表": "basic_expenditure",
    "政府性基金预算财政拨款收入支出决算表": "government_fund",
    "国有资本经营预算财政拨款支出决算表": "state_capital",
    "部门“三公”经费和机关运行经费预算表": "three_public",
    "一般公共预算“三公”经费、会议费、培训费支出预算表": "three_public",
    "财政拨款 三公 经费支出决算表": "three_public",
    "财政拨款支出预算表": "fiscal_expenditure",
    "一般公共预算机关运行经费支出预算表": "agency_operating",
}


@pytest.mark.parametrize(("title", "name"), TITLES.items())
def test_a_title_names_one_form(title: str, name: str) -> None:
    lengths = {form.name: form.title_length(without_number(title)) for form in forms()}
    best = max(lengths.values())
    assert [form for form, length in lengths.items() if length == best] == [name]


@pytest.mark.parametrize("line", ["目录", "名词解释", "收入说明", "一、部门职责"])
def test_other_headings_name_none(line: str) -> None:
    assert not any(form.title_length(without_number(line)) for form in forms() if form.published)


def test_every_published_form_fills_columns_that_exist() -> None:
    for form in forms():
        columns = set(MODELS[form.table].to_schema().columns)
        for layout in form.layouts:
            for target in layout.columns:
                last = target.rsplit(".", 1)[0] if target[-1].isdigit() else target.split(".")[-1]
                assert last in columns or layout.shape == "spread", (form.name, target)
            assert set(layout.required) <= set(layout.columns), form.name


def test_a_path_is_matched_from_its_leaf_upwards() -> None:
    path = ("支出", "支出用途", "项目名称")
    assert surely("*支出/支出用途/*名称", path) > surely("*支出/*名称", path) > 0
    assert surely("*收入/*名称", path) == 0
    assert surely("支出用途", path) == 0


def test_a_pattern_without_a_star_is_surer_and_the_earlier_of_two_as_sure_wins() -> None:
    patterns = Patterns(
        [("any", "*名称"), ("first", "科目名称"), ("second", "科目名称"), ("other", "项目/名称")]
    )
    assert patterns.best(("科目", "科目名称")) == ("first", 104)
    assert patterns.best(("某名称",)) == ("any", 2)
    assert patterns.best(("项目", "某", "名称")) == ("other", 1104)
    assert patterns.best(("编码",)) is None
    assert patterns.best(()) is None


@given(st.lists(st.sampled_from(["科目", "名称", "编码", "合计", "支出"]), max_size=4).map(tuple))
def test_a_label_is_known_where_a_pattern_speaks_of_it(path: Path) -> None:
    patterns = Patterns([("name", "科目/名称"), ("total", "*计")])
    for label in path:
        assert patterns.knows(label) == (label in ("科目", "名称", "合计"))
        assert patterns.said(label) == {"科目": 2, "名称": 2, "合计": 1}.get(label, 0)
    leaf = path[-1] if path else ""
    expected = leaf == "合计" or (leaf == "名称" and "科目" in path[:-1])
    assert (patterns.best(path) is not None) == expected


def surely(pattern: str, path: Path) -> int:
    """How surely a path is the one that a pattern means; 0 where it is not."""
    best = Patterns([("column", pattern)]).best(path)
    return best[1] if best else 0


def test_folding_takes_away_what_prints_differ_in() -> None:
    assert fold("2025年  预留中  小微企  业份额") == fold("预留中小微企业份额")
    assert fold("因公出国（境）费") == fold("因公出国(境)费")
    assert fold("价值（金额单位：万元）") == "价值"
    assert without_number("二十一、粮油物资储备支出") == "粮油物资储备支出"
    assert without_number("其中：公务用车购置费") == "公务用车购置费"


def test_a_header_is_known_and_data_is_not() -> None:
    assert is_known_header(["一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值"])
    assert not is_known_header(["产出指标", "数量指标", "培训次数", "4次"])
