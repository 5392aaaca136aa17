"""Documents a second of reading, staging, validating and publishing, by the number of lanes; and cost by size of a document.

    python -m benchmarks.throughput [--documents 200] [--lanes 1 2] [--pages 10 100 1000]

The documents are sample disclosures of every layout and many departments, put into the archive of a fresh home. Lanes are
started before the clock. CPU is that of all processes; a night of 10^5 documents is computed from it.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fisc.extractors.document import extract
from fisc.extractors.mupdf import pymupdf
from fisc.flows import walk
from fisc.flows.workshop import open_workshop
from fisc.schemas.identity import Hints
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger, Link
from samples import demo
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import Printed, print_disclosure

NIGHT = 100_000


@dataclass(frozen=True, slots=True)
class Rate:
    """What a run took: seconds by the clock, CPU seconds of all its processes, the largest one's memory in MB."""

    lanes: int
    documents: int
    wall_s: float
    cpu_s: float
    peak_mb: float


def printed(count: int) -> list[Printed]:
    """So many different disclosures: layouts and departments in turn, a new seed each round."""
    found: list[Printed] = []
    seed = 0
    while len(found) < count:
        seed += 1
        for name in layouts.names():
            layout = layouts.load(name)
            made = [make_disclosure(seed, name, 2025, layout.stage) for name in demo.DEPARTMENTS]
            found += [print_disclosure(disclosure, layout) for disclosure in made]
    return found[:count]


def harvested(documents: list[Printed], lanes: int, root: Path) -> Rate:
    """Read and publish documents that lie in the archive of a new home."""
    os.environ["FISC_WORKERS"] = str(lanes)
    home = Home(root).create()
    with Ledger.open(home) as ledger, open_workshop(home) as workshop:
        for number, one in enumerate(documents):
            url = f"http://portal.invalid/{number}.pdf"
            ledger.discovered(Link(url, "bench", title=one.title))
            ledger.fetched(url, archive.put(home, one.content))
        for future in [workshop.isolation.submit(abs, number, "a lane") for number in range(lanes * 4)]:
            future.result()
        start, spent = time.perf_counter(), cpu_s()
        for batch in walk.batches(ledger.documents_in("fetched")):
            walk.read_documents(workshop, ledger, batch)
        summary = walk.publish_all(workshop, ledger)
        wall = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Rate(lanes, summary.published, wall, cpu_s() - spent, peak)


def cpu_s() -> float:
    """CPU seconds of this process and of those that ended."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def by_pages(pages: list[int]) -> Iterator[str]:
    """CPU milliseconds a page of documents of so many pages: a disclosure's pages again and again."""
    layout = layouts.load("hebei")
    one = print_disclosure(make_disclosure(1, "306", 2025, layout.stage), layout)
    source = pymupdf.open(stream=one.content, filetype="pdf")
    extract(one.content, Hints(file_name=one.file_name))
    for count in pages:
        grown = pymupdf.open()
        while grown.page_count < count:
            grown.insert_pdf(source, to_page=min(count - grown.page_count, source.page_count) - 1)
        start = time.process_time()
        extract(grown.tobytes(), Hints(file_name=one.file_name, title=one.title))
        spent = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield f"| {count} | {spent * 1000 / count:.1f} | {peak:.0f} |"


def main() -> None:
    """Print both tables."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--documents", type=int, default=200)
    cli.add_argument("--lanes", type=int, nargs="+", default=[1, 2])
    cli.add_argument("--pages", type=int, nargs="*", default=[10, 100, 1000])
    args = cli.parse_args()
    documents = printed(args.documents)
    print("| lanes | documents | documents/s | CPU s a document | peak MB a process | core-hours for 10^5 |")
    print("|---|---|---|---|---|---|")
    for lanes in args.lanes:
        with tempfile.TemporaryDirectory() as folder:
            rate = harvested(documents, lanes, Path(folder))
        each = rate.cpu_s / rate.documents
        print(
            f"| {lanes} | {rate.documents} | {rate.documents / rate.wall_s:.1f} | {each:.3f} | {rate.peak_mb:.0f} "
            f"| {each * NIGHT / 3600:.1f} |",
            flush=True,
        )
    if args.pages:
        print("\n| pages | CPU ms a page | peak MB so far |\n|---|---|---|")
        for line in by_pages(args.pages):
            print(line, flush=True)


if __name__ == "__main__":
    main()
