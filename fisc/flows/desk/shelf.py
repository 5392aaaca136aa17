"""The list of all documents: a line each, kept in memory and read anew only where something happened.

The ledger says where each document stands; of the published tables only a few columns of ``document`` and
``finding`` are read, of files that changed since the last look.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger
from fisc.warehouse.ledger.shelf import Standing
from fisc.warehouse.read import FILES

COLUMNS = (
    "document_id",
    "region",
    "pages",
    "cells",
    "cells_proven",
    "cells_refuted",
    "numbers",
    "numbers_accounted",
)
FINDING_COLUMNS = ("document_id", "severity", "rule", "waived")

Signature = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """Findings of one document that nobody waived, by severity; how many are waived; all rules that found something."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0
    waived: int = 0
    rules: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """One document on the list. The counts are None where nothing of it is published."""

    standing: Standing
    region: str | None = None
    pages: int | None = None
    cells: int | None = None
    proven: int | None = None
    refuted: int | None = None
    loose: int | None = None
    found: Found = Found()

    @property
    def share(self) -> float | None:
        """The proven share of its amounts, rounded down to a tenth of a percent; None without amounts."""
        return int(1000 * (self.proven or 0) / self.cells) / 10 if self.cells else None


class Shelf:
    """All documents of a home, in order. Safe from several threads."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._seen = -1
        self._entries: tuple[Entry, ...] = ()
        self._files: dict[Path, tuple[Signature, dict[str, Any]]] = {}

    def entries(self) -> tuple[Entry, ...]:
        """Every document that was ever fetched."""
        with self._lock, Ledger.open(self._home) as ledger:
            last = ledger.last_event()
            if last != self._seen:
                published, found = self._published(), self._found()
                self._entries = tuple(
                    _entry(standing, published.get(standing.document_id), found.get(standing.document_id))
                    for standing in ledger.standing()
                )
                self._seen = last
            return self._entries

    def _published(self) -> dict[str, Mapping[str, Any]]:
        return dict(self._each("document", COLUMNS, _rows_by_id))

    def _found(self) -> dict[str, Found]:
        return dict(self._each("finding", FINDING_COLUMNS, _findings_by_id))

    def _each(self, table: str, columns: tuple[str, ...], read: Any) -> Iterator[tuple[str, Any]]:
        for file in sorted((self._home.warehouse / table).glob(FILES)):
            try:
                status = file.stat()
                signature = (status.st_mtime_ns, status.st_size)
                kept = self._files.get(file)
                if kept is None or kept[0] != signature:
                    kept = signature, read(_columns(file, columns))
                    self._files[file] = kept
            except FileNotFoundError:  # replaced or removed by a publication; the next look sees it
                continue
            yield from kept[1].items()


def _columns(file: Path, wanted: tuple[str, ...]) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as parquet:
        there = [name for name in wanted if name in parquet.schema_arrow.names]
        rows: list[dict[str, Any]] = parquet.read(there).to_pylist()
    return rows


def _rows_by_id(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {row["document_id"]: row for row in rows}


def _findings_by_id(rows: list[dict[str, Any]]) -> dict[str, Found]:
    by_id: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_id.setdefault(row["document_id"], []).append(row)
    return {name: _counted(found) for name, found in by_id.items()}


def _counted(rows: list[dict[str, Any]]) -> Found:
    standing = [row["severity"] for row in rows if not row.get("waived")]
    counts = {severity: standing.count(severity) for severity in ("error", "warning", "info")}
    rules = frozenset(row["rule"] for row in rows)
    return Found(counts["error"], counts["warning"], counts["info"], len(rows) - len(standing), rules)


def _entry(standing: Standing, row: Mapping[str, Any] | None, found: Found | None) -> Entry:
    if row is None:
        return Entry(standing)
    loose = row["numbers"] - row["numbers_accounted"]
    return Entry(
        standing, row["region"], row["pages"], row["cells"], row["cells_proven"], row["cells_refuted"], loose,
        found or Found(),
    )  # fmt: skip
