"""How a slip is drawn: another digit, one of the places, and what rounding would hide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random
from typing import TypeVar

from samples.disclosure import Disclosure, Slip
from samples.layout import Layout

T = TypeVar("T")
Make = Callable[[Disclosure, Layout, Random, str], Slip]
"""Makes a slip of a kind for a disclosure as a layout prints it."""


class NoPlaceForSlip(LookupError):
    """The disclosure, as this layout prints it, says nothing that could be wrong in this way."""


def other_digit(draw: Random, number: str) -> str:
    """The number with one digit changed, never the first to a zero, nor the last of several.

    The last digit of a sum or a rate may be off by rounding, so that nobody can tell such a slip from it.
    """
    places = [i for i, char in enumerate(number) if char.isdigit()]
    place = draw.choice(places[:-1] or places)
    digits = "123456789" if place == places[0] else "0123456789"
    return number[:place] + draw.choice([d for d in digits if d != number[place]]) + number[place + 1 :]


def one_of(found: Sequence[T], draw: Random, kind: str) -> T:
    """One of the places; raises where there is none."""
    if not found:
        raise NoPlaceForSlip(kind)
    return draw.choice(found)


def felt(draw: Random, number: str, beside: Sequence[Decimal]) -> str | None:
    """The number with one digit changed by twice what the last digits of its neighbours can hide; None where none can be."""
    right = Decimal(number)
    hidden = 2 * sum((right * last_digit(other) / other for other in beside if other), last_digit(right))
    wrong = {other_digit(draw, number) for _ in range(40)}
    told = sorted(text for text in wrong if abs(Decimal(text) - right) > hidden)
    return draw.choice(told) if told else None


def last_digit(number: Decimal) -> Decimal:
    """One unit of the last digit that is printed."""
    return Decimal(1).scaleb(int(number.as_tuple().exponent))
