"""What runs when: every source has its harvest, a broken source file stops no other, prefect.yaml says the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from declared import toml
from prefect.schedules import Cron

from fisc.flows.night.deployments import as_prefect_yaml, planned
from fisc.flows.night.settings import Night
from fisc.flows.source.cron import is_cron
from fisc.flows.sources import readable_sources

ROOT = Path(__file__).resolve().parents[2]


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_every_source_is_harvested_at_its_own_hour(tmp_path: Path) -> None:
    early = toml(top='schedule = "30 1 * * *"').replace('"haigang"', '"early"')
    plans, errors = planned(
        folder(
            tmp_path,
            haigang=toml(),
            early=early,
            paused=toml(top='paused = "no"').replace('"haigang"', '"off"'),
        )
    )
    assert errors == []
    nightly = {plan.name: (plan.cron, plan.paused) for plan in plans if plan.flow.endswith("harvest_portal")}
    assert nightly == {
        "haigang": ("0 2 * * *", None),
        "early": ("30 1 * * *", None),
        "off": ("0 2 * * *", "no"),
    }
    assert {plan.name for plan in plans} - set(nightly) == {"hourly", "weekly", "on-demand"}


def test_the_hours_of_what_is_no_harvest_are_settings(tmp_path: Path) -> None:
    night = Night(retry="*/10 * * * *", recheck="30 6 * * sat")
    plans = planned(folder(tmp_path, haigang=toml()), night)[0]
    assert {plan.name: plan.cron for plan in plans} == {
        "haigang": "0 2 * * *", "hourly": "*/10 * * * *", "weekly": "30 6 * * sat", "on-demand": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "words", ["* * * * *", "0 2 * * *", "*/5 1-4 1,15 jan-mar 0-7", "59 23 31 12 sun", "0 0-23/6 * * MON,fri"]
)
def test_what_counts_as_cron_is_understood_by_the_scheduler(words: str) -> None:
    assert is_cron(words)
    assert Cron(words, timezone="Asia/Shanghai").cron == words


@pytest.mark.parametrize(
    "words",
    ["", "nightly", "0 2 * *", "0 2 * * * *", "60 2 * * *", "0 24 * * *", "0 2 0 * *", "0 2 * 13 *", "0 2 * * 8",
     "0 4-2 * * *", "*/0 * * * *", "5/10 * * * *", "0 2 * * xyz", "0 2 * * 1,", "-1 2 * * *", "@daily"],
)  # fmt: skip
def test_what_no_clock_can_keep_is_no_cron(words: str) -> None:
    assert not is_cron(words)


def test_a_broken_source_file_stops_no_other(tmp_path: Path) -> None:
    where = folder(tmp_path, a="[[", b=toml(), c=toml())
    plans, errors = planned(where)
    assert next(plan.name for plan in plans) == "haigang"
    assert [Path(error.file).name for error in errors] == ["a.toml", "c.toml"]
    assert set(readable_sources(where)[0]) == {"haigang"}


def test_a_folder_that_is_not_there_is_one_error(tmp_path: Path) -> None:
    sources, (error,) = readable_sources(tmp_path / "none")
    assert sources == {}
    assert "is not a folder" in str(error)


def test_every_deployment_names_a_flow_that_is_there_and_takes_its_parameters(tmp_path: Path) -> None:
    for plan in planned(folder(tmp_path, haigang=toml()))[0]:
        module, _, name = plan.flow.rpartition(".")
        flow = getattr(import_module(module), name)
        flow.validate_parameters(dict(plan.parameters))


def test_prefect_yaml_is_what_fisc_serve_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    kept = (ROOT / "prefect.yaml").read_text(encoding="utf-8")
    assert kept == as_prefect_yaml(planned(Path("sources"))[0])
    for declared in yaml.safe_load(kept)["deployments"]:
        assert declared["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


class Run:
    def __init__(self, deployment: Any, hours: float) -> None:
        self.id, self.deployment_id = uuid4(), deployment
        self.next_scheduled_start_time = datetime.now(UTC) - timedelta(hours=hours)


def test_of_the_starts_that_were_missed_only_the_last_is_made_up_for() -> None:
    from fisc.flows.night.serving import _all_but_the_last

    one, other = uuid4(), uuid4()
    runs = [Run(one, 50), Run(one, 26), Run(one, 2), Run(one, -22), Run(other, 3)]
    assert _all_but_the_last(runs) == runs[:2]  # type: ignore[arg-type]
