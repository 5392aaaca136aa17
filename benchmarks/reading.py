"""CPU time a page of fisc beside the floor: PyMuPDF's ``page.get_text("words")`` on the same pages, in one run.

    python -m benchmarks.reading [--runs 5] [--peers] [FILE …]

Without files: a sample disclosure of every layout, and the documents in ``FISC_DOCUMENTS`` if it is set (scans are left
out: their floor is the recogniser). Runs are interleaved; figures are medians of CPU milliseconds a page, their ratio to
the floor, and the share of the known amounts that stand whole in a cell. Each way does what the one before it does, and
more. ``--peers`` adds camelot's own readers, PyMuPDF's ``find_tables`` and pdfplumber where it is installed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.documents import Known, born_digital, found_share
from fisc.extractors.document import extract, tables_on
from fisc.extractors.grids import grids_of
from fisc.extractors.mupdf import pymupdf
from fisc.extractors.reading import read_pages
from fisc.extractors.tables.fitting import fits_by_table, read_tables
from fisc.schemas.identity import Hints

Texts = Iterator[str]
Way = Callable[[bytes, Path], Texts]
"""Reads a document; what it gives are the texts of cells, made only when they are asked for."""


def floor(content: bytes, _: Path) -> Texts:
    """Reading the words, and nothing else."""
    with pymupdf.open(stream=content, filetype="pdf") as document:
        words = [page.get_text("words") for page in document]
    return (word[4] for page in words for word in page)


def pages(content: bytes, _: Path) -> Texts:
    """Words split at rules, rules, pictures."""
    read = read_pages(content)
    return (word.text for page in read for word in page.words)


def grids(content: bytes, _: Path) -> Texts:
    """The same, with camelot's grids."""
    found = [grids_of(page) for page in read_pages(content)]
    return (cell.text for page in found for grid in page for cell in grid.cells)


def statements(content: bytes, _: Path) -> Texts:
    """The same, with tables joined over pages, read by their forms."""
    printed = tables_on(read_pages(content))
    read = read_tables(printed, "budget", fits_by_table(printed))
    rows = (row for statement in read.statements for row in statement.rows)
    return (amount.text for row in rows for amount in row.amounts.values())


def everything(content: bytes, path: Path) -> Texts:
    """The whole extraction: statements, narrative, audit, provenance, Arrow."""
    cells = extract(content, Hints(file_name=path.name)).tables["cell"]
    return (str(text) for text in cells.column("text").to_pylist())


def camelot_vector(_: bytes, path: Path) -> Texts:
    """camelot's fastest engine, by file."""
    return _camelot(path, engine="vector")


def camelot_default(_: bytes, path: Path) -> Texts:
    """camelot's lattice as it comes."""
    return _camelot(path)


def _camelot(path: Path, **options: str) -> Texts:
    from camelot.io import read_pdf

    tables = read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True, **options)
    return (str(text) for table in tables for text in table.df.to_numpy().ravel())


def find_tables(content: bytes, _: Path) -> Texts:
    """PyMuPDF's own table finder."""
    with pymupdf.open(stream=content, filetype="pdf") as document:
        rows = [row for page in document for table in page.find_tables().tables for row in table.extract()]
    return (text for row in rows for text in row if text)


def pdfplumber_tables(_: bytes, path: Path) -> Texts:
    """pdfplumber's tables."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        rows = [row for page in document.pages for table in page.extract_tables() for row in table]
    return (text for row in rows for text in row if text)


OURS: Mapping[str, Way] = {
    "floor": floor, "pages": pages, "grids": grids, "statements": statements, "fisc": everything,
}  # fmt: skip
PEERS: Mapping[str, Way] = {
    "camelot vector": camelot_vector,
    "camelot default": camelot_default,
    "find_tables": find_tables,
    **({"pdfplumber": pdfplumber_tables} if find_spec("pdfplumber") else {}),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Median CPU milliseconds of one way on one document, and the share of its known amounts that it found."""

    cpu_ms: float
    found: float | None


def measured(ways: Mapping[str, Way], known: Known, runs: int) -> dict[str, Measured]:
    """Each way on one document, runs interleaved after one that does not count."""
    content = known.path.read_bytes()
    spent: dict[str, list[float]] = {name: [] for name in ways}
    found: dict[str, float | None] = {}
    for run in range(runs + 1):
        for name, way in ways.items():
            start = time.process_time()
            texts = way(content, known.path)
            if run:
                spent[name].append((time.process_time() - start) * 1000)
            else:
                found[name] = found_share(texts, known.amounts)
    return {name: Measured(statistics.median(times), found[name]) for name, times in spent.items()}


def line(known: Known, pages: int, of: Mapping[str, Measured]) -> str:
    """A document as a line of the table: the floor in ms a page, each way's ratio to it and share of amounts found."""
    base = of["floor"].cpu_ms
    cells = [f"{base / pages:.2f}"]
    for name, one in of.items():
        if name != "floor":
            found = "" if one.found is None or name == "pages" else f", {one.found:.1%}"
            cells.append(f"{one.cpu_ms / base:.1f} ×{found}")
    return f"| {known.path.stem[:36]} | {pages} | " + " | ".join(cells) + " |"


def medians(every: Sequence[Mapping[str, Measured]]) -> str:
    """The last line: the median ratio of each way, and its share of all known amounts, documents weighing alike."""
    cells = []
    for name in every[0]:
        ratio = statistics.median(of[name].cpu_ms / of["floor"].cpu_ms for of in every)
        found = [share for of in every if (share := of[name].found) is not None]
        said = f", {statistics.mean(found):.1%}" if found and name not in ("floor", "pages") else ""
        cells.append("" if name == "floor" else f"{ratio:.1f} ×{said}")
    return "| **median ratio, mean share** | | " + " | ".join(cells) + " |"


def main() -> None:
    """Print a line a document, and the medians."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("files", nargs="*", type=Path)
    cli.add_argument("--runs", type=int, default=5)
    cli.add_argument("--peers", action="store_true")
    args = cli.parse_args()
    ways = {**OURS, **PEERS} if args.peers else dict(OURS)
    print("| document | pages | floor, ms a page | " + " | ".join(list(ways)[1:]) + " |")
    print("|---" * (len(ways) + 2) + "|")
    every = []
    with tempfile.TemporaryDirectory() as folder:
        for known in [Known(path) for path in args.files] or born_digital(Path(folder)):
            with pymupdf.open(known.path) as document:
                count = document.page_count
            every.append(measured(ways, known, args.runs))
            print(line(known, count, every[-1]), flush=True)
    print(medians(every))


if __name__ == "__main__":
    main()
