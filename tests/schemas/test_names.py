"""A code that does not carry its name is told, once, and with what it is called."""

from __future__ import annotations

from fisc.schemas.audit.names import audit_names
from fisc.schemas.statement import Row, Statement


def statement(table: str, *lines: tuple[str, str]) -> Statement:
    kind = "economic" if table == "basic_expenditure" else "function"
    rows = tuple(Row({f"{kind}_code": code, f"{kind}_name": name}, {}, 3) for code, name in lines)
    return Statement(table, table, "万元", rows, 3)


def test_right_names_pass_and_unlisted_codes_are_not_run() -> None:
    right = statement(
        "expenditure",
        ("206", "科学技术支出"),
        ("2080505", "机关事业单位基本养老保险缴费支出"),
        ("2989801", "无此科目"),
    )
    outcomes = [outcome.outcome for outcome in audit_names([right], 2025)]
    assert outcomes == ["pass", "pass", "not_run"]


def test_a_wrong_name_is_a_warning_that_says_both_names_and_both_codes() -> None:
    wrong = statement("expenditure", ("2080505", "机关事业单位职业年金缴费支出"))
    (outcome,) = audit_names([wrong, wrong], 2025)
    finding = outcome.finding
    assert finding
    assert (outcome.outcome, finding.severity, finding.page) == ("fail", "warning", 3)
    assert "机关事业单位基本养老保险缴费支出" in finding.message_zh
    assert "是2080506" in finding.message_zh


def test_a_name_of_another_year_is_info() -> None:
    renamed = statement("expenditure", ("20805", "行政事业单位离退休"))
    (late,), (early,) = audit_names([renamed], 2025), audit_names([renamed], 2017)
    assert early.outcome == "pass"
    assert late.finding
    assert late.finding.severity == "info"
    assert "行政事业单位养老支出" in late.finding.message_zh


def test_economic_codes_are_looked_up_in_their_own_classification() -> None:
    table = statement("basic_expenditure", ("30113", "住房公积金"), ("30311", "住房公积金"))
    right, wrong = audit_names([table], 2025)
    assert (right.outcome, wrong.outcome) == ("pass", "fail")
    assert wrong.finding
    assert wrong.finding.where == "basic_expenditure"
