"""Scanned tables: how exact, how honest and how dear, by condition.

    python -m benchmarks.scans [--layout national_final] [--department 306] [--conditions office-150,…]

Prints a sample disclosure's table pages as pictures in each condition and reads them. ``wrong, marked`` are amounts that
are not the printed ones and are refuted or unchecked, or null with a finding; ``wrong, proven`` must be none.
``engine`` is the recogniser's own time on the same lines, ``× engine`` what the whole page costs beside it.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fisc.extractors.document import Extracted, extract
from fisc.extractors.scan import recogniser as engine
from fisc.schemas.identity import Hints
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import expected_rows, print_disclosure
from samples.scan import FAINT, STAMPED, Scanner, scan, table_pages

CONDITIONS = {
    "100 dpi": Scanner(dpi=100),
    "150 dpi": Scanner(dpi=150),
    "200 dpi": Scanner(dpi=200),
    "300 dpi": Scanner(dpi=300),
    "150 dpi, skew 1.0°, noise": Scanner(dpi=150, skew=1.0, noise=7.0, quality=50),
    "200 dpi, skew 2.0°": Scanner(skew=2.0),
    "grey paper, JPEG 40": Scanner(background=225, quality=40),
    "red stamp": STAMPED,
    "faint, broken rules": FAINT,
    "turned by 90°": Scanner(turn=90),
}


@dataclass
class Score:
    """Counts over the cells of one condition."""

    amounts: int = 0
    exact: int = 0
    names: int = 0
    names_exact: int = 0
    marked: int = 0
    proven: int = 0
    lost: int = 0


class Timed:
    """Adds up the recogniser's own time."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._read = engine.Recogniser.read

    def __enter__(self) -> Timed:
        def read(this: Any, line: Any) -> Any:
            start = time.process_time()
            try:
                return self._read(this, line)
            finally:
                self.seconds += time.process_time() - start

        engine.Recogniser.read = read  # type: ignore[method-assign,assignment]
        return self

    def __exit__(self, *_: object) -> None:
        engine.Recogniser.read = self._read  # type: ignore[method-assign]


def scored(extracted: Extracted, expected: dict[str, list[dict[str, Any]]]) -> Score:
    """Published rows against printed ones."""
    score = Score()
    proofs = {
        (cell["table"], cell["row"], cell["column"]): cell["proof"]
        for cell in extracted.tables["cell"].to_pylist()
    }
    for table, rows in expected.items():
        got = extracted.tables[table].to_pylist()
        for number, row in enumerate(rows, 1):
            have = got[number - 1] if number <= len(got) else {}
            for column, value in row.items():
                if isinstance(value, Decimal):
                    score.amounts += 1
                    right = have.get(column) == value
                    score.exact += right
                    proof = proofs.get((table, number, column))
                    score.lost += not right and have.get(column) is None
                    score.proven += not right and have.get(column) is not None and proof == "proven"
                    score.marked += not right and have.get(column) is not None and proof != "proven"
                elif isinstance(value, str) and ("name" in column or column == "item"):
                    score.names += 1
                    score.names_exact += "".join(str(have.get(column)).split()) == "".join(value.split())
    return score


def main() -> None:
    """Print a line a condition."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--layout", default="national_final")
    cli.add_argument("--department", default="306")
    cli.add_argument("--conditions", default=",".join(CONDITIONS), help="comma and no blank between")
    args = cli.parse_args()
    layout = layouts.load(args.layout)
    disclosure = make_disclosure(1, args.department, 2025, layout.stage)
    printed = print_disclosure(disclosure, layout)
    expected = expected_rows(disclosure, layout)
    pages = table_pages(printed.content)
    print(
        "| condition | amounts exact | names exact | wrong, marked | wrong, proven | lost | findings | s a page | × engine |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, scanner in CONDITIONS.items():
        if name not in args.conditions:
            continue
        content = scan(printed.content, scanner, pages)
        start = time.process_time()
        with Timed() as timed:
            extracted = extract(content, Hints(title=printed.title))
        spent = time.process_time() - start
        score = scored(extracted, expected)
        severities = Counter(row["severity"] for row in extracted.tables["finding"].to_pylist())
        told = ", ".join(f"{count} {severity}" for severity, count in sorted(severities.items())) or "none"
        print(
            f"| {name} | {score.exact}/{score.amounts} ({score.exact / score.amounts:.2%}) "
            f"| {score.names_exact}/{score.names} ({score.names_exact / score.names:.2%}) "
            f"| {score.marked} | {score.proven} | {score.lost} | {told} "
            f"| {spent / len(pages):.2f} | {spent / timed.seconds:.2f} |",
            flush=True,
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{len(pages)} scanned pages a document; peak memory {peak:.0f} MB.")


if __name__ == "__main__":
    main()
