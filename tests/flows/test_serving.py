"""``fisc serve``, started for real: it schedules, runs, survives a kill in the middle of a run, and stops when told."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.locks import locked_if_free
from samples import demo
from samples.portal import Portal, serve, write_source

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.slow]

FISC = [sys.executable, "-c", "from fisc.flows.cli import main; main()"]
PATIENCE_S = 240.0


@pytest.fixture
def portal() -> Iterator[Portal]:
    with serve(demo.postings(departments=("306",), years=(2025,))) as portal:
        yield portal


@dataclass
class Served:
    """A process that serves, and what it said."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self, words: str) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return words in self.log.read_text()

    @property
    def url(self) -> str:
        found = re.search(r"http://127\.0\.0\.1:\d+", self.log.read_text())
        assert found
        return found[0]

    def run(self, name: str) -> None:
        deployment = self.asked("GET", f"deployments/name/{name}").json()["id"]
        self.asked("POST", f"deployments/{deployment}/create_flow_run", json={})

    def runs(self, state: str, flow: str = "harvest-portal") -> int:
        asked = {
            "flow_runs": {"state": {"type": {"any_": [state]}}},
            "flows": {"name": {"any_": [flow]}},
        }
        return int(self.asked("POST", "flow_runs/count", json=asked).json())

    def asked(self, method: str, path: str, **what: Any) -> httpx.Response:
        """What the server answers; one that is busy (503) is asked again, as Prefect's own client does."""
        end = time.monotonic() + PATIENCE_S
        while True:
            answer = httpx.request(method, f"{self.url}/api/{path}", timeout=60.0, **what)
            if answer.status_code != 503 or time.monotonic() > end:
                return answer.raise_for_status()
            time.sleep(0.5)


def wait_for(happened: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def start(home: Path, sources: Path, log: Path) -> Served:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "FISC"))}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*FISC, "serve", "--port", "0", "--source-dir", str(sources)],
            env={**kept, "FISC_HOME": str(home), "FISC_WORKERS": "1"},
            stdout=out,
            stderr=out,
        )
    served = Served(process, log)
    wait_for(lambda: served.said("rerun/on-demand"), "it begins to serve")
    return served


def is_free(home: Path) -> bool:
    with locked_if_free(Home(home), "harvest-wangxi") as free:
        return free


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_service_that_ends_in_the_middle_of_a_run_goes_on_when_it_is_started_again(
    how: signal.Signals, portal: Portal, tmp_path: Path
) -> None:
    home, source = tmp_path / "home", write_source(portal, tmp_path / "sources")
    source.write_text(portal.source_toml(delay_s=4.0))
    sources = source.parent
    killed = start(home, sources, tmp_path / "first.log")
    try:
        wait_for(lambda: killed.runs("SCHEDULED") > 0, "the harvest is scheduled")
        wait_for(lambda: killed.runs("SCHEDULED", "retry") > 0, "the retry is scheduled")
        killed.run("harvest-portal/wangxi")
        wait_for(lambda: any(home.glob("staging/*/*")), "a document is read while the next one is waited for")
    finally:
        killed.process.send_signal(how)
        assert killed.process.wait(timeout=60) == (0 if how == signal.SIGTERM else -signal.SIGKILL)
    wait_for(lambda: is_free(home), "the run ends with the service")

    again = start(home, sources, tmp_path / "second.log")
    try:
        assert again.said("1 runs were cut short")
        assert (again.runs("RUNNING"), again.runs("CRASHED")) == (0, 1)
        again.run("harvest-portal/wangxi")
        wait_for(lambda: again.said("harvest wangxi: "), "the next run ends")
        assert again.runs("COMPLETED") == 1
        with Ledger.open(Home(home)) as ledger:
            assert [document.state for document in ledger.select()] == ["published"] * 2
        (sources / "broken.toml").write_text("name = 3")
        wait_for(lambda: again.said("broken.toml: name must be a text"), "a broken source file is told")
        assert len(list((home / "runs").rglob("*.html"))) == 1
    finally:
        again.process.send_signal(signal.SIGTERM)
    assert again.process.wait(timeout=60) == 0
    assert "Stopped" in again.log.read_text()
    assert "Traceback" not in again.log.read_text()


def test_the_clock_itself_starts_the_harvest_the_retry_and_the_weekly_check(
    portal: Portal, tmp_path: Path
) -> None:
    home, source = tmp_path / "home", write_source(portal, tmp_path / "sources")
    source.write_text('schedule = "* * * * *"\n' + source.read_text())
    home.mkdir()
    (home / "fisc.toml").write_text('[night]\nretry = "* * * * *"\nrecheck = "* * * * *"\n')
    served = start(home, source.parent, tmp_path / "serve.log")
    try:
        wait_for(lambda: served.runs("COMPLETED") > 0, "the clock starts a harvest")
        wait_for(lambda: served.runs("COMPLETED", "retry") > 0, "the clock starts a retry")
        wait_for(lambda: served.said("recheck wangxi: "), "the clock starts a check of what was published")
        with Ledger.open(Home(home)) as ledger:
            assert [document.state for document in ledger.select()] == ["published"] * 2
            assert {run.name for run in ledger.runs()} == {"harvest wangxi", "recheck wangxi"}
    finally:
        served.process.send_signal(signal.SIGINT)
    assert served.process.wait(timeout=60) == 0
    assert "Traceback" not in served.log.read_text()
