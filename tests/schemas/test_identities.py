"""Identities: they hold within rounding, fail beyond it, and say where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.extractors.proving import proof_of
from fisc.schemas.audit.between import economic_and_function
from fisc.schemas.audit.book import Book
from fisc.schemas.audit.document import audit_document
from fisc.schemas.audit.identity import Children, RowSum
from fisc.schemas.audit.misprints import misprint
from fisc.schemas.audit.tables import audit_tables
from fisc.schemas.statement import Amount, Row, Statement

STEP = Decimal(100)
"""万元 with two decimals, in yuan."""


def amount(value: int | str | None) -> Amount:
    worth = None if value is None else Decimal(value)
    return Amount("" if worth is None else str(worth), worth, STEP, 1, (0, 0, 1, 1))


def row(words: Mapping[str, str | None], amounts: Mapping[str, int | str | None], total: bool = False) -> Row:
    return Row(dict(words), {column: amount(value) for column, value in amounts.items()}, 1, total)


def expenditure(*rows: Row) -> Statement:
    return Statement("expenditure", "支出总表", "万元", rows, 1, ("total", "basic", "project"))


def line(code: str | None, name: str, total: int | None, basic: int | None, project: int | None) -> Row:
    words = {"function_code": code, "function_name": name}
    return row(words, {"total": total, "basic": basic, "project": project}, total=code is None)


HOLDS = expenditure(
    line(None, "合计", 30_000, 10_000, 20_000),
    line("206", "科学技术支出", 30_000, 10_000, 20_000),
    line("20601", "科学技术管理事务", 30_000, 10_000, 20_000),
    line("2060101", "行政运行", 10_000, 10_000, None),
    line("2060102", "一般行政管理事务", 20_000, None, 20_000),
)


def test_a_table_that_adds_up_is_proven_in_every_cell() -> None:
    proofs = proof_of([HOLDS], audit_tables([HOLDS]))
    printed = [
        (0, i, c) for i, r in enumerate(HOLDS.rows) for c, a in r.amounts.items() if a.value is not None
    ]
    assert {proofs[place] for place in printed} == {"proven"}


@given(st.integers(0, 4), st.sampled_from(["total", "basic", "project"]), st.integers(1000, 10**7))
def test_any_single_wrong_figure_is_refuted(index: int, column: str, error: int) -> None:
    rows = list(HOLDS.rows)
    before = rows[index].amounts[column].value
    if before is None:
        return
    wrong = {**rows[index].amounts, column: amount(str(before + error))}
    rows[index] = Row(rows[index].words, wrong, 1, rows[index].is_total)
    statement = expenditure(*rows)
    outcomes = audit_tables([statement])
    assert proof_of([statement], outcomes)[0, index, column] == "refuted"
    assert any(
        o.finding and o.finding.severity == "error" and abs(o.finding.difference or 0) == error
        for o in outcomes
    )


@given(st.integers(2, 6), st.integers(-300, 300))
def test_a_sum_holds_exactly_within_its_tolerance(parts: int, off: int) -> None:
    names = ("basic", "project", "operating", "remitted_to_superior", "subsidy_to_affiliates", "reserve")[
        :parts
    ]
    amounts: dict[str, int | str | None] = dict.fromkeys(names, 5_000)
    statement = Statement(
        "expenditure", "支出总表", "万元",
        (row({"function_name": "合计"}, {**amounts, "total": 5_000 * parts + off}, total=True),), 1, ("total", *names),
    )  # fmt: skip
    outcomes = list(RowSum("r", "expenditure", "total", names).outcomes(Book([statement])))
    assert [o.outcome for o in outcomes] == ["pass" if abs(off) <= (parts + 1) * STEP / 2 else "fail"]


def test_a_missing_level_is_skipped() -> None:
    """A class whose 项 are printed without their 款 is still the sum of them."""
    statement = expenditure(
        line("206", "科学技术支出", 30_000, None, None),
        line("2060101", "行政运行", 10_000, None, None),
        line("2060102", "一般行政管理事务", 20_000, None, None),
    )
    outcomes = list(Children("roll", "expenditure", ("total",)).outcomes(Book([statement])))
    assert [o.outcome for o in outcomes] == ["pass"]


def test_a_code_printed_twice_proves_nothing() -> None:
    statement = expenditure(line("206", "甲", 1, None, None), line("206", "乙", 2, None, None))
    assert [o.outcome for o in Children("roll", "expenditure", ("total",)).outcomes(Book([statement]))] == [
        "not_run"
    ]


def test_what_cannot_be_tried_is_counted_as_not_run() -> None:
    outcomes = {(o.rule, o.outcome) for o in audit_tables([])}
    assert outcomes
    assert {outcome for _, outcome in outcomes} == {"not_run"}


def test_an_empty_table_must_say_so_and_a_missing_one_is_named() -> None:
    said = Statement("government_fund", "政府性基金", "万元", (), 1, said_empty="空表列示")
    unsaid = Statement("government_fund", "政府性基金", "万元", (), 1)
    rules = {(o.rule, o.outcome) for o in audit_document([HOLDS, said], 2025)}
    assert ("table.said_empty", "pass") in rules
    assert ("table.said_empty", "fail") in {
        (o.rule, o.outcome) for o in audit_document([HOLDS, unsaid], 2025)
    }
    for note, outcome in (
        ("故本表无数据。", "fail"),
        ("按要求空表列示", "fail"),
        ("本部门无专项安排的支出", "pass"),
    ):
        filled = Statement(
            "government_fund", "政府性基金", "万元", (row({}, {"total": 100}, True),), 1, said_empty=note
        )
        tried = [o.outcome for o in audit_document([filled], 2025) if o.rule == "table.said_empty"]
        assert tried == ["fail"] * (outcome == "fail")
    missing = {
        o.finding.where for o in audit_document([HOLDS], 2025) if o.finding and o.rule == "table.present"
    }
    assert "revenue" in missing
    assert "expenditure" not in missing


def economic(code: str, total: int) -> Statement:
    words = {"economic_code": code, "economic_name": "某科目"}
    return Statement(
        "basic_expenditure", "基本支出表", "万元", (row(words, {"total": total}),), 1, ("total",)
    )


def function(*lines: tuple[str, int]) -> Statement:
    rows = tuple(
        row({"function_code": code, "function_name": code}, {"total": total}) for code, total in lines
    )
    return Statement("general_public_budget", "一般公共预算支出表", "万元", rows, 1, ("total",))


@pytest.mark.parametrize(
    ("paid", "lines", "outcome"),
    [
        (861_700, (("2101101", 517_000), ("2101102", 344_700)), "pass"),
        (517_000, (("2101101", 517_000), ("2101102", 344_700)), "pass"),
        (517_000, (("2101101", 517_000),), "pass"),
        (511_700, (("2101101", 517_100),), "fail"),
        (617_000, (("2101101", 517_000), ("2101102", 344_700)), "not_run"),
        (400_000, (("2101101", 517_000),), "not_run"),
    ],
)
def test_health_insurance_is_paid_by_one_or_two_lines(
    paid: int, lines: Sequence[tuple[str, int]], outcome: str
) -> None:
    book = Book([economic("30110", paid), function(*lines)])
    tried = [o for o in economic_and_function(book) if o.rule == "between.economic_and_function"]
    assert [o.outcome for o in tried] == ["not_run"] * 3 + [outcome, "not_run"]
    assert [o.finding.severity for o in tried if o.finding] == ["warning"] * (outcome == "fail")


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ("511700", "517100", True),
        ("511700", "512700", True),
        ("12500", "14500", False),
        ("366900", "566900", True),
        ("511700", "512800", False),
        ("511700", "5117000", False),
    ],
)
def test_what_looks_mistyped(one: str, other: str, like: bool) -> None:
    assert misprint(Decimal(one), Decimal(other)) is like


def three_blocks(basic: int, project: int, carried_out: int | None = None) -> Statement:
    """收支总表 with 支出用途 as a third block, whose totals are those of the expenditure side."""
    sides = [
        ("revenue", "fiscal_appropriation", "一、财政拨款", 30_000, False),
        ("revenue", "current_year_total", "当年收入小计", 30_000, True),
        ("revenue", "total", "收入合计", 30_000, True),
        ("expenditure", None, "四、公共安全支出", 30_000, False),
        ("expenditure", "current_year_total", "当年支出小计", 30_000, True),
        ("expenditure", "total", "支出合计", 30_000, True),
        ("use", "basic", "一、基本支出", basic, False),
        ("use", "project", "二、项目支出", project, False),
        ("use", "carryover_out", "三、结转下年", carried_out, False),
    ]
    rows = [
        row({"side": side, "key": key, "item": item}, {"amount": value}, total)
        for side, key, item, value, total in sides
    ]
    return Statement("revenue_expenditure", "收支总表", "万元", tuple(rows), 1, ("amount",))


@pytest.mark.parametrize(
    ("basic", "project", "carried_out", "proof"),
    [
        (10_000, 20_000, None, "proven"),
        (10_000, 20_000, 5_000, "proven"),
        (10_000, 21_000, None, "refuted"),
    ],
)
def test_uses_without_a_total_of_their_own_make_the_years_expenditure(
    basic: int, project: int, carried_out: int | None, proof: str
) -> None:
    table = three_blocks(basic, project, carried_out)
    proofs = proof_of([table], audit_tables([table]))
    assert {proofs.get((0, i, "amount")) for i in (6, 7)} == {proof}


@pytest.mark.parametrize(
    ("ordinals", "proof"), [(("一、", "1．", "2．", "二、"), "proven"), (("", "", "", ""), "unchecked")]
)
def test_uses_are_added_up_by_their_first_level(ordinals: tuple[str, ...], proof: str) -> None:
    names = ("基本支出", "人员经费", "公用经费", "项目支出")
    lines = [
        row({"side": "use", "key": None, "item": f"{ordinal}{name}"}, {"amount": value})
        for ordinal, name, value in zip(ordinals, names, (10_000, 7_000, 3_000, 20_000), strict=True)
    ]
    table = three_blocks(0, 0)
    table = replace(table, rows=(*table.rows[:-3], *lines))
    outcomes = audit_tables([table])
    assert proof_of([table], outcomes).get((0, 6, "amount"), "unchecked") == proof
    assert not [o for o in outcomes if o.rule == "revenue_expenditure.use_agrees" and o.finding]


def test_checks_of_presence_and_of_emptiness_say_of_which_tables() -> None:
    empty = replace(
        Statement("government_fund", "政府性基金表", "万元", (), 1, ("total",)), said_empty="以空表列示"
    )
    outcomes = audit_document([HOLDS, empty], 2018)
    told = {(o.rule, o.outcome, o.table) for o in outcomes if o.table}
    assert ("table.said_empty", "pass", "government_fund") in told
    assert ("table.present", "pass", "expenditure") in told
    assert ("table.present", "not_run", "state_capital") in told
    assert ("table.present", "fail", "revenue") in told


def purchases(*lines: tuple[str | None, str | None, str | None, int]) -> Statement:
    """政府采购表 of lines: class, kind of spending, goods, amount."""
    rows = [
        row({"item_text": big or kind, "goods": goods}, {"total": value}, goods is None)
        for big, kind, goods, value in lines
    ]
    return Statement("procurement", "政府采购表", "万元", tuple(rows), 1, ("total",))


@pytest.mark.parametrize(("class_a", "kind", "proof"), [
    (30_000, 20_000, ("proven", "proven")),
    (30_000, 50_000, ("proven", "unchecked")),
    (90_000, 20_000, ("unchecked", "proven")),
])  # fmt: skip
def test_subtotals_of_purchases_are_the_sums_of_the_lines_below(
    class_a: int, kind: int, proof: tuple[str, str]
) -> None:
    table = purchases(
        ("合计", None, None, 70_000),
        ("一、货物A", None, None, class_a),
        (None, "办公设备购置", None, kind),
        (None, None, "复印机", 5_000),
        (None, None, "计算机", 15_000),
        (None, "印刷费", None, 10_000),
        (None, None, "印刷品", 10_000),
        ("三、服务C", None, None, 40_000),
        (None, "维修费", None, 40_000),
        (None, None, "维修服务", 40_000),
    )
    proofs = proof_of([table], audit_tables([table]))
    assert tuple(proofs.get((0, i, "total"), "unchecked") for i in (1, 2)) == proof
    assert {proofs.get((0, i, "total")) for i in (0, 3, 4, 5, 6, 7, 8, 9)} == {"proven"}


def test_a_subtotal_of_purchases_with_one_digit_wrong_warns() -> None:
    table = purchases(
        ("合计", None, None, 31_540_000),
        (None, "办公设备购置", None, 31_840_000),
        (None, None, "复印机", 30_000_000),
        (None, None, "计算机", 1_540_000),
    )
    told = [(o.finding.severity, o.rule) for o in audit_tables([table]) if o.finding]
    assert told == [("warning", "procurement.subtotals")]


@pytest.mark.parametrize(
    ("name", "total", "outcome"),
    [
        ("收入总计", 33_000, "pass"),  # what is carried over is one of its lines
        ("收入总计", 30_000, "fail"),
        ("本年收入合计", 30_000, "pass"),
    ],
)
def test_a_list_of_sources_is_held_against_the_total_that_it_makes(
    name: str, total: int, outcome: str
) -> None:
    summary = Statement("revenue_expenditure", "收支总表", "万元", tuple(
        row({"side": "revenue", "key": key, "item": key}, {"amount": value}, True)
        for key, value in (("current_year_total", 30_000), ("carryover_in", 3_000), ("total", 33_000))
    ), 1, ("amount",))  # fmt: skip
    listed = Statement("revenue", "收入总表", "万元", tuple(
        row({"function_name": line}, {"total": value}, True)
        for line, value in ((name, total), ("一般公共预算资金小计", 30_000), ("上年结转和结余资金小计", 3_000))
    ), 1, ("total",))  # fmt: skip
    outcomes = {o.rule: o.outcome for o in audit_tables([summary, listed])}
    assert outcomes["between.revenue"] == outcome
