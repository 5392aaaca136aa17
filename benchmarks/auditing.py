"""What the audit costs: CPU of an extraction with the narrative and every check, beside the same extraction without them.

    python -m benchmarks.auditing [--runs 3] [FILE …]

Without files: a sample disclosure of every layout, and the documents in ``FISC_DOCUMENTS`` if it is set, without scans. In
each run the time spent in the narrative (words to sections, facts, claims) and in the audit (all checks) is taken from that
of the whole; figures are medians of CPU milliseconds a page.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.documents import born_digital
from fisc.extractors import document
from fisc.schemas.identity import Hints

NARRATIVE = ("read_narrative",)
AUDIT = ("audit_document", "audit_narrative")


@dataclass(slots=True)
class Spent:
    """CPU seconds of one extraction."""

    whole: float = 0.0
    narrative: float = 0.0
    audit: float = 0.0

    @property
    def ratio(self) -> float:
        """Cost with narrative and audit over cost without."""
        return self.whole / (self.whole - self.narrative - self.audit)


@contextmanager
def without_collection() -> Iterator[None]:
    """A collection of the heap takes longer than a document and would fall to the part in which it happens."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def measured(path: Path) -> tuple[Spent, int]:
    """One extraction, and its pages."""
    spent = Spent()

    def timed(name: str, part: str) -> Callable[..., Any]:
        work = getattr(document, name)

        def run(*args: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return work(*args, **named)
            finally:
                setattr(spent, part, getattr(spent, part) + time.process_time() - start)

        return run

    content = path.read_bytes()
    gc.collect()
    with ExitStack() as stack, without_collection():
        for part, names in (("narrative", NARRATIVE), ("audit", AUDIT)):
            for name in names:
                stack.enter_context(patch.object(document, name, timed(name, part)))
        start = time.process_time()
        tables = document.extract(content, Hints(file_name=path.name)).tables
        spent.whole = time.process_time() - start
    return spent, int(tables["document"]["pages"][0].as_py())


def _files(given: Sequence[str], folder: Path) -> Iterator[Path]:
    if given:
        yield from map(Path, given)
    else:
        yield from (known.path for known in born_digital(folder))


def main() -> None:
    """A line a document, then the median and the largest ratio."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--runs", type=int, default=3)
    cli.add_argument("files", nargs="*")
    args = cli.parse_args()
    ratios = []
    print(f"{'ms a page':40}{'without':>9}{'narrative':>11}{'audit':>8}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for path in _files(args.files, Path(folder)):
            measured(path)
            runs = [measured(path) for _ in range(args.runs)]
            pages = runs[0][1]
            whole, narrative, audit = (
                statistics.median(getattr(spent, part) for spent, _ in runs) * 1000 / pages
                for part in ("whole", "narrative", "audit")
            )
            ratios.append(statistics.median(spent.ratio for spent, _ in runs))
            print(
                f"{path.name[:38]:40}{whole - narrative - audit:9.2f}{narrative:11.2f}{audit:8.2f}{ratios[-1]:8.2f}",
                flush=True,
            )
    print(
        f"extraction with the audit costs {statistics.median(ratios):.2f} times that without, at most {max(ratios):.2f}"
    )


if __name__ == "__main__":
    main()
