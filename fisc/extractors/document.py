"""The walk through one document: bytes in, published tables out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from fisc.extractors.grids import Grid, grids_of
from fisc.extractors.identity import identify
from fisc.extractors.narrative.reading import read_narrative
from fisc.extractors.numbers import number_outcomes, overlooked, table_numbers
from fisc.extractors.page import Page
from fisc.extractors.publishing import Parts, published
from fisc.extractors.reading import read_pages
from fisc.extractors.repairing import mended_names
from fisc.extractors.tables.fitting import read_tables, table_boxes
from fisc.extractors.tables.printed import PrintedTable, printed_tables
from fisc.extractors.unruled import unruled_grids
from fisc.schemas.audit.document import audit_document
from fisc.schemas.audit.narrative import audit_narrative
from fisc.schemas.audit.outcome import Finding
from fisc.schemas.identity import Hints, Identity

__all__ = ["Extracted", "Hints", "Identity", "extract"]


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
    sha256 = hashlib.sha256(content).hexdigest()
    pages = read_pages(content)
    printed = tables_on(pages)
    identity, doubts = identify(pages, printed, hints)
    tables = read_tables(printed, identity.stage, identity.fiscal_year)
    scanned = frozenset(page.number for page in pages if page.scanned)
    mended = mended_names(tables.statements, scanned, identity.fiscal_year)
    statements = mended.statements
    narrative = read_narrative(pages, table_boxes(pages, printed), identity.fiscal_year, identity.stage)
    numbers = [*narrative.numbers, *table_numbers(printed, tables)]
    numbers += overlooked(pages, numbers)
    outcomes = [
        *tables.outcomes,
        *audit_document(statements, identity.fiscal_year),
        *audit_narrative(narrative, statements, identity),
        *number_outcomes(pages, numbers),
    ]
    findings = [*doubts, *_unread(pages), *tables.findings, *mended.findings]
    findings += [outcome.finding for outcome in outcomes if outcome.finding]
    parts = Parts(
        sha256,
        hints,
        identity,
        pages,
        statements,
        tables.raw,
        tuple(outcomes),
        tuple(findings),
        narrative,
        numbers,
    )
    return Extracted(sha256[:16], identity, published(parts))


def tables_on(pages: Sequence[Page]) -> tuple[PrintedTable, ...]:
    """The printed tables of a document's pages, joined over page breaks."""
    ruled = {page.number: _tabular(grids_of(page)) for page in pages}
    return printed_tables(pages, unruled_grids(pages, ruled))


def _unread(pages: Sequence[Page]) -> list[Finding]:
    """A finding for each page whose picture could not be read."""
    return [
        Finding(
            "page.unread",
            "error",
            f"第{page.number}页",
            f"第{page.number}页为图像，未能识别，其内容未列入数据。",
            f"Page {page.number} is a picture and was not read: {page.unread}",
            page=page.number,
        )
        for page in pages
        if page.unread
    ]


def _tabular(grids: Sequence[Grid]) -> tuple[Grid, ...]:
    """Grids that hold words; frames and charts are no tables."""
    return tuple(
        grid for grid in grids if sum(bool(cell.text) for cell in grid.cells) > (len(grid.cells) < 3)
    )
