"""A printed table read into the columns of its model: what extractors hand to the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in PDF points from the top left corner of the page as shown."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One figure of a table with its place.

    ``value`` is in yuan (in units for counts), null where the print is blank; ``step`` is one unit of the
    table's last printed digit, in yuan: 万元 with two decimals make 100.
    """

    text: str
    value: Decimal | None
    step: Decimal
    page: int
    box: Box
    method: str = "text"
    readings: tuple[tuple[str, float], ...] = ()

    @property
    def recognised(self) -> bool:
        """Whether it was read from a picture, by a machine alone."""
        return self.method in ("ocr", "repaired")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its words by column, its figures by column."""

    words: Mapping[str, str | int | None]
    amounts: Mapping[str, Amount]
    page: int
    is_total: bool = False

    def value(self, column: str) -> Decimal | None:
        """The figure in a column, None where it is blank or the form has no such column."""
        amount = self.amounts.get(column)
        return amount.value if amount else None


@dataclass(frozen=True, slots=True)
class PercentHead:
    """A head that says % over columns that are read as amounts, and where it stands."""

    text: str
    columns: tuple[str, ...]
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Statement:
    """One printed table as rows of a published table.

    ``table`` names the published table, ``title`` is as printed, ``unit`` the printed unit, ``step`` one unit of
    the last printed digit in yuan, ``said_empty`` the note that says that the table is empty, if there is one.
    ``columns`` are the amount columns that the printed table has, ``percent_heads`` those of their heads that say %.
    """

    table: str
    title: str
    unit: str | None
    rows: tuple[Row, ...]
    page: int
    columns: tuple[str, ...] = ()
    said_empty: str | None = None
    number: int = 0
    boxes: tuple[tuple[int, Box], ...] = field(default=())
    percent_heads: tuple[PercentHead, ...] = ()
