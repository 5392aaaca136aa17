"""The lists of codes as they lie in the data files, read once and on first use."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

Kind = Literal["function", "economic"]
"""功能分类科目, or 支出经济分类科目 (of departments: 3…; of the government: 5…)."""

COMMON_ITEMS = {"01": "行政运行", "02": "一般行政管理事务", "03": "机关服务", "50": "事业运行"}
"""The 项 that most 款 of administration share, by their last two digits."""

OTHER = "99"
"""The last two digits of the 项 that takes what the other ones leave."""

FIRST, LAST = 0, 9999


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of one code in the years in which it was in force (both ends included)."""

    code: str
    name: str
    aliases: tuple[str, ...]
    valid_from: int
    valid_to: int
    budget: str
    source: str

    def covers(self, year: int | None) -> bool:
        """Whether the name was in force in a budget year; every name is, when no year is given."""
        return year is None or self.valid_from <= year <= self.valid_to

    @property
    def spellings(self) -> tuple[str, ...]:
        """The official name, then what is printed for it and means the same."""
        return (self.name, *self.aliases)


@cache
def entries(kind: Kind) -> dict[str, tuple[Entry, ...]]:
    """Every listed code with its names, oldest first."""
    found: dict[str, dict[str, Entry]] = {}
    for entry in _read(Path(__file__).with_name(f"{kind}.csv")):
        names = found.setdefault(entry.code, {})
        names[entry.name] = _joined(names[entry.name], entry) if entry.name in names else entry
    return {code: tuple(names.values()) for code, names in found.items()}


def _joined(earlier: Entry, later: Entry) -> Entry:
    """A common 项 of a renamed 款 keeps its name through all years of both."""
    first, last = min(earlier.valid_from, later.valid_from), max(earlier.valid_to, later.valid_to)
    return replace(earlier, valid_from=first, valid_to=last)


def _read(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            entry = _entry(line)
            yield entry
            for suffix in line.get("common", "").split():
                yield Entry(entry.code + suffix, common_item(suffix, entry.name), (), *_rest(entry))


def _entry(line: dict[str, str]) -> Entry:
    return Entry(
        line["code"],
        line["name"],
        tuple(filter(None, line["aliases"].split("|"))),
        int(line["valid_from"] or FIRST),
        int(line["valid_to"] or LAST),
        line.get("budget", ""),
        line["source"],
    )


def _rest(entry: Entry) -> tuple[int, int, str, str]:
    return entry.valid_from, entry.valid_to, entry.budget, entry.source


def common_item(suffix: str, group_name: str) -> str:
    """The name of a common 项 below a 款: 行政运行 for 01; for 99 其他 + the 款 + 支出."""
    if suffix != OTHER:
        return COMMON_ITEMS[suffix]
    return f"其他{re.sub('^其他|支出$', '', group_name)}支出"
