"""The kinds of identities: what is stated once and holds for every table that has the columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fisc.schemas.audit.book import Book, Term, code_of, is_grand_total, tolerance
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
    if abs(difference) <= allowed:
        return Outcome(rule, "pass", cells)
    sides = " ".join(
        f"{'+' if sign > 0 else '-'} {part.label}{yuan(part.value)}"
        for sign, part in zip(signs, parts, strict=True)
    ).removeprefix("+ ")
    finding = Finding(
        rule=rule,
        severity=severity,
        where=total.label.split("“")[0],
        message_zh=f"{total.label}为{yuan(total.value)}元，而{sides} = {yuan(expected)}元，相差{yuan(difference)}元。",
        message_en=f"The figure is {yuan(total.value)} yuan but its parts make {yuan(expected)}; they differ by {yuan(difference)}.",
        expected=expected, actual=total.value, difference=difference, tolerance=allowed,
        quote=total.amount.text, page=total.amount.page, box=total.amount.box,
    )  # fmt: skip
    return Outcome(rule, "fail", cells, finding)


def not_run(rule: str) -> Outcome:
    """A check that had nothing to check."""
    return Outcome(rule, "not_run")


@dataclass(frozen=True, slots=True)
class RowSum:
    """In every row, one column is the sum of others; blank parts count as nothing."""

    rule: str
    table: str
    total: str
    parts: tuple[str, ...]
    unless: str | None = None

    def outcomes(self, book: Book) -> Iterator[Outcome]:
        """One outcome a row that has the figures."""
        for index, statement in book.of(self.table):
            if self.unless in statement.columns or len(set(self.parts) & set(statement.columns)) < min(
                2, len(self.parts)
            ):
                continue
            for i in range(len(statement.rows)):
                total = book.term(index, i, self.total)
                parts = [term for part in self.parts if (term := book.term(index, i, part))]
                if total and parts:
                    yield compare(self.rule, total, parts)


@dataclass(frozen=True, slots=True)
class Children:
    """A code's line is the sum of the lines one level below, and 合计 is the sum of the classes."""

    rule: str
    table: str
    columns: tuple[str, ...]

    def outcomes(self, book: Book) -> Iterator[Outcome]:
        """One outcome a parent and column that has children."""
        for index, statement in book.of(self.table):
            codes = {i: code for i, row in enumerate(statement.rows) if (code := code_of(row))}
            if len(set(codes.values())) < len(codes):
                yield not_run(self.rule)
                continue
            families = [(i, _children(code, codes)) for i, code in codes.items()]
            families += [(i, _tops(codes)) for i, row in enumerate(statement.rows) if is_grand_total(row)]
            for column in self.columns:
                for parent, children in families:
                    yield from self._family(book, index, parent, children, column)

    def _family(
        self, book: Book, index: int, parent: int, children: Sequence[int], column: str
    ) -> Iterator[Outcome]:
        total = book.term(index, parent, column)
        parts = [term for i in children if (term := book.term(index, i, column))]
        if total and parts:
            yield compare(self.rule, total, parts)


def _children(code: str, codes: dict[int, str]) -> list[int]:
    below = {i: other for i, other in codes.items() if other.startswith(code) and len(other) > len(code)}
    nearest = min((len(other) for other in below.values()), default=0)
    return [i for i, other in below.items() if len(other) == nearest]


def _tops(codes: dict[int, str]) -> list[int]:
    """The codes that no other code of the table contains."""
    held = set(codes.values())
    return [i for i, code in codes.items() if not any(code[:k] in held for k in (3, 5) if k < len(code))]


def equal(rule: str, one: Term | None, other: Term | None, severity: str = "error") -> Outcome:
    """Whether two figures of a document agree."""
    return compare(rule, one, [other], severity) if one and other else not_run(rule)


def soft(outcome: Outcome) -> Outcome:
    """An identity that need not hold everywhere: a pass is proof, a failure says nothing."""
    return outcome if outcome.outcome == "pass" else not_run(outcome.rule)


def summed(rule: str, total: Term | None, parts: Iterable[Term | None], severity: str = "error") -> Outcome:
    """Whether a figure is the sum of those of its parts that are printed."""
    terms = [term for term in parts if term is not None]
    return compare(rule, total, terms, severity) if total and terms else not_run(rule)
