"""``fisc serve``: Prefect's server, our deployments and what runs them, in one process that may be killed at any instant."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fisc.errors import FiscError
from fisc.flows.night.deployments import TAG, TIMEZONE, USUAL, Plan, planned
from fisc.flows.night.following import SERVED_BY
from fisc.flows.night.settings import FILE, Night, SettingsError, read_settings
from fisc.flows.server import own_server, quiet
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger, Run
from fisc.warehouse.locks import locked_if_free

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.objects import FlowRun
    from prefect.runner import Runner

LOOK_EVERY_S = 5.0
"""How often the ledger is asked for runs that ended, and the folder of the sources for changes."""

LASTING = {
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(60 * 86400),
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P3D",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_RUNNER_POLL_FREQUENCY": "5",
}
"""What a server needs that is left alone for a year: its history is kept for two months, its events for three days."""

RUNS = 100
"""So many of the last runs are looked at for one that ended."""

Say = Callable[[str], None]


class ServedElsewhere(FiscError):
    """Another process serves this home."""

    def __init__(self, home: Home) -> None:
        super().__init__(
            f"Another fisc serve runs on {home.root.absolute()} already; stop that one first, or set another FISC_HOME."
        )


@dataclass(frozen=True, slots=True)
class Service:
    """What is served: where everything lies, the folder of the sources, how many runs at once, whom to tell."""

    home: Home
    source_dir: Path
    at_once: int
    say: Say


def serve(service: Service, port: int) -> None:
    """Serve until somebody stops it by SIGINT or SIGTERM.

    Raises :class:`ServedElsewhere`, and :class:`ServerError` where Prefect's server cannot start.
    """
    home = service.home.create()
    with locked_if_free(home, "serve") as alone:
        if not alone:
            raise ServedElsewhere(home)
        quiet(home)
        os.environ.update({name: value for name, value in LASTING.items() if name not in os.environ})
        os.environ[SERVED_BY] = str(os.getpid())
        os.environ["FISC_HOME"] = str(home.root.absolute())
        _set_aside_broken_history(home, service.say)
        with own_server(home, port, lasting=True) as url, _environment("PREFECT_API_URL", url):
            service.say(f"Serving {home.root.absolute()}; runs and schedules: {url.removesuffix('/api')}")
            asyncio.run(_serve(service, url))
        service.say("Stopped; whatever was half done is finished by the next run.")


async def _serve(service: Service, url: str) -> None:
    from prefect.client.orchestration import get_client
    from prefect.runner import Runner
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: url}):
        async with get_client() as client:
            ended, missed = await tidy(client)
            if ended or missed:
                service.say(
                    f"After the last stop: {ended} runs were cut short, {missed} missed starts are left out."
                )
        runner = Runner(name="fisc", limit=service.at_once, pause_on_shutdown=False)
        stopped = _stopped_by_signals(runner)
        await _deploy(service, runner)
        await _together(runner.start(), _watch(service, runner), stopped.wait())


def _stopped_by_signals(runner: Runner) -> asyncio.Event:
    """Set by SIGINT and SIGTERM, also where the shell that started us ignores the first."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()

    def stop(*_: Any) -> None:
        loop.call_soon_threadsafe(stopped.set)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    # The runner puts its own handler in this place, which exits in the middle of its work.
    runner.handle_sigterm = stop  # type: ignore[method-assign]
    return stopped


