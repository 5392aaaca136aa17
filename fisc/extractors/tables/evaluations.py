"""Tables of self-evaluation (绩效自评表), which are published raw: points and the scores given of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from fisc.extractors.tables.columns import Rows
from fisc.extractors.tables.printed import PrintedTable, TableCell
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.folding import fold
from fisc.schemas.numbers import figure

POINTS = frozenset({"分值", "权重分值", "标准分值"})
SCORES = frozenset({"得分", "自评得分", "评价得分", "实际得分"})
TOTALS = frozenset({"总分", "合计", "总计", "总得分"})
FULL = Decimal(100)
SLACK = Decimal("0.05")
"""What the rounding of some ten scores can make."""


@dataclass(slots=True)
class _Given:
    """What was given so far: the points, and the scores of them."""

    points: list[Decimal] = field(default_factory=list)
    scores: list[Decimal] = field(default_factory=list)


def evaluations(table: PrintedTable, rows: Rows) -> Iterator[Outcome]:
    """No score is more than its points, and where the lines have all 100 points, their scores make the total."""
    given, columns = _Given(), None
    for row in rows:
        heads = {fold(cell.text): j for j, cell in enumerate(row) if cell and cell.column == j}
        places = [next((heads[name] for name in names if name in heads), None) for names in (POINTS, SCORES)]
        if None not in places:
            columns = places
        elif columns is not None:
            yield from _line(table, row, columns, given)


def _line(
    table: PrintedTable, row: Sequence[TableCell | None], columns: Sequence[int | None], given: _Given
) -> Iterator[Outcome]:
    cells = [row[j] for j in columns if j is not None]
    points, score = (_figure(cell) for cell in cells)
    cell = cells[1]
    if points is None or score is None or cell is None:
        return
    if any(other and fold(other.text) in TOTALS for other in row):
        made = sum(given.scores, Decimal(0))
        if points == FULL == sum(given.points, Decimal(0)):
            yield _told(
                table, cell, "evaluation.total", abs(made - score) > SLACK, made, score,
                f"绩效自评表总分为{score:f}，而各项得分合计{made:f}，请核对。",
                f"The total score is {score:f}, but the scores make {made:f}.",
            )  # fmt: skip
        return
    given.points.append(points)
    given.scores.append(score)
    yield _told(
        table, cell, "evaluation.points", score > points, points, score,
        f"绩效自评表得分{score:f}高于分值{points:f}，请核对。",
        f"A score of {score:f} is more than its {points:f} points.",
    )  # fmt: skip


def _figure(cell: TableCell | None) -> Decimal | None:
    try:
        found = figure(cell.text) if cell else None
    except ValueError:  # words beside figures are no score
        return None
    return found.value if found else None


def _told(
    table: PrintedTable,
    cell: TableCell,
    rule: str,
    bad: bool,
    expected: Decimal,
    actual: Decimal,
    zh: str,
    en: str,
) -> Outcome:
    if not bad:
        return Outcome(rule, "pass")
    return Outcome(rule, "fail", finding=Finding(
        rule, "warning", table.name, zh, en, expected=expected, actual=actual, difference=actual - expected,
        quote=cell.text, page=cell.page, box=cell.box,
    ))  # fmt: skip
