"""Validation of a batch: what its documents staged is held against the declarations in one frame a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fisc.errors import DocumentError
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger


def validate_staged(home: Home, document_ids: Sequence[str]) -> dict[str, DocumentError]:
    """Hold what documents staged against the declarations; a value that does not fit becomes a finding beside it.

    Returns the documents whose staged tables cannot be read, with the reason; all others are valid now.
    """
    from fisc.schemas.validation import misfits, with_misfits
    from fisc.warehouse.stage import stage, staged

    batch, failed = {}, {}
    for document_id in document_ids:
        try:
            batch[document_id] = staged(home, document_id)
        except DocumentError as error:
            failed[document_id] = error
    for (document_id, tables), found in zip(batch.items(), misfits(list(batch.values())), strict=True):
        if found:
            stage(home, document_id, with_misfits(tables, found))
    return failed


def waive_staged(
    home: Home, ledger: Ledger, reviewed: Path, document_ids: Sequence[str]
) -> dict[str, DocumentError]:
    """Mark the staged findings that a person waived; last, as reading alone does not make all of a document's findings.

    Returns the documents whose file of decisions, or whose staged tables, cannot be read, with the reason.
    """
    from fisc.schemas.decisions import waived
    from fisc.warehouse.reviewed import decisions
    from fisc.warehouse.stage import stage, staged

    failed = {}
    for document_id in document_ids:
        links = ledger.links_of(document_id)
        try:
            waivers = decisions(reviewed, links[0].source if links else None).of(document_id).waivers
            if waivers:
                stage(home, document_id, waived(staged(home, document_id), waivers))
        except DocumentError as error:
            failed[document_id] = error
    return failed
