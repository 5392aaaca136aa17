"""Lines of print read into words, amounts by the grammar of their column."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from fisc.extractors.page import Reading
from fisc.extractors.scan.cleaning import Grey, ink_threshold
from fisc.extractors.scan.decoding import (
    Decoder,
    amount_readings,
    looks_like_amount,
    probability,
    well_formed,
)
from fisc.extractors.scan.print_lines import PrintLine
from fisc.extractors.scan.recogniser import Probabilities, Recogniser

_ABOVE = 0.25
"""Heights of the line of paper that the recogniser wants above and below it, and before and behind it."""
_BEFORE = 0.35
_LOWEST = 0.9
"""Usual heights that a crop has at least, so that 一 and - do not grow to the height of a character."""
_ILL_FORMED = 1e-3
"""Prior of a reading that is no amount, and of one without the decimals of its column."""
_NO_DECIMALS = 1e-3
_DECIMALS = re.compile(r".*\.\d\d")
_UNSURE = 0.5
_GHOST = 0.88
_COLUMN = 3
_MOST_OF_COLUMN = 0.7
_LEAST_SCORE = 1e-6
_MOST_READINGS = 5


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of print with its readings, best first; ``amounts`` are kept where it may be a number."""

    line: PrintLine
    readings: tuple[Reading, ...]
    amounts: Probabilities | None = None

    @property
    def text(self) -> str:
        return self.readings[0].text


def read_lines(
    picture: Grey, lines: Sequence[PrintLine], height: float, recogniser: Recogniser
) -> list[ReadLine]:
    """Recognise each line, and settle the amounts by what stands in their columns."""
    decoder = Decoder(recogniser.characters)
    read = [_read(crop(picture, line, height), line, recogniser, decoder) for line in lines]
    decimal = _decimal_columns(read)
    settled = [_settled(one, decimal) for one in read if one.readings[0].text]
    pale = _pale(picture)
    return [one for one in settled if not (one.readings[0].score < _UNSURE and _is_ghost(picture, one.line, pale))]


def _pale(picture: Grey) -> int:
    """The grey that only the remains of a stamp and dirt do not go below."""
    level = ink_threshold(picture)
    return round(level * _GHOST)


def _is_ghost(picture: Grey, line: PrintLine, pale: int) -> bool:
    x0, y0, x1, y1 = line.ink
    return bool(np.percentile(picture[y0:y1, x0:x1], 5) > pale)


def crop(picture: Grey, line: PrintLine, height: float) -> Grey:
    """The line with paper around it: what lies outside its room is white."""
    x0, y0, x1, y1 = line.ink
    tall = max(y1 - y0, _LOWEST * height)
    above = round((tall - (y1 - y0)) / 2 + _ABOVE * tall)
    before = round(_BEFORE * tall)
    left, top, right, bottom = x0 - before, y0 - above, x1 + before, y1 + above
    a, b = max(left, line.room[0], 0), max(top, line.room[1], 0)
    c, d = min(right, line.room[2], picture.shape[1]), min(bottom, line.room[3], picture.shape[0])
    paper = (255.0,)
    whole: Grey = cv2.copyMakeBorder(
        picture[b:d, a:c], b - top, bottom - d, a - left, right - c, cv2.BORDER_CONSTANT, value=paper
    )
    return whole


def _read(image: Grey, line: PrintLine, recogniser: Recogniser, decoder: Decoder) -> ReadLine:
    probabilities = recogniser.read(image)
    readings = tuple(replace(r, text="".join(r.text.split())) for r in decoder.text(probabilities))
    amounts = decoder.amounts(probabilities) if looks_like_amount(readings[0].text) else None
    return ReadLine(line, readings, amounts)


def _decimal_columns(read: Sequence[ReadLine]) -> Mapping[tuple[int, int], bool]:
    """Columns of cells in which most numbers have two decimals."""
    counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for one in read:
        if one.line.cell and one.amounts is not None:
            counts[one.line.cell.columns][0] += 1
            counts[one.line.cell.columns][1] += bool(_DECIMALS.fullmatch(one.text))
    return {
        columns: numbers >= _COLUMN and decimals >= _MOST_OF_COLUMN * numbers
        for columns, (numbers, decimals) in counts.items()
    }


def _settled(one: ReadLine, decimal: Mapping[tuple[int, int], bool]) -> ReadLine:
    """The readings of an amount by probability and form; other lines as they are."""
    if one.amounts is None:
        return one
    two_decimals = one.line.cell is not None and decimal.get(one.line.cell.columns, False)
    readings = list(amount_readings(one.amounts))
    known = {r.text for r in readings}
    readings += [
        Reading(text, probability(text, one.amounts)) for text in _with_point(readings) if text not in known
    ]
    ranked = sorted(readings, key=lambda r: -r.score * _prior(r.text, two_decimals))
    likely = tuple(r for r in ranked if r.score >= _LEAST_SCORE)[:_MOST_READINGS]
    return replace(one, readings=likely or one.readings)


def _prior(text: str, two_decimals: bool) -> float:
    prior = 1.0 if well_formed(text) else _ILL_FORMED
    if two_decimals and not _DECIMALS.fullmatch(text):
        prior *= _NO_DECIMALS
    return prior


def _with_point(readings: Sequence[Reading]) -> list[str]:
    """The best reading with a decimal point where two decimals would have one."""
    digits = readings[0].text.replace(".", "") if readings else ""
    if "," in digits[-3:] or len(digits) < 3 or not digits[-3:].isdigit():
        return []
    return [f"{digits[:-2]}.{digits[-2:]}"]
