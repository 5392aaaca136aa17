"""The inspection sheet: what meets the requirement, what does not, and what cannot be judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fisc.schemas.audit.document import OFFICIAL
from fisc.schemas.contract import MODELS
from fisc.schemas.inspection import Evidence, Line, Sheet, inspect, items, ranked

LONG = "承担本部门预算编制、执行和监督的职责。" * 10


def section(heading: str, page: int = 1, depth: int = 1, text: str = LONG) -> dict[str, Any]:
    return {"heading": heading, "depth": depth, "page": page, "page_to": page, "text": text}


def finding(rule: str, severity: str = "error", **more: Any) -> dict[str, Any]:
    return {
        "rule": rule,
        "severity": severity,
        "where": None,
        "page": None,
        "message": "不符。 It differs.",
    } | more


DOCUMENT = {
    "document_id": "3f2a" * 4, "department": "某市财政局", "region": "某市", "level": "department",
    "fiscal_year": 2025, "stage": "budget", "published_on": date(2025, 2, 10),
}  # fmt: skip
WHOLE = Evidence(
    DOCUMENT,
    [],
    [
        section("主要职能"),
        section("机构设置"),
        section("名词解释"),
        section("2025年部门预算编制说明", 8),
        section("其他相关情况说明", 20, text=""),
        section("机关运行经费", 20, 2),
        section("绩效目标设置情况", 20, 2),
        section("信息化项目经费情况说明", 23),
        section("立项依据", 23, 2),
    ],
    {("document.cover", "pass"): 1, ("document.contents", "pass"): 1, ("table.present", "pass"): 9},
    dict.fromkeys(OFFICIAL, 5),
    date(2025, 2, 20),
)


def line(evidence: Evidence, name: str) -> Line:
    return next(line for line in inspect(evidence).lines if line.item.id == name)


def with_findings(*findings: dict[str, Any]) -> Evidence:
    return replace(WHOLE, findings=findings)


def test_the_sheet_has_the_items_of_the_bureaus_in_their_order() -> None:
    names = [item.id for item in items()]
    assert names == [
        "on_time", "cover", "contents", "duties", "institutions", "glossary", "explanation", *OFFICIAL,
        "other_notes", "project_notes", "rest",
    ]  # fmt: skip
    assert {table for item in items() for table in item.tables} <= set(MODELS)


def test_a_whole_document_without_findings_meets_everything() -> None:
    sheet = inspect(WHOLE)
    assert [line.item.id for line in sheet.lines if line.verdict != "meets"] == []
    assert (sheet.met, sheet.judged) == (18, 18)


@pytest.mark.parametrize(
    ("found", "item"),
    [
        (finding("expenditure.total", where="expenditure", page=12), "expenditure"),
        (finding("codes.roll_up", where="收入总表", page=11), "revenue"),
        (finding("between.expenditure", where="支出总表、收入总表", page=11), "revenue"),
        (finding("narrative.share", where="2025年部门预算编制说明", page=8), "explanation"),
        (finding("narrative.growth", where="机关运行经费", page=20), "other_notes"),
        (finding("narrative.stated_year", where="绩效目标设置情况", page=20), "other_notes"),
        (finding("narrative.project_period", where="立项依据", page=23), "project_notes"),
        (finding("indicator.value", where="服务对象满意度", page=15), "project_notes"),
        (finding("identity.department", where="封面", page=1), "cover"),
        (finding("narrative.direction", where="没有的标题"), "explanation"),
        (finding("table.present", where="three_public"), "three_public"),
        (finding("number.unaccounted", "warning", page=8), "rest"),
        (finding("disclosure.changed", "warning", where="revenue", page=11), "rest"),
    ],
)
def test_a_finding_stands_under_its_item_which_then_does_not_meet(found: dict[str, Any], item: str) -> None:
    sheet = inspect(with_findings(found))
    assert [line.item.id for line in sheet.lines if line.verdict == "fails"] == [item]
    assert [line.findings for line in sheet.lines if line.findings] == [(found,)]


def test_a_remark_or_a_waived_finding_does_not_fail_an_item_and_stays_in_sight() -> None:
    waived = finding("narrative.share", page=8, waived="四舍五入", waived_by="王审")
    judged = line(with_findings(waived, finding("narrative.template", "info", page=8)), "explanation")
    assert (judged.verdict, len(judged.findings)) == ("remarks", 2)
    assert "1处已免除" in judged.zh


def test_late_early_and_unknown_days() -> None:
    late = replace(WHOLE, document=DOCUMENT | {"published_on": date(2025, 2, 21)})
    assert line(late, "on_time").verdict == "fails"
    assert line(replace(WHOLE, due=None), "on_time").verdict == "unknown"
    assert line(replace(WHOLE, document=DOCUMENT | {"published_on": None}), "on_time").verdict == "unknown"


def test_what_is_missing_does_not_meet_and_says_so() -> None:
    sections = [s for s in WHOLE.sections if s["heading"] != "名词解释"]
    judged = line(replace(WHOLE, sections=sections), "glossary")
    assert (judged.verdict, judged.zh) == ("fails", "未见名词解释")
    rows = dict(WHOLE.rows) | {"glossary": 3}
    assert line(replace(WHOLE, sections=sections, rows=rows), "glossary").verdict == "meets"
    no_cover = dict(WHOLE.checks) | {("document.cover", "not_run"): 1}
    del no_cover["document.cover", "pass"]
    assert line(replace(WHOLE, checks=no_cover), "cover").verdict == "fails"


def test_a_heading_without_text_is_no_part_and_one_heading_may_head_two() -> None:
    empty = [section("名词解释", text=""), *(s for s in WHOLE.sections if s["heading"] != "名词解释")]
    assert line(replace(WHOLE, sections=empty), "glossary").verdict == "fails"
    both = [section("部门职责及机构设置情况"), section("2025年部门预算编制说明", 8)]
    assert {line(replace(WHOLE, sections=both), name).verdict for name in ("duties", "institutions")} == {
        "meets"
    }


def test_a_file_of_tables_alone_or_of_text_alone_is_not_blamed_for_the_other() -> None:
    tables = inspect(replace(WHOLE, sections=[]))
    assert {line.item.id for line in tables.lines if line.verdict == "unknown"} == {
        "duties", "institutions", "glossary", "explanation", "other_notes", "project_notes",
    }  # fmt: skip
    checks = {("document.tables", "fail"): 1, ("table.present", "not_run"): 9}
    text = inspect(replace(WHOLE, rows={}, checks=checks))
    assert {line.verdict for line in text.lines if line.item.required} == {"unknown"}
    assert text.count("fails") == 0


def test_an_empty_table_is_there() -> None:
    rows = dict(WHOLE.rows) | {"government_fund": 0}
    judged = line(replace(WHOLE, rows=rows), "government_fund")
    assert (judged.verdict, judged.zh) == ("meets", "空表")


def test_documents_are_ranked_and_equals_share_a_place() -> None:
    def sheet(name: str, *findings: dict[str, Any]) -> Sheet:
        return inspect(replace(with_findings(*findings), document=DOCUMENT | {"department": name}))

    error, warning = finding("narrative.share", page=8), finding("narrative.share", "warning", page=8)
    sheets = [sheet("丁", error), sheet("乙"), sheet("丙", warning), sheet("甲")]
    assert [(place, s.document["department"]) for place, s in ranked(sheets)] == [
        (1, "乙"), (1, "甲"), (3, "丙"), (4, "丁"),
    ]  # fmt: skip
