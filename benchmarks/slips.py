"""What the audit finds: slips planted into sample disclosures, found by kind, and false findings on clean ones.

    python -m benchmarks.slips [--seeds 2] [--first 1] [--departments 306,361] [--layouts hebei,…] [--kinds share,…] [--show]

A slip counts as found where the document carries a finding that its clean print does not carry, under the gravest of them.
``--show`` tells every slip that was missed and every finding on a clean document.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fisc.extractors.document import extract
from fisc.schemas.identity import Hints
from samples import layout as layouts
from samples.disclosure import Disclosure, Slip, make_disclosure
from samples.layout import Layout
from samples.press import print_disclosure
from samples.slips import KINDS, NoPlaceForSlip, plant

SEVERITIES = ("error", "warning", "info")
Findings = Counter[tuple[str, str, str]]
"""How often each rule said what, with its severity."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One slip planted, and what the audit newly said of it."""

    slip: Slip
    layout: str
    new: Findings

    @property
    def told(self) -> str:
        """``error``, ``warning``, ``info`` or ``missed``."""
        found = {severity for severity, _, _ in self.new}
        return next((severity for severity in SEVERITIES if severity in found), "missed")


@dataclass(slots=True)
class Score:
    """All slips by kind, and what clean documents carried."""

    tried: dict[str, list[Tried]] = field(default_factory=dict)
    clean: list[tuple[str, Findings]] = field(default_factory=list)

    def on_clean(self, severity: str) -> int:
        """How many findings of a severity stand on clean documents."""
        return sum(count for _, found in self.clean for key, count in found.items() if key[0] == severity)


def findings(disclosure: Disclosure, layout: Layout) -> Findings:
    """What is found on a printed disclosure."""
    printed = print_disclosure(disclosure, layout)
    tables = extract(printed.content, Hints(file_name=printed.file_name, title=printed.title)).tables
    rows = tables["finding"].to_pylist()
    return Counter((row["severity"], row["rule"], row["message"]) for row in rows)


YEARS = {"jiangsu": 2019, "jiangsu_city": 2019}
"""Forms of a year in which 国有资本经营预算支出表 was no table yet."""


def disclosures(
    names: Sequence[str], departments: Sequence[str], seeds: range
) -> Iterator[tuple[str, int, Disclosure]]:
    """Layout, seed and disclosure of every document to try."""
    for name in names:
        stage = layouts.load(name).stage
        for department in departments:
            for seed in seeds:
                yield name, seed, make_disclosure(seed, department, YEARS.get(name, 2025), stage)


def measured(documents: Iterable[tuple[str, int, Disclosure]], kinds: Sequence[str], show: bool) -> Score:
    """Every kind of slip planted into every document, one at a time."""
    score = Score({kind: [] for kind in kinds})
    for name, seed, disclosure in documents:
        layout = layouts.load(name)
        clean = findings(disclosure, layout)
        score.clean.append((name, clean))
        if show:
            _show_clean(name, disclosure, clean)
        for kind in kinds:
            try:
                slipped, slip = plant(disclosure, layout, kind, seed)
            except NoPlaceForSlip:
                continue
            tried = Tried(slip, name, findings(slipped, layout) - clean)
            score.tried[kind].append(tried)
            if show and tried.told == "missed":
                _show_missed(tried)
    return score


def _show_clean(name: str, disclosure: Disclosure, clean: Findings) -> None:
    for severity, rule, message in clean:
        if severity == "info":
            continue
        print(f"clean  {name} {disclosure.department.number}: {severity} {rule}: {message}", flush=True)


def _show_missed(tried: Tried) -> None:
    slip = tried.slip
    place = f"{slip.where} {slip.row or ''} {slip.column or ''}".strip()
    print(f"missed {tried.layout} {slip.kind}: {place}: {slip.right} -> {slip.wrong}", flush=True)
    if slip.paragraph:
        print(f"       {slip.paragraph}", flush=True)


def report(score: Score) -> None:
    """Print a line a kind, then the false findings on clean documents."""
    print(f"{'slip':16}{'planted':>8}{'error':>7}{'warning':>9}{'info':>6}{'missed':>8}   rules that told")
    for kind, tried in score.tried.items():
        counts = Counter(one.told for one in tried)
        rules = Counter(rule for one in tried for rule in {key[1] for key in one.new})
        told = ", ".join(rule for rule, _ in rules.most_common(4))
        print(
            f"{kind:16}{len(tried):>8}{counts['error']:>7}{counts['warning']:>9}{counts['info']:>6}{counts['missed']:>8}   {told}"
        )
    every = [one for tried in score.tried.values() for one in tried]
    missed = sum(one.told == "missed" for one in every)
    print(f"{'all':16}{len(every):>8}{len(every) - missed:>7} found, {missed} missed")
    print(
        f"clean documents {len(score.clean)}: {score.on_clean('error')} errors, {score.on_clean('warning')} warnings"
    )


def main() -> None:
    """Plant, read, report."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--seeds", type=int, default=2)
    cli.add_argument("--first", type=int, default=1, help="the first seed")
    cli.add_argument("--departments", default="306,361")
    cli.add_argument("--layouts", default=",".join(layouts.names()))
    cli.add_argument("--kinds", default=",".join(KINDS))
    cli.add_argument("--show", action="store_true")
    args = cli.parse_args()
    seeds = range(args.first, args.first + args.seeds)
    documents = disclosures(args.layouts.split(","), args.departments.split(","), seeds)
    report(measured(documents, args.kinds.split(","), args.show))


if __name__ == "__main__":
    main()
