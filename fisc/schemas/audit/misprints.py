"""Two amounts that look like one, mistyped."""

from __future__ import annotations

from decimal import Decimal

TELLING = 4
"""Digits between the first and the last that is no zero."""


def misprint(one: Decimal, other: Decimal) -> bool:
    """Whether two amounts look like one, mistyped: one digit of at least four is another, or two neighbours are swapped."""
    a, b = (f"{abs(value) * 100:.0f}" for value in (one, other))
    zeros = min(len(text) - len(text.rstrip("0")) for text in (a, b))
    a, b = (text[: len(text) - zeros] for text in (a, b))
    if len(a) != len(b) or len(a) < TELLING:
        return False
    wrong = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    swapped = (
        len(wrong) == 2
        and wrong[1] == wrong[0] + 1
        and a[wrong[0]] == b[wrong[1]]
        and a[wrong[1]] == b[wrong[0]]
    )
    return len(wrong) == 1 or swapped
