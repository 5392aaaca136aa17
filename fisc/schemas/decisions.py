"""What a person decided about a document: amounts corrected, findings waived, each with a reason and a name.

A decision is keyed on the exact text that it is about. Where the document no longer says that text in that place,
the decision does not apply: a correction that does not is a finding, never a silent one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa

from fisc.schemas.audit.book import title_zh
from fisc.schemas.audit.outcome import Finding
from fisc.schemas.contract import MODELS
from fisc.schemas.statement import Amount, Row, Statement

CORRECTED = "corrected"
"""The ``method`` of an amount that a person corrected; its printed text is kept."""

Place = tuple[Any, ...]

LINE = (
    "side", "measure", "function_code", "function_name", "economic_code", "economic_name", "item", "item_text",
    "project_code", "project_name", "level1", "level2", "level3", "name",
)  # fmt: skip
"""The words that name a row, in every table that has them."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One amount that a person read otherwise. ``value_yuan`` None: the page prints nothing there.

    The amount is that of ``column`` in the row of ``table`` whose words are ``line``, printed as ``text`` on ``page``;
    ``occurrence`` counts from 1 where several are alike.
    """

    document_id: str
    table: str
    column: str
    line: str
    page: int
    text: str
    value_yuan: Decimal | None
    reason: str
    name: str
    on: str
    occurrence: int = 1

    @property
    def key(self) -> Place:
        """What it is about; a later decision on the same takes the place of an earlier one."""
        return self.document_id, self.table, self.column, self.line, self.page, self.text, self.occurrence


@dataclass(frozen=True, slots=True)
class Waiver:
    """One finding that a person has seen and lets stand. ``text`` is its quote, else its message."""

    document_id: str
    rule: str
    where: str
    page: int | None
    text: str
    expected: str
    actual: str
    reason: str
    name: str
    on: str

    @property
    def key(self) -> Place:
        """What it is about."""
        return self.document_id, *_key(
            self.rule, self.where, self.page, self.text, self.expected, self.actual
        )


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that was decided about one document, or about all of a source."""

    corrections: tuple[Correction, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    def of(self, document_id: str) -> Decisions:
        """Those about one document."""
        return Decisions(
            tuple(each for each in self.corrections if each.document_id == document_id),
            tuple(each for each in self.waivers if each.document_id == document_id),
        )


NO_DECISIONS = Decisions()


def line_of(words: Mapping[str, Any]) -> str:
    """The words of a row that name it, as a correction quotes them."""
    return " ".join(str(words[column]) for column in LINE if words.get(column) is not None)


def corrected(statements: Sequence[Statement], corrections: Sequence[Correction]) -> tuple[Statement, ...]:
    """Statements with their amounts corrected, before any identity is tried."""
    if not corrections:
        return tuple(statements)
    wanted = {correction.key[1:]: correction for correction in corrections}
    seen: Counter[Place] = Counter()
    return tuple(
        replace(
            statement,
            rows=tuple(
                replace(
                    row,
                    amounts={
                        c: _read_as(a, wanted.get(_place(statement, row, c, seen)))
                        for c, a in row.amounts.items()
                    },
                )
                for row in statement.rows
            ),
        )
        for statement in statements
    )


def _read_as(amount: Amount, correction: Correction | None) -> Amount:
    return replace(amount, value=correction.value_yuan, method=CORRECTED) if correction else amount


def _place(statement: Statement, row: Row, column: str, seen: Counter[Place]) -> Place:
    """The key of a correction of one amount; ``seen`` counts those alike."""
    amount = row.amounts[column]
    place = (statement.table, column, line_of(row.words), amount.page, amount.text)
    seen[place] += 1
    return *place, seen[place]


def not_applied(statements: Sequence[Statement], corrections: Sequence[Correction]) -> list[Finding]:
    """A finding for each correction whose text does not stand where it stood."""
    if not corrections:
        return []
    seen: Counter[Place] = Counter()
    there = {_place(s, row, column, seen) for s in statements for row in s.rows for column in row.amounts}
    return [_unheard(each) for each in corrections if each.key[1:] not in there]


def _unheard(correction: Correction) -> Finding:
    line, column, text = correction.line, correction.column, correction.text
    return Finding(
        "correction.not_applied",
        "warning",
        correction.table,
        f"{correction.name}于{correction.on}所作更正未能应用：“{line}”的{column}列不再印有“{text}”。",
        f"The correction by {correction.name} of {correction.on} does not apply: no {column} of that line is "
        f"printed as {text!r} any more.",
        quote=text,
    )


def waiver_key(finding: Mapping[str, Any]) -> Place:
    """What a waiver of a published finding is keyed on."""
    text = finding["quote"] or finding["message"]
    sides = (figure_text(finding[side]) for side in ("expected", "actual"))
    return _key(finding["rule"], finding["where"] or "", finding["page"], text, *sides)


def waived(tables: Mapping[str, pa.Table], waivers: Iterable[Waiver]) -> dict[str, pa.Table]:
    """A document's tables with the findings marked that a person lets stand; nothing else about them changes."""
    by_key = {waiver.key[1:]: waiver for waiver in waivers}
    findings = tables["finding"].to_pylist() if by_key else []
    found = [by_key.get(waiver_key(finding)) for finding in findings]
    if not any(found):
        return dict(tables)
    marked = _with_columns(
        tables["finding"],
        waived=[waiver and waiver.reason for waiver in found],
        waived_by=[waiver and waiver.name for waiver in found],
    )
    count = sum(waiver is not None for waiver in found)
    return {**tables, "finding": marked, "document": _with_columns(tables["document"], waived=[count])}


def _with_columns(table: pa.Table, **values: list[Any]) -> pa.Table:
    for name, column in values.items():
        at = table.schema.get_field_index(name)
        table = table.set_column(at, table.schema.field(at), pa.array(column, table.schema.field(at).type))
    return table


def figure_text(value: Decimal | None) -> str:
    """A side of a finding as a waiver quotes it; empty where there is none."""
    return "" if value is None else f"{value.normalize():f}"


def _key(rule: str, where: str, page: int | None, text: str, expected: str, actual: str) -> Place:
    return rule, _tables().get(where, where), page, text, expected, actual


@cache
def _tables() -> Mapping[str, str]:
    """Published tables by the Chinese title that findings once named them by, so that earlier waivers hold."""
    return {title_zh(table): table for table in MODELS}
