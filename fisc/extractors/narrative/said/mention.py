"""A figure said, with its part in the sentence."""

from __future__ import annotations

from dataclasses import dataclass

from fisc.extractors.narrative.said.numbers import Number

PARTING = frozenset({"、", "，", ","})
LEVELS = frozenset({"level", "budget", "final", "last_year"})
"""Kinds that say how much there is, as against how much it changed or which part it is."""
OF_SAID = "的"
"""``whole`` of a share whose whole is the figure directly before it: 占支出合计12.00万元的83.33%."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One figure said, and what the words make of it.

    ``kind`` is level, budget, final, last_year, change, growth, share, completion, rate or count. ``up`` is the
    direction of a change. ``own`` says that the name stands in the figure's own words; ``reason`` that the figure
    explains; ``nested`` that it stands in brackets; ``listed`` that 包括 opens a list before it; ``paired`` that 各 has two figures. ``words``
    are the words before it, ``led`` those before them, back to the figure before, ``base`` what a change is measured against, ``whole`` what a share is taken of.
    """

    number: Number
    sentence: int
    paragraph: int
    kind: str
    words: str
    name: str | None = None
    label: str = ""
    path: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    up: bool | None = None
    whole: str | None = None
    base: str = ""
    own: bool = False
    sure: bool = True
    reason: bool = False
    nested: bool = False
    listed: bool = False
    paired: bool = False
    led: str = ""

    @property
    def level(self) -> bool:
        return self.kind in LEVELS
