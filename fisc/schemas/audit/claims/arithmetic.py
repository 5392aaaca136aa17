"""What a text claims of its own figures, recomputed within the rounding that their print allows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.narrative import Claim, Figure

HUNDRED = Decimal(100)
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Span:
    """The values that a figure can have had before it was rounded; ``middle`` is what the printed figures make."""

    low: Decimal
    middle: Decimal
    high: Decimal

    @classmethod
    def of(cls, figure: Figure) -> Span:
        """Half a unit of the last printed digit to either side; counts are exact."""
        half = figure.step * HALF if figure.unit in ("CNY", "percent", "") else Decimal(0)
        return cls(figure.value - half, figure.value, figure.value + half)

    @classmethod
    def at(cls, value: Decimal) -> Span:
        """A value known exactly."""
        return cls(value, value, value)

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.middle + other.middle, self.high + other.high)

    def __sub__(self, other: Span) -> Span:
        return Span(self.low - other.high, self.middle - other.middle, self.high - other.low)

    def over(self, other: Span) -> Span:
        """A quotient in percent; the divisor lies above zero."""
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Span(min(ends) * HUNDRED, self.middle / other.middle * HUNDRED, max(ends) * HUNDRED)

    def holds(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a printed rate stands to what it follows from: ``right``, ``cut`` (not rounded) or ``wrong``."""

    kind: str
    expected: Decimal
    tolerance: Decimal


def judge(stated: Figure, span: Span) -> Verdict:
    """Whether a printed rate can be a rounding of a value in a span, or only the value cut off."""
    expected = span.middle.quantize(min(stated.step, Decimal("0.01")), rounding=ROUND_HALF_UP)
    tolerance = (stated.step + span.high - span.low) / 2
    printed = Span.of(stated)
    if printed.low <= span.high and span.low <= printed.high:
        return Verdict("right", expected, tolerance)
    if stated.value <= span.middle < stated.value + stated.step:
        return Verdict("cut", expected, tolerance)
    return Verdict("wrong", expected, tolerance)


def percent(value: Decimal) -> str:
    """A rate for a sentence."""
    return f"{value:f}%"


def wan(value: Decimal) -> str:
    """An amount of yuan for a sentence, in 万元 as documents speak of it."""
    said = f"{value / 10_000:,.6f}".rstrip("0")
    whole, _, decimals = said.partition(".")
    return f"{whole}.{decimals:0<2}万元"


def found(
    claim: Claim,
    rule: str,
    severity: str,
    zh: str,
    en: str,
    *,
    expected: Decimal | None = None,
    actual: Decimal | None = None,
    tolerance: Decimal | None = None,
) -> Outcome:
    """A claim that failed, as an outcome with its finding."""
    difference = actual - expected if actual is not None and expected is not None else None
    finding = Finding(
        rule=rule, severity=severity, where=claim.section, message_zh=zh, message_en=en, expected=expected,
        actual=actual, difference=difference, tolerance=tolerance, quote=claim.quote, page=claim.page, box=claim.box,
    )  # fmt: skip
    return Outcome(rule, "fail", finding=finding)