async def _together(*parts: Awaitable[Any]) -> None:
    """Until the first of them ends, which ends the others."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def tidy(client: PrefectClient) -> tuple[int, int]:
    """Nothing runs when the service starts: what is said to run was killed, and of the starts that were missed only
    the last of each deployment is made up for. Returns how many of each there were."""
    from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
    from prefect.client.schemas.objects import StateType
    from prefect.states import Cancelled, Crashed

    cut = await _runs(client, [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
    for run in cut:
        await client.set_flow_run_state(run.id, Crashed(message="fisc serve ended while it ran"), force=True)
    for limit in await client.read_global_concurrency_limits(limit=200):
        if limit.active_slots:
            await client.update_global_concurrency_limit(
                limit.name, GlobalConcurrencyLimitUpdate(active_slots=0)
            )
    missed = _all_but_the_last(await _runs(client, [StateType.SCHEDULED]))
    for run in missed:
        message = "fisc serve did not run at that time; a later start makes up for it"
        await client.set_flow_run_state(run.id, Cancelled(message=message), force=True)
    return len(cut), len(missed)


async def _runs(client: PrefectClient, types: Sequence[Any]) -> list[FlowRun]:
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType

    wanted = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types))))
    found: list[FlowRun] = []
    while page := await client.read_flow_runs(flow_run_filter=wanted, limit=200, offset=len(found)):
        found += page
    return found


def _all_but_the_last(runs: Sequence[FlowRun]) -> list[FlowRun]:
    now = datetime.now(UTC)
    late = [run for run in runs if run.next_scheduled_start_time and run.next_scheduled_start_time < now]
    late.sort(key=lambda run: run.next_scheduled_start_time or now)
    last = {run.deployment_id: run.id for run in late}
    return [run for run in late if last[run.deployment_id] != run.id]


async def _deploy(service: Service, runner: Runner) -> list[Plan]:
    """Bring the server's deployments into line with the sources; those of sources that are gone are taken away."""
    plans, errors = planned(service.source_dir, _night(service))
    plans = [plan for plan in plans if plan.paused is None]
    for error in errors:
        service.say(str(error))
    kept = {await runner.aadd_deployment(await _deployment(plan)) for plan in plans}
    await _take_away_all_but(kept)
    width = max(len(_named(plan)) for plan in plans)
    for plan in plans:
        service.say(
            f"  {_named(plan):<{width}}  {f'{plan.cron} ({TIMEZONE})' if plan.cron else 'when asked for'}"
        )
    return plans


def _night(service: Service) -> Night:
    """When what is no harvest runs; settings that cannot be used are told, and the usual hours hold."""
    try:
        return read_settings(service.home).night
    except SettingsError as error:
        service.say(str(error))
        return USUAL


def _named(plan: Plan) -> str:
    return f"{plan.flow.rpartition('.')[2].replace('_', '-')}/{plan.name}"


async def _deployment(plan: Plan) -> Any:
    from importlib import import_module

    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    module, _, name = plan.flow.rpartition(".")
    return await getattr(import_module(module), name).ato_deployment(
        name=plan.name,
        description=plan.description,
        schedule=Cron(plan.cron, timezone=TIMEZONE) if plan.cron else None,
        parameters=dict(plan.parameters),
        tags=[TAG],
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


async def _take_away_all_but(kept: set[Any]) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags

    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    async with get_client() as client:
        for deployment in await client.read_deployments(deployment_filter=ours, limit=200):
            if deployment.id not in kept:
                await client.delete_deployment(deployment.id)


async def _watch(service: Service, runner: Runner) -> None:
    """Say what ended, and take up source files and settings that came, changed or went."""
    files, told = _stamps(service), {run.number for run in _finished(service.home)}
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        for run in _finished(service.home):
            if run.number not in told:
                told.add(run.number)
                service.say(_ended(run))
        if (now := _stamps(service)) != files:
            files = now
            service.say("The source files or the settings changed:")
            await _deploy(service, runner)


def _finished(home: Home) -> list[Run]:
    """The last runs that ended, oldest first."""
    with Ledger.open(home) as ledger:
        return [run for run in reversed(ledger.runs(RUNS)) if run.finished_at]


def _ended(run: Run) -> str:
    did = run.summary
    failed = sum(did.get("failed", {}).values()) + len(did.get("troubles", ()))
    counts = [f"{did.get(name, 0)} {name}" for name in ("new", "changed", "published") if did.get(name)]
    counts += [f"{failed} failed: fisc failures says what and why"] if failed else []
    at = run.finished_at or run.started_at
    return f"{at.astimezone():%Y-%m-%d %H:%M} {run.name}: {', '.join(counts) or 'nothing new'}"


def _stamps(service: Service) -> dict[Path, tuple[int, int]]:
    found = {}
    for path in (service.home.root / FILE, *service.source_dir.glob("*.toml")):
        with suppress(OSError):
            found[path] = (path.stat().st_mtime_ns, path.stat().st_size)
    return found


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _set_aside_broken_history(home: Home, say: Say) -> None:
    """Prefect's database holds history only; one that is broken is put aside, and a new one begins."""
    file = home.work / "prefect" / "prefect.db"
    if not file.exists():
        return
    try:
        with sqlite3.connect(file) as connection:
            sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        connection.close()
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        aside = file.with_name(f"prefect-broken-{datetime.now(UTC):%Y%m%dT%H%M%S}.db")
        file.rename(aside)
        for rest in ("-wal", "-shm"):
            file.with_name(file.name + rest).unlink(missing_ok=True)
        say(
            f"Prefect's history {file} was broken and is put aside as {aside.name}; nothing of the harvest is lost."
        )
