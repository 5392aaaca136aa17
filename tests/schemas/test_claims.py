"""Claims recomputed: no rounding is called an error, no error passes, and a finding says both sides."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fisc.schemas.audit.claims.arithmetic import Span, judge
from fisc.schemas.audit.narrative import audit_narrative
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.narrative import Figure
from tests.extractors.test_narrative_facts import told

CENT = Decimal("0.01")
WAN = Decimal(10_000)


def audited(*paragraphs: str, year: int = 2025, stage: str = "budget") -> list[Outcome]:
    """The outcomes of a text without tables."""
    return audit_narrative(told(*paragraphs, year=year, stage=stage), ())


def findings(*paragraphs: str, year: int = 2025, stage: str = "budget") -> list[Finding]:
    """The findings above info on a text without tables."""
    outcomes = audited(*paragraphs, year=year, stage=stage)
    return [o.finding for o in outcomes if o.finding and o.finding.severity != "info"]


def said(*paragraphs: str, year: int = 2025, stage: str = "budget") -> list[tuple[str, str]]:
    """Severity and rule of each finding above info."""
    return [(f.severity, f.rule) for f in findings(*paragraphs, year=year, stage=stage)]


def money(value: Decimal) -> str:
    return f"{value.quantize(CENT)}万元"


def test_growth_is_recomputed_from_change_and_level() -> None:
    (finding,) = findings("项目支出预算数为4335.30万元。与上年相比减少1237.70万元，减少13.22%。")
    assert (finding.severity, finding.rule) == ("error", "narrative.growth")
    assert (finding.expected, finding.actual) == (Decimal("22.21"), Decimal("13.22"))
    assert finding.difference == Decimal("-8.99")
    assert "22.21%" in finding.message_zh
    assert "22.21%" in finding.message_en
    assert finding.quote == "与上年相比减少1237.70万元，减少13.22%。"
    assert finding.page == 1
    assert finding.box is not None


def test_growth_from_the_levels_of_two_years() -> None:
    line = "6、公共安全支出（204类）司法（06款）其他司法支出（99项）{}万元。2024年预算执行数为{}万元，2025年预算安排{}万元，比2024年预算执行数增加17.62%。"
    assert not said(line.format("3845.49", "3269.30", "3845.49"))
    assert said(line.format("3845.49", "43269.30", "3845.49")) == [("error", "narrative.growth")]


def test_a_rise_from_nothing_has_no_rate() -> None:
    text = "机关运行经费支出14.72万元，较2022年度增加14.72万元，增长{}。"
    assert said(text.format("0.0%"), year=2023, stage="final_accounts") == [("error", "narrative.growth")]
    assert said(text.format("100%"), year=2023, stage="final_accounts") == [("warning", "narrative.growth")]


def test_a_rate_cut_instead_of_rounded_is_info() -> None:
    outcomes = audited("一般公共预算收入24169.74万元，与上年相比增加2228.78万元，增长10.15%。")
    assert [o.finding.severity for o in outcomes if o.finding] == ["info"]


@settings(deadline=None)
@given(
    now=st.decimals(Decimal("0.01"), Decimal(99_999), places=2),
    before=st.decimals(Decimal("0.01"), Decimal(99_999), places=2),
    places=st.sampled_from([Decimal("0.01"), Decimal("0.1"), Decimal(1)]),
)
def test_no_rounding_is_an_error(now: Decimal, before: Decimal, places: Decimal) -> None:
    """Whatever the true amounts, a text that rounds each of its figures is right, and one that cuts the rate is no error."""
    change = abs(now - before)
    way = "增加" if now >= before else "减少"
    rate = change / before * 100
    for how, allowed in ((ROUND_HALF_UP, set()), (ROUND_DOWN, {"info"})):
        text = (
            f"基本支出{money(now)}，比上年{way}{money(change)}，{way}{rate.quantize(places, rounding=how)}%。"
        )
        rules = {o.finding.severity for o in audited(text) if o.finding and o.rule == "narrative.growth"}
        assert rules <= allowed, text


@given(
    whole=st.decimals(Decimal(100), Decimal(99_999), places=2),
    part=st.decimals(Decimal("0.1"), Decimal("0.9"), places=3),
    off=st.decimals(Decimal("0.05"), Decimal(9), places=2),
)
def test_a_wrong_share_is_found(whole: Decimal, part: Decimal, off: Decimal) -> None:
    basic = (whole * part).quantize(CENT)
    project = whole - basic
    rate = (basic / whole * 100).quantize(CENT, rounding=ROUND_HALF_UP)
    right = f"本年支出合计{money(whole)}，其中：基本支出{money(basic)}，占{rate}%；项目支出{money(project)}，占{100 - rate}%。"
    wrong = right.replace(f"占{rate}%", f"占{rate + off}%", 1)
    assert not said(right)
    assert ("error", "narrative.share") in said(wrong)


def test_shares_set_to_make_a_hundred_are_info() -> None:
    outcomes = audited(
        "本年支出合计28849.38万元，其中：基本支出17123.19万元，占59.35%；项目支出11543.27万元，占40.01%；单位预留机动经费182.92万元，占0.64%。"
    )
    assert [o.finding.severity for o in outcomes if o.finding] == ["info"]


def test_the_share_of_a_whole_said_elsewhere() -> None:
    text = (
        "本年支出合计1551.25万元，其中：基本支出211.44万元，项目支出1339.81万元。",
        "组织开展绩效自评，涉及项目28个，共涉及资金3593.31万元，占一般公共预算项目支出总额的100%。",
    )
    (finding,) = findings(*text, year=2023, stage="final_accounts")
    assert (finding.rule, finding.expected) == ("narrative.share", Decimal("268.20"))


def test_completion_of_the_budget() -> None:
    text = "支出年初预算为{}万元，支出决算为{}万元，完成年初预算的{}%。"
    final = {"year": 2024, "stage": "final_accounts"}
    assert not said("“三公”经费" + text.format("2.85", "0.39", "13.68"), **final)  # type: ignore[arg-type]
    assert said("“三公”经费" + text.format("2.85", "0.39", "18.68"), **final) == [
        ("error", "narrative.completion")
    ]  # type: ignore[arg-type]
    assert said("“三公”经费" + text.format("0.00", "0.00", "0"), **final) == [
        ("warning", "narrative.completion")
    ]  # type: ignore[arg-type]


def test_completion_from_the_difference() -> None:
    text = "财政拨款本年支出合计1551.25万元，完成年初预算的{}%，比年初预算增加436.95万元。"
    assert not said(text.format("139.2"), year=2023, stage="final_accounts")
    assert said(text.format("193.2"), year=2023, stage="final_accounts") == [
        ("error", "narrative.completion")
    ]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("支出预算724.00万元，其中基本支出262.90万元；项目支出451.10万元，均已安排，上缴上级支出0万元。", "narrative.sum.basic_project"),
        ("基本支出211.44万元，其中：人员经费196.71万元，公用经费41.72万元。", "narrative.sum.personnel_operating"),
        ("“三公”经费预算20.00万元，其中：因公出国（境）费5.00万元；公务用车购置及运行费12.00万元；公务接待费2.00万元。", "narrative.sum.three_public"),
        ("政府采购支出总额268.68万元，其中：货物支出22.71万元、工程支出0万元、服务支出254.97万元。", "narrative.sum.procurement"),
        ("共有车辆11辆，其中：机要通信用车2辆、执法执勤用车5辆、其他用车3辆。", "narrative.sum.vehicle_kinds"),
        ("项目总预算1170.00万元，其中甲870.00万元，乙70.00万元，丙180.00万元，丁60.00万元，合计1180.00万元。", "narrative.sum.list"),
        ("机关运行经费16.90万元。包括：办公费3.20万元、邮电费4.20万元、工会经费9.60万元。", "narrative.sum.list"),
    ],
)  # fmt: skip
def test_sums_that_do_not_hold(text: str, rule: str) -> None:
    assert rule in [r for _, r in said(text)]


def test_a_sum_allows_half_a_unit_for_each_of_its_figures() -> None:
    assert not said("基本支出211.44万元，其中：人员经费196.71万元，公用经费14.72万元。")
    assert said("基本支出211.44万元，其中：人员经费196.71万元，公用经费14.71万元。") == [
        ("error", "narrative.sum.personnel_operating")
    ]


def test_changes_add_up_with_their_signs() -> None:
    text = (
        "预算收支安排724.00万元，较2024年预算增加{}万元，其中：基本支出减少5.07万元，项目支出增加76.90万元。"
    )
    assert not said(text.format("71.83"))
    (finding,) = findings(text.format("73.83"))
    assert finding.difference == Decimal(20_000)


def test_parts_said_to_be_unchanged_count_as_nothing() -> None:
    text = "“三公”经费预算10.00万元，比2024年预算减少{}万元。其中：因公出国（境）费0万元，与2024年预算持平；公务用车购置及运行费8.00万元，与2024年预算持平；公务接待费2.00万元，比2024年预算减少1.00万元。"
    assert not said(text.format("1.00"))
    assert [rule for _, rule in said(text.format("3.00"))] == ["narrative.sum.three_public"]


def test_an_open_list_need_not_be_whole() -> None:
    assert not said("项目支出461.10万元，主要用于信息化建设200.00万元、执法办案100.00万元。")


def test_graded_projects_and_their_rate() -> None:
    text = (
        "组织对28个项目开展评价，评价等级为“优”项目27个，“良”项目1个，“中”项目0个，“差”项目0个，评优率为{}%。"
    )
    assert not said(text.format("96.43"), stage="final_accounts")
    (finding,) = findings(text.format("97.68"), stage="final_accounts")
    assert (finding.rule, finding.expected) == ("narrative.rate", Decimal("96.43"))


@pytest.mark.parametrize(
    ("words", "wrong"), [("小于", False), ("大于", True), ("等于", True)]
)  # fmt: skip
def test_words_of_comparison(words: str, wrong: bool) -> None:
    text = f"培训支出年初预算为10.00万元，支出决算为8.00万元。决算数{words}预算数的主要原因是厉行节约。"
    assert (("error", "narrative.direction") in said(text, year=2024, stage="final_accounts")) is wrong


def test_an_amount_and_its_rate_go_the_same_way() -> None:
    assert said("机关运行经费80.00万元，比2024年减少20.00万元，增长20.00%。") == [
        ("error", "narrative.direction")
    ]


def test_the_same_change_said_twice_goes_the_same_way() -> None:
    text = "财政拨款支出预算847.25万元，比2024年预算增加151.31万元。一般公共预算拨款支出预算847.25万元，比2024年预算{}151.31万元。"
    assert not said(text.format("增加"))
    assert said(text.format("减少")) == [("error", "narrative.direction")]


def test_nothing_has_grown_by_more_than_it_is() -> None:
    assert said("培训费预算支出0.50万元，比上年预算增加8.09万元。") == [("error", "narrative.change")]


def test_a_line_said_twice_in_a_paragraph() -> None:
    line = "12、住房保障支出（221类）住房改革支出（02款）住房公积金（01项）208.80万元。2024年预算执行数为198.34万元，2025年预算安排{}万元，比2024年预算执行数增加5.27%。"
    assert not said(line.format("208.80"))
    assert said(line.format("201.50")) == [("error", "narrative.restated")]


def test_another_way_of_counting_is_not_compared() -> None:
    assert not said(
        "机关运行经费9193.40万元，比2024年增加5503.07万元，增长149.12%。按与上年统计口径一致相比，本年比上年减少161.96万元，下降了4.39%。"
    )


def test_a_rate_may_be_that_of_the_whole_sentence() -> None:
    assert not said(
        "支出合计100.00万元，其中：基本支出60.00万元，项目支出40.00万元，比上年增加10.00万元，增长11.11%。"
    )


def test_a_minus_turns_the_direction() -> None:
    assert not said("基本支出90.00万元，比上年减少10.00万元，增长-10.00%。")


def figure(value: str, step: str, unit: str = "CNY") -> Figure:
    return Figure(value, Decimal(value), Decimal(step), unit, 1, (0, 0, 1, 1))


def test_what_was_tried_is_told_apart_from_what_was_not() -> None:
    outcomes = audited("基本支出211.44万元，增长5%，其中：人员经费196.71万元，公用经费14.73万元。")
    assert {
        (o.rule, o.outcome) for o in outcomes if o.rule.startswith(("narrative.growth", "narrative.sum"))
    } == {
        ("narrative.growth", "not_run"),
        ("narrative.sum.personnel_operating", "pass"),
    }


def test_judging_a_rate() -> None:
    stated = figure("33.33", "0.01", "percent")
    third = Span.at(Decimal(100) / 3)
    assert judge(stated, third).kind == "right"
    assert judge(figure("33.34", "0.01", "percent"), third).kind == "wrong"
    assert judge(figure("66.66", "0.01", "percent"), Span.at(third.middle * 2)).kind == "cut"
