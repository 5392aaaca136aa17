"""Every number inside tables and their captions, so that none on a page goes unaccounted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fisc.extractors.narrative.said.tokens import numeric_tokens
from fisc.extractors.tables.printed import PrintedTable
from fisc.schemas.narrative import NumericToken


def table_numbers(tables: Sequence[PrintedTable]) -> Iterator[NumericToken]:
    """The numbers of tables (each stands in a published cell, or in a raw one) and of their captions and notes."""
    for table in tables:
        for grid in table.grids:
            for cell in grid.cells:
                for start, end in numeric_tokens(cell.text):
                    yield NumericToken(cell.text[start:end], grid.page, cell.text_box, "cell")
        for line in (*table.caption.lines, *table.notes):
            for start, end in numeric_tokens(line.text):
                yield NumericToken(line.text[start:end], line.page, line.box, "caption")
