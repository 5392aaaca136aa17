"""Every number of a text: what it is worth and what it is there for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from fisc.extractors.narrative.said.tokens import numeric_tokens, numeric_value
from fisc.extractors.narrative.text.lines import TextLine
from fisc.extractors.narrative.text.numbering import marker_of
from fisc.schemas.folding import wide
from fisc.schemas.narrative import NumericToken
from fisc.schemas.patterns import patterns

_DATA = patterns("numbers")
_ROLES = tuple((entry["role"], re.compile(entry["pattern"])) for entry in _DATA["role"])
_BESIDE = frozenset("、和与及")
_COMMAS = frozenset("，,")
_EACH = re.compile(r"各[一-鿿]{0,3}$")
_DIGIT = re.compile(r"[0-9０-９]")


def _either(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_MONEY = re.compile(
    rf"\s*(?:(?P<unit>{_either(list(_DATA['money']['units']))})"
    rf"|(?P<short>{_either(list(_DATA['money']['short']))})(?={_DATA['money']['short_before']}))"
)
POINTS = "percentage points"
"""Unit of the difference of two rates, which is no rate of growth."""
_PERCENT = re.compile(rf"\s*(?:{_either(_DATA['percent']['units'])})")
_COUNT = re.compile(rf"\s*(?P<unit>{_either(_DATA['count']['units'])})")
YUAN: Mapping[str, Decimal] = {
    unit: Decimal(value)
    for unit, value in (*_DATA["money"]["units"].items(), *_DATA["money"]["short"].items())
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a sentence: characters ``start`` to ``end``, its unit up to ``close``.

    ``role`` is ``money``, ``percent``, ``count``, ``bare``, or what the number is for where it counts nothing
    (year, date, document_number, …). ``value`` and ``step`` are in yuan for money.
    """

    start: int
    end: int
    close: int
    text: str
    role: str
    unit: str = ""
    value: Decimal = Decimal(0)
    step: Decimal = Decimal(1)

    @property
    def counts(self) -> bool:
        """Whether it says how much or how many."""
        return self.role in ("money", "percent", "count")


def widened(text: str) -> str:
    """The text with full-width marks, character by character; thousands commas stay as they are."""
    if "," not in text:
        return wide(text)
    chars = list(wide(text))
    for start, end in numeric_tokens(text):
        chars[start:end] = text[start:end]
    return "".join(chars)


def numbers_in(text: str, marked: bool = False) -> list[Number]:
    """The numbers of a sentence (full-width marks) in order; ``marked`` where it may begin with an ordinal."""
    if not _DIGIT.search(text):
        return []
    spans = numeric_tokens(text)
    marker = marker_of(text) if marked else None
    roles = _structural(text, spans, marker.length if marker else 0)
    return _sharing(text, [_number(text, span, roles.get(span)) for span in spans])


def _sharing(text: str, numbers: list[Number]) -> list[Number]:
    """收、支总计各是100.00、90.00万元: the first of the two has the unit of the second; behind 各 a comma parts them too."""
    for at in range(len(numbers) - 2, -1, -1):
        one, other = numbers[at], numbers[at + 1]
        between = text[one.end : other.start].strip()
        beside = between in _BESIDE or (between in _COMMAS and _EACH.search(text[: one.start]))
        if one.role == "bare" and other.counts and beside:
            scale = YUAN.get(other.unit, Decimal(1)) if other.role == "money" else Decimal(1)
            numbers[at] = replace(
                one, role=other.role, unit=other.unit, value=one.value * scale, step=one.step * scale
            )
    return numbers


def _structural(text: str, spans: Sequence[tuple[int, int]], marked: int) -> dict[tuple[int, int], str]:
    roles: dict[tuple[int, int], str] = {span: "ordinal" for span in spans if span[1] <= marked}
    for role, pattern in _ROLES:
        if len(roles) == len(spans):
            break
        for match in pattern.finditer(text):
            for span in spans:
                if span not in roles and match.start() <= span[0] and span[1] <= match.end():
                    roles[span] = role
    return roles


def _number(text: str, span: tuple[int, int], role: str | None) -> Number:
    start, end = span
    said = text[start:end]
    worth = numeric_value(said)
    if role or worth is None:
        return Number(start, end, end, said, role or "code")
    value, decimals = worth
    step = Decimal(1).scaleb(-decimals)
    if match := _MONEY.match(text, end):
        unit = match["unit"] or match["short"]
        return Number(start, end, match.end(), said, "money", unit, value * YUAN[unit], step * YUAN[unit])
    if match := _PERCENT.match(text, end):
        unit = POINTS if match[0].endswith("点") else "percent"
        return Number(start, end, match.end(), said, "percent", unit, value, step)
    if match := _COUNT.match(text, end):
        return Number(start, end, match.end(), said, "count", match["unit"], value, step)
    return Number(start, end, end, said, "bare", "", value, step)


def line_numbers(lines: Mapping[int, Sequence[TextLine]]) -> Iterator[NumericToken]:
    """The numbers of lines that are no running text: each has the role of its line."""
    for found in lines.values():
        for line in found:
            if line.role != "text" and _DIGIT.search(line.text):
                for start, end in numeric_tokens(line.text):
                    box = next(span.box for span in line.spans if span.start <= start < span.end)
                    yield NumericToken(line.text[start:end], line.page, box, line.role)
