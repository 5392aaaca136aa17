"""收入总表 as a list of sources: 合计 of the 小计, a 小计 of the lines of its group."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from fisc.schemas.audit.book import Book
from fisc.schemas.audit.outcome import Outcome
from fisc.schemas.audit.sources import PARTS, TOTAL, listed_sources
from fisc.schemas.audit.tables import audit_tables
from fisc.schemas.statement import Amount, Row, Statement

Lines = Sequence[tuple[str, int | None]]

PRINTED: Lines = (
    ("收入总计", 1000),
    ("一般公共预算资金小计", 700),
    ("一般公共预算资金公共财政拨款（补助）资金", 650),
    ("一般公共预算资金专项收入", 50),
    ("政府性基金小计", None),
    ("其他资金小计", 200),
    ("其他资金事业收入", 120),
    ("其他资金其他收入", 80),
    ("上年结转和结余资金小计", 100),
    ("上年结转和结余资金其中：动用上年结转和结余资金", 60),
)


def listed(lines: Lines) -> Statement:
    box = (0.0, 0.0, 1.0, 1.0)
    rows = [
        Row(
            {"function_name": name},
            {
                "total": Amount(
                    str(value or ""), None if value is None else Decimal(value), Decimal(1), 1, box
                )
            },
            1,
            name.endswith("计"),
        )
        for name, value in lines
    ]
    return Statement("revenue", "收入预算总表", "万元", tuple(rows), 1, ("total",))


def tried(lines: Lines) -> list[Outcome]:
    return [outcome for outcome in listed_sources(Book([listed(lines)])) if outcome.outcome != "not_run"]


def test_the_list_adds_up_and_every_figure_but_those_of_which_is_proven() -> None:
    outcomes = tried(PRINTED)
    assert {outcome.outcome for outcome in outcomes} == {"pass"}
    proven = {row for outcome in outcomes for _, row, _ in outcome.cells}
    assert proven == {0, 1, 2, 3, 5, 6, 7, 8}


@pytest.mark.parametrize("row", [0, 1, 2, 3, 5, 6, 7, 8])
def test_any_wrong_figure_is_an_error(row: int) -> None:
    lines = [(name, (value or 0) + 90 if i == row else value) for i, (name, value) in enumerate(PRINTED)]
    failed = [outcome for outcome in audit_tables([listed(lines)]) if outcome.outcome == "fail"]
    assert failed
    assert all(outcome.rule in (TOTAL, PARTS) for outcome in failed)
    assert all(outcome.finding and outcome.finding.severity == "error" for outcome in failed)
    assert any((0, row, "total") in outcome.cells for outcome in failed)


def test_a_figure_of_which_says_nothing() -> None:
    lines = [(name, 1 if "其中" in name else value) for name, value in PRINTED]
    assert {outcome.outcome for outcome in tried(lines)} == {"pass"}


def test_the_total_may_stand_last_and_lines_outside_the_groups_count() -> None:
    lines = [*PRINTED[1:8], ("用事业基金弥补收支差额", 100), ("收入合计", 1000)]
    assert [outcome.rule for outcome in tried(lines) if outcome.outcome == "pass"].count(TOTAL) == 1
    wrong = [*lines[:-2], ("用事业基金弥补收支差额", 30), lines[-1]]
    assert [outcome.rule for outcome in tried(wrong) if outcome.outcome == "fail"] == [TOTAL]


def test_the_years_total_leaves_out_what_is_carried_over() -> None:
    assert {o.outcome for o in tried([("本年收入合计", 900), *PRINTED[1:]])} == {"pass"}
    assert [o.rule for o in tried([("本年收入合计", 1000), *PRINTED[1:]]) if o.outcome == "fail"] == [TOTAL]


def test_lines_that_do_not_say_their_group_prove_and_refute_nothing() -> None:
    bare = [
        (name if "小计" in name or "其中" in name else name.removeprefix("其他资金"), value)
        for name, value in PRINTED
    ]
    assert {outcome.outcome for outcome in tried(bare)} == {"pass"}
    wrong = [(name, 999 if name == "事业收入" else value) for name, value in bare]
    assert "fail" not in {outcome.outcome for outcome in tried(wrong)}


@pytest.mark.parametrize("rest", [
    [("单位资金", 200), ("事业收入", 150), ("其他收入", 50), ("合计", 900)],
    [("事业收入", 200), ("收入合计", 900), ("上年结转", 100)],
])  # fmt: skip
def test_lines_of_no_group_may_be_parts_of_each_other_or_carried_over(rest: Lines) -> None:
    assert {outcome.rule for outcome in tried([*PRINTED[1:4], *rest])} == {PARTS}


def test_a_list_without_a_subtotal_is_not_tried() -> None:
    assert tried([("收入总计", 10), ("财政拨款", 3)]) == []
