"""Publishes again and again, killed with SIGKILL before each step that touches the disk; prints what was left.

Run by test_warehouse_kills.py in a process of its own, because it forks: every publication happens in a child.
Usage: python killing.py FOLDER. Prints one JSON line a kill.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from made import arrive, bytes_below, disclosure, opened, restage, tables

import fisc.warehouse.publish
from fisc.schemas.contract import MODELS, arrow_schema
from fisc.warehouse import journal
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger

STEPS = ("fsync", "replace", "unlink", "mkdir", "rmdir")


def prepare(root: Path) -> None:
    with opened(root) as (home, ledger):
        prepare_in(home, ledger)


def prepare_in(home: Home, ledger: Ledger) -> None:
    """Published: five documents. To be done: replace one, add one, supersede one, move one, empty a table."""
    names = ("教育局", "财政局", "卫生局", "审计局")
    documents = {name: arrive(home, ledger, name, name, disclosure(name)) for name in names}
    arrive(home, ledger, "far", "far", disclosure(region_code="310101"))
    fisc.warehouse.publish.publish(home, ledger)
    replaced, moved = documents["教育局"], documents["审计局"]
    ledger.extracted(replaced, disclosure("教育局"), "2")
    restage(home, ledger, replaced, tables(replaced, disclosure("教育局"), count=2, amount="9.00"))
    elsewhere = disclosure("审计局", region_code="310101")
    ledger.extracted(moved, elsewhere, "2")
    restage(home, ledger, moved, tables(moved, elsewhere))
    arrive(home, ledger, "财政局", "corrected", disclosure("财政局"), amount="8.00")
    arrive(home, ledger, "new", "new", disclosure("水利局"))
    arrive(home, ledger, "2024", "2024", disclosure("水利局", fiscal_year=2024))


def publish(root: Path) -> None:
    with opened(root) as (home, ledger):
        fisc.warehouse.publish.publish(home, ledger)


def recover(root: Path) -> None:
    with opened(root) as (home, ledger):
        journal.recover(home, ledger)


def publish_killed_at(step: int) -> Callable[[Path], None]:
    """Publishing that is killed before its ``step``-th step on the disk or in the ledger."""
    taken = 0

    def count() -> None:
        nonlocal taken
        taken += 1
        if taken == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(do: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*values: Any, **named: Any) -> Any:
            count()
            return do(*values, **named)

        return instead

    def killed(root: Path) -> None:
        with opened(root) as (home, ledger):
            for name in STEPS:
                setattr(os, name, counted(getattr(os, name)))
            ledger._connection.connection.set_trace_callback(lambda sql: count() if sql == "COMMIT" else None)
            fisc.warehouse.publish.publish(home, ledger)

    return killed


def in_child(do: Callable[[Path], None], root: Path) -> int:
    """Run in a forked process; returns the signal that killed it, or 0."""
    child = os.fork()
    if child == 0:
        try:
            do(root)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit(1)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def states(root: Path) -> list[tuple[str, str, str | None]]:
    with Ledger.open(Home(root)) as ledger:
        return [(d.document_id, d.state, d.published_in) for d in ledger.select()]


def look(root: Path) -> dict[str, Any]:
    home = Home(root)
    left = [str(file.relative_to(home.work)) for file in home.work.rglob("*") if file.is_file()]
    return {
        "tables": bytes_below(home.warehouse),
        "states": states(root),
        "left": sorted(file for file in left if not file.startswith(("locks/", "temporary/"))),
    }


def main(folder: Path) -> None:
    for table in MODELS:
        arrow_schema(table)  # once, for all children
    in_child(prepare, folder / "before")
    print(json.dumps({"before": look(folder / "before")}))
    shutil.copytree(folder / "before", folder / "undisturbed")
    in_child(publish, folder / "undisturbed")
    print(json.dumps({"undisturbed": look(folder / "undisturbed")}))
    step, killed = 0, signal.SIGKILL
    while killed:
        step += 1
        root = folder / f"killed-{step}"
        shutil.copytree(folder / "before", root)
        killed = in_child(publish_killed_at(step), root)
        in_child(recover, root)
        recovered = look(root)
        in_child(publish, root)
        print(json.dumps({"step": step, "killed": killed, "recovered": recovered, "again": look(root)}))
        shutil.rmtree(root)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
