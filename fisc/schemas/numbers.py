"""Printed figures: what counts as a number, what as a blank, and what it is worth in yuan."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

UNITS = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}
"""Yuan in one printed unit."""

MONEY = "|".join(sorted(UNITS, key=len, reverse=True))
"""A pattern for any of them."""

BLANKS = frozenset(
    {
        "", "-", "--", "---", "—", "——", "―", "–", "/", "\\", "无", "*",
        "无此项", "不涉及", "不适用", "未安排", "不需填列", "无需填列", "单位不需填列",
    }
)  # fmt: skip
"""Cells that print no figure; blank is not zero."""

LARGEST_YUAN = Decimal(10) ** 16
"""``decimal128(18, 2)`` holds 16 digits before the point."""

_NUMBER = re.compile(r"^(?P<sign>[-+−])?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)?(?P<point>\.\d+)?$")
_CURRENCY = re.compile(r"^[￥¥$]|(?<=^[-+−])[￥¥$]")
_UNIT_LINE = re.compile(rf"单位[:：]?\s*(?:人民币)?[:：]?\s*(?P<unit>{MONEY})")
_UNIT_BRACKET = re.compile(rf"[（(](?:人民币)?(?P<unit>{MONEY})(?:[/每][^)）]{{1,6}})?[)）]")
_BRACKETED = re.compile(r"\([^()]*\)")
_UNIT_END = re.compile(rf"[:/,、](?:人民币)?(?P<unit>{MONEY})$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number: its value as printed, and how many digits stand after the point."""

    value: Decimal
    decimals: int


def figure(text: str) -> Figure | None:
    """Read a printed number; None for a blank or a dash.

    Knows full-width digits, thousands commas, ``￥``, a trailing ``%`` (the value stays in percent), and
    brackets or a leading minus for negatives. Raises ``ValueError`` for anything else, so that nothing is guessed: the mark
    of a note behind a figure (12.50①) would become its last digit.
    """
    read = _read(text)
    if isinstance(read, str):
        raise ValueError(read)
    return read


@lru_cache(maxsize=65536)
def _read(text: str) -> Figure | str | None:
    """The figure, None for a blank, or the sentence that says why it is none."""
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    if folded in BLANKS:
        return None
    if any(unicodedata.category(char) == "No" for char in text):
        return f"{text!r} holds a mark of a note"
    folded = folded.replace("，", ",").replace("。", ".").rstrip("%")
    negative = folded.startswith("(") and folded.endswith(")")
    if negative:
        folded = folded[1:-1]
    folded = _CURRENCY.sub("", folded)
    match = _NUMBER.match(folded)
    if match is None or not (match["whole"] or match["point"]):
        return f"{text!r} is no number"
    point = match["point"] or ""
    value = Decimal((match["whole"] or "0").replace(",", "") + point)
    if negative or match["sign"] in ("-", "−"):
        value = -value
    return Figure(value, max(0, len(point) - 1))


def is_figure(text: str) -> bool:
    """Whether a text is one printed number."""
    return isinstance(_read(text), Figure)


def unit_of(text: str) -> str | None:
    """The money unit that a line states (单位：万元), or None; 编制单位：… names an organisation and states none."""
    folded = unicodedata.normalize("NFKC", "".join(text.split()))
    match = _UNIT_LINE.search(folded) or _UNIT_BRACKET.search(folded)
    return match["unit"] if match else None


def line_unit(text: str) -> str | None:
    """The money unit that a text states for all below it (单位：万元), not in brackets for its own figures only."""
    return unit_of(_BRACKETED.sub("", unicodedata.normalize("NFKC", text)))


def head_unit(text: str) -> str | None:
    """The money unit that the head of a column states: as a line does, or at its end (金额：元, 预算数/万元)."""
    match = _UNIT_END.search(unicodedata.normalize("NFKC", "".join(text.split())))
    return unit_of(text) or (match["unit"] if match else None)


def to_yuan(value: Decimal, unit: str) -> Decimal:
    """A printed amount in yuan with two decimals.

    Raises ``ValueError`` where the amount is not a whole number of fen or does not fit ``decimal128(18, 2)``.
    """
    yuan = value * UNITS[unit]
    if abs(yuan) >= LARGEST_YUAN:
        raise ValueError(f"{value} {unit} is too large for an amount")
    rounded = yuan.quantize(Decimal("0.01"))
    if rounded != yuan:
        raise ValueError(f"{value} {unit} is not a whole number of fen")
    return rounded


def step_yuan(decimals: int, unit: str) -> Decimal:
    """One unit of the last printed digit, in yuan: two decimals of 万元 make 100."""
    return UNITS[unit] * Decimal(1).scaleb(-decimals)
