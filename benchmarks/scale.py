"""What a night of 10^5 documents and an archive of 10^7 need and cost, computed from what is measured here.

    python -m benchmarks.scale [--documents 60] [--night 100000] [--archive 10000000] [--hours 6] [--core-hour 0.05] …

Reads sample disclosures in one lane and weighs what they leave behind; then publishes one more document into the same
partitions, to see what the rows that stand there cost. Prices are yours to give; the defaults are round ones.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.throughput import cpu_s, harvested, printed
from fisc.schemas.contract import MODELS
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.publish import publish
from fisc.warehouse.read import dataset

GB = 1e9
PUTS, GETS = 3, 6
"""Requests a document in a bucket: archive, staging and its validated form written; looked for, read and read back."""

FILE_PUTS, FILE_GETS = 2, 3
"""Requests a published file that is replaced: waiting and in its place; version, bytes, and what waits."""

PROVINCES, KINDS, YEARS, CURRENT_YEARS = 31, 2, 20, 2
"""Partitions: those of all years, and those into which a night publishes."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A document: CPU seconds to read and publish it; bytes; and CPU seconds a row that is folded again."""

    cpu_s: float
    archive: float
    staging: float
    tables: float
    ledger: float
    rows: float
    fold_s: float


def measured(count: int) -> Measured:
    """Harvest so many samples into a fresh home and weigh it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        rate = harvested(printed(count), 1, home.root)
        rows = sum(dataset(home, table).count_rows() for table in MODELS)
        tables = weight(home.warehouse)
        return Measured(
            rate.cpu_s / rate.documents,
            weight(home.archive) / count,
            weight(home.staging) / count,
            tables / rate.documents,
            home.ledger.stat().st_size / count,
            rows / rate.documents,
            _fold_again_s(home) / rows,
        )


def weight(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _fold_again_s(home: Home) -> float:
    """CPU seconds of publishing one document of each partition once more."""
    with Ledger.open(home) as ledger:
        first = {d.published_in: d for d in ledger.documents_in("published")}
        for document in first.values():
            assert document.disclosure is not None
            ledger.extracted(document.document_id, document.disclosure, "again")
            ledger.validated(document.document_id)
        start = cpu_s()
        publish(home, ledger)
        return cpu_s() - start


def computed(one: Measured, args: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """The table's lines."""
    partitions = PROVINCES * KINDS * CURRENT_YEARS
    rows_there = args.archive / (PROVINCES * KINDS * YEARS) * one.rows * partitions
    read_h, fold_h = args.night * one.cpu_s / 3600, rows_there * one.fold_s / 3600
    stored = (one.archive + one.staging + one.tables) * args.archive / GB
    files = partitions * len(MODELS)
    puts, gets = args.night * PUTS + files * FILE_PUTS, args.night * GETS + files * FILE_GETS
    requests = puts / 1000 * args.put + gets / 1000 * args.get
    yield "measured: CPU s a document, read and published", f"{one.cpu_s:.2f}"
    yield (
        "measured: KB a document in archive / staging / tables / ledger",
        " / ".join(f"{size / 1000:.0f}" for size in (one.archive, one.staging, one.tables, one.ledger)),
    )
    yield "measured: CPU µs a row folded again", f"{one.fold_s * 1e6:.1f}"
    yield f"reading {args.night:,} documents, core-hours", f"{read_h:.1f}"
    yield f"folding into {args.archive:,} documents once a night, core-hours", f"{fold_h:.1f}"
    yield f"cores for a night of {args.hours} h", f"{(read_h + fold_h) / args.hours:.0f}"
    yield "computing a night", f"{(read_h + fold_h) * args.core_hour:.2f}"
    yield "requests a night", f"{puts:,.0f} written, {gets:,.0f} read: {requests:.2f}"
    yield "stored, GB", f"{stored:,.0f}: {stored * args.gb_month:.2f} a month"
    yield "ledger, GB", f"{one.ledger * args.archive / GB:.0f}"
    yield (
        "a month of nights",
        f"{30 * ((read_h + fold_h) * args.core_hour + requests) + stored * args.gb_month:.0f}",
    )


def main() -> None:
    """Measure, compute, print."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--documents", type=int, default=60)
    cli.add_argument("--night", type=int, default=100_000)
    cli.add_argument("--archive", type=int, default=10_000_000)
    cli.add_argument("--hours", type=float, default=6.0)
    cli.add_argument("--core-hour", type=float, default=0.05)
    cli.add_argument("--gb-month", type=float, default=0.023)
    cli.add_argument("--put", type=float, default=0.005, help="A thousand requests that write.")
    cli.add_argument("--get", type=float, default=0.0004, help="A thousand requests that read.")
    args = cli.parse_args()
    start = time.perf_counter()
    one = measured(args.documents)
    print(f"Measured on {args.documents} sample disclosures in {time.perf_counter() - start:.0f} s.\n")
    print("| what | |\n|---|---|")
    for what, how_much in computed(one, args):
        print(f"| {what} | {how_much} |")


if __name__ == "__main__":
    main()
