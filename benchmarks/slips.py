"""What the audit finds: slips planted into sample disclosures, found by kind, and false findings on clean ones.

    python -m benchmarks.slips [--seeds 2] [--departments 306,361] [--layouts hebei,…]

A slip counts as found where the document carries an error or a warning that its clean print does not carry.
"""

from __future__ import annotations

import argparse
from collections import Counter

from fisc.extractors.document import extract
from fisc.schemas.identity import Hints
from samples import layout as layouts
from samples.disclosure import Disclosure, make_disclosure
from samples.layout import Layout
from samples.press import print_disclosure
from samples.slips import KINDS, NoPlaceForSlip, plant

Findings = Counter[tuple[str, str, str]]
"""How often each rule said what, with its severity."""


def findings(disclosure: Disclosure, layout: Layout) -> Findings:
    """The errors and warnings on a printed disclosure."""
    printed = print_disclosure(disclosure, layout)
    tables = extract(printed.content, Hints(file_name=printed.file_name, title=printed.title)).tables
    rows = tables["finding"].to_pylist()
    return Counter(
        (row["severity"], row["rule"], row["message"]) for row in rows if row["severity"] != "info"
    )


def main() -> None:
    """Print a line a kind, then the false findings on clean documents."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--seeds", type=int, default=2)
    cli.add_argument("--departments", default="306,361")
    cli.add_argument("--layouts", default=",".join(layouts.names()))
    args = cli.parse_args()
    planted: Counter[str] = Counter()
    found: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    rules: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    clean_documents = false_errors = false_warnings = 0
    for name in args.layouts.split(","):
        layout = layouts.load(name)
        for department in args.departments.split(","):
            for seed in range(1, args.seeds + 1):
                disclosure = make_disclosure(seed, department, 2025, layout.stage)
                clean = findings(disclosure, layout)
                clean_documents += 1
                false_errors += sum(count for key, count in clean.items() if key[0] == "error")
                false_warnings += sum(count for key, count in clean.items() if key[0] == "warning")
                for kind in KINDS:
                    try:
                        slipped, _ = plant(disclosure, layout, kind, seed)
                    except NoPlaceForSlip:
                        continue
                    planted[kind] += 1
                    new = findings(slipped, layout) - clean
                    severity = min((key[0] for key in new), default="missed")
                    found[kind][severity] += 1
                    rules[kind].update({key[1] for key in new})
    print(f"{'slip':16}{'planted':>8}{'error':>7}{'warning':>9}{'missed':>8}   rules that told")
    for kind in KINDS:
        told = ", ".join(rule for rule, _ in rules[kind].most_common(4))
        counts = found[kind]
        print(
            f"{kind:16}{planted[kind]:>8}{counts['error']:>7}{counts['warning']:>9}{counts['missed']:>8}   {told}"
        )
    total = sum(planted.values())
    missed = sum(counts["missed"] for counts in found.values())
    print(f"{'all':16}{total:>8}{total - missed:>7} found, {missed} missed")
    print(f"clean documents {clean_documents}: {false_errors} errors, {false_warnings} warnings")


if __name__ == "__main__":
    main()
