"""Of several readings of a table, the one that a form fits best and in which most identities hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from fisc.extractors.grids import Grid, GridCell, lines_of
from fisc.extractors.page import Page
from fisc.extractors.tables.headers import Fit, best_fit
from fisc.extractors.tables.printed import printed_tables
from fisc.extractors.tables.stated import printed_unit
from fisc.extractors.tables.statements import read_statement
from fisc.schemas.audit.tables import audit_tables
from fisc.schemas.folding import plain
from fisc.schemas.statement import Statement

MOST_READINGS = 12
USUAL_UNIT = "万元"
"""Stands in while readings are compared; which unit it is makes no difference to that."""

ENOUGH = 4
"""So many identities hold in no wrong reading; with fewer, all readings are compared."""
FLAWLESS = (1, 0, 0, 0)
DOUBTFUL = "doubtful"
"""Marks grids of a reading that is no better than another one."""
_AMOUNT = re.compile(r"^-?[\d,]+\.\d{2}$")

Worth = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """Grids of one reading, what they are worth, and the amounts that they give by table row and column."""

    grids: tuple[Grid, ...]
    worth: Worth
    amounts: frozenset[tuple[int, str, str]]
    clean: bool


def best_reading(
    readings: Iterator[tuple[tuple[Grid, ...], bool]], pages: Mapping[int, Page]
) -> tuple[Grid, ...]:
    """The first reading without a flaw, else the one with the fewest.

    Its grids are ``doubtful`` where cells hold two columns, and where another reading with other amounts is as good:
    one whose header is about as likely, or any where too few identities hold to tell.
    """
    tried: list[tuple[Reading, bool]] = []
    done = False
    for grids, close in islice(readings, MOST_READINGS):
        if done and not close:
            break
        reading = judged(grids, pages)
        tried.append((reading, close))
        *flaws, held = reading.worth
        done = done or (tuple(flaws) == FLAWLESS and held >= ENOUGH)
    best = max((reading for reading, _ in tried), key=lambda reading: reading.worth)
    rivals = [
        reading
        for reading, close in tried
        if reading.worth == best.worth or (close and reading.worth[:4] == best.worth[:4])
    ]
    doubtful = not best.clean or any(reading.amounts != best.amounts for reading in rivals)
    return tuple(replace(grid, flavor=DOUBTFUL) for grid in best.grids) if doubtful else best.grids


def judged(grids: tuple[Grid, ...], pages: Mapping[int, Page]) -> Reading:
    """What a reading is worth.

    Whether a form fits; identities that fail, columns misread and things unread (each negative); identities that hold.
    """
    here = [pages[number] for number in dict.fromkeys(grid.page for grid in grids)]
    by_page = {page.number: [grid for grid in grids if grid.page == page.number] for page in here}
    tables = printed_tables(here, by_page)
    table, rows = tables[0], tables[0].by_row()
    fit = best_fit(table, rows)
    if fit is None or len(tables) > 1:
        return Reading(grids, (0, 0, 0, 0, len(table.cells) if len(tables) == 1 else 0), frozenset(), True)
    read = read_statement(table, rows, fit, "budget", printed_unit(table, fit) or USUAL_UNIT)
    outcomes = [outcome.outcome for outcome in audit_tables([read.statement])]
    misread = _twice(fit) + sum(is_mixed(cell) for grid in grids for cell in grid.cells)
    worth = (
        1,
        -outcomes.count("fail"),
        -len(fit.unknown) - misread,
        -len(read.findings),
        outcomes.count("pass"),
    )
    return Reading(grids, worth, frozenset(_amounts(read.statement)), misread == 0)


def _amounts(statement: Statement) -> Iterator[tuple[int, str, str]]:
    for number, row in enumerate(statement.rows):
        for column, amount in row.amounts.items():
            if amount.value is not None:
                yield number, column, amount.text


def _twice(fit: Fit) -> int:
    """How many columns of a spread header name an item that another column names too."""
    if fit.layout.shape != "spread":
        return 0
    named = [(target, path[:1]) for target, path in zip(fit.targets, fit.header.paths, strict=True) if target]
    return len(named) - len(set(named))


def is_mixed(cell: GridCell) -> bool:
    """Whether a cell holds a whole amount and, on the same line, something else."""
    return any(
        len(line) > 1 and any(_AMOUNT.match(plain(word.text)) for word in line)
        for line in lines_of(cell.words)
    )
