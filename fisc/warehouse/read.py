"""The published tables as polars, Arrow and DuckDB see them.

Every table has its declared columns, whether or not anything was published, and then ``year``, ``kind`` and
``prov``, the keys of the path: conditions on these leave whole files unread. A polars frame or an Arrow dataset
that is held open while documents are published may fail to read a file that was replaced; open it again.
"""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING

from fisc.warehouse.home import Home

if TYPE_CHECKING:
    import duckdb
    import polars as pl
    import pyarrow as pa
    import pyarrow.dataset as pads

FILES = "year=*/kind=*/prov=*/part.parquet"
KEYS = ("year", "kind", "prov")


def scan(where: Home | Path, table: str) -> pl.LazyFrame:
    """A table as a polars LazyFrame; ``where`` is the home or the data root."""
    import polars as pl

    from fisc.schemas.contract import polars_schema

    schema = {**polars_schema(table)}
    keys = {"year": pl.Int32(), "kind": pl.String(), "prov": pl.String()}
    if not _has_files(where, table):
        return pl.LazyFrame(schema={**schema, **keys})
    return pl.scan_parquet(
        _pattern(where, table),
        schema=schema,
        hive_partitioning=True,
        hive_schema=keys,
        missing_columns="insert",
        extra_columns="ignore",
    )


def dataset(where: Home | Path, table: str) -> pads.Dataset:
    """A table as a pyarrow dataset; ``where`` is the home or the data root."""
    import pyarrow as pa
    import pyarrow.dataset as pads

    schema = _schema(table)
    keys = pa.schema([schema.field(key) for key in KEYS])
    files = sorted(_folder(where, table).glob(FILES))
    if not files:
        return pads.dataset(schema.empty_table())
    return pads.dataset(
        [str(file) for file in files],
        schema=schema,
        format="parquet",
        partitioning=pads.partitioning(keys, flavor="hive"),
    )


def rows_of(home: Home, document_id: str, partition: str) -> dict[str, pa.Table]:
    """The published rows of one document, table by table in printed order; ``partition`` is where they stand."""
    import pyarrow.compute as pc

    from fisc.schemas.contract import MODELS

    year, kind, prov = (part.partition("=")[2] for part in partition.split("/"))
    here = (pc.field("year") == int(year)) & (pc.field("kind") == kind) & (pc.field("prov") == prov)
    wanted = here & (pc.field("document_id") == document_id)
    return {
        table: dataset(home, table).to_table(filter=wanted).drop_columns(KEYS).sort_by("row")
        for table in MODELS
    }


def connect(where: Home | Path) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with every table a view; ``where`` is the home or the data root. Never on the network.

    ``check`` is a word of SQL: write ``FROM "check"``.
    """
    import duckdb

    from fisc.schemas.contract import MODELS

    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    connection.execute("CREATE SCHEMA declared")
    for table in MODELS:
        _create_view(connection, where, table)
    return connection


def _create_view(connection: duckdb.DuckDBPyConnection, where: Home | Path, table: str) -> None:
    connection.register("empty", _schema(table).empty_table())
    connection.execute(f'CREATE TABLE declared."{table}" AS SELECT * FROM empty')
    connection.unregister("empty")
    view = f'CREATE VIEW "{table}" AS SELECT * FROM declared."{table}"'
    if _has_files(where, table):
        files = _pattern(where, table).replace("'", "''")
        keys = "{'year': INTEGER, 'kind': VARCHAR, 'prov': VARCHAR}"
        # Files written before a column was declared lack it; the empty table gives every column its type.
        view += (
            f" UNION ALL BY NAME SELECT * FROM read_parquet('{files}', "
            f"hive_partitioning = true, hive_types = {keys}, union_by_name = true)"
        )
    connection.execute(view)


def _folder(where: Home | Path, table: str) -> Path:
    return (where.warehouse if isinstance(where, Home) else where) / table


def _pattern(where: Home | Path, table: str) -> str:
    return f"{glob.escape(str(_folder(where, table)))}/{FILES}"


def _has_files(where: Home | Path, table: str) -> bool:
    return next(_folder(where, table).glob(FILES), None) is not None


def _schema(table: str) -> pa.Schema:
    import pyarrow as pa

    from fisc.warehouse.fold import file_schema

    keys = (pa.int32(), pa.string(), pa.string())
    declared = file_schema(table)
    return pa.schema([*declared, *map(pa.field, KEYS, keys)], metadata=declared.metadata)
