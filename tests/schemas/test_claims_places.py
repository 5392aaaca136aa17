"""The wordings of many places: right texts carry no finding, and a wrong rate in them is found."""

from __future__ import annotations

import re

import pytest

from tests.schemas.places import PLACES
from tests.schemas.test_claims import said


@pytest.mark.parametrize("place", PLACES)
def test_a_right_text_carries_no_finding(place: str) -> None:
    year, stage, paragraphs = PLACES[place]
    assert not said(*paragraphs, year=year, stage=stage)


RATES = [
    (place, paragraph, match.start(1), match.end(1))
    for place, (_, _, paragraphs) in PLACES.items()
    for paragraph, text in enumerate(paragraphs)
    for match in re.finditer(r"(\d+\.\d+)%", text)
]
UNDECIDED = {
    (
        "central: final accounts item by item",
        "100.00",
    ),  # of no more than the projects of all money: may be right
    ("Yunnan: yuan and fen", "0.00"),  # nothing grew by nothing
    ("Sichuan: each of two totals", "11.19"),  # which of two figures a rate is of is not said
    ("Sichuan: each of two totals", "21.03"),
}
"""Rates that nothing in the text contradicts when they change."""


@pytest.mark.parametrize(("place", "paragraph", "start", "end"), RATES)
def test_a_wrong_rate_is_found(place: str, paragraph: int, start: int, end: int) -> None:
    year, stage, paragraphs = PLACES[place]
    text = paragraphs[paragraph]
    right = text[start:end]
    wrong = text[:start] + f"{float(right) + 13.21:.2f}" + text[end:]
    found = said(*paragraphs[:paragraph], wrong, *paragraphs[paragraph + 1 :], year=year, stage=stage)
    assert bool(found) or (place, right) in UNDECIDED


@pytest.mark.parametrize(
    ("sentence", "severity"),
    [
        ("支出年初预算为0.00万元，支出决算为307.82万元，完成年初预算的95.89%。", "warning"),
        ("支出年初预算为2.85万元，支出决算为2.85万元，完成年初预算的100%，决算数大于预算数5.93万元。", "error"),
        ("支出年初预算为2.85万元，支出决算为3.85万元，完成年初预算的135.09%，决算数大于预算数1.00万元。", None),
    ],
)  # fmt: skip
def test_completion_of_a_budget_that_is_none_or_met(sentence: str, severity: str | None) -> None:
    found = said("“三公”经费" + sentence, year=2024, stage="final_accounts")
    assert min((one for one, _ in found), default=None) == severity


def test_a_share_is_wrong_only_where_its_whole_is_said() -> None:
    """支出总计 holds what is carried over: a share of 本年支出合计 can be larger than one of it, never smaller."""
    text = "支出总计3000.00万元。一般公共预算财政拨款支出2700.00万元，占本年支出合计的{}%。"
    assert not said(text.format("93.10"), year=2022, stage="final_accounts")
    assert said(text.format("83.10"), year=2022, stage="final_accounts") == [("error", "narrative.share")]


def test_grades_are_counted_within_their_paragraph() -> None:
    own = "组织开展单位自评，共涉及项目4个，涉及资金100.00万元。"
    graded = "部门评价结果：评价等级为“优”的项目19个，“良”的项目1个，评优率为95.00%。"
    assert not said(own, graded, year=2024, stage="final_accounts")
    assert said(graded.replace("95.00", "97.68"), year=2024, stage="final_accounts") == [
        ("error", "narrative.rate")
    ]
