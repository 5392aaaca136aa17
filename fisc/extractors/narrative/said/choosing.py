"""Which of two figures a change is of, where the words leave it open: the one that its rate follows from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from fisc.extractors.narrative.said.mention import Mention

HUNDRED = Decimal(100)


def chosen(mentions: Sequence[Mention]) -> list[Mention]:
    """The figures of one sentence; 甲A，其中：乙B，比上年减少C，下降D% tells of 甲 where D follows from A and C alone."""
    told = list(mentions)
    for at in range(1, len(told) - 1):
        change, growth = told[at], told[at + 1]
        if change.kind != "change" or growth.kind != "growth" or change.own or growth.own:
            continue
        levels = [m for m in told[:at] if m.level and m.name and m.kind != "last_year" and not m.nested]
        if not levels or levels[-1].name != change.name or levels[0].name == change.name:
            continue
        if not change.number.value or not growth.number.value:
            continue
        if _follows(levels[-1], change, growth) is False and _follows(levels[0], change, growth):
            of = {key: getattr(levels[0], key) for key in ("name", "label", "path", "codes")}
            told[at], told[at + 1] = replace(change, **of), replace(growth, **of)
    return told


def _follows(level: Mention, change: Mention, growth: Mention) -> bool | None:
    """Whether a rate is that of a change of this level, within what rounding allows; none of a level without a base."""
    moved, now, rate = change.number, level.number, growth.number
    base = now.value + (moved.value if change.up is False else -moved.value)
    slack = (now.step + moved.step) / 2
    if base <= slack:
        return None
    low = (moved.value - moved.step / 2) / (base + slack) * HUNDRED
    high = (moved.value + moved.step / 2) / (base - slack) * HUNDRED
    return low <= rate.value + rate.step / 2 and rate.value - rate.step / 2 <= high
