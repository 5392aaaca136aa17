"""The kinds of identities: what is stated once and holds for every table that has the columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from fisc.schemas.audit.book import (
    Book,
    Term,
    code_of,
    column_zh,
    is_grand_total,
    name_of,
    tolerance,
    unit_of,
)
from fisc.schemas.audit.misprints import misprint
from fisc.schemas.audit.outcome import Finding, Outcome


def yuan(value: Decimal) -> str:
    """An amount for a sentence."""
    return f"{value:,.2f}"


def compare(
    rule: str, total: Term, parts: Sequence[Term], severity: str = "error", signs: Sequence[int] | None = None
) -> Outcome:
    """Whether a figure equals the (signed) sum of others within the rounding that the print allows."""
    signs = signs or [1] * len(parts)
    expected = sum((sign * part.value for sign, part in zip(signs, parts, strict=True)), Decimal(0))
    allowed = tolerance((total, *parts))
    difference = total.value - expected
    cells = tuple(term.cell for term in (total, *parts))
    to_nothing = (1, *(-sign for sign in signs))
    if abs(difference) <= allowed:
        return Outcome(rule, "pass", cells, signs=to_nothing, tolerance=allowed)
    finding = Finding(
        rule=rule,
        severity=severity,
        where=total.table,
        message_zh=f"{total.label}为{yuan(total.value)}元，而{_made(total, parts, signs, expected)}元，相差{yuan(difference)}元。",
        message_en=f"{total.label_en} is {yuan(total.value)} yuan, but {_made_en(parts, signs, expected)}; they differ by {yuan(difference)}.",
        expected=expected, actual=total.value, difference=difference, tolerance=allowed,
        quote=total.amount.text, page=total.amount.page, box=total.amount.box,
    )  # fmt: skip
    return Outcome(rule, "fail", cells, finding, to_nothing, allowed)


MOST_NAMED = 6
"""So many addends a sentence names; of more it tells the number and the sum."""


def _made(total: Term, parts: Sequence[Term], signs: Sequence[int], expected: Decimal) -> str:
    """The other side in Chinese; what it shares with the first is not said again."""
    if not parts:
        return f"其各项均为空白，合计{yuan(expected)}"
    if len(parts) == 1 and signs[0] > 0:
        return f"{_called(total, parts[0])}为{yuan(expected)}"
    if len(parts) > MOST_NAMED:
        return f"所列{len(parts)}项合计{yuan(expected)}"
    named = (
        f"{'+' if sign > 0 else '-'} {_called(total, part)}{yuan(part.value)}"
        for sign, part in zip(signs, parts, strict=True)
    )
    return f"{' '.join(named).removeprefix('+ ')} = {yuan(expected)}"


def _called(total: Term, part: Term) -> str:
    """A figure's name beside another one: its column in the same line, its line in the same table, else all."""
    if (part.statement, part.row) == (total.statement, total.row):
        return column_zh(part.table, part.column)
    if part.statement == total.statement and part.column == total.column:
        return f"“{name_of(part.line)}”"
    return part.label


def _made_en(parts: Sequence[Term], signs: Sequence[int], expected: Decimal) -> str:
    if not parts:
        return f"its parts are blank, {yuan(expected)} in all"
    if len(parts) == 1 and signs[0] > 0:
        return f"{parts[0].label_en} is {yuan(expected)}"
    if len(parts) > MOST_NAMED:
        return f"its {len(parts)} parts make {yuan(expected)}"
    figures = (
        f"{'+' if sign > 0 else '-'} {yuan(part.value)}" for sign, part in zip(signs, parts, strict=True)
    )
    return f"{' '.join(figures).removeprefix('+ ')} = {yuan(expected)}"


def not_run(rule: str) -> Outcome:
    """A check that had nothing to check."""
    return Outcome(rule, "not_run")


@dataclass(frozen=True, slots=True)
class RowSum:
    """In every row, one column is the sum of others; blank parts count as nothing.

    ``inside`` maps a part to the part that contains it: where both are printed only the larger one counts. The sum is
    not tried where a column of ``unless`` is printed, and a failure says nothing where all of ``loose`` are. Of a
    ``closed`` sum the parts are all that there can be: a coded line with a total and without any part lacks one.
    """

    rule: str
    table: str
    total: str
    parts: tuple[str, ...]
    unless: tuple[str, ...] = ()
    inside: Mapping[str, str] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()
    closed: bool = False

    def outcomes(self, book: Book) -> Iterator[Outcome]:
        """One outcome a row that has the figures."""
        for index, statement in book.of(self.table):
            columns = set(statement.columns)
            names = [part for part in self.parts if self.inside.get(part) not in columns]
            if columns & set(self.unless) or len(set(names) & columns) < min(2, len(self.parts)):
                continue
            divided = self.closed and any(
                code_of(row) and book.term(index, i, part)
                for i, row in enumerate(statement.rows)
                for part in names
            )
            for i in range(len(statement.rows)):
                total = book.term(index, i, self.total)
                parts = [term for part in names if (term := book.term(index, i, part))]
                lacking = divided and total and total.value and code_of(statement.rows[i])
                if total and (parts or lacking):
                    outcome = compare(self.rule, total, parts)
                    yield soft(outcome) if self.loose and self.loose <= columns else outcome


