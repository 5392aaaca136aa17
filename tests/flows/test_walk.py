"""A night after another: what is fetched, read and published, and that a kill at any instant changes nothing."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import made_up
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from declared import loopback
from rude_server import RudeServer, reply, rude_server

from fisc.extractors.document import Extracted, Hints
from fisc.flows import walk
from fisc.flows.changes import Reread, try_with
from fisc.flows.comparing import compare_published
from fisc.flows.fetch import Visitor
from fisc.flows.night.tending import ask_again
from fisc.flows.reading import job, read_with
from fisc.flows.rerun import (
    UnknownDocument,
    current,
    failed_links,
    fetch_again,
    named,
    outdated,
    read_again,
    try_again,
)
from fisc.flows.sources import Source
from fisc.flows.summary import Summary, added_up
from fisc.flows.workshop import Silent, Workshop
from fisc.schemas.decisions import Correction, Decisions
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger, Link
from fisc.warehouse.reviewed import decide

SECOND_FILE = made_up.content("教育局", "8.00")
NAMES = {"a": ("教育局", "12.50"), "b": ("民政局", "7.00"), "c": ("财政局", "99.10")}


@pytest.fixture(autouse=True)
def _one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1740000000")


@pytest.fixture
def server() -> Iterator[RudeServer]:
    with rude_server() as server:
        put(server, {name: made_up.content(*words) for name, words in NAMES.items()})
        yield server


def put(server: RudeServer, files: dict[str, bytes]) -> None:
    """The portal shows these files, each with an ETag that follows from its bytes."""
    items = [
        f'<li><a href="{name}.pdf">{name} 2025年部门预算</a><span>2025-02-0{n}</span></li>'
        for n, name in enumerate(files, 1)
    ]
    server.answers["/list/index.html"] = reply(f'<ul class="list">{"".join(items)}</ul>'.encode())
    for name, content in files.items():
        server.answers[f"/list/{name}.pdf"] = reply(content)


def workshop_in(folder: Path) -> Workshop:
    return Workshop(Home(folder).create(), made_up.Here(), Silent(), made_up.read)  # type: ignore[arg-type]


def night(workshop: Workshop, source: Source, since: date | None = None, limit: int | None = None) -> Summary:
    """What the flow does, without Prefect."""
    with Ledger.open(workshop.home) as ledger, Visitor(source, sleep=lambda _: None) as visitor:
        parts = [walk.read_documents(workshop, ledger, walk.unread(ledger, source))]
        found, summary = walk.list_links(source, visitor, ledger, workshop.home)
        links = walk.agenda(ledger, source, [link.url for link in found.links], since, limit)
        parts += [summary, walk.fetch_and_read(workshop, ledger, visitor, links)]
        parts += [walk.publish_all(workshop, ledger), compare_published(workshop)]
    return added_up(parts)


def files_of(home: Home) -> dict[str, bytes]:
    return {
        str(p.relative_to(home.warehouse)): p.read_bytes() for p in sorted(home.warehouse.rglob("*.parquet"))
    }


def amounts(home: Home) -> dict[str, str]:
    rows = ds.dataset(home.warehouse / "expenditure", partitioning="hive").to_table().to_pylist()
    return {row["department"]: str(row["total"]) for row in rows}


@pytest.fixture
def source(server: RudeServer, tmp_path: Path) -> Source:
    return loopback(tmp_path, server.address, "attempts = 1")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return workshop_in(tmp_path / "home")


def test_a_first_night_fetches_reads_and_publishes_everything(workshop: Workshop, source: Source) -> None:
    done = night(workshop, source)
    assert (done.listed, done.new, done.read, done.published, done.failures) == (3, 3, 3, 3, 0)
    assert amounts(workshop.home) == {"教育局": "12.50", "民政局": "7.00", "财政局": "99.10"}


def test_the_words_of_the_link_reach_the_document(
    workshop: Workshop, source: Source, server: RudeServer
) -> None:
    night(workshop, source)
    rows = ds.dataset(workshop.home.warehouse / "document", partitioning="hive").to_table().to_pylist()
    row = next(row for row in rows if row["department"] == "教育局")
    assert row["url"] == server.url("/list/a.pdf")
    assert (row["file_name"], row["title"], row["source"]) == ("a.pdf", "a 2025年部门预算", "haigang")
    assert (row["published_on"], row["fetched_at"]) == (date(2025, 2, 1), "2025-02-19T21:20:00Z")


def test_a_second_night_of_an_unchanged_portal_changes_no_byte(workshop: Workshop, source: Source) -> None:
    night(workshop, source)
    before = files_of(workshop.home)
    done = night(workshop, source)
    assert (done.new, done.changed, done.unchanged, done.read, done.published) == (0, 0, 3, 0, 0)
    assert files_of(workshop.home) == before


def test_a_portal_that_knows_what_changed_is_not_asked_for_the_bytes(
    workshop: Workshop, source: Source, server: RudeServer
) -> None:
    server.answers["/list/a.pdf"] = [
        reply(made_up.content("教育局", "1.00"), ETag='"1"'),
        reply(b"", "304 Not Modified"),
    ]
    night(workshop, source)
    assert night(workshop, source).unchanged == 3
    headers = [headers for path, headers in server.asked if path == "/list/a.pdf"]
    assert [each.get("if-none-match") for each in headers] == [None, '"1"']


def test_an_archive_that_lost_a_file_asks_for_all_of_it(
    workshop: Workshop, source: Source, server: RudeServer
) -> None:
    server.answers["/list/a.pdf"] = reply(made_up.content("教育局", "1.00"), ETag='"1"')
    night(workshop, source)
    for file in workshop.home.archive.rglob("*"):
        if file.is_file():
            file.unlink()
    server.asked.clear()
    assert night(workshop, source).unchanged == 3
    assert not any("if-none-match" in headers for _, headers in server.asked)
    assert sum(file.is_file() for file in workshop.home.archive.rglob("*")) == 3


def test_a_changed_file_takes_the_place_of_the_old_one(
    workshop: Workshop, source: Source, server: RudeServer
) -> None:
    night(workshop, source)
    server.answers["/list/a.pdf"] = reply(made_up.content("教育局", "13.00"))
    done = night(workshop, source)
    assert (done.changed, done.unchanged, done.published, done.superseded) == (1, 2, 1, 1)
    assert amounts(workshop.home) == {"教育局": "13.00", "民政局": "7.00", "财政局": "99.10"}
    assert sum(file.is_file() for file in workshop.home.archive.rglob("*")) == 4


def findings(home: Home) -> list[dict[str, Any]]:
    return ds.dataset(home.warehouse / "finding", partitioning="hive").to_table().to_pylist()


def test_what_changed_between_two_files_of_a_disclosure_is_a_finding(
    workshop: Workshop, source: Source, server: RudeServer
) -> None:
    night(workshop, source)
    server.answers["/list/a.pdf"] = reply(made_up.content("教育局", "13.00"))
    done = night(workshop, source)
    (replaced,) = done.replaced
    assert (replaced.department, replaced.fiscal_year, replaced.values) == ("教育局", 2025, 1)
    (finding,) = findings(workshop.home)
    assert (finding["rule"], finding["where"], finding["department"]) == (
        "disclosure.changed", "expenditure", "教育局",
    )  # fmt: skip
    assert [finding[name] for name in ("expected", "actual", "difference")] == [
        Decimal("12.50"), Decimal("13.00"), Decimal("0.50"),
    ]  # fmt: skip
    before = files_of(workshop.home)
    with Ledger.open(workshop.home) as ledger:
        again = read_again(workshop, ledger, named(ledger, [replaced.document_id]))
    assert (again.published, again.replaced) == (1, [])
    assert files_of(workshop.home) == before


def test_a_file_that_was_replaced_in_silence_is_found_by_its_hash(
    workshop: Workshop, source: Source, server: RudeServer
) -> None:
    server.answers["/list/a.pdf"] = reply(made_up.content("教育局", "12.50"), ETag='"1"')
    night(workshop, source)
    server.answers["/list/a.pdf"] = reply(made_up.content("教育局", "13.00"), ETag='"1"')
    server.asked.clear()
    with Ledger.open(workshop.home) as ledger:
        done = ask_again(workshop, ledger, source)
    assert (done.changed, done.unchanged, len(done.replaced)) == (1, 2, 1)
    assert not any("if-none-match" in headers for _, headers in server.asked)
    assert amounts(workshop.home)["教育局"] == "13.00"


def test_what_people_decided_travels_with_the_job(workshop: Workshop, source: Source, tmp_path: Path) -> None:
    night(workshop, source)
    with Ledger.open(workshop.home) as ledger:
        (document,) = named(ledger, ["教育局"])
        correction = Correction(
            document.document_id, "expenditure", "total", "合计", 1, "12.50", Decimal("13.00"), "blurred", "赵", "2025-03-01"
        )  # fmt: skip
        decide(workshop.home, tmp_path / "reviewed", source.name, correction)
        work = job(workshop.home, ledger, document, tmp_path / "reviewed")
        assert pickle.loads(pickle.dumps(work)).decided == Decisions((correction,))
        (tmp_path / "reviewed" / f"{source.name}.toml").write_text("[[")
        reviewing = replace(workshop, reviewed=tmp_path / "reviewed")
        assert dict(read_again(reviewing, ledger, [document]).failed) == {"reviewed_invalid": 1}


def test_another_file_of_the_same_disclosure_replaces_nothing(
    workshop: Workshop, source: Source, server: RudeServer
) -> None:
    night(workshop, source)
    put(server, {name: made_up.content(*words) for name, words in NAMES.items()} | {"d": SECOND_FILE})
    done = night(workshop, source)
    assert (done.published, done.superseded, done.replaced) == (1, 0, [])
    rows = ds.dataset(workshop.home.warehouse / "document", partitioning="hive").to_table().to_pylist()
    assert sum(row["department"] == "教育局" for row in rows) == 2


def test_a_document_that_is_gone_stays_published_and_is_counted(
    workshop: Workshop, source: Source, server: RudeServer
) -> None:
    night(workshop, source)
    server.answers["/list/a.pdf"] = FAILURES["http_404"]
    done = night(workshop, source)
    assert (done.gone, done.failed) == (1, {"http_404": 1})
    assert len(amounts(workshop.home)) == 3


def test_bytes_that_the_archive_lost_are_fetched_and_read_again(
    workshop: Workshop, source: Source, server: RudeServer, tmp_path: Path
) -> None:
    night(workshop, source)
    before = files_of(workshop.home)
    with Ledger.open(workshop.home) as ledger:
        (document,) = named(ledger, ["教育局"])
        archive.path(workshop.home, document.sha256).unlink()
        assert read_again(workshop, ledger, [document]).failed == {"archive_missing": 1}
        links = failed_links(ledger, reason="archive_missing")
        assert [link.url for link in links] == [server.url("/list/a.pdf")]
        assert fetch_again(workshop, ledger, tmp_path, links).read == 1
        assert walk.publish_all(workshop, ledger).published == 1
        compare_published(workshop)
    assert files_of(workshop.home) == before


def better(file: bytes, hints: Hints) -> Extracted:
    """A newer reader, for which every amount is 1.00 more."""
    done = made_up.extract(file, hints)
    (row,) = done.tables["expenditure"].to_pylist()
    table = pa.Table.from_pylist([{**row, "total": row["total"] + 1}], done.tables["expenditure"].schema)
    return replace(done, tables={**done.tables, "expenditure": table})


def test_a_new_reading_is_told_value_by_value_and_tried_without_a_trace(
    workshop: Workshop, source: Source
) -> None:
    night(workshop, source)
    before = files_of(workshop.home)
    newer = replace(
        workshop,
        read=lambda job: read_with(better, job),
        attempt=lambda trial: try_with(better, trial),
    )
    tried: list[Reread] = []
    told: list[Reread] = []
    with Ledger.open(workshop.home) as ledger:
        states = ledger.counts()
        done = try_again(newer, ledger, named(ledger, ["教育局"]), tried.append)
        assert (done.read, files_of(workshop.home), ledger.counts()) == (1, before, states)

        def published_now(reread: Reread) -> None:
            assert files_of(workshop.home) == before
            told.append(reread)

        read_again(newer, ledger, named(ledger, ["教育局"]), published_now)
    (difference,) = tried[0].differences
    assert (difference.row, difference.column) == ("合计", "total")
    assert (difference.before, difference.after) == (Decimal("12.50"), Decimal("13.50"))
    assert told[0].differences == tried[0].differences
    assert amounts(workshop.home)["教育局"] == "13.50"


def test_the_same_file_under_two_links_is_one_document(
    workshop: Workshop, source: Source, server: RudeServer
) -> None:
    server.answers["/list/b.pdf"] = server.answers["/list/a.pdf"]
    done = night(workshop, source)
    assert (done.new, done.read, done.published) == (3, 2, 2)
    with Ledger.open(workshop.home) as ledger:
        (document,) = ledger.find("教育局")
        assert len(ledger.links_of(document.document_id)) == 2


FAILURES = {
    "http_404": reply(b"", "404 Not Found"),
    "http_403": reply(b"", "403 Forbidden"),
    "http_500": reply(b"", "500 Oh"),
    "http_429": reply(b"", "429 Slow", Retry_After="999"),
    "empty_file": reply(b""),
    "not_a_document": reply(b"<html>Not found"),
    "private_address": reply(b"", "302 Found", Location="http://127.0.0.1:9/"),
    "encrypted": reply(b"broken a 2025 budget 1"),
    "internal_error": reply(b"%PDF what is this"),
}


@pytest.mark.parametrize("reason", FAILURES)
def test_a_failure_costs_one_document_and_is_written_down(
    workshop: Workshop, source: Source, server: RudeServer, reason: str
) -> None:
    server.answers["/list/b.pdf"] = FAILURES[reason]
    done = night(workshop, source)
    assert dict(done.failed) == {reason: 1}
    assert (done.read, done.published) == (2, 2)
    with Ledger.open(workshop.home) as ledger:
        (failure,) = ledger.failures()
    assert (failure.reason, failure.attempts, failure.title) == (reason, 1, "b 2025年部门预算")
    assert failure.sentence.count(". ") == 0
    assert failure.sentence.endswith(".")


def test_a_redirect_to_another_host_is_written_down(
    workshop: Workshop, source: Source, server: RudeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rude_server() as other:
        monkeypatch.setattr("fisc.flows.net.connection.is_public", lambda _: True)
        other.answers["/files/b.pdf"] = reply(made_up.content("民政局", "7.00"))
        server.answers["/list/b.pdf"] = reply(b"", "302 Found", Location=other.url("/files/b.pdf"))
        done = night(workshop, source)
        assert dict(done.elsewhere) == {other.address.removeprefix("http://"): 1}
    assert done.published == 3


def test_a_passing_failure_is_mended_by_the_next_night(
    workshop: Workshop, source: Source, server: RudeServer
) -> None:
    server.answers["/list/b.pdf"] = [reply(b"", "500 Oh"), reply(made_up.content("民政局", "7.00"))]
    assert night(workshop, source).failures == 1
    assert night(workshop, source).published == 1
    assert len(amounts(workshop.home)) == 3


def test_a_final_failure_is_not_asked_again_until_somebody_asks(
    workshop: Workshop, source: Source, server: RudeServer, tmp_path: Path
) -> None:
    server.answers["/list/b.pdf"] = [reply(b"", "404 No"), reply(made_up.content("民政局", "7.00"))]
    night(workshop, source)
    assert night(workshop, source).new == 0
    with Ledger.open(workshop.home) as ledger:
        assert failed_links(ledger, year=1999) == failed_links(ledger, reason="http_403") == []
        (link,) = failed_links(ledger, "haigang", 2025, "http_404")
        done = added_up([fetch_again(workshop, ledger, tmp_path, [link]), read_again(workshop, ledger, [])])
    assert (done.new, done.published) == (1, 1)


def test_failed_links_of_a_source_that_is_gone_are_named(
    workshop: Workshop, source: Source, server: RudeServer, tmp_path: Path
) -> None:
    server.answers["/list/b.pdf"] = FAILURES["http_404"]
    night(workshop, source)
    (tmp_path / "haigang.toml").unlink()
    with Ledger.open(workshop.home) as ledger:
        done = fetch_again(workshop, ledger, tmp_path, failed_links(ledger))
    assert [trouble.reason for trouble in done.troubles] == ["unknown_source"]


def test_a_list_page_that_fails_does_not_hold_up_what_is_known(
    workshop: Workshop, source: Source, server: RudeServer
) -> None:
    night(workshop, source, limit=1)
    server.answers["/list/index.html"] = reply(b"", "500 Oh")
    done = night(workshop, source)
    assert [trouble.reason for trouble in done.troubles] == ["http_500"]
    assert (done.new, done.published) == (2, 2)


def test_since_and_limit(workshop: Workshop, source: Source) -> None:
    assert night(workshop, source, since=date(2025, 2, 2), limit=1).new == 1
    assert amounts(workshop.home) == {"民政局": "7.00"}
    assert night(workshop, source, limit=1).new == 1
    assert set(amounts(workshop.home)) == {"民政局", "教育局"}


def test_recheck_days(server: RudeServer, workshop: Workshop, tmp_path: Path) -> None:
    source = loopback(tmp_path, server.address, "recheck_days = 3")
    night(workshop, source)
    server.asked.clear()
    done = night(workshop, source)
    assert (done.listed, done.unchanged) == (3, 0)
    assert server.paths() == ["/list/index.html"]


def test_rerun_replaces_exactly_its_rows(workshop: Workshop, source: Source) -> None:
    night(workshop, source)
    before = files_of(workshop.home)
    with Ledger.open(workshop.home) as ledger:
        documents = named(ledger, ["教育局"])
        done = read_again(workshop, ledger, documents)
        assert outdated(documents) == []
    assert (done.read, done.published) == (1, 1)
    assert files_of(workshop.home) == before


def test_rerun_names_what_it_does_not_know(workshop: Workshop) -> None:
    with Ledger.open(workshop.home) as ledger, pytest.raises(UnknownDocument, match="水利局"):
        named(ledger, ["水利局"])


def test_a_superseded_document_is_not_selected_again(
    workshop: Workshop, source: Source, server: RudeServer
) -> None:
    night(workshop, source)
    server.answers["/list/a.pdf"] = reply(made_up.content("教育局", "13.00"))
    night(workshop, source)
    with Ledger.open(workshop.home) as ledger:
        assert len(ledger.select()) == 4
        assert len(current(ledger.select())) == 3
        assert outdated(ledger.select()) == []


class Killed(BaseException):
    """The process ends here."""


def killed_at(number: int, monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> bool:
    """Do something until its ``number``-th lasting step, and no further; says whether it came that far.

    Lasting steps are renames of files and commits of the ledger; a kill lies right before one.
    """
    steps = iter(range(1, 1_000_000))
    replace, event = os.replace, Ledger._event

    def step(real: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*args: Any, **named: Any) -> Any:
            if next(steps) == number:
                raise Killed
            return real(*args, **named)

        return stepped

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", step(replace))
        patched.setattr(Ledger, "_event", step(event))
        try:
            act()
        except Killed:
            return True
    return False


def test_a_kill_at_any_instant_and_another_run_end_with_the_same_bytes(
    source: Source, server: RudeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (reply(made_up.content("教育局", amount)) for amount in ("12.50", "13.00"))

    def two_nights(workshop: Workshop) -> None:
        for answer in (old, new):
            server.answers["/list/a.pdf"] = answer
            night(workshop, source)

    undisturbed = workshop_in(tmp_path / "undisturbed")
    two_nights(undisturbed)
    unseen = workshop_in(tmp_path / "unseen")
    night(unseen, source)
    # A file that was replaced before fisc ever saw it leaves no finding of what changed.
    wanted = {True: files_of(undisturbed.home), False: files_of(unseen.home)}
    number, came_so_far = 0, True
    while came_so_far:
        number += 1
        workshop = workshop_in(tmp_path / f"killed-{number}")
        came_so_far = killed_at(number, monkeypatch, lambda workshop=workshop: two_nights(workshop))
        server.answers["/list/a.pdf"] = new
        night(workshop, source)
        with Ledger.open(workshop.home) as ledger:
            saw_the_old_one = len(ledger.select()) == 4
            assert files_of(workshop.home) == wanted[saw_the_old_one], number
            assert {document.state for document in ledger.select()} <= {"published", "superseded"}, number
    assert number > 30


def test_a_full_disk_is_the_documents_reason_and_room_mends_it(
    workshop: Workshop, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, full = os.replace, [True]

    def no_room(old: Path, new: Path) -> None:
        if full[0] and "staging" in str(new):
            raise OSError(28, "No space left on device")
        replace(old, new)

    monkeypatch.setattr(os, "replace", no_room)
    assert night(workshop, source).failed == {"disk_full": 3}
    full[0] = False
    with Ledger.open(workshop.home) as ledger:
        assert {d.reason for d in ledger.select()} == {"disk_full"}
        assert all(d.next_try for d in ledger.select())
        assert read_again(workshop, ledger, ledger.select(reason="disk_full")).published == 3


def test_the_largest_file_is_read_first(tmp_path: Path) -> None:
    began: list[str] = []

    class Noted(made_up.Here):
        def submit(self, function: Any, job: Any, name: str) -> Any:
            began.append(job.sha256)
            return super().submit(function, job, name)

    workshop = replace(workshop_in(tmp_path), isolation=Noted())  # type: ignore[arg-type]
    contents = [made_up.content("财政局", "1.00") + b" " * size for size in (3, 9000, 40)]
    with Ledger.open(workshop.home) as ledger:
        for n, content in enumerate(contents):
            ledger.discovered(Link(f"http://portal.invalid/{n}.pdf", "haigang"))
            ledger.fetched(f"http://portal.invalid/{n}.pdf", archive.put(workshop.home, content))
        walk.read_documents(workshop, ledger, ledger.documents_in("fetched"))
    by_size = sorted(contents, key=len, reverse=True)
    assert began == [archive.put(workshop.home, content) for content in by_size]
