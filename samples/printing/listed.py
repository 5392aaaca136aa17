"""Sheets of the accompanying tables whose rows are plain lists: institutions, procurement, fixed assets."""

from __future__ import annotations

from decimal import Decimal

from samples.disclosure import Disclosure
from samples.layout import Column, Form, Layout
from samples.printing.forms import amount_text, words
from samples.printing.sheet import Cell, Sheet, header_cells, merged_down
from samples.telling.accompanying import rows_beside

PLAIN = ("quantity",)
"""Figures that are no amounts."""


def listed_text(value: object, column: Column, form: Form) -> str:
    """What stands in a cell of a list."""
    if value is None:
        return ""
    if isinstance(value, Decimal) and column.field not in PLAIN:
        return amount_text(value, form) or "0.00"
    return str(value)


def listed_sheet(disclosure: Disclosure, layout: Layout, table: str, project: int | None = None) -> Sheet:
    """The sheet of an accompanying table; of one project's rows only where its number is given."""
    form = (layout.extras or {})[table]
    heads, depth = header_cells([column.head for column in form.columns])
    rows = rows_beside(disclosure, table)
    if project is not None:
        rows = [row for row in rows if row["project_number"] == project]
    cells = [
        Cell(depth + r, c, listed_text(row[column.field], column, form), align=column.align or "center")
        for r, row in enumerate(rows)
        for c, column in enumerate(form.columns)
    ]
    for c, column in enumerate(form.columns):
        if column.field == "level1":
            cells = merged_down(cells, c, depth) if form.merge else cells
    return Sheet(
        cells=(*heads, *cells), widths=tuple(column.width for column in form.columns), rows=depth + len(rows),
        head=depth, title=words(form.title, disclosure, form),
        caption=tuple(words(text, disclosure, form) for text in form.caption or ()),
        note=words(form.note, disclosure, form), landscape=form.landscape, new_page=form.new_page,
        repeat=form.repeat,
    )  # fmt: skip
