"""Whose disclosure a document is, where no cover says it: titles speak, sentences do not."""

from __future__ import annotations

import pytest

from fisc.errors import DocumentError
from fisc.extractors.grids import Grid
from fisc.extractors.identity import identify
from fisc.extractors.tables.captions import Line, caption_of
from fisc.schemas.identity import Hints
from tests.extractors.test_narrative import pages_of


def read(*paragraphs: str, hints: Hints | None = None) -> tuple[str, int, str, list[str]]:
    """Department, year and stage of a document of these paragraphs, and the rules of what disagrees."""
    identity, doubts = identify(pages_of(*paragraphs), (), hints or Hints())
    return identity.department, identity.fiscal_year, identity.stage, [doubt.rule for doubt in doubts]


def test_the_year_compared_with_is_not_that_of_the_document() -> None:
    assert read(
        "青岗县水利局2024年部门预算",
        "2024年“三公”经费预算12万元，比2023年预算减少3万元，下降20%。其中公务接待费2万元，与2023年预算持平；",
        "公务用车运行费10万元，比2023年部门预算减少3万元。本年度“三公”经费决算数不超过2023年决算数。",
        hints=Hints(region_code="440000"),
    ) == ("青岗县水利局", 2024, "budget", [])


def test_a_sentence_is_asked_where_no_title_speaks() -> None:
    department, year, stage, doubts = read(
        "海港区水利局基本情况",
        "海港区水利局负责全区水利工作，2024年部门预算收入总计120万元，支出总计120万元。",
        hints=Hints(region_code="130302", department="秦皇岛市海港区水利局"),
    )
    assert (department, year, stage, doubts) == ("秦皇岛市海港区水利局", 2024, "budget", [])


def test_the_link_is_believed_more_than_a_sentence() -> None:
    hints = Hints(region_code="130302", department="秦皇岛市海港区水利局", fiscal_year=2025, stage="budget")
    said = "现将有关情况说明如下，2024年部门决算收入总计120万元，2024年部门决算支出总计118万元。"
    assert read(said, hints=hints) == ("秦皇岛市海港区水利局", 2025, "budget", [])


@pytest.mark.parametrize(
    ("title", "department", "year", "stage"),
    [
        ("秦皇岛市水利局2024年“三公”经费预算情况说明", "秦皇岛市水利局", 2024, "budget"),
        ("秦皇岛市水利局2023年度“三公”经费支出决算情况", "秦皇岛市水利局", 2023, "final_accounts"),
        ("秦皇岛市水利局2023年度一般公共预算财政拨款“三公”经费支出决算", "秦皇岛市水利局", 2023, "final_accounts"),
        ("2023年秦皇岛市水利局一般公共预算财政拨款“三公”经费支出决算情况说明", "秦皇岛市水利局", 2023, "final_accounts"),
        ("秦皇岛市水利局财政拨款“三公”经费2024年预算情况的说明", "秦皇岛市水利局", 2024, "budget"),
    ],
)  # fmt: skip
def test_a_disclosure_of_the_three_public_expenditure_alone(
    title: str, department: str, year: int, stage: str
) -> None:
    said = f"{year}年“三公”经费12万元，比{year - 1}年减少3万元，下降20%，主要原因是公务接待减少。"
    assert read(title, said) == (department, year, stage, [])


def test_a_heading_about_last_year_is_no_title() -> None:
    department, year, stage, doubts = read(
        "秦皇岛市水利局2024年“三公”经费预算情况说明",
        "一、2024年“三公”经费预算安排情况",
        "2024年“三公”经费预算总计12万元，其中公务接待费2万元。",
        "二、2023年“三公”经费决算情况",
        "2023年“三公”经费支出11万元，其中公务接待费1万元。",
    )
    assert (department, year, stage, doubts) == ("秦皇岛市水利局", 2024, "budget", [])


@pytest.mark.parametrize(
    "name",
    [
        "秦皇岛市第九中学",
        "抚宁县石门小学",
        "秦皇岛市第二中专",
        "青龙县肖营镇",
        "抚宁县留守营乡",
        "秦皇岛市政府办",
    ],
)
def test_schools_and_townships_are_departments(name: str) -> None:
    assert read(f"{name}2021年度部门决算", "第一部分 单位概况")[0] == name


def test_a_sentence_names_no_department() -> None:
    with pytest.raises(DocumentError, match="部门"):
        read("根据秦皇岛市人民代表大会批准的秦皇岛市本级2024年预算，现将有关情况说明如下。")


BELOW = Grid(1, (80.0, 200.0, 400.0, 300.0), (80.0, 400.0), (200.0, 300.0), ())


def above(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(text, 1, (80.0, 60.0 + 20 * i, 400.0, 72.0 + 20 * i)) for i, text in enumerate(texts))


def test_the_end_of_a_sentence_above_a_table_is_no_department() -> None:
    caption = caption_of(
        above(
            "4070万元（包括：公务用车运行维护费2648万元、公务用车购置1422万元）。",
            "2021年“三公”经费预算支出表",
        ),
        BELOW,
    )
    assert (caption.title, caption.department) == ("2021年“三公”经费预算支出表", None)


@pytest.mark.parametrize(("line", "name"), [
    ("101人大常委会办公室", "101人大常委会办公室"),
    ("301人力资源和社会保障局 单位：万元", "301人力资源和社会保障局"),
    ("306项城市教育局 预算年度：2025 金额单位：元", "306项城市教育局"),
    ("122个旧市财政局(本级)", "122个旧市财政局(本级)"),
    ("125人次参加各类培训和会议", None),
    ("120台设备的购置和更新经费", None),
])  # fmt: skip
def test_a_number_of_things_is_no_number_of_a_department(line: str, name: str | None) -> None:
    assert caption_of(above("部门收支总表", line), BELOW).department == name


def test_a_numbered_title_does_not_go_on_with_the_line_above() -> None:
    caption = caption_of(
        above("水利局2022年“三公”经费预算情况", "一、2022年“三公”经费支出预算表"),
        BELOW,
    )
    assert caption.title == "一、2022年“三公”经费支出预算表"


def test_a_year_alone_on_its_line_is_that_of_the_document() -> None:
    """Year, name and kind on a line each; what follows compares with the year before, twice."""
    said = "比2024年减少3万元，其中公务接待费比2024年减少1万元。"
    found = read("2025年度", "秦皇岛市水利局", "部门预算公开", said, hints=Hints(region_code="130302"))
    assert found == ("秦皇岛市水利局", 2025, "budget", [])


@pytest.mark.parametrize("title", [
    "关于秦皇岛市海港区教育局2024年部门决算的说明",
    "关于公开秦皇岛市海港区教育局2024年度部门决算的说明",
    "2024年度秦皇岛市海港区教育局部门决算",
    "2024年秦皇岛市海港区教育局决算公开",
])  # fmt: skip
def test_titles_about_a_department_and_titles_that_begin_with_the_year(title: str) -> None:
    assert read(title) == ("秦皇岛市海港区教育局", 2024, "final_accounts", [])
