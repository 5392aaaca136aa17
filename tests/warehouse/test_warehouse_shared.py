"""Several machines, one home: ledger in PostgreSQL, files on S3. The same tables as on one machine, whoever dies when."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from killing import prepare_in
from made import arrive, bytes_below, disclosure, restage
from made import tables as made_tables

from fisc.warehouse import archive, journal
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.ledger.postgres import Postgres
from fisc.warehouse.publish import publish
from fisc.warehouse.read import connect, dataset, scan
from fisc.warehouse.store import Bucket, bucket

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed (pip install 'fisc[scale]')")
pytestmark = pytest.mark.xdist_group("servers")


class Dead(BaseException):
    """A worker that is gone: nothing of it runs on."""


@pytest.fixture
def home(tmp_path: Path, ledger_url: str, store_url: str) -> Home:
    return Home(tmp_path / "here", ledger_url, store_url).create()


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    with Ledger.open(home) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The tables and states that one machine comes to, before and after the second publication."""
    home = Home(tmp_path_factory.mktemp("alone")).create()
    with Ledger.open(home) as ledger:
        prepare_in(home, ledger)
        before = bytes_below(home.warehouse)
        publish(home, ledger)
        return {"before": before, "after": bytes_below(home.warehouse), "states": states(ledger)}


def states(ledger: Ledger) -> list[tuple[str, str, str | None]]:
    return [(d.document_id, d.state, d.published_in) for d in ledger.select()]


def tables(home: Home) -> dict[str, str]:
    """Every published file and the hash of its bytes."""
    store = bucket(home)
    return {
        key.removeprefix("warehouse/"): hashlib.sha256(store.read(key)).hexdigest()
        for key in store.below("warehouse")
    }


def left(home: Home, ledger: Ledger) -> tuple[list[str], list[str]]:
    return sorted(bucket(home).below("folds")), [token for token, _ in ledger.journals()]


def test_the_tables_are_those_of_one_machine(home: Home, ledger: Ledger, alone: dict[str, Any]) -> None:
    prepare_in(home, ledger)
    assert tables(home) == alone["before"]
    publish(home, ledger)
    assert (tables(home), states(ledger)) == (alone["after"], alone["states"])
    assert left(home, ledger) == ([], [])
    assert not any(home.warehouse.rglob("*.parquet"))


