"""Every run leaves a record, whatever became of it."""

from __future__ import annotations

import errno
import json
import sqlite3
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from declared import source, toml

from fisc.flows.night import record as records
from fisc.flows.night.page import markdown
from fisc.flows.night.record import recorded
from fisc.flows.summary import Replaced, Summary, Trouble
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger, Link

RUDE = "<script>alert(1)</script>"
DID = Summary(
    listed=3, new=2, unchanged=1, read=2, published=2, gone=1, failed=Counter(http_404=2), findings=Counter(error=4),
    replaced=[Replaced("3f" * 8, f"教育局{RUDE}", 2025, "budget", 3)], troubles=[Trouble("x", "http_500", RUDE)],
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def files(home: Home, suffix: str) -> list[Path]:
    return sorted(home.runs.rglob(f"*{suffix}"))


def read(home: Home) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(files(home, ".json")[-1].read_text(encoding="utf-8"))
    return said


def fails() -> Summary:
    raise ValueError("the portal\nwas odd")


def test_a_run_is_in_the_ledger_as_json_and_as_a_page(home: Home, tmp_path: Path) -> None:
    declared = source(tmp_path, toml(more='[expected]\ndepartments = 2\nstages = { budget = "01-31" }'))
    with Ledger.open(home) as ledger:
        ledger.discovered(
            Link(
                "http://x/a.pdf", "haigang", "a", None, date(2025, 3, 2), None, "望溪市教育局", 2025, "budget"
            )
        )
        _, record = recorded(home, ledger, "harvest haigang", lambda: DID, declared)
        (run,) = ledger.runs()
    assert (run.summary["new"], run.summary["failed"]) == (2, {"http_404": 2})
    said = read(home)
    assert (said["name"], said["summary"]["gone"], said["summary"]["findings"]) == (
        "harvest haigang",
        1,
        {"error": 4},
    )
    assert said["seconds"] >= 0
    assert set(said["rates"]) == {"asked", "read", "published"}
    places = {(p["fiscal_year"], p["stage"]): (p["state"], p["days_late"]) for p in said["coverage"]}
    assert places[2025, "budget"] == ("waiting", 30)
    (period,) = [p for p in said["periods"] if p["fiscal_year"] == 2025]
    assert (period["expected"], period["published"], period["waiting"]) == (2, 0, 1)
    assert "**a disclosure was changed after publication**" in markdown(record)


def test_nothing_that_a_portal_says_is_markup_on_the_page(home: Home) -> None:
    with Ledger.open(home) as ledger:
        recorded(home, ledger, "harvest haigang", lambda: DID)
    page = files(home, ".html")[0].read_text(encoding="utf-8")
    assert RUDE not in page
    assert "alert(1)" in page
    for words in ("the link is dead", "fisc failures --reason http_404", "Changed after publication"):
        assert words in page


def test_a_run_that_ends_with_an_error_is_recorded_and_the_error_goes_on(home: Home) -> None:
    with Ledger.open(home) as ledger:
        with pytest.raises(ValueError, match="odd"):
            recorded(home, ledger, "harvest haigang", fails)
        (run,) = ledger.runs()
    assert run.finished_at is not None
    (trouble,) = run.summary["troubles"]
    assert trouble["reason"] == "run_failed"
    assert "ValueError: the portal was odd" in trouble["sentence"]
    assert [notice["kind"] for notice in read(home)["notices"]] == ["trouble"]


def test_a_run_that_is_interrupted_has_no_end(home: Home) -> None:
    def interrupted() -> Summary:
        raise KeyboardInterrupt

    with Ledger.open(home) as ledger:
        with pytest.raises(KeyboardInterrupt):
            recorded(home, ledger, "harvest haigang", interrupted)
        assert ledger.runs()[0].finished_at is None


def test_a_receiver_that_fails_never_fails_the_run(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FISC_WEBHOOK_URL", "http://127.0.0.1:9/")
    with Ledger.open(home) as ledger:
        summary, _ = recorded(home, ledger, "harvest haigang", lambda: Summary(replaced=DID.replaced))
    assert (summary.failures, len(summary.notes)) == (0, 1)
    assert summary.notes[0].startswith("The webhook could not be sent")
    assert read(home)["sent"][0]["problem"] == summary.notes[0]


def test_broken_settings_are_a_trouble_of_the_run(home: Home) -> None:
    (home.root / "fisc.toml").write_text("[[", encoding="utf-8")
    with Ledger.open(home) as ledger:
        summary, _ = recorded(home, ledger, "harvest haigang", Summary)
    assert [trouble.reason for trouble in summary.troubles] == ["settings_broken"]


def test_a_full_disk_under_the_records_is_a_trouble_of_the_run(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(records.durable, "write", full)
    with Ledger.open(home) as ledger:
        summary, _ = recorded(home, ledger, "harvest haigang", Summary)
        assert ledger.runs()[0].summary["troubles"][0]["reason"] == "record_unwritten"
    assert "make room on the disk" in summary.troubles[0].sentence


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (sqlite3.OperationalError("database or disk is full"), True),
        (sqlite3.OperationalError("database is locked"), False),
        (OSError(errno.EACCES, "Permission denied"), False),
    ],
)
def test_a_run_that_a_full_disk_ended_says_so(home: Home, error: Exception, is_full: bool) -> None:
    def work() -> Summary:
        raise error

    with Ledger.open(home) as ledger, pytest.raises(type(error)):
        recorded(home, ledger, "harvest haigang", work)
    (trouble,) = read(home)["summary"]["troubles"]
    full = "harvest haigang ended, as the disk of FISC_HOME is full; make room and run it again: it goes on from there."
    assert (trouble["sentence"] == full) == is_full
