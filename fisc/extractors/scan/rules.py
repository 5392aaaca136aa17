"""The darkness along the traces of rules: which sides of cells are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from fisc.extractors.scan.cleaning import Grey
from fisc.extractors.scan.traces import OVERSHOOT, Trace, contrast, faintest

Places = NDArray[np.int_]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_SMEAR = 1.0
"""Points along a rule over which its darkness is averaged: few, to tell a rule from a row of strokes."""
_SWAY = 1.2
"""Points by which a rule may bend away from its place."""
_USUAL = 0.45
"""Part of a line's usual darkness that counts as dark."""
_SOLID = 0.75
"""Share of a run that is dark at this closer look."""
_SMEARED = 16.0
"""Points: a run so long is looked at without the ends by which smearing prolonged it."""
_ALL_OVER = 0.92
"""Share of a part of a run that is a rule, where the rest of the run is not."""
_CUT = 30.0
"""Points: shorter runs are not searched for a solid part."""
_CUTS = np.array([(a, b) for a in np.linspace(0, 0.5, 21) for b in np.linspace(0, 0.5, 21) if a + b <= 0.5]).T
"""Parts of a run that are tried as cut off before and after."""
_MOSTLY = 0.6
_BROKEN = 0.5
"""Share of a broken or faint rule that must be seen where there is bare paper on both hands."""
_PIECES = 0.25
_BARE = 0.02
_CLEAR = 0.15
_CLOSE = (1.4, 2.6)
"""Points beside a rule where print that is cut by it would show."""
_BAND = (1.8, 5.0)
"""Points beside a rule, from and to, where its surroundings are looked at."""
_FREE = 0.7
"""Points by which print beside a rule keeps the place beside it from being free."""
_SPECK = 1e-6
_FREE_LEAST = 0.3
"""Share of a stretch that must be free to tell whether a broken rule is there, and share of the free places that is
dark then; the same where nearly all of it is free."""
_FREE_DARK = 0.5
_ALL_FREE = 0.95
_ALL_FREE_DARK = 0.15
_PLAIN = 0.6
"""Share that leaves no doubt; and the share of a side beside its joints."""
_BESIDE_JOINT = 0.25
_HALF_FREE = 0.5
_DASHES = 0.7
"""Dark share of the free places along a rule that is dashed."""
_ECHO = 5.0
"""Points beside a rule where compression may leave a paler one."""
_PALE = 0.6
_LONG = 60.0
"""Points: a line so long is no row of strokes; dark on a shorter one is what reaches this part of their darkness."""
_AS_DARK = 0.3


