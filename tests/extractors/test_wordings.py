"""Statements in the wordings of many places, data in ``wordings/``: their facts, their findings, and their tables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from fisc.extractors.narrative import read_narrative
from fisc.schemas.audit.claims.known import SAYS
from fisc.schemas.audit.narrative import audit_narrative
from fisc.schemas.audit.outcome import Outcome
from fisc.schemas.narrative import Narrative
from fisc.schemas.patterns import patterns
from fisc.schemas.statement import Amount, Row, Statement
from tests.extractors.test_narrative import LONG, page, set_lines

FOLDER = Path(__file__).parent / "wordings"
YUAN = {unit: Decimal(worth) for unit, worth in patterns("numbers")["money"]["units"].items()}
FIGURE = re.compile(r"(?P<value>-?[\d.]+)(?P<unit>\D*)")
ELSEWHERE = Decimal(3_210_000)
"""So much more stands in a table that a fact does not agree with: no slip of the pen, no rounding."""
Said = tuple[str, str, Decimal, str]


@dataclass(frozen=True, slots=True)
class Expected:
    """A fact as a data file lists it; ``mark`` says what it is to a table that prints the same figure."""

    name: str
    period: str
    figure: str
    mark: str

    @property
    def said(self) -> Said:
        match = FIGURE.fullmatch(self.figure)
        assert match is not None, self.figure
        value, unit = Decimal(match["value"]), match["unit"]
        if unit in YUAN:
            return self.name, self.period, value * YUAN[unit], "CNY"
        return self.name, self.period, value, "percent" if unit == "%" else unit


@dataclass(frozen=True, slots=True)
class Wording:
    """One statement of a data file."""

    pattern: str
    paragraphs: tuple[str, ...]
    heading: str
    final: bool
    facts: tuple[Expected, ...]
    findings: tuple[str, ...]

    @property
    def year(self) -> int:
        return 2024 if self.final else 2025

    @property
    def stage(self) -> str:
        return "final_accounts" if self.final else "budget"

    def read(self, width: int = 36) -> Narrative:
        """What is read of it on a page with so many characters a line."""
        lines = set_lines([self.heading, *self.paragraphs, LONG], width)
        pages = [page(n, lines[at : at + 36], str(n)) for n, at in enumerate(range(0, len(lines), 36), 1)]
        return read_narrative(pages, {}, self.year, self.stage, "望溪市水务局")

    def outcomes(self, statements: Sequence[Statement] = ()) -> list[Outcome]:
        return audit_narrative(self.read(), statements)


@cache
def wordings(name: str) -> dict[str, Wording]:
    """The statements of a data file by the wording that they show."""
    entries = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["statement"]
    return {entry["pattern"]: _wording(entry) for entry in entries}


def _wording(entry: Mapping[str, str]) -> Wording:
    lines = (line.split() for line in entry["facts"].strip().splitlines())
    return Wording(
        entry["pattern"], tuple(entry["text"].strip().splitlines()), entry.get("heading", "一、情况说明"),
        bool(entry.get("final")), tuple(Expected(*line[:3], "".join(line[3:])) for line in lines),
        tuple(sorted(entry.get("findings", ()))),
    )  # fmt: skip


def said_of(narrative: Narrative) -> list[Said]:
    """The facts with a name, in order."""
    return [
        (fact.name, fact.period, fact.value, fact.unit)
        for fact in narrative.facts
        if not fact.name.startswith("other.")
    ]


def told_of(outcomes: Sequence[Outcome]) -> list[str]:
    """Severity and rule of each finding above info."""
    found = (outcome.finding for outcome in outcomes if outcome.finding)
    return sorted(f"{f.severity} {f.rule}" for f in found if f.severity != "info")


def printed(selector: str, value: Decimal, measure: str) -> Statement:
    """A table that prints one figure where a selector looks for it."""
    match = re.fullmatch(r"(?P<table>\w+)\.(?P<column>\w+)@(?P<row>.+)", selector)
    assert match is not None, selector
    kind, _, rest = match["row"].partition(":")
    words: dict[str, str] = {}
    if kind == "key":
        words["side"], _, words["key"] = rest.partition(":")
    elif kind == "item":
        words = {"item": rest, "measure": measure}
    else:
        words = {"economic_name": rest or "合计", "function_name": rest or "合计"}
    amount = Amount(f"{value / 10_000:.2f}", value, Decimal(100), 1, (0.0, 0.0, 1.0, 1.0))
    row = Row(words, {match["column"]: amount}, 1, kind == "total")
    return Statement(match["table"], match["table"], "万元", (row,), 1, (match["column"],))


SETS = ("catalogue", "elsewhere", "further", "public", "found", "afterwards", "smaller")
EVERY = [(name, pattern) for name in SETS for pattern in wordings(name)]


def held() -> Iterator[tuple[str, str, int]]:
    """The facts that are held against a table."""
    for name, pattern in EVERY:
        for at, expected in enumerate(wordings(name)[pattern].facts):
            if expected.mark:
                yield name, pattern, at


@pytest.mark.parametrize(("name", "pattern"), EVERY)
def test_facts(name: str, pattern: str) -> None:
    wording = wordings(name)[pattern]
    assert said_of(wording.read()) == [expected.said for expected in wording.facts]


@pytest.mark.parametrize("width", [17, 22])
@pytest.mark.parametrize("name", SETS)
def test_lines_may_break_anywhere(name: str, width: int) -> None:
    for wording in wordings(name).values():
        assert said_of(wording.read(width)) == [expected.said for expected in wording.facts], wording.pattern


@pytest.mark.parametrize(("name", "pattern"), EVERY)
def test_findings(name: str, pattern: str) -> None:
    wording = wordings(name)[pattern]
    assert told_of(wording.outcomes()) == list(wording.findings)


@pytest.mark.parametrize(("name", "pattern"), EVERY)
def test_every_number_is_accounted_for(name: str, pattern: str) -> None:
    assert [token.text for token in wordings(name)[pattern].read().numbers if token.role is None] == []


def _held_against(wording: Wording, expected: Expected, value: Decimal) -> list[Outcome]:
    budget = expected.period == "budget" or not wording.final
    selector = (
        SAYS[expected.name]["cells"][0]
        if SAYS[expected.name].get("cells")
        else SAYS[expected.name]["hints"][0]
    )
    tables = [printed(selector, value, "budget" if budget else "final")]
    return [o for o in wording.outcomes(tables) if o.rule in ("narrative.table", "narrative.unit")]


@pytest.mark.parametrize(("name", "pattern", "at"), list(held()))
def test_a_table_that_prints_the_same_agrees_and_another_does_not(name: str, pattern: str, at: int) -> None:
    wording = wordings(name)[pattern]
    expected = wording.facts[at]
    value = expected.said[2]
    assert {o.outcome for o in _held_against(wording, expected, value) if o.cells} == {"pass"}
    found = [o.finding for o in _held_against(wording, expected, value + ELSEWHERE) if o.finding]
    told = {f.severity for f in found if f.actual == value}
    assert told == ({"error"} if expected.mark == "=" else set())
