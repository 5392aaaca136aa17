"""Folding documents into one table of one partition: old rows without some documents, plus the new ones.

Rows are sorted by region, department, document and row, and written in row groups of one size, so that the file's
bytes depend on its rows alone, not on the order in which they came. Memory holds one row group and the new rows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fisc.errors import FiscError
from fisc.schemas.contract import arrow_schema

ROW_GROUP = 128 * 1024
ORDER = ("region_code", "department", "document_id", "row")

Key = tuple[str, str, str]


class PartitionError(FiscError):
    """A published file that cannot be read, so that nothing can be folded into it."""

    def __init__(self, file: Path, cause: Exception) -> None:
        super().__init__(
            f"The published file {file} cannot be read ({cause}); move it away and run its documents again "
            "with fisc rerun --year … --force."
        )
        self.file = file


def file_schema(table: str) -> pa.Schema:
    """How a table is written: as declared, but every column may be null.

    A column that is declared later is null in the rows of documents that were read before.
    """
    declared = arrow_schema(table)
    return pa.schema([field.with_nullable(True) for field in declared], metadata=declared.metadata)


def holds(file: Path, documents: Collection[str]) -> bool:
    """Whether a published file has rows of any of these documents."""
    if not documents or not file.exists():
        return False
    wanted = pa.array(sorted(documents), pa.string())
    try:
        with pq.ParquetFile(file) as parquet:
            ids = parquet.read(["document_id"]).column(0)
    except (pa.ArrowException, OSError) as error:
        raise PartitionError(file, error) from error
    return bool(pc.any(pc.is_in(ids, wanted)).as_py())


def fold(table: str, old: Path, leaving: Collection[str], arriving: Sequence[pa.Table], target: Path) -> int:
    """Write the new file of one table and partition to ``target``; returns its rows.

    ``arriving`` holds the rows of one document each, none of which has rows in ``old`` unless it is ``leaving``.
    Writes nothing where no row is left.
    """
    schema = file_schema(table)
    kept = _kept(old, leaving, schema) if old.exists() else iter(())
    documents = [_ordered(part.cast(schema)) for part in arriving if part.num_rows]
    return _write(_row_groups(_merged(kept, documents)), schema, target)


def write_rows(table: str, rows: pa.Table, target: Path) -> None:
    """Write rows of one table and partition as :func:`fold` does: the same rows give the same bytes."""
    _write(_row_groups([_ordered(rows.cast(file_schema(table)))]), file_schema(table), target)


def _kept(file: Path, leaving: Collection[str], schema: pa.Schema) -> Iterator[pa.Table]:
    gone = pa.array(sorted(leaving), pa.string())
    try:
        with pq.ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(ROW_GROUP):
                rows = _conformed(pa.Table.from_batches([batch]), schema)
                rows = rows.filter(pc.invert(pc.is_in(rows.column("document_id"), gone)))
                if rows.num_rows:
                    yield rows
    except (pa.ArrowException, OSError) as error:
        raise PartitionError(file, error) from error


def _conformed(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = [
        rows.column(field.name).cast(field.type) if field.name in rows.schema.names
        else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]  # fmt: skip
    return pa.table(columns, schema=schema)


def _merged(kept: Iterator[pa.Table], arriving: Iterable[pa.Table]) -> Iterator[pa.Table]:
    waiting = deque(sorted(arriving, key=lambda rows: _key(rows, 0)))
    for rows in kept:
        last = _key(rows, rows.num_rows - 1)
        between = []
        while waiting and _key(waiting[0], 0) < last:
            between.append(waiting.popleft())
        yield _ordered(pa.concat_tables([rows, *between])) if between else rows
    yield from waiting


def _key(rows: pa.Table, index: int) -> Key:
    region_code, department, document_id = (rows.column(name)[index].as_py() for name in ORDER[:3])
    return region_code or "", department, document_id


def _ordered(rows: pa.Table) -> pa.Table:
    keys = rows.select(ORDER)
    keys = keys.set_column(0, ORDER[0], pc.fill_null(keys.column(0), ""))
    return rows.take(pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in ORDER]))


def _row_groups(parts: Iterable[pa.Table]) -> Iterator[pa.Table]:
    held: list[pa.Table] = []
    count = 0
    for part in parts:
        held.append(part)
        count += part.num_rows
        if count >= ROW_GROUP:
            rows = pa.concat_tables(held)
            full = count - count % ROW_GROUP
            for start in range(0, full, ROW_GROUP):
                yield rows.slice(start, ROW_GROUP).combine_chunks()
            held, count = [rows.slice(full)], count - full
    if count:
        yield pa.concat_tables(held).combine_chunks()


def _write(groups: Iterator[pa.Table], schema: pa.Schema, target: Path) -> int:
    first = next(groups, None)
    if first is None:
        return 0
    rows = 0
    with pq.ParquetWriter(
        target,
        schema,
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        store_decimal_as_integer=True,
    ) as writer:
        for group in chain((first,), groups):
            writer.write_table(group, ROW_GROUP)
            rows += group.num_rows
    return rows
