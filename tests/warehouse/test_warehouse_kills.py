"""A kill at any step of publishing, then a second run: the same bytes as an undisturbed run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("kills")

KILLING = Path(__file__).with_name("killing.py")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("kills")
    command = [sys.executable, str(KILLING), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def by_partition(tables: dict[str, str]) -> dict[str, dict[str, str]]:
    """The files of each partition."""
    found: dict[str, dict[str, str]] = {}
    for file, content in tables.items():
        table, _, partition = file.partition("/")
        found.setdefault(partition, {})[table] = content
    return found


def test_publishing_has_many_steps_and_each_was_killed_once(runs: list[dict[str, Any]]) -> None:
    kills = [run["killed"] for run in runs[2:]]
    assert kills == [9] * (len(kills) - 1) + [0]
    assert len(kills) > 30


def test_there_was_something_to_do(runs: list[dict[str, Any]]) -> None:
    before, undisturbed = runs[0]["before"], runs[1]["undisturbed"]
    assert before["tables"].keys() < undisturbed["tables"].keys()
    assert {state for _, state, _ in before["states"]} == {"published", "validated"}
    assert {state for _, state, _ in undisturbed["states"]} == {"published", "superseded"}


def test_the_second_run_ends_with_the_bytes_of_an_undisturbed_run(runs: list[dict[str, Any]]) -> None:
    expected = runs[1]["undisturbed"]
    wrong = {run["step"]: run["again"] for run in runs[2:] if run["again"] != expected}
    assert not wrong


def test_recovery_alone_leaves_the_old_rows_or_the_new_in_all_tables(runs: list[dict[str, Any]]) -> None:
    before, after = (by_partition(each["tables"]) for each in (runs[0]["before"], runs[1]["undisturbed"]))
    together = "year=2025/kind=budget/prov=13/part.parquet", "year=2025/kind=budget/prov=31/part.parquet"
    alone = "year=2024/kind=budget/prov=13/part.parquet"
    seen = set()
    for run in runs[2:]:
        found = by_partition(run["recovered"]["tables"])
        is_new = found[together[0]] == after[together[0]]
        expected = after if is_new else before
        assert [found[partition] for partition in together] == [expected[each] for each in together]
        assert found.get(alone, {}) in (after[alone], {})
        assert run["recovered"]["left"] == []
        seen.add(is_new)
    assert seen == {True, False}


def test_after_recovery_the_ledger_and_the_tables_agree(runs: list[dict[str, Any]]) -> None:
    before = by_partition(runs[0]["before"]["tables"])["year=2025/kind=budget/prov=13/part.parquet"]
    for run in runs[2:]:
        found = by_partition(run["recovered"]["tables"])["year=2025/kind=budget/prov=13/part.parquet"]
        superseded = "superseded" in {state for _, state, _ in run["recovered"]["states"]}
        assert superseded == (found != before), run["step"]
