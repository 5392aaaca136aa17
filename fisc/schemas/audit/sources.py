"""收入总表 as a list of sources (Jiangsu): 合计 is the sum of the 小计, each 小计 of the lines of its group.

A line is called by its group and its own words (其他资金 + 事业收入), as the reader joins them. A line that says 其中 tells of
another one and is no part. Source: 收入预算总表 as departments of Jiangsu print it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fisc.schemas.audit.book import Book, code_of, is_grand_total, unit_of
from fisc.schemas.audit.identity import soft, summed
from fisc.schemas.audit.outcome import Outcome
from fisc.schemas.folding import fold
from fisc.schemas.statement import Row

TOTAL, PARTS = "revenue.listed_total", "revenue.listed_parts"
_SUBTOTAL = re.compile(r"^(?P<group>.+)小计$")
_YEAR = re.compile(r"^(?:本年|当年)?收入(?:小计|合计)$")
"""All of the year's revenue, which is no group of it."""
_CARRIED = re.compile(r"结转|结余")


@dataclass(slots=True)
class _Group:
    """A 小计 and its parts, rows of a list by index; ``sure`` where the parts are surely these and no others."""

    name: str
    subtotal: int
    parts: list[int] = field(default_factory=list)
    sure: bool = True


@dataclass(slots=True)
class _List:
    """A list of sources: the lines of 合计, the groups, and the lines of no group."""

    totals: list[int] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)
    alone: list[int] = field(default_factory=list)

    @property
    def sure(self) -> bool:
        """Whether 合计 is surely the sum of the 小计 and the lines of no group."""
        return all(group.sure for group in self.groups)


def listed_sources(book: Book) -> Iterator[Outcome]:
    """Every list of sources that has a 小计, column by column."""
    for index, statement in book.of("revenue"):
        if any(code_of(row) or unit_of(row) for row in statement.rows):
            continue
        told = _told(statement.rows)
        for column in statement.columns if told.groups else ():
            for group in told.groups:
                yield _sum(PARTS, book, index, column, group.subtotal, group.parts, group.sure)
            if len(told.totals) == 1:
                (total,) = told.totals
                lines = [*(group.subtotal for group in told.groups), *told.alone]
                if _name(statement.rows[total]).startswith(("本年", "当年")):
                    lines = [i for i in lines if not _CARRIED.search(_name(statement.rows[i]))]
                sure = told.sure and not _leaves_out(book, index, column, total, lines, told.alone)
                yield _sum(TOTAL, book, index, column, total, lines, sure)


def _leaves_out(
    book: Book, index: int, column: str, total: int, lines: Sequence[int], alone: Sequence[int]
) -> bool:
    """Whether a total is that of its lines without some of no group that follow each other.

    They may be parts of one above (单位资金, 事业收入), or what was carried over beside the year's revenue.
    """
    runs = (alone[i:j] for i in range(len(alone)) for j in range(i + 1, len(alone) + 1))
    rests = ([line for line in lines if line not in run] for run in runs)
    return any(_sum(TOTAL, book, index, column, total, rest, True).outcome == "pass" for rest in rests)


def _sum(
    rule: str, book: Book, index: int, column: str, total: int, lines: Sequence[int], sure: bool
) -> Outcome:
    outcome = summed(rule, book.term(index, total, column), [book.term(index, i, column) for i in lines])
    return outcome if sure else soft(outcome)


def _told(rows: Sequence[Row]) -> _List:
    """What each line of a list is.

    Lines that do not say their group stand below its 小计 where none says it; whether all of them are its parts, nothing
    tells. So it is with lines of a group below one that says 其中.
    """
    names = [_name(row) for row in rows]
    told = _List([i for i, row in enumerate(rows) if _is_total(row)])
    matches = {i: match for i, name in enumerate(names) if (match := _SUBTOTAL.match(name))}
    groups = {i: _Group(match["group"], i) for i, match in matches.items() if i not in told.totals}
    told.groups = list(groups.values())
    apart = len({group.name for group in told.groups}) == len(told.groups)
    above: _Group | None = None
    within: _Group | None = None
    for i, name in enumerate(names):
        if i in told.totals or i in groups:
            above, within = groups.get(i), None
            continue
        own = _group_of(name, told.groups)
        group = own or (above if above and not _says(above, names) else None)
        if name.removeprefix(own.name if own else "").startswith("其中"):
            within = group
        elif group:
            group.parts.append(i)
            group.sure &= own is not None and within is not group and apart
        else:
            told.alone.append(i)
    return told


def _group_of(name: str, groups: Sequence[_Group]) -> _Group | None:
    """The group that a line says that it is of; the longest name is the surest."""
    named = (group for group in groups if name.startswith(group.name) and name != group.name)
    return max(named, key=lambda group: len(group.name), default=None)


def _says(group: _Group, names: Sequence[str]) -> bool:
    """Whether lines of a group say that they are of it."""
    return any(name.startswith(group.name) for i, name in enumerate(names) if i != group.subtotal)


def _is_total(row: Row) -> bool:
    return is_grand_total(row) or bool(_YEAR.match(_name(row)))


def _name(row: Row) -> str:
    return fold(str(row.words.get("function_name") or ""))
