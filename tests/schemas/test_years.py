"""Years that are not those of the statement: further comparisons, reasons, a look back; and the rate that is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.extractors.test_narrative_facts import told
from tests.schemas.test_claims import findings, said

COMPARED = [("warning", "narrative.compared_year")]
HEADED = [("warning", "narrative.heading_year")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“三公”经费决算6.20万元，比上年增加1.20万元；比2019年（疫情前）减少3.00万元。", []),
        ("“三公”经费决算6.20万元，比2019年（疫情前）减少3.00万元。", []),
        ("“三公”经费决算6.20万元，比2019年减少3.00万元。", COMPARED),
    ],
)
def test_a_further_comparison_with_an_earlier_year(text: str, found: list[tuple[str, str]]) -> None:
    assert said(text, stage="final_accounts") == found


def test_a_year_in_the_reasons_of_a_change_is_not_that_of_the_statement() -> None:
    reasons = "主要原因：一是人员减少；二是2024年下拨了抚恤金74.31万元；三是压减了经费。"
    assert said("1.上级补助收入8.00万元，为补助。", f"较2024年减少2.00万元，下降20.00%，{reasons}") == []


def test_a_budget_may_look_back_on_the_year_before_under_a_heading() -> None:
    text = "“三公”经费支出20.12万元，其中公务接待费20.12万元。"
    assert said("二、2024年“三公”经费决算情况", text) == []
    assert said("二、2024年“三公”经费预算情况", text) == HEADED
    assert said("二、2024年“三公”经费预算情况", text, stage="final_accounts") == HEADED


def test_the_rate_told_is_that_of_the_printed_figures() -> None:
    """3万元 can have been 2.5 and 3.5: the tolerance is wide, the quotient told is that of 1.71 and 3."""
    text = "“三公”经费支出预算为3万元，支出决算为1.71万元，完成预算的43%。"
    (finding,) = findings(text, stage="final_accounts")
    assert (finding.rule, finding.expected) == ("narrative.completion", Decimal("57.00"))
    assert "57.00%" in finding.message_zh


def test_a_base_that_rounding_may_have_made_nothing_is_not_judged() -> None:
    """1万元 can have been 0.50: what it was before cannot be told, and no other figure of the sentence is its base."""
    text = (
        "“三公”经费29万元，比上年增加0.5万元，增长1.75%，其中：公务接待费1万元，比上年增加0.5万元，增长100%。"
    )
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "（图2：收入决算结构图）（饼图）",
        "负责全区3-6岁儿童的保教工作。",
        "因公出国（境）费0万元，增长--（基数为0，不可比）。",
    ],
)
def test_numbers_that_state_nothing(text: str) -> None:
    assert [token.text for token in told(text).numbers if token.role is None] == []
