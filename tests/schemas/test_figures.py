"""Printed figures: every way to print an amount, and nothing that is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.schemas.folding import fold
from fisc.schemas.numbers import UNITS, figure, head_unit, is_figure, step_yuan, to_yuan, unit_of
from fisc.schemas.patterns import patterns

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False, allow_infinity=False)
WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@given(amounts)
def test_every_print_of_an_amount_reads_as_the_amount(amount: Decimal) -> None:
    grouped = f"{amount:,.2f}"
    for text in (str(amount), grouped, f" {grouped} ", grouped.translate(WIDE), f"￥{grouped}"):
        read = figure(text)
        assert read is not None
        assert (read.value, read.decimals) == (amount, 2)


@given(amounts.filter(lambda amount: amount > 0))
def test_brackets_are_negative(amount: Decimal) -> None:
    read = figure(f"（{amount:,.2f}）")
    assert read is not None
    assert read.value == -amount


@pytest.mark.parametrize("text", ["", " ", "-", "—", "——", "/", "－", "无"])
def test_a_blank_is_not_zero(text: str) -> None:
    assert figure(text) is None


def test_a_printed_zero_is_zero() -> None:
    zero = figure("0.00")
    assert zero is not None
    assert (zero.value, zero.decimals) == (0, 2)


@pytest.mark.parametrize(
    "text", ["1,23.45", "12..3", "1.2.3", "12a", "合计", "3,4567", "1 2 3x", "--5", "()", ","]
)
def test_nothing_is_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        figure(text)
    assert not is_figure(text)


@given(st.text(max_size=12))
def test_any_text_is_a_figure_a_blank_or_refused(text: str) -> None:
    try:
        read = figure(text)
    except ValueError:
        return
    assert read is None or read.value.is_finite()


@given(amounts.filter(lambda amount: abs(amount) < 10**7), st.sampled_from(sorted(UNITS)))
def test_yuan_is_exact(amount: Decimal, unit: str) -> None:
    assert to_yuan(amount, unit) == amount * UNITS[unit]


def test_what_is_no_whole_fen_or_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="whole number of fen"):
        to_yuan(Decimal("0.001"), "元")
    with pytest.raises(ValueError, match="too large"):
        to_yuan(Decimal(10) ** 9, "亿元")
    with pytest.raises(ValueError, match="too large"):
        to_yuan(Decimal("9" * 40), "元")


def test_a_step_is_one_unit_of_the_last_printed_digit() -> None:
    assert step_yuan(2, "万元") == 100
    assert step_yuan(2, "元") == Decimal("0.01")
    assert step_yuan(0, "亿元") == 100_000_000


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：万元", "万元"), ("单位:元", "元"), ("金额单位：万 元", "万元"), ("价值（金额单位：万元）", "万元"),
        ("单位：人民币元", "元"), ("金额（万元）", "万元"), ("306某局 预算年度：2025 单位：万元", "万元"),
        ("编制单位：某市财政局", None), ("单位名称", None), ("预算单位：某局", None),
    ],
)  # fmt: skip
def test_a_unit_line_states_money_and_an_organisation_line_does_not(line: str, unit: str | None) -> None:
    assert unit_of(line) == unit


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("told", ["单位：{}", "金额单位:人民币{}", "（{}）", "部门：某某局 单位：{}"])
def test_a_caption_may_state_any_unit(unit: str, told: str) -> None:
    assert unit_of(told.format(unit)) == unit


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("told", ["预算数（{}）", "预算数/{}", "预算数：{}", "预算数（单位：{}）"])
def test_a_head_is_the_same_in_any_unit(unit: str, told: str) -> None:
    assert (head_unit(told.format(unit)), fold(told.format(unit))) == (unit, "预算数")


def test_texts_know_the_units_of_tables() -> None:
    assert {unit: Decimal(yuan) for unit, yuan in patterns("numbers")["money"]["units"].items()} == UNITS