@dataclass(frozen=True, slots=True)
class Children:
    """A code's line is the sum of the lines one level below, and 合计 is the sum of the classes.

    Where a table has a column for the units of a department, codes are added up within each unit.
    """

    rule: str
    table: str
    columns: tuple[str, ...]

    def outcomes(self, book: Book) -> Iterator[Outcome]:
        """One outcome a parent and column that has children."""
        for index, statement in book.of(self.table):
            codes = {
                i: (unit_of(row), code) for i, row in enumerate(statement.rows) if (code := code_of(row))
            }
            if len(set(codes.values())) < len(codes):
                yield not_run(self.rule)
                continue
            families = [(i, _children(unit, code, codes)) for i, (unit, code) in codes.items()]
            families += [(i, _tops(codes)) for i, row in enumerate(statement.rows) if is_grand_total(row)]
            for column in self.columns:
                for parent, children in families:
                    yield from family(self.rule, book, index, parent, children, column)


@dataclass(frozen=True, slots=True)
class Units:
    """合计 is the sum of the units of a department, where a table has a line a unit."""

    rule: str
    table: str
    columns: tuple[str, ...]

    def outcomes(self, book: Book) -> Iterator[Outcome]:
        """One outcome a 合计 line and column."""
        for index, statement in book.of(self.table):
            rows = list(enumerate(statement.rows))
            lines = [i for i, row in rows if unit_of(row) and not code_of(row) and not row.is_total]
            codes = [str(statement.rows[i].words.get("unit_code") or "") for i in lines]
            tops = [i for i, code in zip(lines, codes, strict=True) if not _below_another(code, codes)]
            for parent in (i for i, row in rows if is_grand_total(row)):
                for column in self.columns:
                    yield from family(self.rule, book, index, parent, tops, column)


def family(
    rule: str, book: Book, index: int, parent: int, children: Sequence[int], column: str
) -> Iterator[Outcome]:
    """Whether a line is the sum of others, in one column."""
    total = book.term(index, parent, column)
    parts = [term for i in children if (term := book.term(index, i, column))]
    if total and (parts or (total.value and _lacking(book, index, children, column))):
        yield compare(rule, total, parts)


def _lacking(book: Book, index: int, children: Sequence[int], column: str) -> bool:
    """Whether lines that have a total are blank in a column that other lines of their level fill."""
    rows = book.statements[index].rows
    digits = {len(code_of(rows[i]) or "") for i in children}
    level = (i for i, row in enumerate(rows) if len(code_of(row) or "") in digits)
    filled = any(book.term(index, i, column) for i in level)
    return column != "total" and filled and any(book.term(index, i, "total") for i in children)


def _below_another(code: str, codes: Sequence[str]) -> bool:
    """Whether a unit's code (306001) lies below that of another one (306)."""
    return any(code != other and other and code.startswith(other) for other in codes)


def _children(unit: str, code: str, codes: Mapping[int, tuple[str, str]]) -> list[int]:
    below = {
        i: other
        for i, (its, other) in codes.items()
        if its == unit and other.startswith(code) and len(other) > len(code)
    }
    nearest = min((len(other) for other in below.values()), default=0)
    return [i for i, other in below.items() if len(other) == nearest]


def _tops(codes: Mapping[int, tuple[str, str]]) -> list[int]:
    """The codes that no other code of the same unit contains."""
    held = set(codes.values())
    return [
        i
        for i, (unit, code) in codes.items()
        if not any((unit, code[:k]) in held for k in (3, 5) if k < len(code))
    ]


def equal(rule: str, one: Term | None, other: Term | None, severity: str = "error") -> Outcome:
    """Whether two figures of a document agree."""
    return compare(rule, one, [other], severity) if one and other else not_run(rule)


def soft(outcome: Outcome) -> Outcome:
    """An identity that need not hold everywhere: a pass is proof, a failure says nothing."""
    return outcome if outcome.outcome == "pass" else not_run(outcome.rule)


def likely(outcome: Outcome, book: Book) -> Outcome:
    """Like :func:`soft`; but figures printed as text that differ by one digit, or by two swapped, are a warning."""
    finding = outcome.finding
    if finding is None or finding.expected is None or finding.actual is None:
        return soft(outcome)
    if any(book.statements[i].rows[row].amounts[column].recognised for i, row, column in outcome.cells):
        return soft(outcome)
    if not misprint(finding.expected, finding.actual):
        return soft(outcome)
    return replace(outcome, cells=(), signs=(), finding=replace(finding, severity="warning"))


def summed(rule: str, total: Term | None, parts: Iterable[Term | None], severity: str = "error") -> Outcome:
    """Whether a figure is the sum of those of its parts that are printed."""
    terms = [term for term in parts if term is not None]
    return compare(rule, total, terms, severity) if total and terms else not_run(rule)
