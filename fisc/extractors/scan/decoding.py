"""From the recogniser's probabilities to readings, best first."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fisc.extractors.page import Reading
from fisc.extractors.scan.labels import SIMPLIFIED
from fisc.extractors.scan.recogniser import Probabilities

AMOUNT_CHARACTERS = "0123456789.,-"
_LOOKALIKES = {
    "0": "0０OoО〇",
    "1": "1１lI",
    ".": ".．。·・",
    ",": ",，、‚",
    "-": "-－—–―−",
} | {digit: digit + chr(ord(digit) + 0xFEE0) for digit in "23456789"}
_RULE = "|｜¦"
_RULES = _RULE + "丨!！"
"""What a piece of a column rule is read as anywhere, and beside a number."""
_AMOUNT = re.compile(r"-?([1-9]\d{0,2}(,\d{3})+|[1-9]\d*|0)(\.\d+)?|0\d")
_NEARLY_AMOUNT = re.compile(r"[|!丨¦\[\]]?[0-9.,:;'`\-]*[|!丨¦\[\]]?")
_SURE = 0.98
_BEAMS = 16
_SMALLEST_SHARE = 1e-7
"""A way of reading that is less probable than this beside the best one is given up."""
_SMALLEST_SYMBOL = 1e-5
_MOST_READINGS = 5

Beam = dict[str, tuple[float, float]]
"""Text so far -> probability that it ends in a blank, and in its last character."""


class Decoder:
    """Turns probabilities over one list of characters into text."""

    def __init__(self, characters: Sequence[str]) -> None:
        self._characters = characters
        places = {character: i for i, character in reversed(list(enumerate(characters)))}
        self._empty = np.array([0, *self._places(_RULE + " ", places)])
        self._is_empty = np.zeros(len(characters), dtype=bool)
        self._is_empty[self._empty] = True
        alike = [[0, *self._places(_RULES + " ", places)]]
        alike += [self._places(_LOOKALIKES.get(wanted, wanted), places) for wanted in AMOUNT_CHARACTERS]
        self._alike = np.array([place for group in alike for place in group])
        self._groups = np.cumsum([0, *(len(group) for group in alike[:-1])])

    @staticmethod
    def _places(characters: str, places: Mapping[str, int]) -> list[int]:
        return [places[character] for character in characters if character in places]

    def text(self, probabilities: Probabilities) -> tuple[Reading, ...]:
        """The most probable text without blanks, and the next ones that differ in one unsure character."""
        best = probabilities.argmax(axis=1)
        sure = probabilities[np.arange(len(best)), best]
        empty = self._is_empty[best]
        best[empty] = 0
        sure[empty] = probabilities[np.ix_(empty, self._empty)].sum(axis=1)
        readings = [Reading(self._spell(best), float(np.prod(sure)))]
        for step in np.argsort(sure)[:2]:
            if sure[step] > _SURE:
                break
            other = best.copy()
            other[step] = self._second(probabilities[step], int(best[step]))
            share = float(probabilities[step, other[step]]) / max(float(sure[step]), 1e-9)
            readings.append(Reading(self._spell(other), readings[0].score * share))
        return _distinct(readings)

    def _second(self, step: NDArray[np.float32], best: int) -> int:
        """The best of the three likeliest that is another character; the blank where there is none."""
        left = step.copy()
        for _ in range(3):
            likeliest = int(left.argmax())
            if likeliest != best and not self._is_empty[likeliest]:
                return likeliest
            left[likeliest] = -1.0
        return 0

    def _spell(self, path: NDArray[np.int_]) -> str:
        fresh = np.ones(len(path), dtype=bool)
        fresh[1:] = path[1:] != path[:-1]
        return "".join(self._characters[i] for i in path[fresh & (path > 0)]).translate(SIMPLIFIED)

    def amounts(self, probabilities: Probabilities) -> Probabilities:
        """Probabilities of the blank and of each of ``AMOUNT_CHARACTERS``; look-alikes count with them, and
        pieces of rules as blank."""
        folded: Probabilities = np.add.reduceat(probabilities[:, self._alike], self._groups, axis=1)
        return folded


@lru_cache(maxsize=2)
def decoder(characters: tuple[str, ...]) -> Decoder:
    """The decoder of a recogniser's characters, made once."""
    return Decoder(characters)


