"""Amounts by the recogniser's probabilities and by what stands in their column."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fisc.extractors.page import Reading
from fisc.extractors.scan.decoding import (
    amount_readings,
    cleared_of_smudges,
    looks_like_amount,
    probability,
    well_formed,
)
from fisc.extractors.scan.line_reader import ReadLine
from fisc.extractors.scan.recogniser import Probabilities

_DECIMALS = re.compile(r".*\.\d\d")
_ODD_DECIMALS = re.compile(r".*\.(\d|\d{3,})")
_DASHES = frozenset("一ー_—-–二")
_ILL_FORMED = 1e-3
"""Prior of a reading that is no amount; of one without the decimals of its column; of one without those of the
page, in a column that shows too little; of one with one or three decimals."""
_NO_DECIMALS = 1e-3
_UNLIKE_PAGE = 0.05
_RARE = 0.3
_SMUDGED = 0.02
"""What a reading is worth that leaves out a mark which is no part of an amount."""
_UNSURE = 0.7
_COLUMN = 3
"""Numbers, or dashes, that show what a column holds."""
_MOST = 0.7
_LEAST_SCORE = 1e-6
_MOST_READINGS = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: the prior of one without two decimals; ``known`` where enough numbers show it."""

    without_decimals: float
    known: bool


def settled(read: Sequence[ReadLine]) -> list[ReadLine]:
    """The lines, amounts with their readings ranked by probability and form."""
    columns, page = _columns(read)
    return [
        _settled(one, columns.get(one.line.cell.columns, page) if one.line.cell else None) for one in read
    ]


def _columns(read: Sequence[ReadLine]) -> tuple[Mapping[tuple[int, int], Column], Column]:
    """What stands in columns that hold numbers, and what to expect in the others."""
    numbers: dict[tuple[int, int], list[bool]] = defaultdict(list)
    for one in read:
        if one.line.cell and looks_like_amount(one.text):
            numbers[one.line.cell.columns].append(bool(_DECIMALS.fullmatch(one.text)))
    columns = {
        place: Column(_NO_DECIMALS if sum(decimals) >= _MOST * len(decimals) else 1.0, known=True)
        for place, decimals in numbers.items()
        if len(decimals) >= _COLUMN
    }
    amounts = any(column.without_decimals < 1.0 for column in columns.values())
    other = Column(_UNLIKE_PAGE if amounts else 1.0, known=False)
    return {place: replace(other, known=True) for place in _dashed(read)} | columns, other


def _dashed(read: Sequence[ReadLine]) -> Iterator[tuple[int, int]]:
    """Columns in which most of what stands is a dash: they hold blank numbers, for 一 is one ordinal of several."""
    held: dict[tuple[int, int], list[bool]] = defaultdict(list)
    for one in read:
        if one.line.cell:
            held[one.line.cell.columns].append(set(one.text) <= _DASHES - {"二"})
    for place, dashes in held.items():
        if sum(dashes) >= max(_COLUMN, len(dashes) / 2 + 1):
            yield place


def _settled(one: ReadLine, column: Column | None) -> ReadLine:
    if looks_like_amount(one.text):
        return replace(one, readings=ranked(one.amounts, column) or one.readings)
    if not column or not column.known:
        return one
    if set(one.text) <= _DASHES:
        return replace(one, readings=(Reading("—", one.readings[0].score), *one.readings))
    if one.readings[0].score < _UNSURE and 2 * sum(c.isdigit() for c in one.text) >= len(one.text):
        cleared = ranked(cleared_of_smudges(one.amounts), column)
        worth = tuple(Reading(r.text, r.score * _SMUDGED) for r in cleared)
        return replace(one, readings=(*worth, *one.readings)[:_MOST_READINGS])
    return one


def ranked(amounts: Probabilities, column: Column | None = None) -> tuple[Reading, ...]:
    """The likely readings of a line as an amount, by their probability and form."""
    readings = list(amount_readings(amounts))
    known = {r.text for r in readings}
    readings += [Reading(t, probability(t, amounts)) for t in _with_point(readings) if t not in known]
    ranked = sorted(readings, key=lambda r: -r.score * _prior(r.text, column))
    return tuple(r for r in ranked if r.text and r.score >= _LEAST_SCORE)[:_MOST_READINGS]


def _prior(text: str, column: Column | None) -> float:
    prior = 1.0 if well_formed(text) else _ILL_FORMED
    if _ODD_DECIMALS.fullmatch(text):
        prior *= _RARE
    if column and not _DECIMALS.fullmatch(text):
        prior *= column.without_decimals
    return prior


def _with_point(readings: Sequence[Reading]) -> list[str]:
    """The best reading with a decimal point where two decimals would have one."""
    digits = readings[0].text.replace(".", "") if readings else ""
    if "," in digits[-3:] or len(digits) < 3 or not digits[-3:].isdigit():
        return []
    return [f"{digits[:-2]}.{digits[-2:]}"]
