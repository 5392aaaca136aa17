"""Findings and checks: what the audit says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from fisc.schemas.statement import Box


@dataclass(frozen=True, slots=True)
class Finding:
    """One check that failed, or one thing that could not be read.

    ``message_zh`` and ``message_en`` are one sentence each that an official can act on. ``expected``, ``actual``,
    ``difference`` (actual minus expected) and ``tolerance`` are in yuan for amounts, else in the unit compared.
    """

    rule: str
    severity: str
    where: str
    message_zh: str
    message_en: str
    expected: Decimal | None = None
    actual: Decimal | None = None
    difference: Decimal | None = None
    tolerance: Decimal | None = None
    quote: str | None = None
    page: int | None = None
    box: Box | None = None

    @property
    def message(self) -> str:
        """Both languages, as published."""
        return f"{self.message_zh} {self.message_en}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check that was tried: ``pass``, ``fail`` or ``not_run``, with the cells that stand in it.

    ``cells`` names them as (statement index, row index, column) so that proof follows from outcomes alone. Where
    the check is a sum, ``signs`` are those with which its cells make nothing, within ``tolerance`` yuan. ``table`` is
    the one that a check of presence or of emptiness speaks of.
    """

    rule: str
    outcome: str
    cells: tuple[tuple[int, int, str], ...] = ()
    finding: Finding | None = None
    signs: tuple[int, ...] = ()
    tolerance: Decimal = Decimal(0)
    table: str | None = None
