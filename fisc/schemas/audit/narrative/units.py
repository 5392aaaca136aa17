"""Slips of the unit: a figure in 元 that is 万元 elsewhere, and assets that cannot be worth so much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from fisc.schemas.audit.claims.arithmetic import wan
from fisc.schemas.audit.claims.known import Known
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.narrative import Fact
from fisc.schemas.patterns import patterns
from fisc.schemas.statement import Amount

_ASSETS = patterns("forms")["assets"]
_LONE = patterns("forms")["lone_unit"]
DIGITS = 4
"""A figure with fewer digits can be the same by chance, but hardly one of three in the same sentence."""
MANY = 5
"""So many times as often must a unit stand in a text for the other one beside it to be the slip."""
OTHER = {"万元": "元", "元": "万元", "亿元": "万元"}


def unit_slips(known: Known) -> Iterator[Outcome]:
    """The same digits with another unit: the unit that stands there less often is the wrong one."""
    rule = "narrative.unit"
    seen: Counter[tuple[str, str]] = Counter()
    together: Counter[tuple[str, str, str]] = Counter()
    usual = Counter(fact.printed_unit for fact in known.narrative.facts if fact.unit == "CNY")
    for fact in known.narrative.facts:
        if fact.unit == "CNY":
            seen[_digits(fact), fact.printed_unit] += 1
            together[_digits(fact), fact.printed_unit, fact.quote] += 1
    for statement in known.book.statements:
        for row in statement.rows if statement.unit == "万元" else ():
            seen.update((a.text.replace(",", ""), "万元") for a in row.amounts.values() if a.value)
    for fact in known.narrative.facts:
        other = OTHER.get(fact.printed_unit)
        significant = _digits(fact).replace(".", "").lstrip("0")
        if fact.unit != "CNY" or other is None or len(significant) < DIGITS - 1:
            continue
        here, there = seen[_digits(fact), fact.printed_unit], seen[_digits(fact), other]
        beside = (
            bool(together[_digits(fact), other, fact.quote])
            and usual[other] > MANY * usual[fact.printed_unit]
        )
        if len(significant) < DIGITS and not beside:
            continue
        if (there > here or beside) and "." in fact.text:
            yield Outcome(rule, "fail", finding=_slip(fact, other, there))
        else:
            yield Outcome(rule, "pass")


def lone_units(known: Known) -> Iterator[Outcome]:
    """A single amount in 元 where all others are in 万元, and no table or repetition tells."""
    rule = "narrative.unit_alone"
    money = [fact for fact in known.narrative.facts if fact.unit == "CNY" and fact.value]
    large = [fact for fact in money if fact.printed_unit == "万元"]
    others = len(money) - len(large)
    if len(large) < int(_LONE["fewest"]) or others > max(
        Decimal(1), (1 - Decimal(_LONE["share"])) * len(money)
    ):
        return
    for fact in money:
        if fact.printed_unit != "元" or "." not in fact.text or fact.name == "other.amount":
            continue
        yield Outcome(rule, "fail", finding=Finding(
            rule, "warning", fact.section,
            f"全文金额均以万元为单位，唯此处为“{fact.text}元”，请核对单位。",
            f"All money of the text is in 万元; {fact.text}元 alone is not. Check the unit.",
            expected=fact.value * 10_000, actual=fact.value, difference=fact.value - fact.value * 10_000,
            quote=fact.quote, page=fact.page, box=fact.box,
        ))  # fmt: skip


def _digits(fact: Fact) -> str:
    return fact.text.replace(",", "").replace("，", "")


def _slip(fact: Fact, other: str, times: int) -> Finding:
    factor = Decimal(10_000)
    meant = fact.value * factor if other == "万元" and fact.printed_unit == "元" else fact.value / factor
    return Finding(
        "narrative.unit", "error", fact.section,
        f"文中“{fact.text}{fact.printed_unit}”在本文件他处{times}次均写作“{fact.text}{other}”，金额单位应为{other}。",
        f"{fact.text} stands here in {fact.printed_unit} and {times} times elsewhere in {other}; the unit is wrong.",
        expected=meant, actual=fact.value, difference=fact.value - meant, quote=fact.quote, page=fact.page, box=fact.box,
    )  # fmt: skip


def asset_values(known: Known) -> Iterator[Outcome]:
    """Fixed assets many times a year's expenditure, in pieces of ordinary equipment, are a slip of the unit."""
    rule = "assets.value"
    spent = known.cell("revenue_expenditure.amount@key:expenditure:total") or known.cell(
        "expenditure.total@total"
    )
    for amount, count in _pieces(known):
        value, each = amount.value or Decimal(0), (amount.value or Decimal(0)) / count
        if spent is None or not spent.value:
            yield Outcome(rule, "not_run")
        elif value <= spent.value * int(_ASSETS["times"]) or each <= Decimal(_ASSETS["piece_yuan"]):
            yield Outcome(rule, "pass")
        else:
            yield Outcome(rule, "fail", finding=_too_much(known, amount, count, value / spent.value))


def _too_much(known: Known, amount: Amount, count: Decimal, times: Decimal) -> Finding:
    """The finding, at the words that say the value where there are any, else at the cell."""
    value = amount.value or Decimal(0)
    fact = next((f for f in known.narrative.facts if f.name in _ASSETS["names"] and f.value == value), None)
    told, meant = wan(value), value / 10_000
    said = times.quantize(Decimal("0.1"))
    return Finding(
        "assets.value", "error", fact.section if fact else "fixed_asset",
        f"固定资产{told}为全年支出的{said}倍，{count:f}件其他固定资产平均每件{wan(value / count)}，不合情理，疑将元误作万元（应为{wan(meant)}）。",
        f"Fixed assets of {told} are {said} times the year's expenditure and {count:f} pieces of ordinary equipment make {wan(value / count)} each; most likely 元 was typed as 万元.",
        expected=meant, actual=value, difference=value - meant,
        quote=fact.quote if fact else amount.text, page=fact.page if fact else amount.page, box=fact.box if fact else amount.box,
    )  # fmt: skip


def _pieces(known: Known) -> Iterator[tuple[Amount, Decimal]]:
    """Value and number of the pieces that are neither land, buildings, vehicles nor large equipment."""
    for _, statement in known.book.of("fixed_asset"):
        for row in statement.rows:
            value, count = row.amounts.get("value"), row.value("quantity")
            item = str(row.words.get("item_text") or "").strip()
            if value and value.value and count and item.endswith(tuple(_ASSETS["pieces"])):
                yield value, count
