"""Sentences of many places to facts: what each figure is called, of which period, and what it claims."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fisc.extractors.narrative import read_narrative
from fisc.extractors.narrative.said.paths import paths_in
from fisc.extractors.narrative.said.terms import named
from fisc.schemas.narrative import Narrative
from fisc.schemas.patterns import patterns
from fisc.schemas.patterns.phrases import expanded
from tests.extractors.test_narrative import LONG, pages_of


def told(*paragraphs: str, year: int = 2025, stage: str = "budget") -> Narrative:
    """What is read of these paragraphs, under a heading and beside running text."""
    return read_narrative(pages_of("一、情况说明", *paragraphs, LONG), {}, year, stage)


def facts(*paragraphs: str, year: int = 2025, stage: str = "budget") -> list[tuple[str, str, str]]:
    """Name, period and figure of each fact, money in 万元."""
    return [
        (
            fact.name,
            fact.period,
            f"{fact.value / 10_000:.2f}" if fact.unit == "CNY" else f"{fact.value}{fact.unit}",
        )
        for fact in told(*paragraphs, year=year, stage=stage).facts
    ]


def test_revenue_of_a_budget() -> None:
    assert facts("2025年预算收入724.00万元，其中：一般公共预算收入431.00万元，基金预算收入0.00万元，财政专户核拨收入0万元，上年结转结余293万元。") == [
        ("revenue.total", "this_year", "724.00"),
        ("revenue.general_public", "this_year", "431.00"),
        ("revenue.government_fund", "this_year", "0.00"),
        ("revenue.special_account", "this_year", "0.00"),
        ("revenue.carryover", "this_year", "293.00"),
    ]  # fmt: skip


def test_changes_are_signed() -> None:
    said = facts(
        "2025年预算收支安排724.00万元，较2024年预算增加71.83万元，其中：基本支出减少5.07万元，项目支出增加76.90万元。"
    )
    assert said[1:] == [
        ("change.total", "change", "71.83"),
        ("change.basic", "change", "-5.07"),
        ("change.project", "change", "76.90"),
    ]


def test_a_share_behind_a_figure_without_a_unit_is_its_own() -> None:
    said = facts(
        "基本支出2900.00万元，占支出预算98.00%，其中人员经费2800.00万元，公用经费100.00万元；项目支出59.07，占支出预算2.00%。"
    )
    assert said[-2:] == [
        ("expenditure.operating", "this_year", "100.00"),
        ("other.rate", "share", "2.00percent"),
    ]


def test_a_sentence_that_begins_with_a_comparison_goes_on_with_the_whole() -> None:
    said = facts(
        "2025年“三公”经费预算安排0.06万元，其中因公出国（境）费0万元；公务接待费0.06万元。与2024年相比增加0.06万元。"
    )
    assert said[-1] == ("three_public.total", "change", "0.06")


def test_final_accounts_have_a_budget_and_a_final_figure() -> None:
    said = facts(
        "“三公”经费支出年初预算为2.85万元，支出决算为0.39万元，完成年初预算的13.68%。",
        year=2024,
        stage="final_accounts",
    )
    assert said == [
        ("three_public.total", "budget", "2.85"),
        ("three_public.total", "this_year", "0.39"),
        ("three_public.total", "completion", "13.68percent"),
    ]


def test_counts_of_three_public() -> None:
    said = facts(
        "因公出国（境）团组2个，累计9人次。公务用车购置数0辆，公务用车保有量为5辆。国内公务接待12批次、96人次。"
    )
    assert said == [
        ("three_public.overseas_groups", "this_year", "2个"),
        ("three_public.overseas_people", "this_year", "9人次"),
        ("three_public.vehicles_bought", "this_year", "0辆"),
        ("three_public.vehicles_held", "this_year", "5辆"),
        ("three_public.reception_batches", "this_year", "12批次"),
        ("three_public.reception_people", "this_year", "96人次"),
    ]


def test_the_threshold_of_equipment_is_kept_apart() -> None:
    narrative = told("共有车辆3辆；单价100万元（含）以上设备（不含车辆）2台（套）。")
    assert [(f.name, f.value) for f in narrative.facts] == [
        ("vehicles.count", Decimal(3)),
        ("equipment.over_threshold", Decimal(2)),
    ]
    assert {t.text: t.role for t in narrative.numbers if t.text == "100"} == {"100": "threshold"}


def test_class_lines_by_codes_and_headings() -> None:
    narrative = told(
        "1、公共安全支出（204类）司法（06款）行政运行（01项）1672.67万元。主要用于：基本支出。2024年预算执行数为1690.69万元，2025年预算安排1672.67万元，比2024年预算执行数减少1.07%。"
    )
    lines = [f for f in narrative.facts if f.name == "expenditure.function"]
    assert {f.path for f in lines} == {("公共安全支出", "司法", "行政运行")}
    assert {f.codes for f in lines} == {("204", "06", "01")}
    assert [f.period for f in lines] == ["this_year", "last_year", "this_year", "growth"]
    assert lines[-1].value == Decimal("-1.07")


def test_the_class_of_a_line_may_stand_in_its_heading() -> None:
    narrative = told("（一）公共安全（类）", "1．法院（款）行政运行（项）支出11786.92万元，与上年一致。")
    assert [f.path for f in narrative.facts] == [("公共安全", "法院", "行政运行")]


def test_names_with_brackets_are_whole() -> None:
    (path,) = paths_in("党委办公厅（室）及相关机构事务（款）行政运行（项）支出", (("一般公共服务",), ("",)))
    assert path.names == ("一般公共服务", "党委办公厅（室）及相关机构事务", "行政运行")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("江苏省高级人民法院2017年一般公共预算财政拨款支出预算", "general_public.expenditure"),
        ("本部门2023年度收、支总计（含结转和结余）", "revenue_expenditure.total"),
        ("“三公”经费财政拨款支出年初预算为", "three_public.total"),
        ("某局2024年度政府采购金额（以合同签订为准）为", "procurement.total"),
        ("一般公共预算机关运行经费预算支出", "agency_operating.total"),
        ("2019年度政府采购支出预算总额", "procurement.total"),
        ("因公出国（境）费支出决算为", "three_public.overseas_travel"),
    ],
)
def test_words_to_names(words: str, name: str) -> None:
    found = named(words, "CNY")
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "words", ["“三公”经费、会议费", "中小企业发展专项资金", "其他商品和服务支出", "基本支出和项目支出"]
)
def test_words_that_name_nothing_for_sure(words: str) -> None:
    assert named(words, "CNY") is None


def test_economic_lines_are_not_those_of_three_public() -> None:
    said = facts(
        "公用经费94.80万元，主要包括：办公费14.66万元、公务接待费0.78万元、其他商品和服务支出5.71万元。"
    )
    assert [name for name, _, _ in said] == ["expenditure.operating", *["expenditure.economic"] * 3]


def test_an_amount_without_a_name_is_a_fact_with_its_words() -> None:
    (fact,) = told("2025年度项目总预算1170.00万，详见附表。").facts
    assert (fact.name, fact.label, fact.value) == ("other.amount", "项目总预算", Decimal(11_700_000))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("根据秦财教【2022】770号文件，", {"2022": "document_number", "770": "document_number"}),
        ("截至2024年12月31日，", {"2024": "date", "12": "date", "31": "date"}),
        ("依据第12条规定，", {"12": "law_article"}),
        ("满意度≥95%，", {"95": "target"}),
        ("公开07表以空表列示，", {"07": "table_number"}),
        ("居全省第1位，", {"1": "ordinal"}),
        ("联系电话：0335-1234567，", {"0335": "phone", "1234567": "phone"}),
        ("新认定高新技术企业24家，", {"24": "quantity"}),
        ("结合12309检察服务中心建设，", {"12309": "phone"}),
        ("工资福利支出12300元，", {"12300": "fact"}),
        ("收入12345万元、支出13812345678.50元，", {"12345": "fact", "13812345678.50": "fact"}),
        ("服务群众12345人，房屋23450平方米，", {"12345": "quantity", "23450": "quantity"}),
    ],
)
def test_what_numbers_are_there_for(text: str, roles: dict[str, str]) -> None:
    narrative = told(text + "组织实施有关工作。")
    said = {token.text: token.role for token in narrative.numbers if token.role != "page_number"}
    assert said == roles


def test_a_number_that_nothing_accounts_for_is_listed() -> None:
    narrative = told("本级77见上，无其他说明。")
    assert [t.text for t in narrative.numbers if t.role is None] == ["77"]


def test_zeros_that_are_never_printed_are_meant() -> None:
    """Where a text prints 4335.3 for 4335.30 throughout, one decimal is as good as two."""
    fine = "、".join(f"第{i}项1{i}.3{i}万元" for i in range(1, 10))
    exact, rounded = told(fine + "，基本支出315万元。"), told("基本支出315万元，项目支出201.50万元。")
    assert {f.step for f in exact.facts if f.name == "expenditure.basic"} == {Decimal(100)}
    assert {f.step for f in rounded.facts if f.name == "expenditure.basic"} == {Decimal(10_000)}


def test_phrases() -> None:
    assert expanded("[本年]收入(合计|总计)") == ["收入合计", "收入总计", "本年收入合计", "本年收入总计"]


def test_pattern_files_speak_of_the_same_names() -> None:
    """What the tables print and what wholes are made of is told of names that the vocabulary has."""
    names = {term["name"] for term in patterns("terms")["term"]}
    names |= {name for renamed in patterns("terms")["within"].values() for name in renamed.values()}
    assert {entry["fact"] for entry in patterns("says")["says"]} <= names
    for partition in patterns("partitions")["partition"]:
        assert {name for part in partition["parts"].values() for name in part} <= names
        assert set(partition["required"]) <= set(partition["parts"])


def test_a_department_whose_name_ends_like_that_of_a_part_is_no_part() -> None:
    pages = pages_of(
        "一、情况说明", "望溪市档案馆2025年收入总计230.98万元，局属展览馆收入总计30.98万元。", LONG
    )
    for department, sure, part in (
        ("望溪市档案馆", True, "other.amount"),
        ("望溪市财政局", False, "revenue.total"),
    ):
        named = read_narrative(pages, {}, 2025, "budget", department).facts
        assert [(fact.name, fact.sure) for fact in named] == [("revenue.total", sure), (part, False)]


@pytest.mark.parametrize(
    ("words", "sure"),
    [("局本级", False), ("局本级及所属单位", True), ("所属单位", False), ("我局（含所属单位）", True)],
)
def test_a_part_of_the_department_and_all_of_it(words: str, sure: bool) -> None:
    assert [fact.sure for fact in told(f"{words}支出总计230.98万元。").facts] == [sure]


HELD = "本部门共有车辆3辆，其中：执法执勤用车3辆、其他用车0辆。"
BOUGHT = "2025年部门预算安排购置车辆2辆，其中：执法执勤用车1辆、其他用车1辆。"


@pytest.mark.parametrize("text", [HELD + BOUGHT, BOUGHT + HELD])
def test_vehicles_to_be_bought_are_none_that_are_held(text: str) -> None:
    facts = {fact.name: fact.text for fact in told("一、国有资产情况", text).facts}
    assert facts == {
        "vehicles.count": "3",
        "vehicles.law_enforcement": "3",
        "vehicles.other": "0",
        "vehicles.purchase": "2",
        "vehicles.purchase_law_enforcement": "1",
        "vehicles.purchase_other": "1",
    }
