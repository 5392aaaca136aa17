"""The published rows of one document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Document

if TYPE_CHECKING:
    import pyarrow as pa


def published(home: Home, document: Document) -> dict[str, pa.Table]:
    """The rows of a document in every table, as published."""
    import pyarrow.compute as pc

    from fisc.schemas.contract import MODELS
    from fisc.warehouse.read import KEYS, dataset

    mine = pc.field("document_id") == document.document_id
    for part in (document.published_in or "").split("/"):
        key, value = part.split("=")
        mine &= pc.field(key) == (int(value) if key == "year" else value)
    return {
        name: dataset(home, name).to_table(filter=mine).drop_columns(list(KEYS)).sort_by("row")
        for name in MODELS
    }
