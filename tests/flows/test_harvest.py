"""The whole way, by the command that an operator types: Prefect, isolated processes, a portal on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from samples import demo
from samples.portal import Portal, serve, write_source
from samples.serving.faults import Hang, Short, Status

pytestmark = pytest.mark.xdist_group("prefect")

FISC = [sys.executable, "-c", "from fisc.flows.cli import main; main()"]


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with serve(demo.postings(departments=("306", "318"), years=(2025,)), page_size=3) as portal:
        yield portal


@dataclass(frozen=True)
class Place:
    """A home to harvest into, with the source file of the portal."""

    home: Path
    source: Path
    prefect: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "FISC"))}
        own = {"PREFECT_HOME": str(self.prefect)} if self.prefect else {}
        return {
            **kept,
            **own,
            "FISC_HOME": str(self.home),
            "SOURCE_DATE_EPOCH": "1740000000",
            "COLUMNS": "100",
        }

    def harvest(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("harvest", str(self.source), *words)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*FISC, *words],
            env=self.environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    def parquet(self) -> dict[str, bytes]:
        root = self.home / "warehouse"
        return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.parquet"))}

    def like(self, home: Path) -> Place:
        """Another home; Prefect's database is shared, as making one takes seconds."""
        return Place(home, self.source, self.home / "work" / "prefect")


@pytest.fixture(scope="module")
def place(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home into which the portal was harvested, undisturbed."""
    folder = tmp_path_factory.mktemp("harvest")
    place = Place(folder / "home", write_source(portal, folder / "sources"))
    done = place.harvest()
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 new" in done.stdout
    assert "4 published" in done.stdout
    assert str(place.home / "warehouse") in done.stdout
    assert place.parquet()
    return place


def test_a_harvest_of_an_unchanged_portal_changes_no_byte(portal: Portal, place: Place) -> None:
    before = place.parquet()
    portal.log.clear()
    second = place.harvest("--json")
    assert (second.returncode, second.stderr) == (0, "")
    said = json.loads(second.stdout)
    assert (said["runs"]["wangxi"]["new"], said["runs"]["wangxi"]["unchanged"]) == (0, 4)
    assert [request.status for request in portal.log if request.path.endswith(".pdf")] == [304] * 4
    assert place.parquet() == before
    assert said["documents"] == {"published": 4}


def test_a_reading_that_is_only_tried_says_what_would_change(place: Place) -> None:
    before = place.parquet()
    tried = place.run("rerun", "--year", "2025", "--force", "--dry-run", "--json")
    assert (tried.returncode, tried.stderr) == (0, "")
    said = json.loads(tried.stdout)
    assert [change["differences"] for change in said["changes"]] == [[]] * 2
    assert all(change["proven"][0] == change["proven"][1] > 0 for change in said["changes"])
    assert place.parquet() == before
    assert json.loads(place.run("rerun", "--outdated", "--dry-run", "--json").stdout)["changes"] == []


def test_faults_cost_their_documents_and_are_told(portal: Portal, place: Place, tmp_path: Path) -> None:
    dead, passing = portal.postings[0].path, portal.postings[1].path
    portal.fault(dead, Status(404))
    portal.fault(passing, Short(times=1))
    try:
        done = place.like(tmp_path).harvest()
    finally:
        portal.fault(dead, None)
    assert done.returncode == 1
    assert "1 failed: http_404" in done.stdout
    assert "3 published" in done.stdout
    assert done.stderr == "1 failed; fisc failures says what and why, fisc rerun --failed tries again.\n"


def test_a_killed_harvest_is_finished_by_the_next_one(place: Place, tmp_path: Path) -> None:
    killed = place.like(tmp_path)
    running = subprocess.Popen(
        [*FISC, "harvest", str(killed.source)],
        env=killed.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while running.poll() is None and not any(tmp_path.glob("staging/*/*")):
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not killed.parquet()
    assert killed.harvest().returncode == 0
    assert killed.parquet() == place.parquet()


@pytest.mark.parametrize(("told", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_harvest_that_is_told_to_stop_while_it_waits_ends_at_once_and_goes_on_later(
    told: signal.Signals, status: int, portal: Portal, place: Place, tmp_path: Path
) -> None:
    stopped = place.like(tmp_path)
    hung = portal.postings[0].path
    portal.fault(hung, Hang())
    portal.log.clear()
    running = subprocess.Popen(
        [*FISC, "harvest", str(stopped.source)],
        env=stopped.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    while running.poll() is None and hung not in portal.paths():
        time.sleep(0.01)
    portal.fault(hung, None)
    os.killpg(running.pid, told)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (status, "")
    assert err == "Stopped; what was done is kept, and the same command goes on from here.\n"
    assert stopped.harvest().returncode == 0
    assert stopped.parquet() == place.parquet()


def test_a_broken_file_beside_a_source_is_told_and_stands_in_nobodys_way(
    place: Place, tmp_path: Path
) -> None:
    (tmp_path / "wangxi.toml").write_bytes(place.source.read_bytes())
    (tmp_path / "broken.toml").write_text("name = 3")
    done = place.run("harvest", "wangxi", "--source-dir", str(tmp_path))
    assert done.returncode == 0
    assert done.stderr.startswith("Another source file cannot be used: ")
    assert "broken.toml: name must be a text" in done.stderr


def test_a_disclosure_that_moved_in_the_night_stands_once(tmp_path: Path) -> None:
    postings = demo.postings(departments=("306",), years=(2025,))
    with serve(postings, page_size=3) as portal:
        place = Place(tmp_path / "home", write_source(portal, tmp_path / "sources"))
        assert place.harvest().returncode == 0
        moved = replace(portal.postings[0], path="/moved/budget.pdf")
        portal.postings[0] = replace(moved, content=moved.content + b"\n% printed again\n")
        done = json.loads(place.harvest("--json").stdout)
        assert (done["runs"]["wangxi"]["superseded"], done["runs"]["wangxi"]["gone"]) == (1, 1)
        assert done["documents"] == {"published": 2, "superseded": 1}
