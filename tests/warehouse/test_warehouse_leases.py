"""Leases: held by one, given back, lost by the dead; and what a lost one may not do."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from fisc.warehouse.held import Held
from fisc.warehouse.home import Home
from fisc.warehouse.leases import leased, leased_if_free
from fisc.warehouse.ledger import Ledger

pytestmark = pytest.mark.xdist_group("servers")


def test_one_holds_and_the_others_wait(ledger_url: str) -> None:
    order: list[str] = []

    def wait() -> None:
        with leased(ledger_url, ["b", "a"]):
            order.append("second")

    with leased(ledger_url, ["a"]) as held:
        assert list(held.fences) == ["a"]
        other = threading.Thread(target=wait)
        other.start()
        with leased_if_free(ledger_url, "a") as free:
            assert not free
        with leased_if_free(ledger_url, "c") as free:
            assert free
        order.append("first")
    other.join(30)
    assert order == ["first", "second"]


def test_a_lease_is_renewed_as_long_as_its_holder_lives(
    ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FISC_LEASE_SECONDS", "2")
    with leased(ledger_url, ["a"]):
        time.sleep(3)
        with leased_if_free(ledger_url, "a") as free:
            assert not free


def test_the_dead_lose_theirs(ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FISC_LEASE_SECONDS", "1")
    code = (
        "import sys, time; from fisc.warehouse.leases import leased\n"
        "with leased(sys.argv[1], ['a']): print('held', flush=True); time.sleep(60)"
    )
    dying = subprocess.Popen([sys.executable, "-c", code, ledger_url], stdout=subprocess.PIPE, text=True)
    assert dying.stdout
    assert dying.stdout.readline() == "held\n"
    dying.kill()
    dying.wait()
    dying.stdout.close()
    with leased(ledger_url, ["a"]) as held:
        assert held.fences == {"a": 2}


def test_a_commit_counts_only_under_the_last_fence(tmp_path: Path, ledger_url: str) -> None:
    with Ledger.open(Home(tmp_path, ledger_url)) as ledger:
        with leased(ledger_url, ["a"]) as asleep:
            pass
        with leased(ledger_url, ["a"]) as awake:
            assert not ledger.journal_entered("late", "{}", asleep)
            assert ledger.journal_entered("now", "{}", awake)
            assert not ledger.journal_entered("wrong", "{}", Held("somebody", awake.fences))
        assert [token for token, _ in ledger.journals()] == ["now"]
        assert (ledger.journal_left("now"), ledger.journal_left("now")) == (True, False)
