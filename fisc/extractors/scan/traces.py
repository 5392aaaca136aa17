"""Where a straightened picture may have rules: long, thin, dark runs, found by morphology."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.extractors.scan.cleaning import Grey
from fisc.extractors.scan.connected import connected

_SMEAR = 7.0
"""Points along a rule over which its darkness is averaged: bridges gaps, drowns noise."""
_THICKEST = 3.5
"""Points: a darker band is no rule."""
SHORTEST = 8.0
"""Points: a run of darkness that may be the side of a cell."""
_FAINTEST = 8.0
"""Grey levels by which a rule is darker than its surroundings at least, and how many times the paper's noise."""
_OVER_NOISE = 2.5
_CLUMP = 40.0
"""Points: a thick dark piece so long may be a rule on which print hangs."""
_RIDGE = 0.5
"""Part of the darkest row of such a piece that the rows of the rule have."""
_NEAREST = 2.2
"""Points between two rules that are not the same one."""
_BESIDE = 2.2
"""Points beside a rule where there is paper, and beside a stroke of a character more ink."""
_INKED = 0.2
_REACH = 4.5
"""Points by which a smeared run may miss the rule that it ends at, and overshoot it."""
_BEYOND = 6.0
_GAP = 12.0
"""Points between two pieces of one rule, beside the smear."""
OVERSHOOT = 2.5
"""Points by which smearing prolongs a run."""
TOGETHER = 3
"""Lines that end at one place without a rule to close them."""
_CHARACTER = 30.0
"""Points: no stroke of a character is so long."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A place across where a rule may lie, in pixels, and the dark runs (start, end) along it, longest first.

    ``printed`` is false for the line that closes a table on a side where it has no rule.
    """

    at: float
    runs: tuple[tuple[int, int], ...]
    printed: bool = True

    @property
    def longest(self) -> int:
        return self.runs[0][1] - self.runs[0][0]

    def ends_at(self, joints: NDArray[np.float64], pixels: float) -> bool:
        """Whether some run goes from one of the joints to another, or several that follow each other closely."""
        ends = np.array([*self.runs, *_chained(self.runs, _GAP * pixels)], dtype=float)
        outwards = (ends[:, :, None] - joints) * np.array([[-1.0], [1.0]]) / pixels
        near = ((outwards >= -_REACH) & (outwards <= _BEYOND)).any(axis=2)
        return bool(near.all(axis=1).any())


def _chained(runs: Sequence[tuple[int, int]], gap: float) -> list[tuple[int, int]]:
    """Start and end of the runs that follow each other closely."""
    chains: list[tuple[int, int]] = []
    for start, end in sorted(runs):
        if chains and start - chains[-1][1] <= gap:
            chains[-1] = (chains[-1][0], max(end, chains[-1][1]))
        else:
            chains.append((start, end))
    return chains


