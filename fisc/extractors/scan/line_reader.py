"""Lines of print given to the recogniser, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fisc.extractors.page import Reading
from fisc.extractors.scan.cleaning import Grey, ink_threshold
from fisc.extractors.scan.decoding import AMOUNT_CHARACTERS, decoder
from fisc.extractors.scan.print_lines import PrintLine
from fisc.extractors.scan.recogniser import Probabilities, Recogniser

_ABOVE = 0.25
"""Heights of the line of paper that the recogniser wants above and below it, and before and behind it."""
_BEFORE = 0.35
_LOWEST = 0.9
"""Usual heights that a crop has at least, so that 一 and - do not grow to the height of a character."""
_FLAT = 0.25
"""Heights of a line that a dash is high and wide at most; 一 is as wide as a line is high."""
_DASH = 0.6
_NOTHING: Probabilities = np.ones((1, 1 + len(AMOUNT_CHARACTERS)), np.float32)
"""Stands for the probabilities of a line that was not given to the recogniser."""
_UNSURE = 0.5
_GHOST = 0.88
"""Part of the grey that counts as ink which the remains of a stamp and dirt do not go below."""
_SAMPLE = 5
"""Lines that show whether a picture stands upright."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of print with its readings, best first, and the probabilities of the characters of amounts."""

    line: PrintLine
    readings: tuple[Reading, ...]
    amounts: Probabilities

    @property
    def text(self) -> str:
        return self.readings[0].text


class LineReader:
    """Reads the lines of one picture; ``height`` is the usual one of its lines in pixels."""

    def __init__(self, picture: Grey, height: float, recogniser: Recogniser) -> None:
        self._picture = picture
        self._height = height
        self.recogniser = recogniser
        self._decoder = decoder(recogniser.characters)
        self._pale = ink_threshold(picture) * _GHOST
        self._read: dict[PrintLine, ReadLine] = {}

    def read(self, lines: Sequence[PrintLine]) -> list[ReadLine]:
        """The lines as recognised; the second time from memory."""
        fresh = []
        for line in lines:
            if line not in self._read and self._is_dash(line):
                self._read[line] = ReadLine(line, (Reading("-", 1.0),), _NOTHING)
            elif line not in self._read:
                fresh.append(line)
        crops = [crop(self._picture, line, self._height) for line in fresh]
        for number, probabilities in self.recogniser.read(crops):
            readings = self._decoder.text(probabilities)
            self._read[fresh[number]] = ReadLine(
                fresh[number], readings, self._decoder.amounts(probabilities)
            )
        return [self._read[line] for line in lines]

    def _is_dash(self, line: PrintLine) -> bool:
        """Whether all that stands in a cell is one flat mark, too short for 一: a recogniser takes it for anything."""
        width, height = line.ink[2] - line.ink[0], line.ink[3] - line.ink[1]
        flat = height <= _FLAT * self._height and width >= 1.3 * height
        return line.cell is not None and flat and width <= _DASH * self._height

    def sureness(self, lines: Sequence[PrintLine]) -> float:
        """Mean probability of a character in the widest lines, near 1 where the picture stands upright."""
        widest = sorted(lines, key=lambda line: line.ink[0] - line.ink[2])[:_SAMPLE]
        best = [read.readings[0] for read in self.read(widest)]
        each = [max(r.score, 1e-9) ** (1 / max(len(r.text), 1)) for r in best]
        return float(np.mean(each)) if each else 1.0

    def is_ghost(self, one: ReadLine) -> bool:
        """Whether a line is pale and hardly read: what is left of a stamp, or dirt."""
        x0, y0, x1, y1 = one.line.ink
        hardly = one.readings[0].score < _UNSURE
        return hardly and bool(np.percentile(self._picture[y0:y1, x0:x1], 5) > self._pale)


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
