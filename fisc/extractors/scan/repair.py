"""The arithmetic as the checksum: which other readings of which cells make identities hold.

Pure: numbers and readings in, substitutions out. What the cells and identities are is the caller's matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

_LEAST_SHARE = 1e-4
_MOST = 3
_MOST_STEPS = 50_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a cell: its value (None where it is blank or no number), its text and its probability."""

    value: Decimal | None
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it was read, and the other ways in which it may be read; a blank one counts as zero."""

    id: Hashable
    value: Decimal | None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """A total that is the sum of its parts, each with its sign, within a tolerance."""

    total: Hashable
    parts: tuple[tuple[Hashable, int], ...]
    tolerance: Decimal = Decimal(0)


Substitutions = dict[Hashable, Candidate]


def repairs(
    cells: Iterable[Cell],
    identities: Iterable[Identity],
    *,
    least_share: float = _LEAST_SHARE,
    most: int = _MOST,
) -> Substitutions:
    """The substitutions that make identities hold which fail as read, or nothing where that is in doubt.

    For all failing identities that share cells the smallest set of at most ``most`` substitutions is sought after
    which each of them holds, and each other identity of the cells substituted. Where there is no such set, one is
    sought for each failing identity alone. It is taken only if no other set is as small. Candidates that are
    less than ``least_share`` as probable as their cell's best one are not considered: an improbable reading that
    happens to fit would hide an error of the document.
    """
    system = _System(cells, identities, least_share)
    found: Substitutions = {}
    for group in system.groups():
        sets = system.smallest(group, most)
        alone = [] if sets or system.gave_up else [system.smallest([index], most) for index in group]
        chosen = _compatible([only[0] for only in [sets, *alone] if len(only) == 1])
        for substitutions in chosen:
            if system.holds_with({**found, **substitutions}, substitutions):
                found.update(substitutions)
    return found


def _compatible(sets: Sequence[Substitutions]) -> list[Substitutions]:
    """The sets that do not speak of the same cell in different ways."""
    values: dict[Hashable, set[Decimal | None]] = defaultdict(set)
    for substitutions in sets:
        for place, candidate in substitutions.items():
            values[place].add(candidate.value)
    return [s for s in sets if all(len(values[place]) == 1 for place in s)]


class _System:
    """Cells and identities with what fails as read."""

    def __init__(self, cells: Iterable[Cell], identities: Iterable[Identity], least_share: float) -> None:
        known = {cell.id: cell for cell in cells}
        self._identities = [
            identity for identity in identities if all(place in known for place, _ in _signed(identity))
        ]
        self._values = {place: cell.value or Decimal(0) for place, cell in known.items()}
        self._others = {place: _others(cell, least_share) for place, cell in known.items()}
        self._of: dict[Hashable, list[int]] = defaultdict(list)
        for index, identity in enumerate(self._identities):
            for place in dict.fromkeys(place for place, _ in _signed(identity)):
                self._of[place].append(index)
        self._steps = 0

    @property
    def gave_up(self) -> bool:
        """Whether the last search had too many sets to try."""
        return self._steps > _MOST_STEPS

    def groups(self) -> list[list[int]]:
        """The failing identities, those that share cells together."""
        failing = [i for i in range(len(self._identities)) if not self._holds(i, {})]
        groups: list[list[int]] = []
        for index in failing:
            places = {place for place, _ in _signed(self._identities[index])}
            near = [g for g in groups if any(places & self._places(i) for i in g)]
            groups = [g for g in groups if g not in near] + [[*(i for g in near for i in g), index]]
        return groups

    def smallest(self, group: Sequence[int], most: int) -> list[Substitutions]:
        """All smallest sets after which the group holds and all identities of the cells substituted.

        Where there are too many to try, none, and ``gave_up`` says so.
        """
        self._steps = 0
        for size in range(1, most + 1):
            sets: dict[frozenset[tuple[Hashable, Decimal | None]], Substitutions] = {}
            for found in self._sets(group, {}, size):
                sets[frozenset((place, c.value) for place, c in found.items())] = found
            if self.gave_up:
                return []
            if sets:
                return list(sets.values())
        return []

    def holds_with(self, all_of_them: Mapping[Hashable, Candidate], some: Iterable[Hashable]) -> bool:
        """Whether every identity of the cells ``some`` holds after the substitutions."""
        return all(self._holds(i, all_of_them) for place in some for i in self._of[place])

    def _sets(self, group: Sequence[int], taken: Substitutions, left: int) -> Iterator[Substitutions]:
        """Sets of ``left`` more substitutions: each failing identity must have one among its cells."""
        concerned = dict.fromkeys([*group, *(i for place in taken for i in self._of[place])])
        failing = next((i for i in concerned if not self._holds(i, taken)), None)
        if failing is None:
            if not left:
                yield taken
            return
        if not left or self.gave_up:
            return
        for place in dict.fromkeys(place for place, _ in _signed(self._identities[failing])):
            if place in taken:
                continue
            for candidate in self._others[place]:
                self._steps += 1
                yield from self._sets(group, {**taken, place: candidate}, left - 1)

    def _places(self, index: int) -> set[Hashable]:
        return {place for place, _ in _signed(self._identities[index])}

    def _holds(self, index: int, taken: Mapping[Hashable, Candidate]) -> bool:
        identity = self._identities[index]
        difference = sum((sign * self._value(place, taken) for place, sign in _signed(identity)), Decimal(0))
        return abs(difference) <= identity.tolerance

    def _value(self, place: Hashable, taken: Mapping[Hashable, Candidate]) -> Decimal:
        return (taken[place].value or Decimal(0)) if place in taken else self._values[place]


def _signed(identity: Identity) -> tuple[tuple[Hashable, int], ...]:
    """All cells of an identity with the signs that make it zero."""
    return (identity.total, -1), *identity.parts


def _others(cell: Cell, least_share: float) -> list[Candidate]:
    """The likely candidates of other values than the one read, the most probable of each."""
    best = max((candidate.score for candidate in cell.candidates), default=0.0)
    others: dict[Decimal, Candidate] = {}
    for candidate in sorted(cell.candidates, key=lambda c: (-c.score, c.text)):
        value = candidate.value or Decimal(0)
        if candidate.score >= least_share * best and value != (cell.value or Decimal(0)):
            others.setdefault(value, candidate)
    return list(others.values())
