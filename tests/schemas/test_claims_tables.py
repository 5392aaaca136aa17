"""The text against the tables, and names, years, units and wording: one slip at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from fisc.schemas.audit.narrative import audit_narrative
from fisc.schemas.audit.outcome import Finding
from fisc.schemas.identity import Identity
from fisc.schemas.statement import Amount, Row, Statement
from tests.extractors.test_narrative_facts import told

BOX = (0.0, 0.0, 1.0, 1.0)
STEP = Decimal(100)
WHO = Identity("130302", "秦皇岛市海港区", "秦皇岛市海港区科技和工业信息化局", "department", 2025, "budget")


def statement(
    table: str, rows: Sequence[tuple[Mapping[str, str], Mapping[str, str], bool]], unit: str = "万元"
) -> Statement:
    """A statement of rows: words, amounts as printed in 万元, whether it is a total."""
    made = tuple(
        Row(words, {column: amount(text) for column, text in amounts.items()}, 1, total)
        for words, amounts, total in rows
    )
    columns = tuple(dict.fromkeys(column for _, amounts, _ in rows for column in amounts))
    return Statement(table, table, unit, made, 1, columns)


def amount(text: str) -> Amount:
    return Amount(text, Decimal(text) * 10_000 if text else None, STEP, 1, BOX)


EXPENDITURE = statement(
    "expenditure",
    [
        (
            {"function_name": "合计"},
            {"total": "724.00", "basic": "262.90", "project": "461.10", "operating": ""},
            True,
        )
    ],
)
GENERAL = statement(
    "general_public_budget",
    [
        ({"function_name": "合计"}, {"total": "724.00", "basic": "262.90", "project": "461.10"}, True),
        ({"function_code": "210", "function_name": "卫生健康支出"}, {"total": "15.03"}, False),
        ({"function_code": "21011", "function_name": "行政事业单位医疗"}, {"total": "15.03"}, False),
        ({"function_code": "2101101", "function_name": "行政单位医疗"}, {"total": "15.03"}, False),
    ],
)  # fmt: skip
BASIC = statement(
    "basic_expenditure",
    [
        ({"economic_name": "合计"}, {"total": "262.90", "personnel": "246.00", "operating": "16.90"}, True),
        ({"economic_code": "30101", "economic_name": "基本工资"}, {"total": "246.00"}, False),
        ({"economic_code": "30201", "economic_name": "办公费"}, {"total": "12.70"}, False),
        ({"economic_code": "30207", "economic_name": "邮电费"}, {"total": "4.20"}, False),
        ({"economic_code": "30310", "economic_name": "个人农业生产补贴"}, {"total": ""}, False),
    ],
)  # fmt: skip
PROJECTS = statement(
    "project",
    [({"project_name": "科技特派员活动经费"}, {"budget": "8.00"}, False), ({"project_name": "科工专项工作经费"}, {"budget": "453.10"}, False)],
)  # fmt: skip
TABLES = (EXPENDITURE, GENERAL, BASIC, PROJECTS)


def findings(
    *paragraphs: str, tables: Sequence[Statement] = TABLES, who: Identity | None = WHO
) -> list[Finding]:
    """The findings on a text beside tables."""
    year, stage = (who.fiscal_year, who.stage) if who else (2025, "budget")
    outcomes = audit_narrative(told(*paragraphs, year=year, stage=stage), tables, who)
    return [o.finding for o in outcomes if o.finding]


def said(*paragraphs: str, tables: Sequence[Statement] = TABLES) -> list[tuple[str, str]]:
    return [(f.severity, f.rule) for f in findings(*paragraphs, tables=tables)]


def test_a_text_that_agrees_with_its_tables() -> None:
    outcomes = audit_narrative(
        told(
            "支出预算724.00万元，其中基本支出262.90万元，包括人员经费246.00万元和日常公用经费16.90万元；项目支出461.10万元，"
            "主要为科技特派员活动经费8.00万元；科工专项工作经费453.10万元。",
            "11、卫生健康支出（210类）行政事业单位医疗（11款）行政单位医疗（01项）15.03万元。",
        ),
        TABLES,
        WHO,
    )
    assert not [o for o in outcomes if o.finding]
    proven = {cell for o in outcomes for cell in o.cells}
    assert {
        (0, 0, "basic"),
        (0, 0, "project"),
        (2, 0, "personnel"),
        (3, 0, "budget"),
        (1, 3, "total"),
    } <= proven


def test_an_amount_that_is_not_that_of_the_table() -> None:
    (finding,) = findings("支出预算724.00万元，其中基本支出269.20万元，已作安排。")
    assert (finding.severity, finding.rule) == ("error", "narrative.table")
    assert (finding.expected, finding.actual) == (Decimal("2629000.00"), Decimal("2692000.00"))


def test_a_figure_in_the_wrong_unit() -> None:
    (finding,) = findings("支出预算724.00万元，其中基本支出262.90元，已作安排。")
    assert (finding.severity, finding.rule) == ("error", "narrative.unit")


def test_the_same_digits_in_another_unit_without_tables() -> None:
    text = "本年收入合计1551.25万元，比上年增加1551.25万元；本年支出合计1551.25{}，比上年增加1551.25万元。"
    assert not said(text.format("万元"), tables=())
    assert said(text.format("元"), tables=()) == [("error", "narrative.unit")]


def test_a_part_that_the_tables_know_and_the_text_leaves_out() -> None:
    with_operating = statement(
        "expenditure",
        [
            (
                {"function_name": "合计"},
                {"total": "724.00", "basic": "262.90", "project": "451.10", "operating": "10.00"},
                True,
            )
        ],
    )
    text = "支出预算724.00万元，其中：基本支出262.90万元，项目支出451.10万元。"
    carried = statement(
        "revenue_expenditure",
        [
            (
                {"side": "expenditure", "item": "年末结转和结余", "key": "carryover_out"},
                {"amount": "5.00"},
                False,
            )
        ],
    )
    assert not said(text, tables=(with_operating,))
    assert not said(text, tables=(with_operating, carried))
    assert ("error", "narrative.sum.basic_project") in said(text)


def test_a_project_and_the_list_it_stands_in() -> None:
    text = "项目支出461.10万元，主要为科技特派员活动经费5万元；科工专项工作经费453.10万元。"
    assert said(text) == [("error", "narrative.sum.list"), ("error", "narrative.project")]
    by_rule = {f.rule: f for f in findings(text)}
    assert by_rule["narrative.sum.list"].expected == Decimal("4581000.00")
    assert by_rule["narrative.project"].expected == Decimal("80000.00")


def test_names_of_class_lines() -> None:
    line = "11、{}（210类）{}（11款）{}（01项）15.03万元。"
    assert not said(line.format("卫生健康支出", "行政事业单位医疗", "行政单位医疗"))
    assert said(line.format("医疗卫生与计划生育支出", "行政事业单位医疗", "行政单位医疗")) == [
        ("error", "narrative.line_name")
    ]
    assert said("（一）卫生健康支出（类）", "1．卫生健康支出（款）行政单位医疗（项）支出15.03万元。") == [
        ("warning", "narrative.line_name")
    ]


def test_a_class_line_with_another_amount() -> None:
    (finding,) = findings("1、卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）51.03万元。")
    assert (finding.rule, finding.expected) == ("narrative.line", Decimal("150300.00"))


def test_a_class_of_all_funds_together() -> None:
    tables = [
        statement("general_public_budget", [({"function_code": "212", "function_name": "城乡社区支出"}, {"total": "28.46"}, False)]),
        statement("government_fund", [({"function_code": "212", "function_name": "城乡社区支出"}, {"total": "7.13"}, False)]),
    ]  # fmt: skip
    line = "2025年财政拨款支出预算35.59万元，主要用于以下方面：城乡社区（类）支出{}万元。"
    assert said(line.format("35.59"), tables=tables) == []
    assert said(line.format("28.46"), tables=tables) == []
    assert said(line.format("35.95"), tables=tables) == [("error", "narrative.line")]


def test_a_class_that_no_table_names_by_its_amount() -> None:
    text = "2025年财政拨款支出预算35.59万元，主要用于以下方面：{}（类）支出{}万元。"
    table = statement("general_public_budget", [({"function_code": "212", "function_name": "城乡社区支出"}, {"total": "35.59"}, False)])  # fmt: skip
    assert said(text.format("城乡社区", "35.59"), tables=[table]) == []
    assert said(text.format("债务付息", "35.59"), tables=[table]) == [("warning", "narrative.line_name")]
    assert said(text.format("债务付息", "36.59"), tables=[table]) == []


def test_classes_that_hang_on_a_whole_said_before_the_last_one() -> None:
    wholes = "财政拨款支出预算100.00万元，其中：一般公共预算拨款支出预算60.00万元，政府性基金拨款支出预算40.00万元。"
    classes = "财政拨款支出主要内容如下：教育（类）支出70.00万元；城乡社区（类）支出{}万元。"
    table = statement(
        "general_public_budget",
        [({"function_code": code, "function_name": name}, {}, False) for code, name in (("205", "教育支出"), ("212", "城乡社区支出"))],
    )  # fmt: skip
    assert said(wholes + classes.format("30.00"), tables=[table]) == []
    assert said(wholes + classes.format("35.00"), tables=[table]) == [("error", "narrative.sum.classes")]


def test_economic_lines_by_amount_and_by_name() -> None:
    text = "公用经费16.90万元，主要包括：办公费{}万元、邮电费4.20万元。"
    assert not said("基本支出262.90万元，其中：" + text.format("12.70"))
    assert ("error", "narrative.economic") in said("基本支出262.90万元，其中：" + text.format("11.70"))
    assert (
        said("人员经费246.00万元，主要包括：基本工资、个人农业生产补贴、提租补贴。")
        == [("warning", "narrative.economic_name")] * 2
    )


def test_a_line_named_where_the_table_prints_a_zero_may_be_a_few_yuan() -> None:
    lines = {"基本工资": "246.00", "奖金": "0.00", "津贴补贴": "", "办公费": "16.90"}
    table = statement(
        "basic_expenditure",
        [({"economic_name": name}, {"total": value}, False) for name, value in lines.items()],
    )
    told = findings("人员经费246.00万元，主要包括：基本工资、奖金、津贴补贴。", tables=(table,))
    assert [(f.severity, f.message_zh) for f in told if f.rule == "narrative.economic_name"] == [
        ("info", "“奖金”在基本支出表中为零。"),
        ("warning", "“津贴补贴”在基本支出表中为空白。"),
    ]


def test_assets_that_cannot_be_worth_so_much() -> None:
    def assets(value: str) -> Statement:
        return statement(
            "fixed_asset", [({"item_text": "4、其他固定资产"}, {"value": value, "quantity": "0.0023"}, False)]
        )

    assert not said("无其他说明。", tables=(EXPENDITURE, assets("10.97")))
    (finding,) = findings("上年末固定资产金额为109690.00万元。", tables=(EXPENDITURE, assets("109690.00")))
    assert (finding.severity, finding.rule) == ("error", "assets.value")
    assert finding.expected == Decimal("109690.00")
    assert finding.quote == "上年末固定资产金额为109690.00万元。"


def test_said_to_be_empty() -> None:
    full = statement("government_fund", [({"function_name": "合计"}, {"total": "5.00"}, True)])
    empty = statement("government_fund", [({"function_name": "合计"}, {"total": ""}, True)])
    text = "本部门2025年度无政府性基金预算财政拨款收入和支出。"
    assert not said(text, tables=(empty,))
    assert said(text, tables=(full,)) == [("error", "narrative.said_empty")]


def test_money_evaluated_is_part_of_project_expenditure() -> None:
    assert said("编报绩效目标的项目20个，涉及项目预算资金561.10万元。") == [
        ("warning", "narrative.evaluated")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("财政拨款收入724.00万元，比2024年预算增加71.83万元。", []),
        ("财政拨款收入724.00万元，比2025年预算增加71.83万元。", [("error", "narrative.compared_year")]),
        ("政府性基金支出预算0万元，与2026年预算持平。", [("error", "narrative.compared_year")]),
        ("2026年支出预算724.00万元。", [("error", "narrative.stated_year")]),
        ("2024年支出预算724.00万元。", [("error", "narrative.stated_year")]),
        ("2024年支出预算652.17万元，2025年支出预算724.00万元。", []),
        ("现将我局2026年部门预算公开如下：", [("warning", "narrative.stated_year")]),
        ("截至2026年12月31日，共有车辆0辆。", [("warning", "narrative.until_year")]),
        ("截至2024年8月31日，共有车辆0辆。", []),
    ],
)
def test_years(text: str, found: list[tuple[str, str]]) -> None:
    assert said(text) == found


def test_a_project_is_called_as_its_sheet_calls_it() -> None:
    name = "望财教【2024】63号-提前下达2025年科技创新和科学普及专项资金"
    sheet = statement("project", [({"project_name": name}, {"budget": "8.00"}, False)])
    text = "项目支出461.10万元，主要为望财教[2024]63号-提前下达2025年科技创新和科学普及专项资金5.00万元。"
    (finding,) = [f for f in findings(text, tables=(sheet,)) if f.rule == "narrative.project"]
    assert finding.message_zh == f"文中称“{name}”为5.00万元，而项目表中的预算数为8.00万元，相差-3.00万元。"


def test_the_year_in_the_name_of_a_project() -> None:
    name = "望财教【2024】63号-提前下达2025年科技创新和科学普及专项资金"
    sheet = statement("project", [({"project_name": name}, {"budget": "8.00"}, False)])
    text = "项目支出461.10万元，主要为望财教[2024]63号-提前下达{}年科技创新和科学普及专项资金8.00万元。"
    assert said(text.format(2025), tables=(sheet,)) == []
    assert said(text.format(2023), tables=(sheet,)) == [("warning", "narrative.project_year")]


def test_the_year_whose_projects_are_evaluated() -> None:
    text = "本部门组织对{}年度项目支出全面开展绩效自评，涉及项目4个，共涉及资金461.10万元。"
    assert ("error", "narrative.stated_year") not in said(text.format(2025))
    assert ("error", "narrative.stated_year") in said(text.format(2024))


def test_a_figure_given_of_the_year_before_alone() -> None:
    text = "本部门2024年政府采购预算46.07万元，已作安排。"
    assert said(text) == [("warning", "narrative.stated_year")]
    assert said(text, "2025年政府采购预算50.00万元，已作安排。") == []
    assert said("本部门2024年组织绩效评价，涉及资金46.07万元。") == []


def test_the_period_of_a_project_ended_before_the_year() -> None:
    assert said("二、实施周期", "2024年1月1日-2024年12月31日，分期实施有关工作。") == [
        ("warning", "narrative.project_period")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("秦皇岛市海港区科技和工业信息化局2025年预算按有关规定编制。", []),
        (
            "秦皇岛市海港区科技与工业信息化局2025年预算按有关规定编制。",
            [("warning", "narrative.department_name")],
        ),
        ("秦皇岛市海港区民政局2025年预算按有关规定编制。", [("warning", "narrative.other_department")]),
        ("根据秦皇岛市海港区财政局关于批复2025年部门预算的通知编制。", []),
        ("XX局2025年预算按有关规定编制。", [("warning", "narrative.template")]),
        ("支出减少5.00万元，下降（增长）2.00%。", [("warning", "narrative.template")]),
        ("活动次数≥10次；=100%；", [("warning", "narrative.value_form")]),
        ("国内公务接待支出0.39万（含外宾接待支出0万元）。", [("info", "narrative.unit_lost")]),
    ],
)
def test_names_and_wording(text: str, found: list[tuple[str, str]]) -> None:
    assert said(text, tables=()) == found


@pytest.mark.parametrize("printed", ["0.39", "1720.00", "1,170.00"])
def test_an_amount_with_half_a_unit_is_quoted_whole(printed: str) -> None:
    (finding,) = findings(f"国内公务接待支出{printed}万（含外宾接待支出0万元）。", tables=())
    assert finding.message_zh == f"“{printed}万”后缺“元”。"


def test_a_rate_without_its_percent_mark() -> None:
    text = "一般公共预算财政拨款支出9746.50万元，比上年增加1193.20万元，增长13.95。"
    assert said(text, tables=()) == [("warning", "narrative.unit_lost")]


def indicator(target: str) -> Statement:
    return statement("performance_indicator", [({"level3": "资金拨付时间", "target": target}, {}, False)])


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("2025 年12 月31 日前完成", []),
        ("2024 年12 月31 日前完成", [("warning", "indicator.deadline")]),
        ("≥95%", []),
        ("≥90 企业满意度比上年所有提高", [("warning", "indicator.value")]),
        ("293 万元", []),
    ],
)
def test_values_of_indicators(target: str, found: list[tuple[str, str]]) -> None:
    assert said("无其他说明。", tables=(indicator(target),)) == found


@pytest.mark.parametrize(
    ("amount", "found"),
    [("724.00", []), ("724.90", [("warning", "narrative.table")]), ("524.10", [])],
    ids=["agrees", "mistyped", "another"],
)
def test_a_figure_named_by_the_words_before_is_doubted_where_it_looks_mistyped(
    amount: str, found: list[tuple[str, str]]
) -> None:
    text = f"1.一般公共预算财政拨款本年收入合计724.00万元；本年支出合计{amount}万元。"
    assert said(text) == found


def test_where_text_and_tables_differ_throughout_they_speak_of_different_things() -> None:
    text = "支出预算{}万元，其中基本支出{}万元，包括人员经费{}万元和日常公用经费{}万元；项目支出{}万元。"
    other = text.format("400.00", "300.00", "280.00", "20.00", "100.00")
    assert {severity for severity, rule in said(other) if rule == "narrative.table"} == {"warning"}


def test_figures_read_from_pictures_are_doubted_before_the_text() -> None:
    scanned = Amount("265.90", Decimal(2_659_000), STEP, 1, BOX, method="ocr")
    row = Row({"function_name": "合计"}, {"basic": scanned}, 1, True)
    table = Statement("expenditure", "支出决算表", "万元", (row,), 1, ("basic",))
    assert said("支出预算724.00万元，其中基本支出262.90万元，已作安排。", tables=(table,)) == [
        ("warning", "narrative.table")
    ]


def test_messages_say_both_sides_in_both_languages() -> None:
    (finding,) = findings("支出预算724.00万元，其中基本支出269.20万元，已作安排。")
    for sentence in (finding.message_zh, finding.message_en):
        assert "269.20万元" in sentence
        assert "262.90万元" in sentence
