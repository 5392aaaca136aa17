"""What the inspection of documents needs, gathered: of one document from its tables, of a region from the Parquet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fisc.flows.sources import Source, read_sources
from fisc.flows.summary import due_on
from fisc.schemas.contract import MODELS
from fisc.schemas.inspection import Evidence, items
from fisc.warehouse.home import Home

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

Row = Mapping[str, Any]
COUNTED = tuple(dict.fromkeys(table for item in items() for table in item.tables))
"""Tables of which it matters whether they have anything."""
WORDY = ("institution", "glossary", "performance_indicator")
"""Those of words alone; of the others the amounts are counted, which are in one table together."""
ENOUGH_TEXT = 300
"""Characters of a section that are read for a whole region: whether there is text, not what it says."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which documents: region codes that begin so, a year, a stage; None: all."""

    region: str | None = None
    year: int | None = None
    stage: str | None = None


def sources_in(folder: Path) -> dict[str, Source]:
    """The sources that say when what is due; none where there is no such folder."""
    return read_sources(folder) if folder.is_dir() else {}


def of_document(tables: Mapping[str, pa.Table], sources: Mapping[str, Source]) -> Evidence:
    """The evidence of one document from its published tables."""
    (document,) = tables["document"].to_pylist()
    checks = {(row["rule"], row["outcome"]): row["count"] for row in tables["check"].to_pylist()}
    return Evidence(
        document,
        tables["finding"].to_pylist(),
        tables["section"].to_pylist(),
        checks,
        counted(tables),
        due_of(document, sources),
    )


def counted(tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """How much each table of a document holds."""
    amounts = Counter(tables["cell"].column("table").to_pylist())
    return {table: tables[table].num_rows if table in WORDY else amounts[table] for table in COUNTED}


def of_scope(home: Home, scope: Scope, sources: Mapping[str, Source]) -> list[Evidence]:
    """The evidence of all published documents of a region, year and stage; a few columns of whole partitions."""
    import polars as pl

    frames = {name: _scan(home, name, scope) for name in ("document", "finding", "section", "check")}
    frames["section"] = frames["section"].select(
        "document_id", "row", "heading", "depth", "page", "page_to", pl.col("text").str.head(ENOUGH_TEXT)
    )
    counts = [
        _scan(home, table, scope).group_by("document_id").len().with_columns(table=pl.lit(table))
        for table in WORDY
    ]
    amounts = _scan(home, "cell", scope).group_by("document_id", "table").len()
    counts.append(amounts.select("document_id", "len", "table"))
    *found, sizes = pl.collect_all([*frames.values(), pl.concat(counts)])
    rows = {name: _by_document(frame) for name, frame in zip(frames, found, strict=True)}
    lengths: dict[str, dict[str, int]] = {}
    for row in sizes.iter_rows(named=True):
        lengths.setdefault(row["document_id"], {})[row["table"]] = row["len"]
    return [
        Evidence(
            document,
            rows["finding"].get(name, []),
            rows["section"].get(name, []),
            {(row["rule"], row["outcome"]): row["count"] for row in rows["check"].get(name, [])},
            lengths.get(name, {}),
            due_of(document, sources),
        )
        for name, (document,) in rows["document"].items()
    ]


def _scan(home: Home, table: str, scope: Scope) -> pl.LazyFrame:
    import polars as pl

    from fisc.warehouse.read import KEYS, scan

    frame = scan(home, table)
    if scope.region:
        frame = frame.filter(
            pl.col("prov") == scope.region[:2], pl.col("region_code").str.starts_with(scope.region)
        )
    if scope.year:
        frame = frame.filter(pl.col("year") == scope.year)
    if scope.stage:
        frame = frame.filter(pl.col("kind") == scope.stage)
    return frame.drop(*KEYS) if table in MODELS else frame


def _by_document(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(frame):
        found.setdefault(row["document_id"], []).append(row)
    return found


def _rows(frame: pl.DataFrame) -> Iterable[dict[str, Any]]:
    return frame.sort("document_id", "row").iter_rows(named=True)


def due_of(document: Row, sources: Mapping[str, Source]) -> date | None:
    """The day by which a document's source states that it must be out; final accounts are of the year before."""
    source = sources.get(document.get("source") or "")
    day = source.expected.stages.get(document["stage"]) if source else None
    if day is None:
        return None
    return due_on(document["fiscal_year"] + (document["stage"] == "final_accounts"), day)
