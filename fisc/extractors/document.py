"""The walk through one document: bytes in, published tables out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from fisc.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a document before it is opened: from its link, its source, its file name."""

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


@dataclass(frozen=True, slots=True)
class Extracted:
    """One document, read: ``tables`` maps each published table to its rows in the contract's Arrow schema."""

    document_id: str
    identity: Identity
    tables: Mapping[str, pa.Table] = field(default_factory=dict)


def extract(content: bytes, hints: Hints) -> Extracted:
    """Read one document.

    Pure: the same bytes and hints give the same rows. Raises :class:`fisc.errors.DocumentError` with a
    stable ``reason`` where nothing can be published.
    """
    raise DocumentError("not_a_pdf", "Not written yet.")
