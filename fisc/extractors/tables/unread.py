"""Titles of official tables under which no table was read: a table that is lost must be told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from fisc.extractors.page import Page
from fisc.extractors.tables.captions import Line, lines_outside
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.printed import HIGHEST_HEADER, PrintedTable
from fisc.schemas.audit.book import title_zh
from fisc.schemas.audit.outcome import Finding
from fisc.schemas.folding import fold, plain, without_number
from fisc.schemas.forms import Form, forms_titled
from fisc.schemas.numbers import unit_of

BELOW_TITLE = 5
"""Department, year, unit and form number stand on the few lines below a title."""
FEWEST_AMOUNTS = 4
"""A page with so many amounts below a title, outside tables and sentences, shows a table."""
FEWEST_HEADS = 3
"""So many labels of a header side by side, outside tables, are the header of one that was not found."""
TITLE_ENDS = ("表", "）", ")", "》")
_SENTENCE = re.compile("[，。；：、（“]")
_AMOUNT = re.compile(r"^[-(]?[￥¥]?(?:\d[\d,]*\.\d{2,6}|\d{1,3}(?:,\d{3})+)\)?$")


def unread_tables(
    pages: Sequence[Page], tables: Sequence[PrintedTable], fits: Mapping[int, Fit]
) -> list[Finding]:
    """A finding for each title of a published form, with a unit or amounts below it, that no table took as its own,
    and for each page with amounts in columns, or with a header, that stand in no table: they may be the rest of the table
    before.
    """
    grids = {
        page.number: [grid for table in tables for grid in table.grids if grid.page == page.number]
        for page in pages
    }
    taken = {(line.page, line.box) for table in tables for line in table.caption.lines}
    repeated = {
        (grid.page, fold(title))
        for table in tables
        for grid in table.grids[1:]
        for title in table.caption.titles
    }
    found = []
    for page in pages:
        lines = lines_outside(page, grids[page.number])
        here = []
        for i, line in enumerate(lines):
            form = _form(line)
            known = (line.page, line.box) in taken or (line.page, fold(line.text)) in repeated
            if form and not known and _shows_a_table(lines[i + 1 :]):
                here.append(_finding(line, form))
        stray = [line for line in lines if _is_row(line)] or _column(lines)
        heads = [line for line in lines if _repeats_header(line, tables)]
        if not here and stray:
            here.append(_stray(stray[0], _before(page, tables, fits)))
        elif not here and heads:
            here.append(_headed(heads[0], _before(page, tables, fits)))
        found += here
    return found


def _is_row(line: Line) -> bool:
    """Whether a line prints amounts side by side and is no sentence."""
    return not _SENTENCE.search(line.text) and sum(1 for _ in _amounts([line])) > 1


def _column(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page that are amounts and nothing else, if they are several."""
    alone = [line for line in lines if sum(1 for _ in _amounts([line])) == len(line.parts) > 0]
    return alone if len(alone) >= FEWEST_AMOUNTS else []


def _before(page: Page, tables: Sequence[PrintedTable], fits: Mapping[int, Fit]) -> str:
    """The published table that was read last, up to a page."""
    earlier = [table for table in tables if table.grids[0].page <= page.number and table.number in fits]
    return fits[earlier[-1].number].form.table if earlier else "raw_table"


def _stray(line: Line, table: str) -> Finding:
    title = title_zh(table)
    return Finding(
        "table.unread", "error", table,
        f"第{line.page}页有成列的金额不在任何表格中，可能是《{title}》的续页，请核对原件。",
        f"Page {line.page} shows amounts in columns that stand in no table; they may be the rest of {title}.",
        quote=line.text, page=line.page, box=line.box,
    )  # fmt: skip


def _repeats_header(line: Line, tables: Sequence[PrintedTable]) -> bool:
    """Whether a line prints labels side by side that the header of a table on a page before has."""
    if len(line.parts) < FEWEST_HEADS or any(char.isdigit() for char in line.text):
        return False
    labels = [fold(part) for part in line.parts]
    before = (table for table in tables if table.grids[0].page < line.page)
    return any(
        set(labels) <= {fold(cell.text) for cell in table.cells if cell.row < HIGHEST_HEADER}
        for table in before
    )


def _headed(line: Line, table: str) -> Finding:
    title = title_zh(table)
    return Finding(
        "table.unread", "warning", table,
        f"第{line.page}页有表头而无表格，可能是《{title}》的续页，请核对原件。",
        f"Page {line.page} shows the header of a table and no table; what stands below it may be the rest of {title}.",
        quote=line.text, page=line.page, box=line.box,
    )  # fmt: skip


def _form(line: Line) -> Form | None:
    """The published form that a line is the title of, if any."""
    if not line.text.rstrip().endswith(TITLE_ENDS):
        return None
    named = [
        (length, form.name, form)
        for form, length in forms_titled(without_number(line.text))
        if form.published
    ]
    return max(named)[2] if named else None


def _shows_a_table(below: Sequence[Line]) -> bool:
    """Whether the lines below a title state a unit, or print amounts in columns up to the next title."""
    if any(unit_of(plain(line.text)) for line in below[:BELOW_TITLE] if len(plain(line.text)) < 60):
        return True
    return sum(1 for _ in _amounts(below)) >= FEWEST_AMOUNTS


def _amounts(below: Sequence[Line]) -> Iterator[str]:
    for line in below:
        if _form(line):
            return
        yield from (part for part in line.parts if _AMOUNT.match(plain(part)))


def _finding(line: Line, form: Form) -> Finding:
    title = "".join(line.text.split())
    return Finding(
        "table.unread", "error", form.table,
        f"第{line.page}页的《{title}》未能读作表格，请核对原件。",
        f"Below the title {title} on page {line.page} no table could be read ({title_zh(form.table)}).",
        quote=title, page=line.page, box=line.box,
    )  # fmt: skip
