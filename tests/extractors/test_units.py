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


def test_a_column_head_can_state_its_own_unit() -> None:
    layout = layouts.load("tianjin")
    form = layout.form("three_public")
    block = form.blocks[0]
    columns = (block.columns[0], replace(block.columns[1], head="预算数（元）"))
    layout = layout.reformed("three_public", blocks=(replace(block, columns=columns),))
    extracted = read(layout)
    disclosure = make_disclosure(1, "306", 2025, "budget")
    got = [row["total"] for row in extracted.tables["three_public"].to_pylist()]
    assert got == [
        row["total"] and row["total"] / 10_000 for row in expected_rows(disclosure, layout)["three_public"]
    ]


def edited(text: str) -> Callable[[Sheet], Sheet]:
    """Another text for the project expenditure of the 合计 line of 部门支出总体情况表."""
    return lambda sheet: with_text(sheet, 0, 4, text) if sheet.title == "部门支出总体情况表" else sheet


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("-12.50", -125_000), ("（12.50）", -125_000), ("1，234.50", 12_345_000), ("１２.５０", 125_000),
        ("￥12.50", 125_000), ("—", None), ("/", None), ("0.00", 0),
    ],
)  # fmt: skip
def test_figures_as_they_are_printed(text: str, yuan: int | None) -> None:
    row = read(layouts.load("tianjin"), edited(text)).tables["expenditure"].to_pylist()[0]
    assert row["project"] == (None if yuan is None else Decimal(yuan))


@pytest.mark.parametrize("text", ["12.50%", "12.5.0", "约12", "1234567890123456.00"])
def test_what_is_no_amount_is_null_and_told(text: str) -> None:
    extracted = read(layouts.load("tianjin"), edited(text))
    assert extracted.tables["expenditure"].to_pylist()[0]["project"] is None
    (finding,) = findings(extracted, "number.unreadable")
    assert (finding["quote"], finding["severity"], finding["where"]) == (text, "error", "expenditure")
