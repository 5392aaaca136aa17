"""Coverage says for every department, year and stage what is there, what is missing and what came late."""

from __future__ import annotations

from datetime import date

import pytest

from fisc.flows.night.coverage import Expectation, Place, coverage, periods
from fisc.warehouse.ledger import Standing

TODAY = date(2025, 10, 1)
DAYS = {"budget": "02-20", "final_accounts": "09-15"}


def standing(
    department: str | None, state: str = "published", *, year: int | None = 2025, stage: str | None = "budget",
    level: str | None = "department", on: date | None = date(2025, 2, 10),
) -> Standing:  # fmt: skip
    return Standing(department, level, year, stage, state, on, 1)


def states(places: list[Place], year: int = 2025, stage: str = "budget") -> dict[str, str]:
    return {p.department: p.state for p in places if (p.fiscal_year, p.stage) == (year, stage)}


def test_a_gap_is_a_department_that_was_seen_and_did_not_publish() -> None:
    places = coverage(
        [standing("望溪市教育局"), standing("望溪市民政局", year=2024)], Expectation(days=DAYS), TODAY
    )
    assert states(places) == {"望溪市教育局": "published", "望溪市民政局": "missing"}
    assert states(places, 2024, "final_accounts") == {"望溪市教育局": "missing", "望溪市民政局": "missing"}


def test_before_the_day_nothing_is_missing() -> None:
    expected = Expectation(names=("望溪市教育局",), years=(2025,), days=DAYS)
    assert states(coverage([], expected, date(2025, 2, 19))) == {"望溪市教育局": "not_due"}
    assert states(coverage([], expected, date(2025, 2, 20))) == {"望溪市教育局": "missing"}


def test_lateness_counts_from_the_day_on_which_it_was_due() -> None:
    (place,) = coverage(
        [standing("望溪市教育局", on=date(2025, 3, 1))], Expectation(days={"budget": "02-20"}), TODAY
    )
    assert (place.state, place.days_late) == ("published", 9)


def test_what_failed_or_waits_is_not_missing_and_the_best_counts() -> None:
    known = [
        standing("甲局", "failed"),
        standing("乙局", "validated"),
        standing("甲局", "published"),
        standing("丙局", "failed"),
    ]
    assert states(coverage(known, Expectation(), TODAY)) == {
        "甲局": "published",
        "乙局": "waiting",
        "丙局": "failed",
    }


def test_units_and_what_has_no_year_are_left_out() -> None:
    known = [standing("望溪市第一中学", level="unit"), standing("某局", year=None), standing(None)]
    assert coverage(known, Expectation(), TODAY) == []


def test_the_short_name_of_a_list_is_the_full_one_of_the_documents() -> None:
    known = [standing("望溪市教育局"), standing("教育局", "discovered", year=2024, level=None)]
    places = coverage(known, Expectation(), TODAY)
    assert states(places, 2024) == {"望溪市教育局": "waiting"}


def test_a_number_of_departments_is_held_against_what_was_seen() -> None:
    expected = Expectation(count=5, days={"budget": "02-20"})
    places = coverage([standing("甲局"), standing("乙局", year=2024)], expected, TODAY)
    first = periods(places, expected)[0]
    assert (first.fiscal_year, first.expected, first.published, first.missing, first.unnamed) == (
        2025,
        5,
        1,
        ("乙局",),
        3,
    )


@pytest.mark.parametrize(
    ("year", "day"), [(2024, date(2024, 2, 29)), (2025, date(2025, 2, 28)), (2100, date(2100, 2, 28))]
)
def test_the_last_day_of_february(year: int, day: date) -> None:
    assert Expectation(days={"budget": "02-29"}).due(year, "budget") == day
