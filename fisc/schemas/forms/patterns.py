"""Header patterns made ready to be asked: those that say a label outright are looked up, the others tried in turn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fisc.schemas.folding import fold, glob, literal_length

Path = tuple[str, ...]
"""Folded header labels of one column, from the top row to the leaf."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A header path (``parent/leaf``) and the target that it names.

    ``order`` is its place among the patterns of a layout; ``score`` says how surely a path that fits is meant.
    """

    order: int
    target: str
    parents: tuple[re.Pattern[str], ...]
    leaf: re.Pattern[str]
    score: int

    def fits(self, path: Path) -> bool:
        """Whether the leaf of a path fits, and the parents in order above it."""
        if not self.leaf.fullmatch(path[-1]):
            return False
        above = list(path[:-1])
        for parent in reversed(self.parents):
            while above and not parent.fullmatch(above[-1]):
                above.pop()
            if not above:
                return False
            above.pop()
        return True


class Patterns:
    """The patterns of a layout's columns, or of the columns that it ignores or compares."""

    def __init__(self, named: Iterable[tuple[str, str]]) -> None:
        """``named`` are targets with their patterns, the earlier ones first choice where two are as sure."""
        self._by_leaf: dict[str, list[Pattern]] = {}
        self._loose: list[Pattern] = []
        self._said: dict[str, int] = {}
        self._loosely_said: dict[str, tuple[re.Pattern[str], int]] = {}
        for order, (target, pattern) in enumerate(named):
            self._add(order, target, pattern)

    def _add(self, order: int, target: str, pattern: str) -> None:
        *parents, leaf = pattern.split("/")
        score = 1000 * len(parents) + 100 * ("*" not in leaf) + literal_length(pattern)
        ready = Pattern(order, target, tuple(glob(parent) for parent in parents), glob(leaf), score)
        if "*" in leaf:
            self._loose.append(ready)
        else:
            self._by_leaf.setdefault(fold(leaf), []).append(ready)
        for part in (*parents, leaf):
            if "*" in part:
                self._loosely_said[part] = glob(part), literal_length(part)
            else:
                self._said[fold(part)] = literal_length(part)

    def best(self, path: Path) -> tuple[str, int] | None:
        """The target that a header path names, with how surely; None where no pattern fits."""
        if not path:
            return None
        likely = (*self._by_leaf.get(path[-1], ()), *self._loose)
        fitting = [pattern for pattern in likely if pattern.score and pattern.fits(path)]
        if not fitting:
            return None
        surest = max(fitting, key=lambda pattern: (pattern.score, -pattern.order))
        return surest.target, surest.score

    def knows(self, label: str) -> bool:
        """Whether a folded label fits a part of a pattern."""
        return label in self._said or any(part.fullmatch(label) for part, _ in self._loosely_said.values())

    def said(self, label: str) -> int:
        """How much of a folded label the part of a pattern that fits it says outright; 0 where none fits."""
        loose = (length for part, length in self._loosely_said.values() if part.fullmatch(label))
        return max(self._said.get(label, 0), max(loose, default=0))
