"""Specks of dirt on the paper, taken away without the points of amounts; a character may lose a dot that stands apart."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.extractors.scan.cleaning import Grey
from fisc.extractors.scan.connected import connected

Bools = NDArray[np.bool_]
Stats = NDArray[Any]

_LARGEST = 2.0
"""Points on a side of the largest speck; strokes and commas are longer."""
_CHARACTER = 30.0
"""Points on a side of the largest character; what is larger is a rule."""
_FEWEST = 60
"""Specks apart from print that make a page dirty; a clean one has up to a dozen."""
_MOST = 5_000
"""Specks apart from print above which a page is left as it is: what is so dirty holds no print to save."""
_PART = 256
"""Specks held against all others at a time, for memory's sake."""
_MANY = 150
"""Small marks, points among them, below which a page is not looked at closer."""
_TOUCHING = 0.9
"""Points from a character within which a mark may be a part of it."""
_BESIDE = 3.5
"""Points from a decimal point to the digits on both hands."""
_BASE_LINE = (-0.8, 2.0)
"""Points by which the foot of a point or comma stands below that of the digit before it."""
_COLON = (1.5, 6.0)
"""Points from one dot of a colon to the other, and at most from the character before it."""
_DASH_GAP = 4.0
"""Points between two dashes of a rule, and of the shortest chain of them that is one."""
_DASHED = 10.0
_HALO = 1
"""Pixels around a speck that compression greyed."""


def without_specks(picture: Grey, ink: Grey, pixels: float) -> tuple[Grey, Grey]:
    """The picture and its ink without the specks that stand apart from print, where a page is dirty with them.

    A page that has more dashes of rules than specks is not dirty: what is left of them would go with the specks.
    """
    if not _may_be_dirty(ink, pixels):
        return picture, ink
    labels, stats, _ = connected(ink)
    small, character = _longer(stats) <= _LARGEST * pixels, _longer(stats) <= _CHARACTER * pixels
    character &= ~small
    apart = small & ~_touching(character, labels, len(stats), pixels)
    dashes = _dashes(apart, labels, pixels)
    apart &= ~dashes
    fewest = max(_FEWEST, int(np.count_nonzero(dashes)))
    if not fewest <= np.count_nonzero(apart) <= _MOST:
        return picture, ink
    apart[apart] = ~_points(stats[apart] / pixels, stats[character] / pixels)
    if np.count_nonzero(apart) < fewest:
        return picture, ink
    specks = _ink(apart, labels)
    wide = cv2.dilate(specks, np.ones((2 * _HALO + 1, 2 * _HALO + 1), np.uint8))
    return np.where(wide, np.uint8(255), picture), np.where(specks, np.uint8(0), ink)


def _may_be_dirty(ink: Grey, pixels: float) -> bool:
    """Whether there are many small marks at all, seen on half the pixels."""
    half = (cv2.resize(ink * np.uint8(255), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) > 0).astype(
        np.uint8
    )
    stats = connected(half)[1]
    return int(np.count_nonzero(_longer(stats) <= _LARGEST * pixels / 2)) >= _MANY


def _longer(stats: Stats) -> Stats:
    """The longer side of each piece of ink."""
    return np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])


def _touching(character: Bools, labels: Stats, count: int, pixels: float) -> Bools:
    """Which pieces of ink lie close to a character."""
    reach = 2 * round(_TOUCHING * pixels) + 1
    around = cv2.dilate(_ink(character, labels), np.ones((reach, reach), np.uint8))
    touching = np.zeros(count, dtype=bool)
    touching[labels[(around > 0) & (labels > 0)]] = True
    return touching


def _dashes(marks: Bools, labels: Stats, pixels: float) -> Bools:
    """Which marks follow each other closely along a row or column: the pieces of a dashed or dotted rule."""
    ink = _ink(marks, labels)
    places, labels = np.flatnonzero(ink.view(np.bool_)), labels.ravel()
    gap, shortest = round(_DASH_GAP * pixels) | 1, _DASHED * pixels
    dashes = np.zeros(len(marks), dtype=bool)
    for course in (np.ones((1, gap), np.uint8), np.ones((gap, 1), np.uint8)):
        joined = cv2.connectedComponents(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, course), connectivity=8)[1]
        chains = joined.ravel()[places]
        long = np.maximum(*(_reach(chains, at) for at in np.divmod(places, ink.shape[1]))) >= shortest
        dashes[labels[places[long[chains]]]] = True
    return dashes


def _reach(chains: Stats, at: Stats) -> Stats:
    """How many rows, or columns, each chain of marks takes up, by the number of the chain and the row at each place."""
    first = np.full(chains.max(initial=0) + 1, at.max(initial=0) + 1)
    last = np.full(len(first), -1)
    np.minimum.at(first, chains, at)
    np.maximum.at(last, chains, at)
    return last - first + 1


def _ink(pieces: Bools, labels: Stats) -> Grey:
    """The ink of some pieces."""
    ink: Grey = np.take(pieces.astype(np.uint8), labels)
    return ink


def _points(marks: Stats, characters: Stats) -> Bools:
    """Which marks stand on the base line between two characters, or make a colon; some marks at a time."""
    parts = [marks[start : start + _PART] for start in range(0, len(marks), _PART)]
    return np.concatenate([_points_among(part, marks, characters) for part in parts])


def _points_among(part: Stats, marks: Stats, characters: Stats) -> Bools:
    x0, y0 = part[:, 0, None], part[:, 1, None]
    x1, y1 = x0 + part[:, 2, None], y0 + part[:, 3, None]
    left, top = characters[:, 0], characters[:, 1]
    right, foot = left + characters[:, 2], top + characters[:, 3]
    level = (top < y1) & (foot > y0 - _BASE_LINE[1])
    below = y1 - foot
    before = level & (np.abs(x0 - right) <= _BESIDE) & (below >= _BASE_LINE[0]) & (below <= _BASE_LINE[1])
    behind = level & (np.abs(left - x1) <= _BESIDE)
    middles, feet = 2 * marks[:, 0] + marks[:, 2], marks[:, 1] + marks[:, 3]
    distance = np.abs(y1 - feet)
    colon = (np.abs(x0 + x1 - middles) <= 1.0) & (distance >= _COLON[0]) & (distance <= _COLON[1])
    follows = level & (x0 > right - _TOUCHING) & (x0 <= right + _COLON[1])
    points: Bools = (before.any(axis=1) & behind.any(axis=1)) | (colon.any(axis=1) & follows.any(axis=1))
    return points
