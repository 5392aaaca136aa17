"""A disclosure that is published again at another address takes the old one's place where that one is dead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from made import URL, disclosure

from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger, Link

BEGAN = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
SHEETS = ("expenditure", "three_public")
WHOLE = (*SHEETS, "section", "fact")


class Clock:
    """A clock that goes on by a minute whenever it is read."""

    def __init__(self) -> None:
        self.time = BEGAN

    def __call__(self) -> datetime:
        self.time += timedelta(minutes=1)
        return self.time


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("servers"))])
def ledger(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    url = request.getfixturevalue("ledger_url") if request.param == "postgres" else None
    with Ledger.open(Home(tmp_path, url), Clock()) as ledger:
        yield ledger


def stands(
    ledger: Ledger,
    at: str,
    mark: str,
    tables: tuple[str, ...] = WHOLE,
    day: date | None = None,
    **other: object,
) -> str:
    """A link gives a document with these tables, which is published. Returns its id."""
    ledger.discovered(Link(URL + at, "haigang", published_on=day))
    document_id = ledger.fetched(URL + at, mark * 64)
    ledger.extracted(document_id, disclosure(**other), "1", tables)
    ledger.validated(document_id)
    ledger.published(document_id, "year=2025/kind=budget/prov=13", ledger.document(document_id).revision)
    return document_id


def dies(ledger: Ledger, at: str, reason: str = "http_404") -> None:
    ledger.link_failed(URL + at, reason, "It is dead.")


def leaving(ledger: Ledger) -> dict[str, str]:
    return {each.document.document_id: each.successor for each in ledger.departures()}


def test_the_new_address_takes_the_place_of_the_dead_one(ledger: Ledger) -> None:
    old, new = stands(ledger, "old.pdf", "a"), stands(ledger, "new.pdf", "b")
    assert leaving(ledger) == {}
    dies(ledger, "old.pdf")
    assert leaving(ledger) == {old: new}
    assert [each.document_id for each in ledger.predecessors(new)] == [old]
    assert ledger.predecessors(old) == []


@pytest.mark.parametrize("reason", ["http_500", "timeout", "firewall", "http_403"])
def test_an_address_that_is_only_in_trouble_is_not_dead(ledger: Ledger, reason: str) -> None:
    stands(ledger, "old.pdf", "a")
    stands(ledger, "new.pdf", "b")
    dies(ledger, "old.pdf", reason)
    assert leaving(ledger) == {}


def test_two_files_of_a_disclosure_take_nobodys_place(ledger: Ledger) -> None:
    stands(ledger, "narrative.pdf", "a", ("section", "fact"))
    stands(ledger, "sheets.pdf", "b", SHEETS)
    dies(ledger, "narrative.pdf")
    assert leaving(ledger) == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (WHOLE, SHEETS),  # its text would be lost
        (("expenditure", "project"), ("expenditure",)),
        (("project", "performance_indicator"), ("project", "performance_indicator")),  # a file a project
        (("section", "fact"), ("section", "fact")),
        ((), ()),  # read by a fisc that did not write down what it holds
    ],
)
def test_nothing_that_the_new_file_may_lack_is_given_up(
    ledger: Ledger, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    stands(ledger, "old.pdf", "a", before)
    stands(ledger, "new.pdf", "b", after)
    dies(ledger, "old.pdf")
    assert leaving(ledger) == {}


@pytest.mark.parametrize(
    "other", [{"fiscal_year": 2024}, {"level": "unit"}, {"stage": "final_accounts"}, {"department": "民政局"}]
)
def test_another_disclosure_takes_nobodys_place(ledger: Ledger, other: dict[str, object]) -> None:
    stands(ledger, "old.pdf", "a")
    stands(ledger, "new.pdf", "b", **other)
    dies(ledger, "old.pdf")
    assert leaving(ledger) == {}


def test_the_older_file_does_not_take_the_place_of_the_newer_one(ledger: Ledger) -> None:
    stands(ledger, "first.pdf", "a")
    stands(ledger, "second.pdf", "b")
    dies(ledger, "second.pdf")
    assert leaving(ledger) == {}


def test_the_day_on_the_list_says_which_is_newer_before_the_order_of_fetching(ledger: Ledger) -> None:
    new = stands(ledger, "new.pdf", "a", day=date(2025, 3, 9))
    old = stands(ledger, "old.pdf", "b", day=date(2025, 2, 1))
    dies(ledger, "old.pdf")
    assert leaving(ledger) == {old: new}


def test_a_document_that_some_living_link_gives_stays(ledger: Ledger) -> None:
    old = stands(ledger, "old.pdf", "a")
    ledger.discovered(Link(URL + "mirror.pdf", "haigang"))
    ledger.fetched(URL + "mirror.pdf", "a" * 64)
    new = stands(ledger, "new.pdf", "b")
    dies(ledger, "old.pdf")
    assert leaving(ledger) == {}
    dies(ledger, "mirror.pdf")
    assert leaving(ledger) == {old: new}


def test_what_is_itself_given_by_no_link_takes_nobodys_place(ledger: Ledger) -> None:
    stands(ledger, "old.pdf", "a")
    stands(ledger, "new.pdf", "b")
    dies(ledger, "old.pdf")
    dies(ledger, "new.pdf")
    assert leaving(ledger) == {}


def test_files_of_a_dead_archive_are_dead(ledger: Ledger) -> None:
    ledger.discovered(Link(URL + "all.zip", "haigang"))
    ledger.unpacked(URL + "all.zip", "c" * 64)
    old = stands(ledger, "all.zip#1.pdf", "a")
    new = stands(ledger, "new.pdf", "b")
    assert leaving(ledger) == {}
    dies(ledger, "all.zip")
    assert leaving(ledger) == {old: new}


def test_a_file_that_its_archive_holds_no_more_is_given_no_more(ledger: Ledger) -> None:
    ledger.discovered(Link(URL + "all.zip", "haigang"))
    old = stands(ledger, "all.zip#预算.pdf", "a")
    other = stands(ledger, "all.zip#别的.pdf", "d", department="民政局")
    new = stands(ledger, "all.zip#预算（更正）.pdf", "b")
    ledger.members_are(URL + "all.zip", [URL + "all.zip#预算（更正）.pdf", URL + "all.zip#别的.pdf"])
    assert leaving(ledger) == {old: new}
    assert [link.url for link in ledger.giving(other)] == [URL + "all.zip#别的.pdf"]


@pytest.mark.parametrize("back", ["fetched", "not_modified"])
def test_an_address_that_comes_back_to_life_begins_again(ledger: Ledger, back: str) -> None:
    old, new = stands(ledger, "old.pdf", "a"), stands(ledger, "new.pdf", "b")
    dies(ledger, "old.pdf")
    ledger.superseded(old, new, ledger.document(old).revision)
    if back == "fetched":
        ledger.fetched(URL + "old.pdf", "a" * 64)
    else:
        ledger.not_modified(URL + "old.pdf")
    document = ledger.document(old)
    assert (document.state, document.superseded_by) == ("fetched", None)


def test_files_beside_each_other_are_those_that_share_a_statement(ledger: Ledger) -> None:
    old = stands(ledger, "old.pdf", "a")
    stands(ledger, "narrative.pdf", "c", ("section", "fact"))
    began = BEGAN + timedelta(minutes=30)
    ledger._clock.time = began  # type: ignore[attr-defined]
    new = stands(ledger, "new.pdf", "b", SHEETS)
    (pair,) = ledger.beside("haigang", began)
    assert [each.document_id for each in pair] == [new, old]
    assert ledger.beside("elsewhere", began) == []
