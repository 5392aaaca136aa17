"""Scanned tables: how exact, how honest and how dear, by condition.

    python -m benchmarks.scans [--conditions "150 dpi;red stamp"] [--documents 2] [--seed 7] [--figures 3] [--others] [--show]
        [--pages-beside 2]

Prints sample disclosures of several layouts and departments, scans their table pages in each condition with another grain
each, reads them, and compares every cell with what was printed. Rows are matched by their codes and names. ``wrong`` are
amounts that are not the printed ones, or stand where nothing is printed: ``marked`` where they are refuted or unchecked,
``proven`` else, of which there must be none. ``lost`` are blank or in a row that is not there. ``× recogniser`` is what a page
costs beside the recogniser alone, which reads the same lines once more, found and cut by fisc; ``× rapidocr`` what some pages
of each document, evenly spread, cost beside rapidocr on the same pages, its own detection and recognition of the same models
without the classifier of directions. Both on one thread, in seconds of the processor.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from benchmarks.scan_conditions import CONDITIONS, DOCUMENTS, OTHERS, SHEETS
from benchmarks.scan_costs import Watched, rapidocr_seconds
from fisc.extractors.document import Extracted, extract
from fisc.schemas.identity import Hints
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.layout import Layout
from samples.press import expected_rows, print_disclosure
from samples.scan import Scanner, scan, table_pages

Rows = Sequence[Mapping[str, Any]]
_KEYS = (
    "measure",
    "side",
    "function_code",
    "economic_code",
    "function_name",
    "economic_name",
    "item",
    "item_text",
    "project_code",
    "project_name",
)


@dataclass
class Score:
    """Counts over the documents of one condition."""

    amounts: int = 0
    exact: int = 0
    names: int = 0
    names_exact: int = 0
    marked: int = 0
    proven: int = 0
    lost: int = 0
    repaired: int = 0
    right_proven: int = 0
    pages: int = 0
    spent: float = 0.0
    recogniser: float = 0.0
    spent_beside: float = 0.0
    rapidocr: float = 0.0
    severities: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        """One row of the table."""
        told = ", ".join(f"{n} {s}" for s, n in sorted(self.severities.items())) or "none"
        return (
            f"| {name} | {self.exact}/{self.amounts} ({self.exact / self.amounts:.2%}) "
            f"| {self.names_exact}/{self.names} ({self.names_exact / self.names:.2%}) "
            f"| {self.marked} | {self.proven} | {self.lost} | {self.repaired} "
            f"| {self.right_proven / max(self.exact, 1):.0%} | {told} "
            f"| {self.spent / self.pages:.2f} | {self.spent / max(self.recogniser, 1e-9):.2f} "
            f"| {_share(self.spent_beside, self.rapidocr)} |"
        )


def _share(spent: float, beside: float) -> str:
    return f"{spent / beside:.2f}" if beside else "-"


def add(score: Score, extracted: Extracted, expected: Mapping[str, Rows]) -> None:
    """Published rows against printed ones."""
    cells = {(c["table"], c["row"], c["column"]): c for c in extracted.tables["cell"].to_pylist()}
    score.repaired += sum(cell["method"] == "repaired" for cell in cells.values())
    score.severities += Counter(row["severity"] for row in extracted.tables["finding"].to_pylist())
    for table, rows in expected.items():
        got = extracted.tables[table].to_pylist()
        for want, have in matched(rows, got):
            number = have["row"] if have else 0
            _add_names(score, want or {}, have or {})
            for column in _amounts(want, have):
                cell = cells.get((table, number, column), {})
                _add_amount(score, (want or {}).get(column), (have or {}).get(column), cell)
                if cell.get("proof") == "proven" and (want or {}).get(column) != have[column]:  # type: ignore[index]
                    score.wrong.append(
                        f"{table} {number} {column}: {cell['text']!r} proven, printed {(want or {}).get(column)}"
                    )


def matched(wanted: Rows, got: Rows) -> Iterator[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """Printed and published rows side by side, matched by their codes and names; None where one has no other."""
    if len(wanted) == len(got):
        yield from zip(wanted, got, strict=True)
        return
    matcher = SequenceMatcher(
        None, [_key(r, wanted) for r in wanted], [_key(r, wanted) for r in got], autojunk=False
    )
    for _, a, b, c, d in matcher.get_opcodes():
        for k in range(max(b - a, d - c)):
            yield (wanted[a + k] if a + k < b else None), (got[c + k] if c + k < d else None)


def _key(row: Mapping[str, Any], wanted: Rows) -> tuple[str, ...]:
    return tuple("".join(str(row.get(k)).split()) for k in _KEYS if wanted and k in wanted[0])


def _amounts(want: Mapping[str, Any] | None, have: Mapping[str, Any] | None) -> list[str]:
    columns = want if want else {k: v for k, v in (have or {}).items() if isinstance(v, Decimal)}
    return [
        column for column, value in columns.items()
        if isinstance(value, Decimal) or isinstance((have or {}).get(column), Decimal)
    ]  # fmt: skip


def _add_names(score: Score, want: Mapping[str, Any], have: Mapping[str, Any]) -> None:
    for column, value in want.items():
        if isinstance(value, str) and ("name" in column or column == "item"):
            score.names += 1
            score.names_exact += "".join(str(have.get(column)).split()) == "".join(value.split())


def _add_amount(score: Score, want: Any, have: Any, cell: Mapping[str, Any]) -> None:
    proven = cell.get("proof") == "proven"
    if isinstance(want, Decimal):
        score.amounts += 1
        score.exact += have == want
        score.right_proven += have == want and proven
        score.lost += have is None
    if have is not None and have != want:
        score.proven += proven
        score.marked += not proven


def measure(
    scanner: Scanner,
    documents: Sequence[tuple[str, str]],
    first: int,
    figures: int = 1,
    printed_as: Callable[[Layout], Layout] = lambda layout: layout,
    pages_beside: int = 2,
) -> Score:
    """One condition over some documents, each with a grain of its own; ``pages_beside`` of each go to rapidocr too."""
    score = Score()
    for number, (name, department) in enumerate(documents):
        layout = printed_as(layouts.load(name))
        disclosure = make_disclosure(figures, department, 2025, layout.stage)
        printed = print_disclosure(disclosure, layout)
        pages = table_pages(printed.content)
        content = scan(printed.content, replace(scanner, seed=first + 100 * number), pages)
        start = time.process_time()
        with Watched() as watched:
            extracted = extract(content, Hints(title=printed.title))
        spent = time.process_time() - start
        score.spent += spent
        score.recogniser += watched.recogniser_seconds()
        score.pages += len(pages)
        numbers = [page + 1 for page in _spread(pages, pages_beside)]
        beside_pages = (spent - sum(watched.pages.values())) / len(pages)
        score.spent_beside += sum(watched.pages[number] + beside_pages for number in numbers)
        score.rapidocr += rapidocr_seconds(content, numbers)
        add(score, extracted, expected_rows(disclosure, layout))
    return score


def _spread(pages: Sequence[int], some: int) -> list[int]:
    """So many of the pages, evenly spread, the middle of each part."""
    some = min(some, len(pages))
    return [pages[(2 * k + 1) * len(pages) // (2 * some)] for k in range(some)]


HEAD = (
    "| condition | amounts exact | names exact | wrong, marked | wrong, proven | lost | repaired | right ones proven "
    "| findings | s a page | × recogniser | × rapidocr |\n|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Print a line a condition."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--conditions", default=";".join(CONDITIONS), help="names, a semicolon between")
    cli.add_argument("--documents", type=int, default=2, help="documents a condition")
    cli.add_argument("--seed", type=int, default=1, help="of the grain")
    cli.add_argument("--figures", type=int, default=1, help="seed of the figures that are printed")
    cli.add_argument("--others", action="store_true", help="layouts that nothing was tuned on")
    cli.add_argument("--pages-beside", type=int, default=2, help="pages a document that rapidocr reads too")
    cli.add_argument("--show", action="store_true", help="every wrong amount that stands proven")
    args = cli.parse_args()
    print(HEAD, flush=True)
    for k, name in enumerate(CONDITIONS):
        if name not in args.conditions.split(";"):
            continue
        known = OTHERS if args.others else DOCUMENTS
        documents = [known[(k * args.documents + n) % len(known)] for n in range(args.documents)]
        printed_as = SHEETS.get(name, lambda layout: layout)
        score = measure(
            CONDITIONS[name], documents, args.seed + k, args.figures, printed_as, args.pages_beside
        )
        print(score.line(name), flush=True)
        for wrong in score.wrong if args.show else ():
            print(f"    {wrong}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory {peak:.0f} MB.")


if __name__ == "__main__":
    main()
