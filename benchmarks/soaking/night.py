"""One night of the soak, the program that is killed: what failed last night is read again, then the harvest.

    python -m benchmarks.soaking.night SOURCE.toml [--again]

Writes what each room cost, in seconds of its threads, into the folder ``SOAK_ROOMS``, every second: it may be killed.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.soaking.reader import read
from fisc.flows import harvest, isolation, rerun, walk
from fisc.flows.fetch import Visitor
from fisc.flows.sources import read_source
from fisc.flows.workshop import open_workshop
from fisc.reasons import reason
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger

LEDGER = ("discovered", "fetched", "not_modified", "link_failed", "extracted", "validated", "published")
LEDGER += ("superseded", "document_failed", "document", "links", "due", "links_of", "select", "departures")


class Rooms:
    """Seconds spent in each room. Inside a thread the inner room counts, not the outer one."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._stack = threading.local()

    def timed(self, owner: Any, name: str, room: str) -> None:
        """From now on, calls of ``owner.name`` count for ``room``."""
        do = getattr(owner, name)

        def instead(*values: Any, **named: Any) -> Any:
            outer, self._stack.inside = getattr(self._stack, "inside", 0.0), 0.0
            begin = time.perf_counter()
            try:
                return do(*values, **named)
            finally:
                took = time.perf_counter() - begin
                self.seconds[room] += took - self._stack.inside  # type: ignore[assignment]
                self._stack.inside = outer + took

        setattr(owner, name, instead)

    def write(self) -> None:
        """Write the seconds down."""
        Path(os.environ["SOAK_ROOMS"], f"{os.getpid()}.json").write_text(json.dumps(dict(self.seconds)))

    def keep_writing(self) -> None:
        """Write them down every second from now on."""

        def write() -> None:
            while True:
                time.sleep(1.0)
                self.write()

        threading.Thread(target=write, daemon=True).start()


def rooms_timed() -> Rooms:
    rooms = Rooms()
    rooms.timed(walk, "list_links", "discover")
    rooms.timed(Visitor, "_ask", "fetch")
    rooms.timed(archive, "put", "archive")
    rooms.timed(isolation._Lane, "run", "read")
    rooms.timed(walk, "validate_staged", "validate")
    rooms.timed(walk, "publish", "publish")
    for name in LEDGER:
        rooms.timed(Ledger, name, "ledger")
    return rooms


def without_server(flow: Any) -> Callable[..., Any]:
    """The flow and its tasks as plain functions: what is soaked is the walk, and a night restarts in seconds."""
    for name in [name for name in vars(harvest) if name.endswith("_task")]:
        setattr(harvest, name, getattr(harvest, name).fn)
    return flow.fn  # type: ignore[no-any-return]


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("source", type=Path)
    cli.add_argument("--again", action="store_true", help="Read again what failed and may heal.")
    args = cli.parse_args()
    home = Home.from_environment()
    rooms = rooms_timed()
    rooms.keep_writing()
    harvest_portal = without_server(harvest.harvest_portal)
    with (
        open_workshop(home, read=read, sources=args.source.parent) as workshop,
        harvest.in_workshop(workshop),
    ):
        if args.again:
            with Ledger.open(home) as ledger:
                failed = ledger.select(source=read_source(args.source).name, state="failed")
                healing = [d for d in failed if reason(d.reason or "").heals == "soon"]
                rerun.read_again(workshop, ledger, healing)
        harvest_portal(str(args.source), str(args.source.parent))
    rooms.write()


if __name__ == "__main__":
    main()
