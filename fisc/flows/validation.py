"""Validation of a batch: what its documents staged is held against the declarations in one frame a table."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.errors import DocumentError
from fisc.warehouse.home import Home


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
