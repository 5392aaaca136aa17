"""Who a document is, and what is known of it before it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fisc.schemas.decisions import NO_DECISIONS, Decisions


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a document before it is opened: from its link, its source, its file name.

    ``decisions`` are what a person decided about it before.
    """

    file_name: str | None = None
    url: str | None = None
    source: str | None = None
    title: str | None = None
    region_code: str | None = None
    department: str | None = None
    fiscal_year: int | None = None
    stage: str | None = None
    published_on: date | None = None
    fetched_at: str | None = None
    decisions: Decisions = NO_DECISIONS


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose disclosure this is, and of which year, stage and level."""

    region_code: str
    region: str
    department: str
    level: str
    fiscal_year: int
    stage: str
    department_code: str | None = None
