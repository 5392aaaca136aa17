"""What runs when: a deployment a source for the nightly harvest, and what is done between two harvests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fisc.flows.declaration import SourceError
from fisc.flows.night.settings import Night
from fisc.flows.sources import Source, each_file

TIMEZONE = "Asia/Shanghai"
TAG = "fisc"
"""Deployments with this tag are ours: one that is not planned any more is taken away."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One deployment: ``flow`` is where it lies, ``cron`` in Chinese time; without it, it runs when it is asked for.

    ``paused`` is the reason why nothing is scheduled.
    """

    flow: str
    name: str
    description: str
    cron: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    paused: str | None = None


def source_files(folder: Path) -> tuple[dict[str, tuple[Path, Source]], list[SourceError]]:
    """The sources of a folder by name, each with its file, and what is wrong with the files that are none."""
    if not folder.is_dir():
        problem = "is not a folder; name the folder of your sources with --source-dir"
        return {}, [SourceError(str(folder), "", problem)]
    files: dict[str, tuple[Path, Source]] = {}
    errors = []
    for path, found in each_file(folder):
        if isinstance(found, SourceError):
            errors.append(found)
        else:
            files[found.name] = (path, found)
    return files, errors


USUAL = Night()


def planned(folder: Path, night: Night = USUAL) -> tuple[list[Plan], list[SourceError]]:
    """All deployments, and what is wrong with source files that have none; ``night`` says when what is no harvest runs."""
    files, errors = source_files(folder)
    plans = [_nightly(path, source) for path, source in files.values()]
    where = {"source_dir": str(folder)}
    plans += [
        Plan("fisc.flows.night.tending.retry", "hourly", "Try again what failed and may heal.", night.retry, where),
        Plan(
            "fisc.flows.night.tending.recheck", "weekly",
            "Ask again for every published file: one that was replaced in silence is found by its hash.", night.recheck, where,
        ),
        Plan("fisc.flows.night.tending.rerun", "on-demand", "Read documents again, as fisc rerun does.", None, where),
    ]  # fmt: skip
    return plans, errors


def _nightly(path: Path, source: Source) -> Plan:
    parameters = {"source": str(path), "source_dir": str(path.parent)}
    title = f"Harvest {source.title or source.name}."
    return Plan(
        "fisc.flows.harvest.harvest_portal", source.name, title, source.schedule, parameters, source.paused
    )


def as_prefect_yaml(plans: Iterable[Plan], work_pool: str = "fisc") -> str:
    """The same deployments as ``prefect.yaml``, for ``prefect deploy --all`` to a server and work pool of one's own."""
    import yaml

    whole = {"name": "fisc", "pull": None, "deployments": [_declared(plan, work_pool) for plan in plans]}
    return str(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=120))


def _declared(plan: Plan, work_pool: str) -> dict[str, Any]:
    active = plan.paused is None
    schedules = [{"cron": plan.cron, "timezone": TIMEZONE, "active": active}] if plan.cron else []
    return {
        "name": plan.name,
        "entrypoint": plan.flow,
        "description": plan.description,
        "tags": [TAG],
        "parameters": dict(plan.parameters),
        "schedules": schedules,
        "concurrency_limit": {"limit": 1, "collision_strategy": "CANCEL_NEW"},
        "work_pool": {"name": work_pool},
    }
