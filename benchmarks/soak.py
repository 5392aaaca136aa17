"""The soak: a portal that misbehaves, three nights, kills at random, and then every document is accounted for.

    python -m benchmarks.soak [--documents 5000] [--seed 1] [--kills 20] [--document-seconds 5] [--home FOLDER]

Exit status 0 where everything is as it must be. Figures of memory and time are printed, not judged.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.soaking.city import DEPARTMENTS, NIGHTS, Item, items
from benchmarks.soaking.killing import Night, NightWatch, drawn
from benchmarks.soaking.portal import Crowd, served
from benchmarks.soaking.verdict import wrongs
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from samples.portal import write_source

BOUNDS = {"FISC_DOCUMENT_MEMORY_MB": "700"}
MB = 1_000_000


def main() -> int:
    """Print the city, let the nights pass, say what came of it."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--documents", type=int, default=5_000)
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--kills", type=int, default=20)
    cli.add_argument("--document-seconds", type=float, default=5.0, help="When a document is stopped.")
    cli.add_argument("--home", type=Path, help="Where to harvest to; none: a temporary folder.")
    args = cli.parse_args()
    begin = time.monotonic()
    city = items(args.documents, args.seed)
    print(
        f"Printed {len(city)} documents of {DEPARTMENTS} departments in {time.monotonic() - begin:.0f} s.",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as temporary:
        root = args.home or Path(temporary)
        with served(city) as portal:
            nights = _nights(root, portal, args)
            found = wrongs(Home(root / "data"), city, portal.base_url) + portal.wrongs + portal.hurried()
        _print(root, city, portal, nights)
    for wrong in found[:50]:
        print(f"WRONG: {wrong}")
    print(f"{len(found)} things are wrong." if found else "Everything is as it must be.")
    return 1 if found else 0


def _nights(root: Path, portal: Crowd, args: argparse.Namespace) -> list[Night]:
    source = write_source(portal, root / "sources", "soak")
    rooms = root / "rooms"
    rooms.mkdir(parents=True)
    environment = {
        **os.environ,
        **BOUNDS,
        "FISC_DOCUMENT_SECONDS": str(args.document_seconds),
        "FISC_HOME": str(root / "data"),
        "SOAK_ROOMS": str(rooms),
    }
    command = [sys.executable, "-m", "benchmarks.soaking.night", str(source)]
    draw = random.Random(args.seed)  # noqa: S311 - a benchmark that must repeat itself
    watch = NightWatch(command, environment, root / "data", draw)
    nights = []
    for number in range(NIGHTS):
        portal.dawn(number)
        before = portal.requests
        share = args.kills // NIGHTS + (number < args.kills % NIGHTS)
        planned = drawn(draw, share, len(portal.city), number)
        nights.append(watch.run(planned, lambda before=before: portal.requests - before))
        print(f"Night {number + 1}: {_told(nights[-1])}", flush=True)
    portal.dawn(NIGHTS - 1)
    nights.append(watch.run([], lambda: 0))
    return nights


def _told(night: Night) -> str:
    killed = ", ".join(f"{count} × {kind}" for kind, count in Counter(night.kills).items()) or "nothing"
    return f"{night.seconds:.0f} s, killed {killed}; started {night.starts} times."


def _print(root: Path, city: Sequence[Item], portal: Crowd, nights: Sequence[Night]) -> None:
    with Ledger.open(Home(root / "data")) as ledger:
        states = Counter(d.state if d.state != "failed" else f"failed ({d.reason})" for d in ledger.select())
        failed = Counter(link.reason for link in ledger.links(state="failed"))
        first = states.total()
    print("Fates:", _counted(Counter(item.fate for item in city)))
    print("Documents:", _counted(states))
    print("Links that failed:", _counted(failed))
    seconds = sum(night.seconds for night in nights)
    print(
        f"Speed: {first / seconds:.1f} documents a second over {seconds:.0f} s of all nights, "
        f"{first / nights[0].seconds:.1f} if all had come in the first."
    )
    print("Rooms:", _rooms(root / "rooms"))
    print(
        f"Portal: {portal.requests} requests, at most {portal.busiest} at once, shortest pace "
        f"{_pace(portal):.1f} ms over 100 requests (asked: {1000 * 0.01:.0f} ms)."
    )
    print("Memory:", _memory(nights))


def _counted(counts: Counter[str] | Counter[str | None]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=str)) or "none"


def _rooms(folder: Path) -> str:
    total: Counter[str] = Counter()
    for file in folder.glob("*.json"):
        total.update(json.loads(file.read_text()))
    whole = sum(total.values()) or 1.0
    return ", ".join(f"{room} {100 * s / whole:.0f} % ({s:.0f} s)" for room, s in total.most_common())


def _pace(portal: Crowd) -> float:
    spans = [end - begin for begin, end in zip(portal.starts, portal.starts[100:], strict=False)]
    return 10 * min(spans, default=0.0)


def _memory(nights: Sequence[Night]) -> str:
    parts = []
    for name, which in (("program", 0), ("largest lane", 1)):
        for number, night in enumerate(nights, 1):
            held = [pair[which] for pair in night.memory if pair[which]]
            if len(held) >= 8:
                early, late = median(held[len(held) // 4 : len(held) // 2]), median(held[-len(held) // 4 :])
                parts.append(
                    f"{name} night {number}: {early / MB:.0f} MB, later {late / MB:.0f} MB, most {max(held) / MB:.0f}"
                )
    return "; ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
