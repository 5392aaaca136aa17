"""What can be read from a printed amount: rounding to the unit, blanks and zeros; and 一、二、三."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from samples.layout import UNITS, Block, Form

Row = dict[str, Any]
"""A published row: columns of the contract by name."""

ZERO = Decimal(0)
BLANKS = ("", "-", "—", "——", "/")
"""What is printed for nothing and means nothing."""


def published(amount: Decimal, form: Form) -> Decimal | None:
    """The amount in yuan as it can be read from the print."""
    if amount == 0:
        return None if form.zero in BLANKS else ZERO
    step = UNITS[form.unit] / Decimal(10) ** form.decimals
    return (amount / step).to_integral_value(ROUND_HALF_UP) * step


def amount_columns(form: Form, block: Block | None = None) -> list[str]:
    columns = block.columns if block else form.columns
    skipped = (
        "ordinal",
        "line",
        "name",
        "blank",
        "group",
        "item",
        "item_text",
        "code+name",
        "before",
        "rise",
        "extra",
    )
    return [c.field for c in columns if c.field not in skipped and not c.field.startswith("code")]


def numeral(number: int) -> str:
    """一, 二 … 九十九, as in 一、一般公共服务支出."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (
        digits[ones] if ones or not tens else ""
    )
