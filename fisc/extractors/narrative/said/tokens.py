"""What counts as one number in a text: the same for tables and for the narrative."""

from __future__ import annotations

import re
from decimal import Decimal

_WIDE = str.maketrans("０１２３４５６７８９．％，", "0123456789.%,")
_TOKEN = re.compile(
    r"[A-Za-z]+\d[A-Za-z0-9]*"
    r"|\d+[A-Za-z][A-Za-z0-9]*"
    r"|[0-9０-９]{1,3}(?:,[0-9０-９]{3})+(?![0-9０-９])(?:[.．][0-9０-９]+)?"
    r"|[0-9０-９]{1,3}(?:，[0-9０-９]{3})+[.．][0-9０-９]+"
    r"|[0-9０-９]+(?:[.．][0-9０-９]+)?"
)


def numeric_tokens(text: str) -> list[tuple[int, int]]:
    """Start and end of each number in a text.

    A run of digits with its thousands commas and its decimal point is one number; letters and digits run
    together are one (a code). Signs and percent marks stand outside; Chinese numerals do not count.
    """
    return [match.span() for match in _TOKEN.finditer(text)]


def numeric_value(token: str) -> tuple[Decimal, int] | None:
    """Value of a number as printed and its digits after the point; None for a code with letters."""
    plain = token.translate(_WIDE).replace(",", "")
    whole, _, decimals = plain.partition(".")
    if not whole.isdecimal() or (decimals and not decimals.isdecimal()):
        return None
    return Decimal(plain), len(decimals)
