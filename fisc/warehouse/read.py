"""The published tables as polars, Arrow and DuckDB see them.

Every table has its declared columns, whether or not anything was published, and then ``year``, ``kind`` and
``prov``, the keys of the path: conditions on these leave whole files unread. A polars frame or an Arrow dataset
that is held open while documents are published may fail to read a file that was replaced; open it again.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from fisc.warehouse.home import Home
from fisc.warehouse.store import filesystem

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
        storage_options=_options(where),
        schema=schema,
        hive_partitioning=True,
        hive_schema=keys,
        missing_columns="insert",
        extra_columns="ignore",
    )


def findings_of(where: Home | Path) -> pl.LazyFrame:
    """Everything that failed: within documents (``finding``) and between them (``comparison``), in the columns of
    ``finding``. A failure between documents counts its ``row`` in ``comparison``; its ``where`` is the table compared."""
    import polars as pl

    inside, between = scan(where, "finding"), scan(where, "comparison")
    failed = between.filter(pl.col("outcome") == "fail").with_columns(
        where="table",
        expected="other_value",
        actual="value",
    )
    shared = [name for name in inside.collect_schema().names() if name in failed.collect_schema().names()]
    return pl.concat([inside, failed.select(shared)], how="diagonal")


def dataset(where: Home | Path, table: str) -> pads.Dataset:
    """A table as a pyarrow dataset; ``where`` is the home or the data root."""
    import pyarrow as pa
    import pyarrow.dataset as pads

    schema = with_keys(table)
    keys = pa.schema([schema.field(key) for key in KEYS])
    files = _files(where, table)
    if not files:
        return pads.dataset(schema.empty_table())
    return pads.dataset(
        files,
        schema=schema,
        format="parquet",
        filesystem=filesystem() if _in_a_bucket(where) else None,
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


def connect(
    where: Home | Path, tables: Iterable[str] | None = None, prov: str = "*"
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with every table a view, or only these, of all provinces or of one.

    ``where`` is the home or the data root. Never on the network.

    ``check`` is a word of SQL: write ``FROM "check"``.
    """
    import duckdb

    from fisc.schemas.contract import MODELS

    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    if _in_a_bucket(where):
        connection.register_filesystem(filesystem())
    connection.execute("CREATE SCHEMA declared")
    for table in MODELS if tables is None else tables:
        _create_view(connection, where, table, prov)
    return connection


def _create_view(connection: duckdb.DuckDBPyConnection, where: Home | Path, table: str, prov: str) -> None:
    connection.register("empty", with_keys(table).empty_table())
    connection.execute(f'CREATE TABLE declared."{table}" AS SELECT * FROM empty')
    connection.unregister("empty")
    view = f'CREATE VIEW "{table}" AS SELECT * FROM declared."{table}"'
    if _has_files(where, table, prov):
        files = _pattern(where, table, prov).replace("'", "''")
        keys = "{'year': INTEGER, 'kind': VARCHAR, 'prov': VARCHAR}"
        # Files written before a column was declared lack it; the empty table gives every column its type.
        view += (
            f" UNION ALL BY NAME SELECT * FROM read_parquet('{files}', "
            f"hive_partitioning = true, hive_types = {keys}, union_by_name = true)"
        )
    connection.execute(view)


def _in_a_bucket(where: Home | Path) -> bool:
    return isinstance(where, Home) and where.shared


def _pattern(where: Home | Path, table: str, prov: str = "*") -> str:
    files = FILES.replace("prov=*", f"prov={prov}")
    if isinstance(where, Home) and where.shared:
        return f"{where.tables}/{table}/{files}"
    root = where.warehouse if isinstance(where, Home) else where
    return f"{glob.escape(str(root / table))}/{files}"


def _files(where: Home | Path, table: str, prov: str = "*") -> list[str]:
    """The files of a table; in a bucket without ``s3://``, as fsspec and Arrow write them."""
    found = filesystem().glob if _in_a_bucket(where) else glob.glob
    return sorted(found(_pattern(where, table, prov)))


def _has_files(where: Home | Path, table: str, prov: str = "*") -> bool:
    return bool(_files(where, table, prov))


def _options(where: Home | Path) -> dict[str, str] | None:
    """What polars has to be told of a bucket; keys and region it finds in the environment itself."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if not _in_a_bucket(where) or not endpoint:
        return None
    return {"aws_endpoint_url": endpoint, "aws_allow_http": "true"}


def with_keys(table: str) -> pa.Schema:
    """The schema of a table with the keys of its path."""
    import pyarrow as pa

    from fisc.warehouse.fold import file_schema

    keys = (pa.int32(), pa.string(), pa.string())
    declared = file_schema(table)
    return pa.schema([*declared, *map(pa.field, KEYS, keys)], metadata=declared.metadata)
