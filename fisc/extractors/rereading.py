"""Amounts that a recogniser misread, read anew by the arithmetic of their tables, and marked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from fisc.extractors.scan.repair import Candidate, Cell, Identity, repairs
from fisc.schemas.audit.book import title_zh
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.audit.tables import audit_tables
from fisc.schemas.folding import plain
from fisc.schemas.numbers import BLANKS, figure, to_yuan
from fisc.schemas.statement import Amount, Statement

Place = tuple[int, int, str]
"""Statement index, row index, column."""
Again = Callable[[Amount], Sequence[tuple[str, float]]]
"""Reads the cell of an amount once more: texts with their probabilities, none where there is no ink."""
_FEN = Decimal("0.01")
_MOST_AGAIN = 120
"""Cells of one disclosure that are read again: a page on which more are in doubt is not mended by it."""
_FIRST = 0.5
"""How probable a first reading is that came in pieces."""


@dataclass(frozen=True, slots=True)
class Reread:
    """Statements with their repaired amounts, and a finding for each."""

    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...] = ()

    def without_mended(self, findings: Sequence[Finding]) -> list[Finding]:
        """Findings without those that say of a cell repaired here that it cannot be read."""
        mended = {(finding.page, finding.box) for finding in self.findings}
        return [f for f in findings if f.rule != "number.unreadable" or (f.page, f.box) not in mended]


def reread(statements: Sequence[Statement], again: Again | None = None) -> Reread:
    """Take other readings of recognised amounts where only they make every identity of the cells concerned hold.

    The printed text stays the first reading, the method becomes ``repaired``. What cannot be mended in one
    smallest way stays as read. ``again`` reads a cell once more, larger; where identities still fail, its readings
    join the others, and cells without a readable figure beside them get one.
    """
    amounts = dict(_amounts(statements))
    if not any(amount.recognised for amount in amounts.values()):
        return Reread(tuple(statements))
    outcomes = audit_tables(statements)
    first = _mended(statements, outcomes, {})
    if again is None:
        return first
    second = _read_again(first, outcomes if not first.findings else audit_tables(first.statements), again)
    return Reread(second.statements, (*first.findings, *second.findings))


def _mended(
    statements: Sequence[Statement], outcomes: Sequence[Outcome], guesses: Mapping[Place, Decimal]
) -> Reread:
    """The statements after the repairs that the outcomes ask for."""
    amounts = dict(_amounts(statements))
    identities = [outcome for outcome in outcomes if outcome.signs]
    if not guesses and not any(outcome.outcome == "fail" for outcome in identities):
        return Reread(tuple(statements))
    cells = [
        Cell(
            place,
            amount.value,
            tuple(candidates(amount, statements[place[0]])) if amount.method == "ocr" else (),
        )
        for place, amount in amounts.items()
    ]
    found = repairs(cells, [_identity(outcome) for outcome in identities])
    repaired = {place: found[place] for place in amounts if place in found}
    return Reread(_with(statements, repaired), tuple(_findings(statements, repaired)))


def _read_again(first: Reread, outcomes: Sequence[Outcome], again: Again) -> Reread:
    """The repairs that a second reading of the cells concerned allows."""
    amounts = dict(_amounts(first.statements))
    failing = {place for o in outcomes if o.outcome == "fail" and o.signs for place in o.cells}
    places = [place for place in amounts if _is_doubtful(place, amounts[place], failing)][:_MOST_AGAIN]
    read = {place: found for place in places if (found := again(amounts[place]))}
    if not read:
        return Reread(first.statements)
    joined = _joined(first.statements, read)
    guesses = {
        place: guess
        for place in read
        if amounts[place].value is None and (guess := _guess(place, joined)) is not None
    }
    guessed = _with(joined, {place: Candidate(value, "", 0.0) for place, value in guesses.items()})
    mended = _mended(joined, audit_tables(guessed), guesses)
    return mended if _stands(mended, amounts) else Reread(first.statements)


def _stands(mended: Reread, before: Mapping[Place, Amount]) -> bool:
    """Whether each cell repaired anew stands in an identity that holds, and in none that fails.

    A guess that was not taken leaves its cell blank, and an identity of it says nothing.
    """
    fresh = {
        place for place, amount in _amounts(mended.statements)
        if amount.method == "repaired" and before[place].method != "repaired"
    }  # fmt: skip
    outcomes = [outcome for outcome in audit_tables(mended.statements) if outcome.signs] if fresh else []
    held = {place for outcome in outcomes if outcome.outcome == "pass" for place in outcome.cells}
    failed = {place for outcome in outcomes if outcome.outcome == "fail" for place in outcome.cells}
    return bool(fresh) and fresh <= held - failed


def _is_doubtful(place: Place, amount: Amount, failing: Collection[Place]) -> bool:
    """Whether a cell may be why an identity fails: it stands in it, or has no figure and stands in line with it."""
    if amount.value is not None:
        return place in failing and amount.method == "ocr"
    if amount.method == "ocr" and plain(amount.text) not in BLANKS:
        return True
    index, row, column = place
    return any(i == index and (r == row or c == column) for i, r, c in failing)


def _joined(
    statements: Sequence[Statement], read: Mapping[Place, Sequence[tuple[str, float]]]
) -> tuple[Statement, ...]:
    """The amounts with the readings of both times, each as probable as at the better one."""
    rows = [list(statement.rows) for statement in statements]
    for (index, row_index, column), found in read.items():
        row = rows[index][row_index]
        amount = row.amounts[column]
        scores = dict(amount.readings or ((amount.text, _FIRST),))
        for text, score in found:
            scores[text] = max(score, scores.get(text, 0.0))
        both = tuple(sorted(scores.items(), key=lambda item: (-item[1], item[0])))
        amounts = {**row.amounts, column: replace(amount, readings=both, method="ocr")}
        rows[index][row_index] = replace(row, amounts=amounts)
    return tuple(replace(s, rows=tuple(own)) for s, own in zip(statements, rows, strict=True))


def _guess(place: Place, statements: Sequence[Statement]) -> Decimal | None:
    """The likeliest figure of a cell that has none: only to learn which identities it stands in."""
    statement = statements[place[0]]
    amount = statement.rows[place[1]].amounts[place[2]]
    return next((c.value for c in candidates(amount, statement) if c.value is not None), None)


def candidates(amount: Amount, statement: Statement) -> Iterator[Candidate]:
    """The readings of a recognised amount that are figures or blank, in yuan."""
    scale = _scale(amount, statement)
    if not amount.recognised or scale is None:
        return
    for text, score in amount.readings:
        try:
            found = figure(text)
        except ValueError:
            continue
        value = (found.value * scale).quantize(_FEN) if found else None
        if found is None or value == found.value * scale:
            yield Candidate(value, text, score)


def _scale(amount: Amount, statement: Statement) -> Decimal | None:
    """Yuan in one printed unit of an amount, which may have another unit than its table."""
    try:
        found = figure(amount.text)
    except ValueError:
        found = None
    if amount.method == "ocr" and amount.value and found and found.value:
        return amount.value / found.value
    return to_yuan(Decimal(1), statement.unit) if statement.unit else None


def _amounts(statements: Sequence[Statement]) -> Iterator[tuple[Place, Amount]]:
    for index, statement in enumerate(statements):
        for row_index, row in enumerate(statement.rows):
            for column, amount in row.amounts.items():
                yield (index, row_index, column), amount


def _identity(outcome: Outcome) -> Identity:
    total, *parts = outcome.cells
    return Identity(
        total,
        tuple((place, -sign) for place, sign in zip(parts, outcome.signs[1:], strict=True)),
        outcome.tolerance,
    )


def _with(statements: Sequence[Statement], repaired: dict[Place, Candidate]) -> tuple[Statement, ...]:
    rows = [list(statement.rows) for statement in statements]
    for (index, row_index, column), candidate in repaired.items():
        row = rows[index][row_index]
        amount = replace(row.amounts[column], value=candidate.value, method="repaired")
        rows[index][row_index] = replace(row, amounts={**row.amounts, column: amount})
    return tuple(replace(s, rows=tuple(own)) for s, own in zip(statements, rows, strict=True))


def _findings(statements: Sequence[Statement], repaired: dict[Place, Candidate]) -> Iterator[Finding]:
    for (index, row_index, column), candidate in repaired.items():
        statement = statements[index]
        amount = statement.rows[row_index].amounts[column]
        yield Finding(
            "amount.repaired",
            "info",
            statement.table,
            f"《{title_zh(statement.table)}》扫描页上的“{amount.text or '空白'}”按表内勾稽关系读作“{candidate.text}”，请核对原表。",
            f"On a scanned page {amount.text!r} in column {column} was read as {candidate.text!r}, the only likely "
            "reading with which the table adds up; compare the page.",
            expected=candidate.value, actual=amount.value, quote=amount.text, page=amount.page, box=amount.box,
        )  # fmt: skip