@dataclass(frozen=True)
class Strip:
    """What surrounds a row rule, counted when it is asked for: most candidates are strokes, and few counts tell them.

    ``contrast`` are the rows of a picture's contrast at small offsets across, each three pixels high: what is dark, or
    differs from paper at all, has so much at least. ``inked`` are the sums of the ink above and before each pixel,
    ``middle`` is the row of the rule.
    """

    contrast: Grey
    least_dark: float
    least_pale: float
    inked: Grey
    middle: int
    pixels: float

    @cached_property
    def dark(self) -> NDArray[np.int32]:
        """``dark[k, i]``: the dark pixels before ``i``, at the ``k``-th offset."""
        return _counts(self.contrast >= self.least_dark)

    @cached_property
    def pale(self) -> NDArray[np.int32]:
        """The same of the pixels that differ from paper at all."""
        return _counts(self.contrast >= self.least_pale)

    @cached_property
    def band(self) -> tuple[Floats, Floats]:
        """The ink above and below before each place, as shares of the band looked at."""
        return self._beside(_BAND)

    @cached_property
    def close(self) -> tuple[Floats, Floats]:
        """The same of the ink nearest to the rule."""
        return self._beside(_CLOSE)

    @cached_property
    def free(self) -> NDArray[np.int32]:
        """The places with paper on both hands, where strokes of print cannot pass for a rule, before each."""
        return _counts(self._is_free[None])

    @cached_property
    def dark_free(self) -> NDArray[np.int32]:
        """Those of them that are dark."""
        return _counts((self.contrast >= self.least_dark) & self._is_free)

    @cached_property
    def _is_free(self) -> Bools:
        inked = (np.diff(self.close[0]) + np.diff(self.close[1]) > _SPECK).astype(np.uint8)
        reach = 2 * round(_FREE * self.pixels) + 1
        free: Bools = cv2.dilate(inked[None], np.ones((1, reach), np.uint8))[0] == 0
        return free

    def _beside(self, band: tuple[float, float]) -> tuple[Floats, Floats]:
        near, far = round(band[0] * self.pixels), round(band[1] * self.pixels)
        height, middle = len(self.inked) - 1, self.middle
        above = max(0, middle - far), max(1, middle - near)
        below = min(middle + near + 1, height - 1), min(middle + far + 1, height)
        return self._share(*above), self._share(*below)

    def _share(self, top: int, bottom: int) -> Floats:
        share: Floats = (self.inked[bottom] - self.inked[top]) / (bottom - top)
        return share


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate for a row or column rule; ``darkness`` is the usual one of its longest run."""

    trace: Trace
    darkness: float
    strip: Strip

    @property
    def at(self) -> float:
        return self.trace.at

    def share(self, start: Places, end: Places) -> Floats:
        """The dark share between places along the line, at the offset where it is darkest."""
        return _share(self.strip.dark, start, end)

    def traced(self, start: Places, end: Places) -> Bools:
        """Whether pieces of a broken or faint rule stand on otherwise bare paper."""
        bare = self._bare(start, end, np.maximum)
        return bare & (_share(self.strip.pale, start, end) >= _BROKEN) if bare.any() else bare

    def likely(self, start: Places, end: Places) -> Bools:
        """Whether there is as much of a rule as a stretch needs that lies between printed ones.

        That is most of it; or half, where print that could pass for it is on one hand at most; or a few pieces
        on bare paper.
        """
        share = self.share(start, end)
        half = (share >= _BROKEN) & self._bare(start, end, np.minimum)
        pieces = (_share(self.strip.pale, start, end) >= _PIECES) & self._bare(start, end, np.maximum)
        likely: Bools = (share >= _MOSTLY) | half | pieces
        return likely

    def seen(self, start: Places, end: Places) -> tuple[Bools, Bools, Bools]:
        """Whether pieces of a rule show where print leaves it free, also beside a joint, where words do not reach, and
        whether most of it shows.

        Strokes of print have more print beside them.
        """
        free = _share(self.strip.free, start, end)
        dark = _most(self.strip.dark_free, start, end) / np.maximum((end - start) * free, 1)
        plain: Bools = (free >= _ALL_FREE) & (dark >= _PLAIN)
        pieces = (free >= _FREE_LEAST) & (dark >= np.where(free >= _ALL_FREE, _ALL_FREE_DARK, _FREE_DARK))
        zone = np.ceil((end - start) * _BESIDE_JOINT).astype(int)
        joined = np.maximum(self.share(start, start + zone), self.share(end - zone, end)) >= _BROKEN
        return pieces | plain, plain | (pieces & joined), plain

    def _mostly_seen(self, start: Places, end: Places) -> Bools:
        """Whether half of a long stretch is free, only the rules across and single words beside it, and most of that
        is dark."""
        free = _most(self.strip.free, start, end)
        most: Bools = (free >= _HALF_FREE * (end - start)) & (
            _most(self.strip.dark_free, start, end) >= _PLAIN * free
        )
        return most

    def dashed(self, start: Places, end: Places) -> Bools:
        """Whether most of the free places of a stretch are dark, and half of it at least is free."""
        free = _share(self.strip.free, start, end)
        dark = _most(self.strip.dark_free, start, end) / np.maximum((end - start) * free, 1)
        dashed: Bools = (free >= _HALF_FREE) & (dark >= _DASHES)
        return dashed

    def clear(self, start: Places, end: Places) -> Bools:
        """Whether there is paper close beside the line, on both hands."""
        clear: Bools = (
            np.maximum(_mean(self.strip.close[0], start, end), _mean(self.strip.close[1], start, end))
            <= _CLEAR
        )
        return clear

    def _bare(self, start: Places, end: Places, worse: np.ufunc) -> Bools:
        above, below = (_mean(sums, start, end) for sums in self.strip.band)
        bare: Bools = worse(above, below) <= _BARE
        return bare

    def solid(self, pixels: float) -> tuple[tuple[int, int], ...]:
        """The runs that are more than what lies near, smeared; of one that strokes of print prolong, its solid part."""
        start, end = np.array(self.trace.runs).T
        over = np.where(end - start > _SMEARED * pixels, round(OVERSHOOT * pixels), 0)
        keep = self.share(start + over, end - over) >= _SOLID
        if not keep.all():
            keep |= self.traced(start, end)
        long = end - start >= _CUT * pixels
        if not keep[long].all():
            keep |= long & self._mostly_seen(start + over, end - over)
        whole = [
            run if solid else self._solid_part(run) if run[1] - run[0] >= _CUT * pixels else None
            for run, solid in zip(self.trace.runs, keep.tolist(), strict=True)
        ]
        return tuple(run for run in whole if run is not None)

    def _solid_part(self, run: tuple[int, int]) -> tuple[int, int] | None:
        """The longest part of a run, at least half of it, that is dark all over; None where there is none."""
        length = run[1] - run[0]
        start = run[0] + np.round(_CUTS[0] * length).astype(int)
        end = run[1] - np.round(_CUTS[1] * length).astype(int)
        dark = self.share(start, end) >= _ALL_OVER
        if not dark.any():
            return None
        best = int(np.argmax(np.where(dark, end - start, -1)))
        return int(start[best]), int(end[best])


def measured(
    grey: Grey, inked: Grey, traces: Sequence[Trace], pixels: float, across: Sequence[Line] = ()
) -> list[Line]:
    """The traces of row rules of ``grey`` with the darkness along them; false ones are left out.

    ``inked`` are the sums of the ink above and before each pixel. Where no rule is long, those ``across`` tell how dark
    one is.
    """
    strength = contrast(grey, pixels, _SMEAR)
    least = faintest(strength)
    lines = [_line(strength, inked, trace, least, pixels) for trace in traces]
    dark = max(least, _AS_DARK * (_usual(lines, pixels) or _usual(across, pixels)))
    lines = [
        replace(line, strip=replace(line.strip, least_dark=dark, least_pale=dark))
        if line.trace.longest < _LONG * pixels and _USUAL * line.darkness < dark
        else line
        for line in lines
    ]
    solid = [
        replace(line, trace=replace(line.trace, runs=runs)) for line in lines if (runs := line.solid(pixels))
    ]
    return [line for line, echo in zip(solid, _echoes(solid, pixels), strict=True) if not echo]


def _usual(lines: Sequence[Line], pixels: float) -> float:
    """The darkness of most long lines; 0 where there are none."""
    long = [line.darkness for line in lines if line.trace.longest >= _LONG * pixels]
    return float(np.median(long)) if long else 0.0


def _line(strength: Grey, inked: Grey, trace: Trace, least: float, pixels: float) -> Line:
    """Darkness is taken along each of the few pixel rows around the place, each three pixels high."""
    middle, sway = round(trace.at), max(1, round(_SWAY * pixels))
    band = strength[max(0, middle - sway - 1) : middle + sway + 2]
    start, end = trace.runs[0]
    usual = float(np.median(band[:, start:end].max(axis=0)))
    thick = cv2.dilate(band, np.ones((3, 1), np.uint8))[1:-1]
    return Line(trace, usual, Strip(thick, max(least, _USUAL * usual), least, inked, middle, pixels))


def unprinted(trace: Trace, length: int) -> Line:
    """The line that closes a table on a side without a rule, ``length`` pixels long: dark on white paper."""
    dark = np.zeros((1, length), np.uint8)
    dark[:, trace.runs[0][0] : trace.runs[0][1]] = 255
    return Line(trace, 255.0, Strip(dark, 255.0, 255.0, np.zeros((2, length + 1), np.int32), 0, 1.0))


def _counts(dark: Bools) -> NDArray[np.int32]:
    counts = np.zeros((dark.shape[0], dark.shape[1] + 1), np.int32)
    np.cumsum(dark, axis=1, out=counts[:, 1:])
    return counts


def _share(counts: NDArray[np.int32], start: Places, end: Places) -> Floats:
    part: Floats = _most(counts, start, end) / np.maximum(end - start, 1)
    return part


def _most(counts: NDArray[np.int32], start: Places, end: Places) -> NDArray[np.int32]:
    """The count between two places along the line, at the offset where it is highest."""
    most: NDArray[np.int32] = (counts[:, end] - counts[:, start]).max(axis=0)
    return most


def _mean(sums: Floats, start: Places, end: Places) -> Floats:
    mean: Floats = (sums[end] - sums[start]) / np.maximum(end - start, 1)
    return mean


def _echoes(lines: Sequence[Line], pixels: float) -> Bools:
    """Which lines are pale ones that compression left beside a dark one."""
    at, darkness, length = (
        np.array([(line.at, line.darkness, line.trace.longest) for line in lines], dtype=float)
        .reshape(-1, 3)
        .T
    )
    beside = np.abs(at[:, None] - at) <= _ECHO * pixels
    paler = (darkness[:, None] < _PALE * darkness) & (length[:, None] <= 1.2 * length)
    echoes: Bools = (beside & paler).any(axis=1)
    return echoes