STEPS = (
    (Bucket, "write"),
    (Bucket, "replace"),
    (Bucket, "remove"),
    (Bucket, "forget"),
    (Postgres, "commit"),
)


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_worker_may_die_at_any_step(
    home: Home, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    """One publication dies at its first step, the next at its second, and so on until one comes through."""
    alone = Home(tmp_path / "alone").create()
    with Ledger.open(alone) as quiet:
        prepare_little(alone, quiet)
        publish(alone, quiet)
        expected = (bytes_below(alone.warehouse), states(quiet))
    prepare_little(home, ledger)
    deaths = 0
    while died(home, monkeypatch, deaths + 1, before):
        deaths += 1
    assert deaths >= 5
    assert (tables(home), states(ledger)) == expected
    assert ledger.journals() == []


def prepare_little(home: Home, ledger: Ledger) -> None:
    """Published: two documents. To be done: supersede one, move the other and so empty a partition."""
    arrive(home, ledger, "1", "first", disclosure())
    moved = arrive(home, ledger, "2", "second", disclosure("教育局", region_code="310101"))
    publish(home, ledger)
    arrive(home, ledger, "1", "corrected", disclosure(), amount="7.00")
    ledger.extracted(moved, disclosure("教育局"), "2")
    restage(home, ledger, moved, made_tables(moved, disclosure("教育局")))


def died(home: Home, monkeypatch: pytest.MonkeyPatch, step: int, before: bool) -> bool:
    """Publish and die at this step; False where there are fewer steps."""
    with monkeypatch.context() as patch, Ledger.open(home) as mine:
        countdown = Countdown(step)
        for owner, name in STEPS:
            patch.setattr(owner, name, dying(getattr(owner, name), countdown, before))
        try:
            publish(home, mine)
        except Dead:
            return True
    return False


class Countdown:
    def __init__(self, steps: int) -> None:
        self.left = steps
        self.thread = threading.get_ident()

    def over(self) -> bool:
        self.left -= threading.get_ident() == self.thread
        return self.left == 0


def dying(do: Callable[..., Any], countdown: Countdown, before: bool) -> Callable[..., Any]:
    def instead(*values: Any, **named: Any) -> Any:
        over = countdown.over()
        if over and before:
            raise Dead
        given = do(*values, **named)
        if over:
            raise Dead
        return given

    return instead


@pytest.mark.parametrize("asleep_at", ["before the commit", "before a file", "after a file"])
def test_who_wakes_up_after_his_lease_changes_nothing(
    home: Home, ledger: Ledger, ledger_url: str, monkeypatch: pytest.MonkeyPatch, asleep_at: str
) -> None:
    """The first machine falls asleep; a second one takes over, publishes, and publishes more; the first wakes up."""
    arrive(home, ledger, "1", "first", disclosure())
    after: dict[str, str] = {}

    def sleep() -> None:
        if after:
            return
        after["asleep"] = ""
        with psycopg.connect(ledger_url, autocommit=True) as connection:
            connection.execute("UPDATE lease SET until = '-infinity'")
        other = Home(home.root / "there", ledger_url, home.store_url).create()
        with Ledger.open(other) as theirs:
            publish(other, theirs)
            arrive(other, theirs, "2", "second", disclosure("教育局"))
            arrive(other, theirs, "1", "corrected", disclosure(), amount="7.00")
            publish(other, theirs)
        after.update(tables(home))

    name = "write" if asleep_at == "before the commit" else "replace"
    do = getattr(Bucket, name)

    def asleep(store: Bucket, key: str, *values: Any) -> None:
        if name == "replace" or key.startswith("folds/"):
            if asleep_at != "after a file":
                sleep()
            do(store, key, *values)
            sleep()
        else:
            do(store, key, *values)

    monkeypatch.setattr(Bucket, name, asleep)
    publish(home, ledger)
    after.pop("asleep")
    assert tables(home) == after
    assert {state for _, state, _ in states(ledger)} == {"published", "superseded"}
    assert left(home, ledger) == ([], [])


def test_the_tables_are_read_where_they_are(home: Home, ledger: Ledger) -> None:
    arrive(home, ledger, "1", "first", disclosure())
    publish(home, ledger)
    assert scan(home, "expenditure").collect().height == 3
    assert dataset(home, "expenditure").to_table().num_rows == 3
    with connect(home) as duckdb:
        assert duckdb.sql("SELECT count(*), min(prov) FROM expenditure").fetchall() == [(3, "13")]
        assert duckdb.sql("SELECT count(*) FROM revenue").fetchall() == [(0,)]


def test_the_archive_is_shared(home: Home, ledger_url: str, tmp_path: Path) -> None:
    sha256 = archive.put(home, b"bytes")
    other = Home(tmp_path / "there", ledger_url, home.store_url)
    assert (archive.has(other, sha256), archive.get(other, sha256)) == (True, b"bytes")
    bucket(home).write(archive.key(sha256), b"damage")
    archive.put(home, b"bytes")
    assert archive.get(other, sha256) == b"bytes"


def test_what_another_hand_changed_is_said(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fisc.errors import FiscError

    arrive(home, ledger, "1", "first", disclosure())
    do = Bucket.replace

    def meddled(store: Bucket, key: str, mark: str | None, content: bytes) -> None:
        store.write(key, b"another hand")
        do(store, key, mark, content)

    monkeypatch.setattr(Bucket, "replace", meddled)
    with pytest.raises(FiscError, match="something else than fisc"):
        publish(home, ledger)
    assert journal.interrupted(home, ledger, ("2025-budget-13",))
