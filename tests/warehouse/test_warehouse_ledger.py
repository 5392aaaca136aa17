"""The ledger: where each link and document stands, and how it came there."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from made import URL, disclosure, fetch

from fisc.reasons import reason
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Count, Ledger, LedgerError, Link
from fisc.warehouse.ledger.database import stamp
from fisc.warehouse.locks import locked

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
A, B = "a" * 64, "b" * 64


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("servers"))])
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Home:
    """Every test of the ledger is run on both databases."""
    return Home(tmp_path, request.getfixturevalue("ledger_url") if request.param == "postgres" else None)


in_a_file = pytest.mark.parametrize("home", ["sqlite"], indirect=True)


@pytest.fixture
def ledger(home: Home, clock: Clock) -> Iterator[Ledger]:
    with Ledger.open(home, clock) as ledger:
        yield ledger


def read(ledger: Ledger, document_id: str, department: str = "财政局", **other: object) -> None:
    ledger.extracted(document_id, disclosure(department, **other), "1")


def test_a_link_is_new_once_and_keeps_what_the_page_says_last(ledger: Ledger, clock: Clock) -> None:
    assert ledger.discovered(
        Link(URL, "haigang", "预算公开", published_on=date(2025, 2, 20), fiscal_year=2025)
    )
    clock.time += timedelta(days=1)
    assert not ledger.discovered(Link(URL, "haigang", "预算公开（更正）"))
    link = ledger.link(URL)
    assert (link.title, link.published_on, link.fiscal_year) == ("预算公开（更正）", date(2025, 2, 20), 2025)
    assert (link.state, link.first_seen, link.last_seen) == ("discovered", NOW, NOW + timedelta(days=1))
    assert [event.to_state for event in ledger.events(URL)] == ["discovered"]


def test_fetching_begins_a_document_and_remembers_the_answer(ledger: Ledger) -> None:
    ledger.discovered(Link(URL, "haigang"))
    assert ledger.fetched(URL, A, etag='"1"', last_modified="yesterday") == A[:16]
    link, document = ledger.link(URL), ledger.document(A[:16])
    assert (link.state, link.sha256, link.etag, link.last_modified) == ("fetched", A, '"1"', "yesterday")
    assert (document.state, document.sha256, document.fetched_at) == ("fetched", A, NOW)


def test_nothing_is_fetched_that_was_not_discovered(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="portal"):
        ledger.fetched(URL, A)
    ledger.discovered(Link(URL, "haigang"))
    with pytest.raises(LedgerError, match="never gave"):
        ledger.not_modified(URL)


def test_an_unchanged_answer_is_no_event(ledger: Ledger, clock: Clock) -> None:
    ledger.discovered(Link(URL, "haigang"))
    ledger.fetched(URL, A)
    clock.time += timedelta(hours=1)
    ledger.not_modified(URL)
    ledger.fetched(URL, A)
    assert [event.to_state for event in ledger.events(URL)] == ["discovered", "fetched"]
    assert ledger.link(URL).checked_at == NOW + timedelta(hours=1)


def test_a_failing_link_waits_for_its_time_and_an_answer_mends_it(ledger: Ledger, clock: Clock) -> None:
    ledger.discovered(Link(URL, "haigang", "预算公开"))
    assert [link.url for link in ledger.due("haigang")] == [URL]
    ledger.link_failed(URL, "http_503", "The portal is busy.")
    clock.time += timedelta(minutes=4)
    ledger.link_failed(URL, "http_503", "The portal is busy.")
    assert ledger.link(URL).next_try == clock.time + timedelta(hours=2)
    assert ledger.due() == []
    (failure,) = ledger.failures()
    assert (failure.of, failure.reason, failure.attempts, failure.title) == (
        "link",
        "http_503",
        2,
        "预算公开",
    )
    assert (failure.since, failure.at) == (NOW, NOW + timedelta(minutes=4))
    clock.time += timedelta(hours=2)
    assert [link.url for link in ledger.due()] == [URL]
    assert ledger.due("elsewhere") == []
    ledger.fetched(URL, A)
    assert (ledger.failures(), ledger.due(), ledger.link(URL).attempts) == ([], [], 0)


def test_what_no_time_heals_is_not_due_by_itself(ledger: Ledger, clock: Clock) -> None:
    ledger.discovered(Link(URL, "haigang"))
    ledger.link_failed(URL, "too_large", "The file is too large.")
    clock.time += timedelta(days=400)
    assert ledger.due() == []
    assert [link.url for link in ledger.links(state="failed")] == [URL]


def test_a_portal_that_asks_to_be_left_alone_is(ledger: Ledger, clock: Clock) -> None:
    ledger.discovered(Link(URL, "haigang"))
    ledger.link_failed(URL, "http_503", "The portal is busy.", not_before=NOW + timedelta(days=2))
    clock.time += timedelta(days=1)
    assert ledger.due() == []


def test_a_clock_that_ran_ahead_makes_nothing_wait_for_years(ledger: Ledger, clock: Clock) -> None:
    ledger.discovered(Link(URL, "haigang"))
    clock.time = NOW + timedelta(days=3650)
    ledger.link_failed(URL, "http_503", "The portal is busy.")
    clock.time = NOW
    assert [link.url for link in ledger.due()] == [URL]


def test_a_document_is_read_again_by_itself_a_few_times_only(
    home: Home, ledger: Ledger, clock: Clock
) -> None:
    document_id = fetch(home, ledger, "1", "text")
    for attempt in range(reason("timed_out").tries or 0):
        ledger.document_failed(document_id, "timed_out", "It took too long.")
        assert ledger.documents_due() == []
        clock.time += timedelta(hours=2**attempt)
        assert [d.document_id for d in ledger.documents_due("haigang")] == [document_id]
        assert ledger.documents_due("elsewhere") == []
    ledger.document_failed(document_id, "timed_out", "It took too long.")
    assert ledger.document(document_id).next_try is None
    clock.time += timedelta(days=20)
    assert ledger.documents_due() == []


def test_a_document_walks_through_its_states_and_each_step_is_kept(home: Home, ledger: Ledger) -> None:
    document_id = fetch(home, ledger, "1", "text")
    read(ledger, document_id)
    ledger.validated(document_id)
    revision = ledger.document(document_id).revision
    assert ledger.published(document_id, "year=2025/kind=budget/prov=13", revision)
    document = ledger.document(document_id)
    assert (document.state, document.disclosure, document.extractor_version) == (
        "published",
        disclosure(),
        "1",
    )
    assert document.published_in == "year=2025/kind=budget/prov=13"
    steps = [(event.from_state, event.to_state) for event in ledger.events(document_id)]
    assert steps == [
        (None, "fetched"),
        ("fetched", "extracted"),
        ("extracted", "validated"),
        ("validated", "published"),
    ]


def test_a_step_out_of_order_is_refused_and_leaves_no_trace(home: Home, ledger: Ledger) -> None:
    document_id = fetch(home, ledger, "1", "text")
    with pytest.raises(LedgerError, match=r"is fetched and cannot become validated"):
        ledger.validated(document_id)
    assert ledger.document(document_id).state == "fetched"
    assert len(ledger.events(document_id)) == 1
    with pytest.raises(LedgerError, match="0000"):
        ledger.document("0" * 16)


def test_a_document_that_moved_on_while_it_was_published_stays_to_be_published(
    home: Home, ledger: Ledger
) -> None:
    document_id = fetch(home, ledger, "1", "text")
    read(ledger, document_id)
    ledger.validated(document_id)
    seen = ledger.document(document_id).revision
    read(ledger, document_id)
    ledger.validated(document_id)
    assert not ledger.published(document_id, "year=2025/kind=budget/prov=13", seen)
    document = ledger.document(document_id)
    assert (document.state, document.published_in) == ("validated", "year=2025/kind=budget/prov=13")


def test_a_failing_document_counts_its_attempts_until_it_is_published(
    home: Home, ledger: Ledger, clock: Clock
) -> None:
    document_id = fetch(home, ledger, "1", "text")
    ledger.document_failed(document_id, "not_a_pdf", "It is a web page.")
    clock.time += timedelta(days=1)
    read(ledger, document_id)
    assert ledger.failures() == []
    ledger.document_failed(document_id, "timed_out", "It took too long.")
    (failure,) = ledger.failures()
    assert (failure.subject, failure.source, failure.url) == (document_id, "haigang", URL + "1")
    assert (failure.reason, failure.attempts, failure.since) == ("timed_out", 2, NOW)
    assert ledger.failures("not_a_pdf") == []
    assert len(ledger.failures("timed_out")) == 1
    read(ledger, document_id)
    ledger.validated(document_id)
    ledger.published(document_id, "year=2025/kind=budget/prov=13", ledger.document(document_id).revision)
    assert ledger.document(document_id).attempts == 0


def test_the_same_file_under_two_links_is_one_document(home: Home, ledger: Ledger) -> None:
    first = fetch(home, ledger, "2", "same", source="haigang")
    read(ledger, first)
    assert fetch(home, ledger, "1", "same", source="city") == first
    assert ledger.document(first).state == "extracted"
    assert [link.url for link in ledger.links_of(first)] == [URL + "2", URL + "1"]
    assert ledger.counts() == [Count("document", "haigang", 2025, "budget", "extracted", 1)]
    assert [d.document_id for d in ledger.select(source="city")] == [first]


def test_counts_show_links_that_gave_nothing_beside_documents(home: Home, ledger: Ledger) -> None:
    ledger.discovered(Link(URL + "x", "haigang", fiscal_year=2024, stage="final_accounts"))
    ledger.discovered(Link(URL + "y", "haigang"))
    ledger.link_failed(URL + "y", "http_404", "The link is gone.")
    fetch(home, ledger, "1", "text")
    assert ledger.counts() == [
        Count("document", "haigang", None, None, "fetched", 1),
        Count("link", "haigang", None, None, "failed", 1),
        Count("link", "haigang", 2024, "final_accounts", "discovered", 1),
    ]


def test_documents_are_found_by_id_department_and_link(home: Home, ledger: Ledger) -> None:
    health, schools = fetch(home, ledger, "wsj.pdf", "health"), fetch(home, ledger, "jyj%.pdf", "schools")
    read(ledger, health, "卫生健康局")
    read(ledger, schools, "教育和体育局")
    assert [d.document_id for d in ledger.find(health[:6])] == [health]
    assert [d.document_id for d in ledger.find("教育")] == [schools]
    assert [d.document_id for d in ledger.find("wsj")] == [health]
    assert [d.document_id for d in ledger.find("%")] == [schools]
    assert ledger.find("") == ledger.find("审计") == []


def test_documents_to_run_again_are_selected(home: Home, ledger: Ledger) -> None:
    old, new, bad = (fetch(home, ledger, name, name) for name in ("old", "new", "bad"))
    read(ledger, old, fiscal_year=2024)
    read(ledger, new, stage="final_accounts")
    ledger.document_failed(bad, "encrypted", "It is encrypted.")

    def selected(**wanted: object) -> set[str]:
        return {document.document_id for document in ledger.select(**wanted)}  # type: ignore[arg-type]

    assert selected() == {old, new, bad}
    assert selected(fiscal_year=2024) == {old}
    assert selected(fiscal_year=2025, stage="final_accounts") == {new}
    assert selected(state="failed") == selected(reason="encrypted") == {bad}
    assert selected(document_ids=[old, bad], state="failed") == {bad}
    assert selected(document_ids=[]) == selected(source="city") == set()


def test_runs_are_kept_with_what_they_said(ledger: Ledger) -> None:
    first, second = ledger.run_started("harvest"), ledger.run_started("rerun")
    ledger.run_finished(first, {"published": 3})
    assert [(run.number, run.name, run.summary) for run in ledger.runs()] == [
        (second, "rerun", {}),
        (first, "harvest", {"published": 3}),
    ]
    assert (ledger.runs()[0].finished_at, ledger.runs()[1].finished_at) == (None, NOW)
    with pytest.raises(LedgerError, match="no run 99"):
        ledger.run_finished(99, {})


@in_a_file
def test_events_are_never_changed_or_removed(home: Home, ledger: Ledger) -> None:
    fetch(home, ledger, "1", "text")
    with sqlite3.connect(home.ledger) as other:
        for sql in ("UPDATE event SET to_state = 'published'", "DELETE FROM event"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                other.execute(sql)
    other.close()


def test_steps_taken_together_all_happen_or_none(home: Home, ledger: Ledger) -> None:
    def fetched_and_refused() -> None:
        with ledger.together():
            fetch(home, ledger, "1", "text")
            ledger.validated("0" * 16)

    with pytest.raises(LedgerError):
        fetched_and_refused()
    assert (ledger.links(), ledger.counts(), ledger.events(URL + "1")) == ([], [], [])


@in_a_file
def test_a_ledger_of_a_newer_fisc_is_not_touched(home: Home) -> None:
    Ledger.open(home).close()
    with sqlite3.connect(home.ledger) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(LedgerError, match="newer fisc"):
        Ledger.open(home)


def test_a_claim_holds_until_the_next_step_or_the_end_of_its_lease(
    home: Home, ledger: Ledger, clock: Clock
) -> None:
    first, second, third = (fetch(home, ledger, name, name) for name in ("1", "2", "3"))
    mine = {document.document_id for document in ledger.claim("me", limit=2, lease_s=60)}
    assert len(mine) == 2
    assert {d.document_id for d in ledger.claim("you", lease_s=3600)} == {first, second, third} - mine
    clock.time += timedelta(seconds=61)
    assert {d.document_id for d in ledger.claim("they", source="haigang")} == mine
    ledger.release("they")
    assert ledger.claim("nobody", source="city") == []
    assert {d.document_id for d in ledger.claim("again")} == mine
    read(ledger, first)
    assert [d.document_id for d in ledger.claim("next", state="extracted")] == [first]


@in_a_file
def test_processes_that_make_the_ledger_at_once_wait_for_each_other(home: Home) -> None:
    other = threading.Thread(target=lambda: Ledger.open(home).close())
    with locked(home, ["ledger"]):
        other.start()
        other.join(0.2)
        assert other.is_alive()
    other.join(20)
    assert not other.is_alive()


def test_two_processes_never_claim_the_same_document(home: Home, ledger: Ledger) -> None:
    with ledger.together():
        every = {fetch(home, ledger, str(number), str(number)) for number in range(60)}
    code = (
        "import sys; from pathlib import Path; from fisc.warehouse.home import Home\n"
        "from fisc.warehouse.ledger import Ledger\n"
        "ledger = Ledger.open(Home(Path(sys.argv[1]), sys.argv[3] or None))\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "while found := ledger.claim(sys.argv[2], limit=1): print(found[0].document_id)\n"
    )
    command = [sys.executable, "-c", code, str(home.root)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen([*command, name, home.ledger_url or ""], **pipes) for name in ("a", "b")]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 2
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    claimed = [line for worker in workers for line in worker.communicate(timeout=60)[0].split()]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert len(claimed) == len(every) == 60
    assert set(claimed) == every


def test_moments_are_kept_in_utc_and_sort_as_text() -> None:
    assert stamp(datetime.fromisoformat("2026-03-01T10:00:00+08:00")) == "2026-03-01T02:00:00.000+00:00"


@pytest.mark.parametrize("wrong", [{"stage": "预算"}, {"region_code": "1303"}])
def test_a_disclosure_has_a_stage_and_a_code_of_six_digits(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"no stage|no region code"):
        disclosure(**wrong)


def test_what_a_source_ignores_is_neither_due_nor_failed_until_it_is_listed_again(ledger: Ledger) -> None:
    ledger.discovered(Link(url="u1", source="s"))
    ledger.discovered(Link(url="u2", source="s"))
    ledger.link_failed("u2", "http_404", "gone")
    assert [ledger.ignored(url, "no budget") for url in ("u1", "u2", "u2")] == [True, True, False]
    assert ledger.due("s") == ledger.failures() == ledger.counts() == ledger.standings("s") == []
    assert ledger.events("u2")[-1].detail == "no budget"
    ledger.discovered(Link(url="u1", source="s"))
    assert [link.url for link in ledger.due("s")] == ["u1"]


def test_an_archive_counts_by_what_came_out_of_it(ledger: Ledger) -> None:
    for url in ("a.zip", "a.zip#b.pdf"):
        ledger.discovered(Link(url=url, source="s"))
    ledger.unpacked("a.zip", "a" * 64, etag="1")
    ledger.fetched("a.zip#b.pdf", "b" * 64)
    assert ledger.link("a.zip").document_id is None
    assert [(count.of, count.state, count.count) for count in ledger.counts()] == [("document", "fetched", 1)]
    assert sum(standing.count for standing in ledger.standings("s")) == 1
    assert ledger.due("s") == []
