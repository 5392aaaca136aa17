"""Tables that follow from the others: computed a province at a time after publishing, replaced whole, never staged.

What a province was computed from is remembered by the sizes and times of its files, so that nothing is computed again
that need not be, and a run that was killed before it came to it is made good by the next one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from fisc import __version__
from fisc.warehouse import durable
from fisc.warehouse.fold import write_rows
from fisc.warehouse.home import Home
from fisc.warehouse.locks import locked
from fisc.warehouse.plan import NO_PROVINCE, Partition
from fisc.warehouse.store import bucket, store


def provinces(home: Home) -> list[str]:
    """The provinces (keys of partitions) that documents are published of, or that anything is derived of."""
    found = [path for table in ("document", "comparison") for path in _published(home, table)]
    return sorted({path.split("/prov=")[1].split("/")[0] for path in found})


def basis(home: Home, tables: Sequence[str], prov: str) -> str:
    """What a province of these tables stands on: its files as they are now, and this version."""
    files = {path: mark for table in tables for path, mark in _published(home, table, prov).items()}
    return json.dumps({"version": __version__, "files": files}, indent=1)


def is_current(home: Home, table: str, prov: str, stands_on: str) -> bool:
    """Whether a derived table was computed from just this."""
    file = _memory(home, table, prov)
    return file.exists() and file.read_text(encoding="utf-8") == stands_on


def replace_province(home: Home, table: str, prov: str, rows: pa.Table) -> int:
    """Put rows in the place of all that a derived table holds of a province; returns the files that changed."""
    parts = dict(_partitions(rows, prov))
    there = {
        Partition.parse(path.removeprefix(f"{table}/").removesuffix("/part.parquet"))
        for path in _published(home, table, prov)
    }
    return sum(_replace(home, table, each, parts.get(each)) for each in sorted(there | set(parts)))


def remember(home: Home, table: str, prov: str, stands_on: str) -> None:
    """A derived table is computed from this now."""
    durable.write(home, _memory(home, table, prov), stands_on.encode())


def _published(home: Home, table: str, prov: str = "*") -> dict[str, str]:
    """The files of a table below the data root, each with a mark that changes with its bytes."""
    pattern = f"{table}/year=*/kind=*/prov={prov}/part.parquet"
    if home.shared:
        place = bucket(home)
        place.files.invalidate_cache()
        root = place.path("warehouse")
        found = place.files.glob(f"{root}/{pattern}", detail=True)
        return {path.removeprefix(f"{root}/"): str(found[path]["ETag"]) for path in sorted(found)}
    marks = {}
    for file in sorted(home.warehouse.glob(pattern)):
        status = file.stat()
        marks[str(file.relative_to(home.warehouse))] = f"{status.st_size} {status.st_mtime_ns}"
    return marks


def _partitions(rows: pa.Table, prov: str) -> Iterator[tuple[Partition, pa.Table]]:
    keys = rows.select(["fiscal_year", "stage"]).group_by(["fiscal_year", "stage"]).aggregate([]).to_pylist()
    for key in keys:
        mine = pc.and_(*(pc.equal(rows.column(name), value) for name, value in key.items()))
        yield Partition(key["fiscal_year"], key["stage"], prov or NO_PROVINCE), rows.filter(mine)


def _replace(home: Home, table: str, partition: Partition, rows: pa.Table | None) -> bool:
    key = f"warehouse/{table}/{partition}/part.parquet"
    new = home.work / "temporary" / f"{os.getpid()}-{table}-{partition.slug}.parquet"
    with locked(home, (partition.slug,)):
        if rows is None:
            _remove(home, key)
            return True
        durable.make_folder(new.parent)
        write_rows(table, rows, new)
        content = new.read_bytes()
        new.unlink()
        if store(home).holds(key, content):
            return False
        store(home).write(key, content)
        return True


def _remove(home: Home, key: str) -> None:
    if home.shared:
        bucket(home).remove(key, bucket(home).mark(key))
    else:
        (home.root / key).unlink(missing_ok=True)


def _memory(home: Home, table: str, prov: str) -> Path:
    return home.work / "derived" / f"{table}-{prov}.json"
