"""What a night, one re-run and an analyst's questions cost as the warehouse grows.

    python -m benchmarks.growth [--documents 1000 10000 100000]

Made-up rows: 30 lines of ``expenditure`` a document with drawn amounts, over 31 provinces, five years and both stages; the
ledger knows every document. A night publishes 50 documents of one province; a re-run publishes one again with other
amounts. Medians of three, wall seconds. Questions are asked through the views of ``fisc sql``, each with a new connection.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fisc.schemas.contract import MODELS, arrow_schema
from fisc.warehouse.fold import fold
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Disclosure, Ledger, Link
from fisc.warehouse.plan import Partition
from fisc.warehouse.publish import publish
from fisc.warehouse.read import connect
from fisc.warehouse.stage import stage

LINES = 30
PROVINCES = tuple(f"{number:02}" for number in range(11, 42))
YEARS = (2021, 2022, 2023, 2024, 2025)
STAGES = ("budget", "final_accounts")
NIGHT = 50
RUNS = 3
CODES = tuple(f"{201 + line % 24}{line % 7 + 1:02}{line % 9 + 1:02}" for line in range(LINES))

QUESTIONS = {
    "a department": "SELECT * FROM expenditure WHERE department = '第7局' AND region_code = '130100'",
    "a code of a year": "SELECT sum(total) FROM expenditure WHERE function_code LIKE '206%' AND year = 2025",
    "totals of all years": "SELECT fiscal_year, stage, sum(total) FROM expenditure WHERE NOT is_total GROUP BY ALL",
}


def disclosures(count: int) -> Iterator[Disclosure]:
    """So many disclosures, spread evenly over the partitions."""
    places = list(product(PROVINCES, YEARS, STAGES))
    for number in range(count):
        province, year, kind = places[number % len(places)]
        yield Disclosure(f"{province}0100", f"第{number // len(places)}局", "department", year, kind)


def document_id(of: Disclosure, version: int = 0) -> str:
    """The name of a made-up document."""
    said = f"{of.region_code}{of.department}{of.fiscal_year}{of.stage}{version}"
    return hashlib.sha256(said.encode()).hexdigest()


def lines(group: Sequence[Disclosure], version: int = 0) -> pa.Table:
    """The rows of documents of one partition, made column by column."""
    count = len(group) * LINES
    names = [document_id(of, version) for of in group]
    draw = np.random.default_rng(int(names[0][:8], 16))
    basic, project = draw.integers(1, 10**9, (2, count))
    columns = {
        "document_id": _each([name[:16] for name in names]),
        "region_code": _each([str(of.region_code) for of in group]),
        "region": pa.repeat("某市", count),
        "department": _each([of.department for of in group]),
        "level": pa.repeat(group[0].level, count),
        "fiscal_year": pa.repeat(group[0].fiscal_year, count),
        "stage": pa.repeat(group[0].stage, count),
        "row": pa.array(np.tile(np.arange(1, LINES + 1), len(group))),
        "page": pa.repeat(3, count),
        "function_code": pa.array(CODES * len(group)),
        "function_name": pa.array(CODES * len(group)),
        "total": _yuan(basic + project),
        "basic": _yuan(basic),
        "project": _yuan(project),
        "is_total": pa.repeat(False, count),
    }
    schema = arrow_schema("expenditure")
    absent = {field.name: pa.nulls(count, field.type) for field in schema if field.name not in columns}
    filled = {**absent, **columns}
    return pa.table([filled[field.name].cast(field.type) for field in schema], schema=schema)


def _each(values: Sequence[str]) -> pa.Array:
    return pa.array([value for value in values for _ in range(LINES)])


def _yuan(cents: NDArray[np.int64]) -> pa.Array:
    """Amounts from their cents, as the 128-bit whole numbers that Arrow's decimals are."""
    halves = np.stack([cents, np.zeros_like(cents)], axis=1)
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(halves.tobytes())])


def filled(home: Home, ledger: Ledger, count: int) -> None:
    """Publish so many documents, the files written at once and the ledger told of each."""
    groups: dict[Partition, list[Disclosure]] = {}
    for of in disclosures(count):
        groups.setdefault(Partition.of(of), []).append(of)
    for partition, group in groups.items():
        rows = lines(group)
        target = home.warehouse / f"expenditure/{partition}/part.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        fold("expenditure", target, (), [rows], target)
        with ledger.together():
            for of in group:
                name = arrived(ledger, of)
                ledger.published(name, str(partition), ledger.document(name).revision)


def arrived(ledger: Ledger, of: Disclosure, version: int = 0) -> str:
    """A document that was fetched, read and found valid."""
    sha256 = document_id(of, version)
    url = f"http://portal.invalid/{of.region_code}/{of.department}/{of.fiscal_year}/{of.stage}"
    ledger.discovered(Link(url, "bench"))
    name = ledger.fetched(url, sha256)
    ledger.extracted(name, of, "1")
    ledger.validated(name)
    return name


def publish_documents(home: Home, ledger: Ledger, documents: list[Disclosure], version: int) -> None:
    """Stage documents and publish them."""
    for of in documents:
        name = arrived(ledger, of, version)
        empty = {table: arrow_schema(table).empty_table() for table in MODELS}
        stage(home, name, {**empty, "expenditure": lines([of], version)})
    publish(home, ledger)


def night(number: int) -> list[Disclosure]:
    """The documents of one night: new departments of one province."""
    return [Disclosure("130100", f"新{number}-{n}局", "department", 2025, "budget") for n in range(NIGHT)]


def median_s(work: Callable[[int], object]) -> float:
    """Median wall seconds of doing something a few times."""
    spent = []
    for run in range(RUNS):
        start = time.perf_counter()
        work(run)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def asked(home: Home, question: str) -> float:
    """Median wall seconds of a question, its connection opened for it."""
    return median_s(lambda _: connect(home).execute(question).fetchall())


def row(count: int, root: Path) -> str:
    """One line of the table."""
    home = Home(root).create()
    with Ledger.open(home) as ledger:
        filled(home, ledger, count)
        one = next(of for of in disclosures(count) if of.region_code == "130100")
        nights = median_s(lambda run: publish_documents(home, ledger, night(run), 0))
        again = median_s(lambda run: publish_documents(home, ledger, [one], run + 1))
    size = sum(file.stat().st_size for file in home.warehouse.rglob("*.parquet")) / 1e6
    answers = [asked(home, question) for question in QUESTIONS.values()]
    figures = [nights, again, *answers]
    return f"| {count:,} | {count * LINES:,} | {size:.1f} | " + " | ".join(f"{s:.2f}" for s in figures) + " |"


def main() -> None:
    """Print a line a size."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    args = cli.parse_args()
    heads = ["documents", "rows", "MB", "a night of 50, s", "a re-run, s", *(f"{q}, s" for q in QUESTIONS)]
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    for count in args.documents:
        with tempfile.TemporaryDirectory() as folder:
            print(row(count, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
