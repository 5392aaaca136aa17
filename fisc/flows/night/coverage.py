"""Coverage: department × year × stage, what was expected against what was published, with gaps and lateness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from fisc.flows.summary import due_on
from fisc.schemas.regions.departments import normalise_department
from fisc.warehouse.ledger import Standing

State = Literal["published", "waiting", "failed", "missing", "not_due"]
OF_LEDGER: Mapping[str, State] = {"published": "published", "superseded": "published", "failed": "failed"}
BEST_FIRST: tuple[State, ...] = ("published", "waiting", "failed", "missing", "not_due")
STAGES = ("budget", "final_accounts")
LAST_DAY = "12-31"
"""The day by which a stage is due where its source says none."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """How many departments, or which by name; of which years; the day of the year (``MM-DD``) by which each stage."""

    count: int | None = None
    names: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    days: Mapping[str, str] = field(default_factory=dict)

    def due(self, fiscal_year: int, stage: str) -> date:
        """The day by which a stage of a year should be published; final accounts come in the year after theirs."""
        year = fiscal_year if stage == "budget" else fiscal_year + 1
        return due_on(year, self.days.get(stage, LAST_DAY))


@dataclass(frozen=True, slots=True)
class Place:
    """One department in one year and stage; ``days_late`` counts from the day on which it was due."""

    department: str
    fiscal_year: int
    stage: str
    state: State
    published_on: date | None
    days_late: int


@dataclass(frozen=True, slots=True)
class Period:
    """One year and stage over all departments. ``expected`` is at least as many as were ever seen of the source."""

    fiscal_year: int
    stage: str
    due: date
    expected: int
    published: int
    failed: int
    waiting: int
    late: int
    missing: tuple[str, ...]

    @property
    def unnamed(self) -> int:
        """Departments that are expected and whose names nobody knows."""
        return max(0, self.expected - self.published - self.failed - self.waiting - len(self.missing))


def coverage(standings: Iterable[Standing], expected: Expectation, today: date) -> list[Place]:
    """Every department that is expected or was ever seen, in every year and stage that is, in order.

    Units (单位预算) are no departments and are left out; so is what nobody could say a year or stage of.
    """
    known = [s for s in standings if s.level != "unit" and s.department and s.fiscal_year and s.stage]
    names = _names(known, expected.names)
    places: dict[tuple[str, int, str], list[Standing]] = {}
    for each in known:
        key = (names[_series(each.department or "")], each.fiscal_year or 0, each.stage or "")
        places.setdefault(key, []).append(each)
    departments = sorted(dict.fromkeys(names.values()))
    return [
        _place(department, year, stage, places.get((department, year, stage), []), expected, today)
        for year, stage in _periods(known, expected, today)
        for department in departments
    ]


def periods(places: Sequence[Place], expected: Expectation) -> list[Period]:
    """The same added up by year and stage, the newest first."""
    found = dict.fromkeys((place.fiscal_year, place.stage) for place in places)
    return [_period(key, [p for p in places if (p.fiscal_year, p.stage) == key], expected) for key in found]


def _period(key: tuple[int, str], places: Sequence[Place], expected: Expectation) -> Period:
    def count(state: State) -> int:
        return sum(place.state == state for place in places)

    return Period(
        *key,
        due=expected.due(*key),
        expected=max(expected.count or 0, len(places)),
        published=count("published"),
        failed=count("failed"),
        waiting=count("waiting"),
        late=sum(place.days_late > 0 for place in places),
        missing=tuple(place.department for place in places if place.state == "missing"),
    )


def _place(
    department: str, year: int, stage: str, found: Sequence[Standing], expected: Expectation, today: date
) -> Place:
    due = expected.due(year, stage)
    if not found:
        return Place(
            department,
            year,
            stage,
            "missing" if today >= due else "not_due",
            None,
            max(0, (today - due).days),
        )
    state = min((OF_LEDGER.get(each.state, "waiting") for each in found), key=BEST_FIRST.index)
    days = [each.published_on for each in found if each.published_on]
    published_on = min(days) if days else None
    return Place(
        department, year, stage, state, published_on, max(0, (published_on - due).days) if published_on else 0
    )


def _periods(known: Sequence[Standing], expected: Expectation, today: date) -> Iterator[tuple[int, str]]:
    """Years and stages that are expected by now, or that were seen, the newest first."""
    found = {(each.fiscal_year or 0, each.stage or "") for each in known}
    stages = tuple(expected.days) or STAGES
    found |= {(year, stage) for year in expected.years for stage in stages}
    found |= {
        (year, stage)
        for stage in expected.days
        for year in (today.year - 1, today.year)
        if expected.due(year, stage) <= today
        and (expected.count or expected.names or known)
        and expected.due(year, stage).year == today.year
    }
    return iter(sorted(found, key=lambda key: (-key[0], key[1])))


def _names(known: Sequence[Standing], expected: Sequence[str]) -> dict[str, str]:
    """The name under which each department stands, by its series.

    Lists write names short (教育局) that documents print in full (望溪市教育局): the short one stands for the only
    full one that ends with it.
    """
    full = [_series(name) for name in expected]
    full += [_series(s.department or "") for s in known if s.level is not None]
    short = [_series(s.department or "") for s in known if s.level is None]
    names = {name: name for name in dict.fromkeys(full)}
    for name in dict.fromkeys((*names, *short)):
        longer = [other for other in names if other != name and other.endswith(name)]
        names[name] = longer[0] if len(longer) == 1 else name
    return names


def _series(name: str) -> str:
    return normalise_department(name).series
