"""Performance goals and results, and words that exclude each other: what is told, and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from fisc.extractors.document import extract
from fisc.schemas.audit.document import audit_document
from fisc.schemas.audit.narrative import audit_narrative
from fisc.schemas.identity import Hints, Identity
from fisc.schemas.statement import PercentHead, Statement
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_disclosure
from samples.printing import goals as sheets
from tests.extractors.test_narrative_facts import told
from tests.schemas.test_claims import said as claimed
from tests.schemas.test_claims_tables import BASIC, BOX, WHO, statement

FINAL = Identity("130302", "某区", "秦皇岛市海港区科技和工业信息化局", "department", 2023, "final_accounts")


def final(*paragraphs: str, who: Identity = FINAL) -> list[tuple[str, str]]:
    """Severity and rule of every finding on final accounts of 2023."""
    outcomes = audit_narrative(told(*paragraphs, year=2023, stage="final_accounts"), (), who)
    return [(o.finding.severity, o.finding.rule) for o in outcomes if o.finding]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("自评得分为94.17分。全年预算数为300万元，执行数为125万元，完成预算的41.67%。主要问题是成本指标未完成。", ["narrative.score"]),
        ("自评得分为94.17分。全年预算数为300万元，执行数为125万元，完成预算的41.67%。各项指标均已完成。", []),
        ("自评得分为92.00分。全年预算数为300万元，执行数为125万元，完成预算的41.67%。主要问题是成本指标未完成。", []),
        ("自评得分为96.17分。全年预算数为300万元，执行数为125万元，完成预算的41.67%。", ["narrative.score"]),
        ("自评得分为98.00分。全年预算数为300万元，执行数为300万元，完成预算的100%。", []),
        ("自评综合得分101分。", ["narrative.score"]),
        ("自评综合得分90分，综合评价等级“优”。", []),
        ("自评综合得分88.5分，综合评价等级为“优”。", ["narrative.grade"]),
        ("自评综合得分59分，评价结果为中。", ["narrative.grade"]),
    ],
)  # fmt: skip
def test_scores_and_grades(text: str, rules: list[str]) -> None:
    assert final("某项目绩效自评情况：" + text) == [("warning", rule) for rule in rules]


@pytest.mark.parametrize(
    ("code", "found"), [("130302", True), ("130300", True), ("130000", False)]
)  # fmt: skip
def test_first_in_a_province_is_more_than_a_district_can_show(code: str, found: bool) -> None:
    who = replace(FINAL, region_code=code)
    assert final("建成研发平台69家，居全省第1位。", who=who) == [("info", "narrative.rank")] * found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("支出总计100.00万元，与上年相比持平，增长3.50%。", [("error", "narrative.flat")]),
        ("支出总计100.00万元，与上年相比持平，增长0.00%。", []),
        ("支出总计100.00万元，与上年持平。主要原因是项目减少。", [("warning", "narrative.flat")]),
        ("支出总计100.00万元，与上年持平。主要原因：", [("warning", "narrative.flat")]),
        ("支出总计100.00万元，与上年持平，主要原因是严格控制支出，未增加经费。", []),
        ("支出总计100.00万元，与上年持平，主要原因是人员减少与标准增加相抵。", []),
    ],
)
def test_no_change_beside_a_change(text: str, found: list[tuple[str, str]]) -> None:
    assert claimed(text, "基本支出中人员减少等原因减少支付。") == found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("本年收入合计1551.25万元，比上年增加1551.25万元，主要是本部门为2023年新设部门。公务接待费0.00万元，与上年持平。", 1),
        ("本年收入合计1551.25万元，比上年增加1051.25万元，主要是本部门为2023年新设部门。", 1),
        ("本年收入合计1551.25万元，比上年增加1551.25万元，主要是本部门为2023年新设部门。", 0),
        ("本年收入合计1551.25万元，比上年增加1051.25万元。公务接待费0.00万元，与上年持平。", 0),
    ],
)  # fmt: skip
def test_a_new_department_has_no_year_before(text: str, count: int) -> None:
    assert final(text) == [("warning", "narrative.new_department")] * count


@pytest.mark.parametrize(
    ("total", "small", "found"),
    [
        ("268.68", "0.00", [("warning", "narrative.small_firms")]),
        ("3.61", "0.00", []),
        ("268.68", "268.68", []),
        ("268.68", "286.68", [("error", "narrative.small_firms")]),
    ],
)
def test_what_went_to_small_firms(total: str, small: str, found: list[tuple[str, str]]) -> None:
    text = f"本部门2023年度政府采购支出总额{total}万元。授予中小企业合同金额{small}万元。"
    assert final("七、政府采购支出说明", text) == found


def sheet(budget: str, *indicators: dict[str, str], name: str = "科技宣讲培训经费") -> list[Statement]:
    """A project and its indicators."""
    return [
        statement("project", [({"project_name": name}, {"budget": budget}, False)]),
        statement("performance_indicator", [(words, {}, False) for words in indicators]),
    ]


def indicator(level2: str, level3: str, target: str, description: str = "") -> dict[str, str]:
    return {
        "level1": "产出指标",
        "level2": level2,
        "level3": level3,
        "target": target,
        "description": description,
    }


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        (indicator("成本指标", "成本总控制数", "≤20万元"), []),
        (indicator("成本指标", "成本总控制数", "≤200万元"), ["indicator.cost"]),
        (indicator("成本指标", "人均成本", "≤300元/人"), []),
        (indicator("质量指标", "验收合格率", "≥95%"), []),
        (indicator("质量指标", "验收合格率", "≥195%"), ["indicator.share"]),
        (indicator("质量指标", "产值增长率", "≥195%"), []),
        (indicator("数量指标", "活动完成率", "100%", "培训企业人员不少于2万人"), ["indicator.training"]),
        (indicator("数量指标", "培训人数", "≥20000人次"), ["indicator.training"]),
        (indicator("数量指标", "培训人数", "≥200人次"), []),
        (indicator("数量指标", "服务人数", "≥20000人次"), []),
    ],
)
def test_goals_within_what_the_project_has(words: dict[str, str], rules: list[str]) -> None:
    outcomes = audit_narrative(told("无其他说明。"), sheet("20.00", words), WHO)
    assert [o.finding.rule for o in outcomes if o.finding] == rules


@pytest.mark.parametrize(
    ("goal", "found"),
    [
        ("组织企业培训成本控制≤20万元。", False),
        ("组织企业培训成本控制≤30万元。", True),
        ("组织企业参加展会，成本控制≤18万元。", True),
        ("组织企业参加展会，成本控制≤16万元。", False),
        ("提升服务水平，成本控制≤30万元。", False),
    ],
)
def test_a_limit_of_cost_that_no_project_could_pay(goal: str, found: bool) -> None:
    spent = statement("expenditure", [({"function_name": "合计"}, {"project": "20.00"}, True)])
    tables: Sequence[Statement] = [spent, BASIC, *sheet("20.00")]
    outcomes = audit_narrative(told(goal), tables, WHO)
    assert [o.finding.rule for o in outcomes if o.finding] == ["narrative.cost_limit"] * found


@pytest.mark.parametrize(
    ("plan", "budget", "wrong"),
    [
        ({"plan_march": "5.00", "plan_december": "20.00"}, "20.00", True),
        ({"plan_march": "73.25", "plan_december": "293.00"}, "293.00", True),
        ({"plan_march": "25", "plan_december": "100"}, "20.00", False),
        ({"plan_march": "25", "plan_december": "100"}, "100", False),
    ],
)
def test_a_head_that_says_percent_over_amounts(plan: dict[str, str], budget: str, wrong: bool) -> None:
    table = statement("project", [({"project_name": "甲"}, {"budget": budget, **plan}, False)])
    headed = replace(table, percent_heads=(PercentHead("资金支出计划(%)", tuple(plan), 1, BOX),))
    tried = [o for o in audit_document([headed], 2025) if o.rule == "table.percent_head"]
    assert [o.outcome for o in tried] == ["fail" if wrong else "pass"]


def test_the_head_of_a_printed_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    layout, disclosure = layouts.load("hebei"), make_disclosure(1, "306", 2025)
    for head, times in (("资金支出计划", 0), ("资金支出计划（%）", 1)):
        monkeypatch.setattr(sheets, "PLAN_HEAD", head)
        printed = print_disclosure(disclosure, layout)
        found = extract(printed.content, Hints(printed.file_name)).tables["finding"].to_pylist()
        assert [f["rule"] for f in found].count("table.percent_head") == times