def traces(grey: Grey, inked: Grey, pixels: float) -> list[Trace]:
    """Candidates for row rules in order of their place; strokes of characters are among them.

    ``inked`` are the sums of the ink above and before each pixel.
    """
    shrink = max(1, round(pixels))
    short: Grey = cv2.resize(grey, (grey.shape[1] // shrink, grey.shape[0]), interpolation=cv2.INTER_AREA)
    strength = contrast(short, pixels, _SMEAR / shrink)
    mask: Grey = (strength >= faintest(strength)).astype(np.uint8)
    length = max(5, round(SHORTEST * pixels / shrink))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    runs = _runs(mask, _THICKEST * pixels * 2, _CLUMP * pixels / shrink) * np.array([1, shrink, shrink])
    runs = runs[_alone(inked, runs[:, 0], runs[:, 1].astype(int), runs[:, 2].astype(int), pixels)]
    return _gathered(runs[np.lexsort((runs[:, 0], runs[:, 1] - runs[:, 2]))], pixels)


def _runs(mask: Grey, thickest: float, clump: float) -> NDArray[np.float64]:
    """Place, start and end of each piece of the mask; of pieces thicker than a rule, where print hangs on one, the
    rows that are dark for long."""
    labels, stats, centres = connected(mask)
    thin = stats[:, 3] <= thickest
    clumps = ~thin & (stats[:, 2] >= clump)
    thin[0] = clumps[0] = False
    plain = np.column_stack([centres[thin, 1], stats[thin, 0], stats[thin, 0] + stats[thin, 2]])
    found = [plain]
    for label in np.flatnonzero(clumps):
        x, y, wide, tall, _ = stats[label]
        piece = labels[y : y + tall, x : x + wide] == label
        found.append(_ridges(piece) + np.array([y, x, x]))
    return np.concatenate(found)


def _ridges(piece: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Place, start and end of the bands of rows that hold most of a piece."""
    dark = piece.sum(axis=1)
    ends = np.flatnonzero(np.diff(np.concatenate([[0], (dark >= _RIDGE * dark.max()).astype(np.int8), [0]])))
    ridges = []
    for top, bottom in zip(ends[::2], ends[1::2], strict=True):
        columns = np.flatnonzero(piece[top:bottom].any(axis=0))
        ridges.append(((top + bottom - 1) / 2, columns[0], columns[-1] + 1))
    return np.array(ridges, dtype=float)


def contrast(grey: Grey, pixels: float, smear_points: float) -> Grey:
    """How much darker than above and below each pixel is, averaged along the row."""
    smear = max(3, round(smear_points * pixels) | 1)
    thick = max(3, round(_THICKEST * pixels) | 1)
    smeared = cv2.blur(grey, (smear, 1), borderType=cv2.BORDER_REPLICATE)
    hat: Grey = cv2.morphologyEx(smeared, cv2.MORPH_BLACKHAT, np.ones((thick, 1), np.uint8))
    return hat


def faintest(strength: Grey) -> float:
    """The contrast at which a line stands out of the paper's noise."""
    return max(_FAINTEST, _OVER_NOISE * float(np.percentile(strength[::6, ::6], 75)))


def _alone(
    inked: Grey,
    at: NDArray[Any],
    start: NDArray[Any],
    end: NDArray[Any],
    pixels: float,
) -> NDArray[np.bool_]:
    """Whether there is paper beside each run, on one hand at least."""
    middle, beside = np.round(at).astype(int), round(_BESIDE * pixels)

    def share(row: NDArray[np.int_]) -> NDArray[np.float64]:
        row = np.clip(row, 0, len(inked) - 2)
        dark = inked[row + 1, end] - inked[row, end] - inked[row + 1, start] + inked[row, start]
        return np.asarray(dark / np.maximum(end - start, 1), dtype=float)

    paper: NDArray[np.bool_] = np.minimum(share(middle - beside), share(middle + beside)) <= _INKED
    return paper


def _gathered(runs: NDArray[np.float64], pixels: float) -> list[Trace]:
    """Each run, the longest first, joins the nearest place beside it, of two as near the longer, or opens one of its own."""
    places: list[float] = []
    members: dict[float, list[tuple[int, int]]] = {}
    for at, start, end in runs.tolist():
        after = bisect_left(places, at)
        beside = [(abs(place - at), place) for place in places[max(0, after - 1) : after + 1]]
        near = [
            (far, members[place][0][0] - members[place][0][1], place)
            for far, place in beside
            if far <= _NEAREST * pixels
        ]
        if near:
            members[min(near)[-1]].append((int(start), int(end)))
        else:
            places.insert(after, at)
            members[at] = [(int(start), int(end))]
    return [Trace(at, tuple(members[at])) for at in places]


def joins(trace: Trace, joints: Sequence[Trace], *, long: float, pixels: float) -> bool:
    """Whether a trace is ``long`` points or ends at joints on both hands."""
    if trace.longest >= long * pixels:
        return True
    return trace.ends_at(np.array([joint.at for joint in joints]), pixels)


def open_ends(found: Sequence[Trace], joints: Sequence[Trace], pixels: float) -> list[Trace]:
    """Unprinted lines where several traces end together without a joint.

    A table that goes on over a page break may lack its first row rule, and some tables have no rules at the sides.
    What is no longer than a character and ends nowhere is a stroke of a title.
    """
    loose = sorted(end for trace in found for run in trace.runs for end in _loose(trace, run, joints, pixels))
    closing: list[Trace] = []
    group: list[tuple[float, float]] = []
    for end, at in [*loose, (math.inf, 0.0)]:
        if group and end - group[0][0] > _REACH * pixels:
            if len({a for _, a in group}) >= TOGETHER:
                closing.append(_closing(group))
            group = []
        group.append((end, at))
    return closing


def _loose(
    trace: Trace, run: tuple[int, int], joints: Sequence[Trace], pixels: float
) -> list[tuple[float, float]]:
    """The ends of a run, without what smearing prolonged, that lie at no joint, each with the place of its trace."""
    length, shortest = run[1] - run[0], SHORTEST * pixels
    free = [all(abs(end - joint.at) > shortest for joint in joints) for end in run]
    if length <= 2 * shortest or (all(free) and length <= _CHARACTER * pixels):
        return []
    inner = (run[0] + OVERSHOOT * pixels, run[1] - OVERSHOOT * pixels)
    return [(end, trace.at) for end, is_free in zip(inner, free, strict=True) if is_free]


def _closing(group: Sequence[tuple[float, float]]) -> Trace:
    at = sum(end for end, _ in group) / len(group)
    first, last = min(a for _, a in group), max(a for _, a in group)
    return Trace(at, ((round(first), round(last) + 1),), printed=False)
