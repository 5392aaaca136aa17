"""CPU time a page of fisc beside the floor: PyMuPDF's ``page.get_text("words")`` on the same pages, in one run.

    python -m benchmarks.reading [--runs 5] [--peers] [FILE …]

Without files: sample disclosures, and the documents in ``FISC_DOCUMENTS`` if it is set (scans are left out: their
floor is the recogniser). Runs are interleaved, figures are medians of CPU milliseconds a page and their ratio to the floor.
``--peers`` adds camelot's own readers, PyMuPDF's ``find_tables`` and pdfplumber where it is installed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pymupdf

from fisc.extractors.document import extract
from fisc.extractors.grids import grids_of
from fisc.extractors.reading import read_pages
from fisc.schemas.identity import Hints
from samples import demo

Way = Callable[[bytes, Path], object]


def floor(content: bytes, _: Path) -> object:
    """Reading the words, and nothing else."""
    with pymupdf.open(stream=content, filetype="pdf") as document:
        return [page.get_text("words") for page in document]


def pages(content: bytes, _: Path) -> object:
    """Words split at rules, rules, pictures."""
    return read_pages(content)


def grids(content: bytes, _: Path) -> object:
    """The same, with camelot's grids."""
    return [grids_of(page) for page in read_pages(content)]


def everything(content: bytes, path: Path) -> object:
    """The whole extraction: statements, narrative, audit, provenance, Arrow."""
    return extract(content, Hints(file_name=path.name))


def camelot_vector(_: bytes, path: Path) -> object:
    """camelot's fastest engine, by file."""
    from camelot.io import read_pdf

    return read_pdf(str(path), pages="all", flavor="lattice", engine="vector", suppress_stdout=True)


def camelot_default(_: bytes, path: Path) -> object:
    """camelot's lattice as it comes."""
    from camelot.io import read_pdf

    return read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True)


def find_tables(content: bytes, _: Path) -> object:
    """PyMuPDF's own table finder."""
    with pymupdf.open(stream=content, filetype="pdf") as document:
        return [table.extract() for page in document for table in page.find_tables().tables]


def pdfplumber_tables(_: bytes, path: Path) -> object:
    """pdfplumber's tables."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        return [page.extract_tables() for page in document.pages]


OURS: Mapping[str, Way] = {"floor": floor, "pages": pages, "grids": grids, "fisc": everything}
PEERS: Mapping[str, Way] = {
    "camelot vector": camelot_vector,
    "camelot default": camelot_default,
    "find_tables": find_tables,
    "pdfplumber": pdfplumber_tables,
}


def documents(folder: Path) -> Iterator[Path]:
    """Printed samples, and born-digital documents of ``FISC_DOCUMENTS``."""
    for posting in demo.postings(departments=("306",), years=(2025,)):
        path = folder / posting.path.rsplit("/", 1)[-1]
        path.write_bytes(posting.content)
        yield path
    for path in sorted(Path(os.environ.get("FISC_DOCUMENTS", folder / "none")).rglob("*.pdf")):
        if not any(page.scanned for page in read_pages(path.read_bytes())):
            yield path


def cpu_ms(way: Way, path: Path) -> float:
    """CPU milliseconds of one run."""
    content = path.read_bytes()
    start = time.process_time()
    way(content, path)
    return (time.process_time() - start) * 1000


def measured(ways: Mapping[str, Way], path: Path, runs: int) -> dict[str, float]:
    """Median CPU milliseconds of each way, runs interleaved after one that does not count."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(runs + 1):
        for name, way in ways.items():
            spent = cpu_ms(way, path)
            if run:
                times[name].append(spent)
    return {name: statistics.median(spent) for name, spent in times.items()}


def main() -> None:
    """Print a line a document and the median of all ratios."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("files", nargs="*", type=Path)
    cli.add_argument("--runs", type=int, default=5)
    cli.add_argument("--peers", action="store_true")
    args = cli.parse_args()
    ways = {**OURS, **PEERS} if args.peers else dict(OURS)
    print(f"{'document':44}{'pages':>6}{'floor ms':>10}" + "".join(f"{name:>18}" for name in list(ways)[1:]))
    ratios: dict[str, list[float]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory() as folder:
        for path in args.files or documents(Path(folder)):
            spent = measured(ways, path, args.runs)
            with pymupdf.open(path) as document:
                count = document.page_count
            for name in ways:
                ratios[name].append(spent[name] / spent["floor"])
            row = "".join(
                f"{spent[n] / count:>9.2f} {spent[n] / spent['floor']:>6.1f} ×" for n in list(ways)[1:]
            )
            print(f"{path.name[-43:]:44}{count:>6}{spent['floor'] / count:>10.2f}{row}", flush=True)
    print(
        f"{'median ratio':60}" + "".join(f"{statistics.median(ratios[n]):>16.1f} ×" for n in list(ways)[1:])
    )


if __name__ == "__main__":
    main()
