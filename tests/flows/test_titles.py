"""What the words of a link say, and what they leave open."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.flows.source.words import BUDGET, FINAL_ACCOUNTS, YEAR, Titles
from fisc.flows.titles import read_day, read_title

USUAL = Titles(re.compile(YEAR), re.compile(BUDGET), re.compile(FINAL_ACCOUNTS), None, {})

TITLES = [
    ("秦皇岛市海港区教育局2025年部门预算公开", 2025, "budget", "秦皇岛市海港区教育局"),
    ("2024年度上海市普陀区财政局部门决算", 2024, "final_accounts", "上海市普陀区财政局"),
    ("2025年 某某街道办事处单位预算", 2025, "budget", "某某街道办事处"),
    ("关于民政局2023年度部门决算的公开说明", 2023, "final_accounts", "民政局"),
    ("2025年海港区部门预算公开", 2025, "budget", None),
    ("教育局2023年部门决算及2024年部门预算", None, None, "教育局"),
    ("2025年公开的部门预决算", 2025, None, None),
    ("教育局2024年度部门预决算公开", 2024, None, "教育局"),
    ("2025年部门预算（望溪市教育局）", 2025, "budget", "望溪市教育局"),
    ("2025年部门预算公开-望溪市卫生健康委员会", 2025, "budget", "望溪市卫生健康委员会"),
    ("2025年部门预算公开说明", 2025, "budget", None),
    ("各单位2025年预算", 2025, "budget", None),
    ("关于2024年度部门决算的公示", 2024, "final_accounts", None),
    ("部门预算", None, "budget", None),
    ("市残联二〇二四年度部门决算", 2024, "final_accounts", "市残联"),
    ("通知公告", None, None, None),
    ("", None, None, None),
    ("编号120251号预算", None, "budget", "编号120251号"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "year", "stage", "department"), TITLES)
def test_titles(title: str, year: int | None, stage: str | None, department: str | None) -> None:
    said = read_title(title, USUAL)
    assert (said.fiscal_year, said.stage, said.department) == (year, stage, department)


def test_a_source_knows_its_own_titles() -> None:
    titles = Titles(
        re.compile(r"FY(\d{4})"), re.compile("BUD"), re.compile("ACC"), re.compile(r"\[(.+?)\]"), {}
    )
    said = read_title("[水利局] FY2025 BUD 2019年", titles)
    assert (said.fiscal_year, said.stage, said.department) == (2025, "budget", "水利局")


@pytest.mark.parametrize("words", ["2025-02-03", "[2025/2/3]", "发布时间：2025年2月3日 10:00", "2025.02.03"])
def test_days(words: str) -> None:
    assert read_day(words) == date(2025, 2, 3)


def test_no_day() -> None:
    assert read_day("2025-13-40") is None
    assert read_day("02-03") is None


@given(st.text(), st.text())
def test_any_words_are_read_without_a_fault(title: str, words: str) -> None:
    said = read_title(title, USUAL)
    assert said.stage in (None, "budget", "final_accounts")
    read_day(words)
