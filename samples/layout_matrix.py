"""The matrix of layouts: drifts drawn together at random, printed, read, and compared with what was printed.

python -m samples.layout_matrix --draws 1000 --seed 0      counts tables; every silent one is listed with its draw
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from random import Random

from samples import layout as layouts
from samples.layout import Layout
from samples.layout_report import Compared, read_back
from samples.variants import DRIFTS

MOST = 4
"""More drifts than this do not come together in one document."""
DEPARTMENTS = ("306", "361", "318", "385")
SEEDS = 5


@dataclass(frozen=True, slots=True)
class Draw:
    """A layout with drifts, and the disclosure that is printed in it."""

    layout: str
    drifts: tuple[str, ...]
    department: str
    seed: int

    @property
    def drifted(self) -> Layout:
        return drifted(self.layout, self.drifts)

    def read(self) -> list[Compared]:
        """Its tables as published beside as printed."""
        return read_back(self.drifted, self.seed, self.department)[1]

    def __str__(self) -> str:
        return f"{self.layout} {'+'.join(self.drifts)} {self.department} {self.seed}"


def drifted(name: str, drifts: Sequence[str]) -> Layout:
    """A layout with several drifts, one after the other."""
    return replace(reduce(lambda layout, drift: DRIFTS[drift](layout), drifts, layouts.load(name)), name=name)


def drawn(number: int) -> Draw:
    """The draw of a number, the same every time."""
    random = Random(number)  # noqa: S311
    return Draw(
        random.choice(layouts.names()),
        tuple(random.sample(sorted(DRIFTS), random.randint(1, MOST))),
        random.choice(DEPARTMENTS),
        random.randint(1, SEEDS),
    )


def main() -> None:
    """Draw, count, and say what is silent."""
    parser = argparse.ArgumentParser(prog="python -m samples.layout_matrix", description=__doc__)
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0, help="number of the first draw")
    parser.add_argument("--told", action="store_true", help="list the told tables too")
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    for number in range(asked.seed, asked.seed + asked.draws):
        draw = drawn(number)
        for table in draw.read():
            counts[table.outcome] += 1
            if table.outcome == "silent" or (asked.told and table.outcome == "told"):
                print(f"{table.outcome}: {number}: {draw}: {table.table} ({table.wrong} wrong)", flush=True)
    print(json.dumps({"draws": asked.draws, "tables": sum(counts.values()), **counts}))


if __name__ == "__main__":
    main()