def fold(text: str) -> str:
    """Text without blanks, in the plain forms of its characters."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def looks_like_amount(text: str) -> bool:
    """Whether a reading is a number or nearly one."""
    plain = fold(text).replace("，", ",").replace("。", ".")
    return bool(_NEARLY_AMOUNT.fullmatch(plain)) and any(c.isdigit() for c in plain)


@lru_cache(maxsize=4096)
def well_formed(text: str) -> bool:
    """Whether separators and point stand where an amount or code has them."""
    return bool(_AMOUNT.fullmatch(text))


def amount_readings(probabilities: Probabilities) -> tuple[Reading, ...]:
    """Readings over ``AMOUNT_CHARACTERS`` with their probabilities, best first.

    ``probabilities`` come from :meth:`Decoder.amounts`.
    """
    beam: Beam = {"": (1.0, 0.0)}
    for step in probabilities:
        beam = _pruned(_stepped(beam, step))
    scores = sorted(((sum(ends), text) for text, ends in beam.items()), key=lambda s: (-s[0], s[1]))
    return tuple(Reading(text, min(score, 1.0)) for score, text in scores)


def _stepped(beam: Beam, step: NDArray[np.float32]) -> Beam:
    blank, *symbols = step.tolist()
    likely = [
        (character, probability)
        for character, probability in zip(AMOUNT_CHARACTERS, symbols, strict=True)
        if probability > _SMALLEST_SYMBOL
    ]
    if not likely:
        return {text: ((ended + open_) * blank, 0.0) for text, (ended, open_) in beam.items()}
    grown: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for text, (ended, open_) in beam.items():
        grown[text][0] += (ended + open_) * blank
        for character, probability in likely:
            if text.endswith(character):
                grown[text][1] += open_ * probability
                grown[text + character][1] += ended * probability
            else:
                grown[text + character][1] += (ended + open_) * probability
    return {text: (ends[0], ends[1]) for text, ends in grown.items()}


def _pruned(beam: Beam) -> Beam:
    ranked = sorted(beam.items(), key=lambda item: -sum(item[1]))[:_BEAMS]
    least = sum(ranked[0][1]) * _SMALLEST_SHARE
    return {text: ends for text, ends in ranked if sum(ends) > least}


def cleared_of_smudges(probabilities: Probabilities) -> Probabilities:
    """The same where every mark that is no part of an amount counts as blank."""
    cleared = probabilities.copy()
    cleared[:, 0] = np.maximum(1.0 - probabilities[:, 1:].sum(axis=1), 0.0)
    return cleared


def probability(text: str, probabilities: Probabilities) -> float:
    """Probability that the line says exactly ``text``, all ways of spacing it added up."""
    symbols = [0]
    for character in text:
        symbols += [AMOUNT_CHARACTERS.index(character) + 1, 0]
    chain = np.zeros(len(symbols))
    chain[:2] = probabilities[0, symbols[:2]]
    skip = np.array([i > 1 and s != 0 and s != symbols[i - 2] for i, s in enumerate(symbols)])
    for step in probabilities[1:]:
        before = np.concatenate([[0.0], chain[:-1]])
        twice = np.where(skip, np.concatenate([[0.0, 0.0], chain[:-2]]), 0.0)
        chain = (chain + before + twice) * step[symbols]
    return float(chain[-2:].sum())


def _distinct(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    seen: dict[str, Reading] = {}
    for reading in sorted(readings, key=lambda r: -r.score):
        seen.setdefault(reading.text, reading)
    return tuple(seen.values())[:_MOST_READINGS]
