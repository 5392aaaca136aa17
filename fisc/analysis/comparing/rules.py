"""The rules as data: ``rules.toml`` read into records, with what is said of a failure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from fisc.schemas.patterns import patterns

TESTS = ("equal", "at_most", "limit")


@dataclass(frozen=True, slots=True)
class Rule:
    """One comparison: whose figures (``relation``), which, how they must agree, and what is said where they do not."""

    name: str
    relation: str
    severity: str
    test: str
    zh: str
    en: str
    stage: str | None = None
    limit: Decimal | None = None
    figures: tuple[tuple[str, str], ...] = ()


@cache
def rules() -> dict[str, Rule]:
    """Every rule by name, in the order in which they are stated."""
    read = (_rule(said) for said in tomllib.loads(text("rules.toml"))["rule"])
    return {rule.name: rule for rule in read}


@cache
def text(name: str) -> str:
    """A file of this folder."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def says() -> Iterator[tuple[str, str, str, str]]:
    """(fact, table, column, line) of every cell that prints what a text says, from ``says.toml``."""
    changed = dict(patterns("terms")["change"])
    for entry in patterns("says")["says"]:
        for cell in _of_the_year(entry.get("cells", ())):
            path, _, row = cell.partition("@")
            table, _, column = path.partition(".")
            line = row.removeprefix("key:")
            if row.startswith(("named:", "codes:")):
                continue
            for fact in (entry["fact"], *((changed[entry["fact"]],) if entry["fact"] in changed else ())):
                yield fact, table, column, line


def _of_the_year(cells: Sequence[str]) -> list[str]:
    """The cells of a fact that is of the year alone (本年收入) without those that hold what was carried over, too."""
    if not cells or not cells[0].endswith("current_year_total"):
        return list(cells)
    tables = ("general_public_budget.", "expenditure.")
    return [
        c for c in cells if c.endswith("current_year_total") or ".current_year@" in c or c.startswith(tables)
    ]


def labels() -> Iterator[tuple[str, str]]:
    """(fact, Chinese name) of the facts, from ``terms.toml``."""
    named: dict[str, str] = {}
    for term in patterns("terms")["term"]:
        if "label" in term:
            named.setdefault(term["name"], term["label"])
    yield from named.items()
    yield from ((change, named[whole]) for whole, change in reversed(patterns("terms")["change"].items()))


def _rule(said: dict[str, object]) -> Rule:
    limit = said.pop("limit", None)
    pairs = tuple((str(own), str(other)) for own, other in said.pop("figures", ()))  # type: ignore[attr-defined]
    rule = Rule(**said, limit=Decimal(str(limit)) if limit else None, figures=pairs)  # type: ignore[arg-type]
    if rule.test not in TESTS:
        raise ValueError(f"{rule.name}: {rule.test!r} is no test; there are {', '.join(TESTS)}.")
    return rule
