"""Amounts in the unit that is printed, or proven; what proves nothing is not published as money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from test_samples import differences

from fisc.extractors.document import Extracted, extract
from fisc.schemas.identity import Hints
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.layout import Layout
from samples.press import expected_rows, print_disclosure
from samples.printing.sheet import Sheet, with_text
from samples.variants import variant


def read(layout: Layout, edit: Callable[[Sheet], Sheet] = lambda sheet: sheet) -> Extracted:
    disclosure = make_disclosure(1, "306", 2025, layout.stage)
    return extract(print_disclosure(disclosure, layout, edit).content, Hints())


def wrong(extracted: Extracted, layout: Layout) -> list[str]:
    return differences(extracted, expected_rows(make_disclosure(1, "306", 2025, layout.stage), layout))


def findings(extracted: Extracted, rule: str) -> list[dict[str, Any]]:
    return [f for f in extracted.tables["finding"].to_pylist() if f["rule"] == rule]


@pytest.mark.parametrize("name", ["hebei", "guangxi", "shanghai", "national_final"])
def test_a_table_without_a_unit_is_proven_by_the_others(name: str) -> None:
    layout = variant(name, "unit_missing_once")
    extracted = read(layout)
    assert wrong(extracted, layout) == []
    (finding,) = findings(extracted, "unit.missing")
    assert (finding["where"], finding["severity"]) == ("expenditure", "info")


@pytest.mark.parametrize("name", ["hebei", "guangxi", "shanghai_final"])
def test_without_any_unit_the_narrative_proves_it(name: str) -> None:
    layout = variant(name, "unit_missing")
    extracted = read(layout)
    assert wrong(extracted, layout) == []
    assert {f["severity"] for f in findings(extracted, "unit.missing")} == {"info"}


def test_a_silent_table_in_another_unit_is_not_read_in_that_of_the_others() -> None:
    layout = layouts.load("hebei")
    caption = tuple("" if "{unit}" in part else part for part in layout.caption)
    layout = layout.reformed("expenditure", unit="元", caption=caption)
    extracted = read(layout)
    assert wrong(extracted, layout) == []
    (finding,) = findings(extracted, "unit.missing")
    assert "“元”" in finding["message"]


def test_what_nothing_proves_is_null_and_told_once() -> None:
    layout = replace(variant("tianjin", "unit_missing"), order=("tables",), narrative=())
    extracted = read(layout)
    assert not [c for c in extracted.tables["cell"].to_pylist() if c["value"]]
    told = findings(extracted, "unit.missing")
    assert {f["severity"] for f in told} == {"error"}
    assert {"revenue", "expenditure", "basic_expenditure"} <= {f["where"] for f in told}
    assert not findings(extracted, "number.unreadable")


def in_three_public(layout: Layout, head: str, unit: str = "") -> Layout:
    """A layout with another head over the figures of 三公, printed in a unit of their own."""
    block = layout.form("three_public").blocks[0]
    columns = (block.columns[0], replace(block.columns[1], head=head, unit=unit))
    return layout.reformed("three_public", blocks=(replace(block, columns=columns),))


@pytest.mark.parametrize("head", ["预算数（元）", "预算数：元", "预算数（单位：元）", "预算数（人民币元）"])
def test_a_column_head_can_state_its_own_unit(head: str) -> None:
    layout = in_three_public(layouts.load("tianjin"), head, "元")
    extracted = read(layout)
    assert wrong(extracted, layout) == []
    (finding,) = findings(extracted, "unit.conflict")
    assert (finding["where"], finding["severity"], finding["quote"]) == ("three_public", "info", head)


def test_a_head_that_its_figures_refute_is_not_believed() -> None:
    layout = in_three_public(layouts.load("tianjin"), "预算数（元）")
    extracted = read(layout)
    assert wrong(extracted, layout) == []
    (finding,) = findings(extracted, "unit.conflict")
    assert (finding["where"], finding["severity"]) == ("three_public", "warning")
    assert "与其他数不符" in finding["message"]


def test_a_head_that_nothing_proves_is_told() -> None:
    layout = replace(
        in_three_public(layouts.load("tianjin"), "预算数（元）", "元"), order=("tables",), narrative=()
    )
    (finding,) = findings(read(layout), "unit.conflict")
    assert (finding["where"], finding["severity"]) == ("three_public", "warning")
    assert "未能证实" in finding["message"]


@pytest.mark.parametrize("name", ["hebei", "national_final"])
@pytest.mark.parametrize(
    ("drift", "severity"), [("unit_of_a_column", "info"), ("unit_of_a_column_wrong", "warning")]
)
def test_one_column_in_yuan_under_ten_thousands(name: str, drift: str, severity: str) -> None:
    layout = variant(name, drift)
    extracted = read(layout)
    assert wrong(extracted, layout) == []
    told = findings(extracted, "unit.conflict")
    assert {f["where"] for f in told} >= {"expenditure", "general_public_budget"}
    assert {f["severity"] for f in told} == {severity}


@pytest.mark.parametrize("name", ["hebei", "shanghai", "national_final"])
def test_heads_can_state_the_unit_that_no_caption_does(name: str) -> None:
    layout = variant(name, "unit_in_heads")
    extracted = read(layout)
    assert wrong(extracted, layout) == []
    assert not {f["where"] for f in findings(extracted, "unit.missing")} & {"revenue", "expenditure"}


def edited(text: str) -> Callable[[Sheet], Sheet]:
    """Another text for the project expenditure of the 合计 line of 部门支出总体情况表."""
    return lambda sheet: with_text(sheet, 0, 4, text) if sheet.title == "部门支出总体情况表" else sheet


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("-12.50", -125_000), ("（12.50）", -125_000), ("1，234.50", 12_345_000), ("１２.５０", 125_000),
        ("￥12.50", 125_000), ("—", None), ("/", None), ("0.00", 0), ("(1,234.50)", -12_345_000),
        ("￥-12.50", -125_000), ("-￥12.50", -125_000), ("－１２．５０", -125_000), ("――", None),
        ("(￥12.50)", -125_000), ("￥１，２３４．５０", 12_345_000), ("－", None), ("-0.00", 0), ("１２。５０", 125_000),
    ],
)  # fmt: skip
def test_figures_as_they_are_printed(text: str, yuan: int | None) -> None:
    row = read(layouts.load("tianjin"), edited(text)).tables["expenditure"].to_pylist()[0]
    assert row["project"] == (None if yuan is None else Decimal(yuan))


@pytest.mark.parametrize(
    "text", ["12.50%", "12.5.0", "约12", "12.50①", "12.50²", "12.5-", "1234567890123456.00"]
)
def test_what_is_no_amount_is_null_and_told(text: str) -> None:
    extracted = read(layouts.load("tianjin"), edited(text))
    assert extracted.tables["expenditure"].to_pylist()[0]["project"] is None
    (finding,) = findings(extracted, "number.unreadable")
    assert (finding["quote"], finding["severity"], finding["where"]) == (text, "error", "expenditure")
