"""How long the pages of the review desk take over a warehouse of many documents.

    python -m benchmarks.desk [--documents 2000] [--one-partition] [--browser]

Made-up warehouse: the rows of a few printed disclosures, some with slips, under as many names as asked for, spread over 31
provinces, five years and both stages, or all in one partition. The desk runs as ``fisc review`` in a process of its own and
is asked over loopback, each page for documents that were not opened before; ``--browser`` also loads pages in Chromium, up to
its load event with the picture drawn. Wall seconds, median and worst, and beside them the processor's seconds a page, of the desk
and of the process that draws, which tell more on a machine that does other things.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import httpx
import psutil
import pyarrow as pa

from fisc.extractors.document import Hints, extract
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Disclosure, Ledger, Link
from fisc.warehouse.publish import publish
from fisc.warehouse.stage import stage
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_disclosure
from samples.slips import plant

PLACES = tuple(
    product([f"{number}0100" for number in range(11, 42)], range(2021, 2026), ("budget", "final_accounts"))
)
PRINTED = (("306", None), ("318", "digit"), ("361", "amount"), ("342", None))
EACH = 12
"""Times a page is asked for, each time of another document."""

Tables = Mapping[str, pa.Table]


def printed() -> list[tuple[bytes, Tables]]:
    """A few disclosures with their rows."""
    layout = layouts.load("hebei")
    made = []
    for department, slip in PRINTED:
        disclosure = make_disclosure(1, department, 2025, layout.stage)
        content = print_disclosure(plant(disclosure, layout, slip)[0] if slip else disclosure, layout).content
        made.append((content, extract(content, Hints()).tables))
    return made


def renamed(tables: Tables, of: Disclosure, sha256: str) -> dict[str, pa.Table]:
    """The same rows as of another disclosure."""
    values = {
        "document_id": sha256[:16], "sha256": sha256, "region_code": of.region_code, "region": f"某省{of.region_code}市",
        "department": of.department, "fiscal_year": of.fiscal_year, "stage": of.stage,
    }  # fmt: skip
    return {name: _with(table, values) for name, table in tables.items()}


def _with(table: pa.Table, values: Mapping[str, object]) -> pa.Table:
    columns = [
        pa.repeat(pa.scalar(values[field.name], field.type), table.num_rows) if field.name in values else table.column(field.name)
        for field in table.schema
    ]  # fmt: skip
    return pa.Table.from_arrays(columns, schema=table.schema)


def fill(home: Home, count: int, one_partition: bool) -> list[str]:
    """Publish so many documents; returns their ids."""
    base, ids = printed(), []
    with Ledger.open(home) as ledger:
        with ledger.together():
            for number in range(count):
                place = PLACES[0] if one_partition else PLACES[number % len(PLACES)]
                of = Disclosure(place[0], f"某市第{number}局", "department", place[1], place[2])
                content, tables = base[number % len(base)]
                sha256 = archive.put(home, content + b"\n%%%d" % number)
                url = f"https://portal.invalid/{number}.pdf"
                ledger.discovered(Link(url, "bench", f"{of.department}{of.fiscal_year}年部门预算"))
                name = ledger.fetched(url, sha256)
                stage(
                    home, name, renamed(tables, of, hashlib.sha256(content + b"\n%%%d" % number).hexdigest())
                )
                ledger.extracted(name, of, "1")
                ledger.validated(name)
                ids.append(name)
        publish(home, ledger)
    return ids


def pages(ids: list[str]) -> dict[str, list[str]]:
    """Addresses of each kind of page, all of documents that no page before has opened."""
    fresh: Iterator[str] = iter(ids)
    some = lambda path: [f"/document/{next(fresh)}{path}" for _ in range(EACH)]  # noqa: E731
    return {
        "list, first look": ["/"],
        "list": ["/"] * EACH,
        "list, filtered": ["/?findings=error&order=proven&region=13", "/?q=第7", "/?proven=below_100&page=3"]
        * 4,
        "findings of all": ["/findings", "/findings?severity=info", "/findings?rule=codes.roll_up"] * 4,
        "document": some(""),
        "page with its picture": some("/page/3"),
        "inspection sheet": some("/inspection"),
        "ranking": ["/inspection", "/inspection?region=13", "/inspection?stage=final_accounts"] * 4,
        "amount and its form": some("/cell/20"),
    }


def asked(client: httpx.Client, address: str) -> float:
    """Wall seconds of a page; of a page with a picture, the picture too."""
    start = time.perf_counter()
    answer = client.get(address)
    answer.raise_for_status()
    if "/page/" in address:
        client.get(address.replace("/page/", "/picture/")).raise_for_status()
    return time.perf_counter() - start


def served(home: Home) -> tuple[subprocess.Popen[bytes], str]:
    """The desk in a process of its own, answering."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("fisc")), "review", "--no-open", "--port", str(port)]
    environment = {**os.environ, "FISC_HOME": str(home.root)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            httpx.get(f"{address}/static/desk.css").raise_for_status()
            return process, address
        except httpx.HTTPError:
            time.sleep(0.1)
    process.terminate()
    raise SystemExit("fisc review did not answer within a minute.")


def in_browser(address: str, ids: list[str]) -> list[float]:
    """Wall seconds until Chromium has loaded a page with its picture."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags).new_page()
        page.goto(address)
        spent = []
        for name in ids:
            start = time.perf_counter()
            page.goto(f"{address}/document/{name}/page/3", wait_until="load")
            spent.append(time.perf_counter() - start)
    return spent


def main() -> None:
    """Print a line a kind of page."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--documents", type=int, default=2000)
    arguments.add_argument("--one-partition", action="store_true")
    arguments.add_argument("--browser", action="store_true")
    said = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="fisc-desk-") as folder:
        home = Home(Path(folder)).create()
        start = time.perf_counter()
        ids = fill(home, said.documents, said.one_partition)
        print(f"{len(ids):,} documents published in {time.perf_counter() - start:.0f} s", flush=True)
        process, address = served(home)
        try:
            with httpx.Client(base_url=address, timeout=120) as client:
                for kind, addresses in pages(ids).items():
                    before = cpu_s(process.pid)
                    spent = [asked(client, each) for each in addresses]
                    _print(kind, spent, (cpu_s(process.pid) - before) / len(spent))
            if said.browser:
                _print("page loaded in Chromium", in_browser(address, ids[-EACH:]))
        finally:
            process.terminate()
            process.wait()


def cpu_s(pid: int) -> float:
    """Processor seconds that a process and those it started have spent."""
    whole = psutil.Process(pid)
    times = [each.cpu_times() for each in (whole, *whole.children(recursive=True))]
    return sum(time.user + time.system for time in times)


def _print(kind: str, spent: list[float], cpu: float | None = None) -> None:
    line = f"{kind:<26}{statistics.median(spent):8.3f} s   worst {max(spent):.3f} s"
    print(line if cpu is None else f"{line}   processor {cpu:.3f} s a page", flush=True)


if __name__ == "__main__":
    main()
