"""Prefect's server and the lock of a source, without starting either."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace

import made_up
import pytest
from declared import toml

from fisc.flows.server import QUIET, ServerError, own_server, prefect_ready, quiet
from fisc.flows.workshop import Silent, Workshop
from fisc.warehouse.home import Home
from fisc.warehouse.locks import locked

pytestmark = pytest.mark.xdist_group("prefect")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name, value in {**QUIET, "PREFECT_HOME": str(tmp_path / "prefect")}.items():
        monkeypatch.setenv(name, value)
    return Home(tmp_path / "home").create()


def test_a_named_server_that_does_not_answer_is_one_sentence(home: Home) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with (
        temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}),
        pytest.raises(ServerError, match=r"^The Prefect server http://127.0.0.1:9/api does not answer .*\.$"),
        prefect_ready(home),
    ):
        pass


def test_a_disk_without_room_is_one_sentence_before_anything_begins(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=7_900_000))
    with (
        pytest.raises(
            ServerError,
            match=r"^The disk of /.* has 7 MB left, and a run needs 20 MB to begin; make room and run it again\.$",
        ),
        own_server(home),
    ):
        pass


def test_a_source_is_harvested_by_one_process_at_a_time(home: Home, tmp_path: Path) -> None:
    from fisc.flows.harvest import harvest_portal, in_workshop
    from fisc.flows.workshop import SourceBusy

    (tmp_path / "haigang.toml").write_text(toml(), encoding="utf-8")
    workshop = Workshop(home, made_up.Here(), Silent(), made_up.read)  # type: ignore[arg-type]
    with in_workshop(workshop), locked(home, ["harvest-haigang"]), pytest.raises(SourceBusy, match="haigang"):
        harvest_portal.fn("haigang", str(tmp_path))


def test_events_that_a_stopped_run_has_not_sent_are_not_told(home: Home) -> None:
    """Prefect's sender of events says so under a name that its own settings do not quieten."""
    quiet(home)
    assert not logging.getLogger("EventsWorker").isEnabledFor(logging.WARNING)
