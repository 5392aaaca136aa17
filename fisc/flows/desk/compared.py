"""A document beside others: its figures against theirs, and its findings against those of its earlier version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fisc.schemas.decisions import waiver_key
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Document

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]


def comparisons(home: Home, document: Document) -> list[dict[str, Any]]:
    """The published figures of a document beside those of other documents, those that differ first."""
    import polars as pl

    from fisc.warehouse.plan import Partition
    from fisc.warehouse.read import scan

    if document.published_in is None:
        return []
    at = Partition.parse(document.published_in)
    here = (pl.col("year") == at.year) & (pl.col("kind") == at.kind) & (pl.col("prov") == at.prov)
    of_document = pl.col("document_id") == document.document_id
    rows = scan(home, "comparison").filter(here & of_document & (pl.col("outcome") != "not_run"))
    return rows.sort(pl.col("outcome") == "pass", "row").collect().to_dicts()


def finding_changes(before: Tables, after: Tables) -> tuple[list[Row], list[Row]]:
    """Findings that are new, and findings that are gone."""
    old = {waiver_key(finding): finding for finding in before.get("finding", ())}
    new = {waiver_key(finding): finding for finding in after.get("finding", ())}
    return [new[k] for k in new if k not in old], [old[k] for k in old if k not in new]
