"""The walk through one document: bytes in, published tables out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from fisc.extractors.again import second_reading
from fisc.extractors.grids import Grid, grids_of
from fisc.extractors.identity import identify
from fisc.extractors.narrative.reading import read_narrative
from fisc.extractors.numbers import number_outcomes, overlooked, table_numbers
from fisc.extractors.owners import Part, doubted_names, parts_of
from fisc.extractors.page import Page
from fisc.extractors.page_doubts import page_doubts
from fisc.extractors.proving import proof_of, weak_proofs
from fisc.extractors.publishing import Disclosed, Parts, published
from fisc.extractors.reading import read_pages
from fisc.extractors.repairing import mended_labels, mended_names
from fisc.extractors.rereading import Again, reread
from fisc.extractors.tables.across import joined_across
from fisc.extractors.tables.fitting import fits_by_table, read_tables, table_boxes
from fisc.extractors.tables.headers import Fit
from fisc.extractors.tables.parting import parted
from fisc.extractors.tables.printed import PrintedTable, printed_tables
from fisc.extractors.tables.running import without_running_lines
from fisc.extractors.tables.tabular import tabular
from fisc.extractors.tables.unread import unread_tables
from fisc.extractors.unruled import unruled_grids
from fisc.schemas.audit.document import audit_document
from fisc.schemas.audit.narrative import audit_narrative
from fisc.schemas.audit.outcome import Finding, Outcome
from fisc.schemas.decisions import Decisions, corrected, not_applied
from fisc.schemas.identity import Hints, Identity
from fisc.schemas.narrative import Narrative

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
    fits = fits_by_table(printed, identity.fiscal_year)
    with second_reading(content, pages) as again:
        parts = parts_of(pages, printed, fits, identity)
        read = [_read(part, fits, hints.decisions, again) for part in parts]
    unheard = not_applied([s for one in read for s in one.statements], hints.decisions.corrections)
    numbers = [number for disclosed in read for number in disclosed.numbers]
    numbers += overlooked(pages, numbers)
    read[0] = _with_whole_file(
        read[0], [*doubts, *unheard, *page_doubts(pages)], list(number_outcomes(pages, numbers))
    )
    return Extracted(sha256[:16], identity, published(Parts(sha256, hints, pages, tuple(read), numbers)))


def _read(part: Part, fits: Mapping[int, Fit], decisions: Decisions, again: Again | None) -> Disclosed:
    """One disclosure of the file: its tables, its narrative, and the audit of both."""
    identity, pages = part.identity, part.pages
    boxes = table_boxes(pages, part.tables)
    narrative = read_narrative(pages, boxes, identity.fiscal_year, identity.stage, identity.department)
    tables = read_tables(part.tables, identity.stage, fits, narrative.facts)
    scanned = frozenset(page.number for page in pages if page.scanned)
    mended = mended_names(tables.statements, scanned, identity.fiscal_year)
    mended_amounts = reread(mended.statements, again)
    statements = corrected(mended_amounts.statements, decisions.corrections)
    outcomes = [
        *_front(narrative),
        *tables.outcomes,
        *audit_document(statements, identity.fiscal_year),
        *audit_narrative(narrative, statements, identity),
    ]
    findings = [*doubted_names(part, fits), *unread_tables(pages, part.tables, fits)]
    findings += [
        *mended_amounts.without_mended(tables.findings),
        *mended_labels(pages),
        *mended.findings,
        *mended_amounts.findings,
    ]
    findings += [outcome.finding for outcome in outcomes if outcome.finding]
    proofs = proof_of(statements, outcomes, frozenset(page.number for page in pages if page.poor))
    findings += weak_proofs(statements, outcomes, proofs)
    findings.sort(key=_place)
    numbers = (*narrative.numbers, *table_numbers(part.tables, tables))
    return Disclosed(
        identity, statements, tables.raw, tuple(outcomes), tuple(findings), narrative, numbers, proofs
    )


def _place(finding: Finding) -> tuple[int, float]:
    """Page and height of what a finding speaks of; what has no page stands before all pages."""
    return finding.page or 0, finding.box[1] if finding.box else 0.0


def _front(narrative: Narrative) -> list[Outcome]:
    """Whether the text has a cover and a table of contents; without is no fault of the figures."""
    return [
        Outcome(f"document.{part}", "pass" if part in narrative.front else "not_run")
        for part in ("cover", "contents")
    ]


def _with_whole_file(
    disclosed: Disclosed, doubts: Sequence[Finding], outcomes: Sequence[Outcome]
) -> Disclosed:
    """A disclosure with what was found of the file as a whole."""
    found = [outcome.finding for outcome in outcomes if outcome.finding]
    return replace(
        disclosed,
        outcomes=(*disclosed.outcomes, *outcomes),
        findings=(*doubts, *disclosed.findings, *found),
    )


def tables_on(pages: Sequence[Page]) -> tuple[PrintedTable, ...]:
    """The printed tables of a document's pages, joined over page breaks."""
    ruled: dict[int, tuple[Grid, ...]] = {}
    for page in pages:
        above = ruled.get(page.number - 1)
        ruled[page.number] = parted(tabular(grids_of(page), above[-1] if above else None))
    told = without_running_lines(pages, ruled)
    return printed_tables(told, joined_across(told, unruled_grids(told, ruled)))
