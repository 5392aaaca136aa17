"""A published warehouse, local or on S3, as polars and Arrow frames: the rows that one means, with filters pushed down.

``open_warehouse("data")`` or ``open_warehouse("s3://bucket/warehouse")`` (credentials and region as pyarrow finds them; another
server than Amazon's as ``?endpoint_override=…&scheme=http``). For everything else there is SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.fs as pafs

from fisc.errors import FiscError
from fisc.schemas.contract import MODELS, arrow_schema
from fisc.schemas.reading import adding
from fisc.warehouse.read import FILES, KEYS, scan, with_keys

Rows = Literal["all", "leaves", "totals"]
OWN = ("document_id", "department", "level")
DISCLOSURE = ("region_code", "department", "level", "fiscal_year", "stage")
WHOLES = ("total", "grand_total", "official_vehicles")


class ReadingError(FiscError):
    """A place that holds no warehouse, a table that does not exist, or rows that a table does not tell apart."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A data root: a folder, or a place on another file system."""

    root: str
    remote: Any = field(default=None, repr=False)

    def frame(
        self,
        table: str,
        *,
        rows: Rows = "all",
        year: int | None = None,
        stage: str | None = None,
        region: str | None = None,
        department: str | None = None,
        level: str | None = None,
        as_of: date | None = None,
        latest: bool = False,
    ) -> pl.LazyFrame:
        """A table as a polars LazyFrame; collect it when the conditions of your own are added.

        ``rows``: ``leaves`` can be added up, ``totals`` repeat their sums. ``region`` is a code or its beginning.
        ``as_of`` leaves out what the portal dates later, or not at all; files that were replaced since are not in the tables.
        ``latest``: where a disclosure was published in several files, those of the newest one that has this table.
        """
        frame = self._scan(table, year, stage, region)
        for column, value in (("department", department), ("level", level)):
            if value is not None:
                frame = frame.filter(pl.col(column) == value)
        if as_of is not None:
            published = self._scan("document", year, stage, region).filter(pl.col("published_on") <= as_of)
            frame = frame.join(published.select("document_id").unique(), on="document_id", how="semi")
        if latest:
            frame = frame.join(
                self._newest(frame, year, stage, region),
                on=("document_id", "department", "level"),
                how="semi",
            )
        if rows != "all":
            frame = _leaves(table, frame) if rows == "leaves" else _totals(table, frame)
        return frame.drop(KEYS)

    def arrow(self, table: str, **wanted: Any) -> pa.Table:
        """The same as an Arrow table with the declared types, labels and units."""
        schema = arrow_schema(table)
        fields = pa.schema([each.with_nullable(True) for each in schema], metadata=schema.metadata)
        return self.frame(table, **wanted).collect().to_arrow().cast(fields)

    def tables(self) -> list[str]:
        """The tables that have rows."""
        return [name for name in MODELS if self._files(name)]

    def _scan(self, table: str, year: int | None, stage: str | None, region: str | None) -> pl.LazyFrame:
        if table not in MODELS:
            raise ReadingError(f"There is no table {table}; there are {', '.join(MODELS)}.")
        frame = scan(Path(self.root), table) if self.remote is None else self._remote(table)
        conditions = {"year": year, "kind": stage, "prov": region[:2] if region else None}
        for key, value in conditions.items():  # the keys of the path: other files are not opened
            if value is not None:
                frame = frame.filter(pl.col(key) == value)
        if region:
            frame = frame.filter(pl.col("region_code").str.starts_with(region))
        return frame

    def _remote(self, table: str) -> pl.LazyFrame:
        schema = with_keys(table)
        files = self._files(table)
        if not files:
            return pl.from_arrow(schema.empty_table()).lazy()  # type: ignore[union-attr]
        keys = pa.schema([schema.field(key) for key in KEYS])
        source = pads.dataset(
            files, schema=schema, format="parquet", filesystem=self.remote, partitioning=pads.partitioning(keys, flavor="hive")
        )  # fmt: skip
        return pl.scan_pyarrow_dataset(source)

    def _files(self, table: str) -> list[str]:
        if self.remote is None:
            return [str(file) for file in sorted((Path(self.root) / table).glob(FILES))]
        below = pafs.FileSelector(f"{self.root}/{table}", recursive=True, allow_not_found=True)
        found = (each.path for each in self.remote.get_file_info(below) if each.is_file)
        return sorted(path for path in found if path.endswith("/part.parquet"))

    def _newest(self, frame: pl.LazyFrame, *where: Any) -> pl.LazyFrame:
        """The file of each disclosure, of those that have rows here, that was published last."""
        days = self._scan("document", *where).select("document_id", "published_on").unique("document_id")
        files = (
            frame.select(*OWN, "region_code", "fiscal_year", "stage")
            .unique()
            .join(days, on="document_id", how="left")
        )
        ordered = files.sort("published_on", "document_id", nulls_last=False)
        return ordered.unique(DISCLOSURE, keep="last", maintain_order=True).select(OWN)


def open_warehouse(where: str | Path = "data") -> Warehouse:
    """A warehouse by its home, its data root, or an address of pyarrow's file systems (``s3://bucket/warehouse``).

    Raises :class:`ReadingError` where there is none.
    """
    if "://" in str(where):
        try:
            remote, root = pafs.FileSystem.from_uri(str(where))
            found = remote.get_file_info(f"{root}/datapackage.json").is_file
        except (pa.ArrowException, OSError) as error:
            raise ReadingError(f"{where} cannot be opened: {' '.join(str(error).split())[:300]}") from error
        if not found:
            raise ReadingError(f"{where} holds no warehouse: it has no datapackage.json.")
        return Warehouse(root.rstrip("/"), remote)
    folder = Path(where).expanduser()
    for root in (folder / "warehouse", folder):
        if (root / "datapackage.json").is_file():
            return Warehouse(str(root))
    raise ReadingError(
        f"{folder} holds no warehouse: it has no datapackage.json; run fisc harvest, or name another folder."
    )


def _totals(table: str, frame: pl.LazyFrame) -> pl.LazyFrame:
    """The rows that repeat the sum of others."""
    if "is_total" not in arrow_schema(table).names:
        raise ReadingError(f"The rows of {table} are not told apart into parts and totals; take rows='all'.")
    return frame.filter(pl.col("is_total"))


def _leaves(table: str, frame: pl.LazyFrame) -> pl.LazyFrame:
    """The rows that can be added up: no totals, of codes the lowest ones printed, of lines a unit beside lines of the
    whole those of the whole."""
    names = arrow_schema(table).names
    code = next(
        (name for name in ("function_code", "economic_code") if name in names and "side" not in names), None
    )
    if "is_total" not in names:
        if adding(table):
            raise ReadingError(
                f"The rows of {table} are not told apart into parts and totals; take rows='all'."
            )
        return frame
    frame = frame.filter(~pl.col("is_total"))
    if table == "three_public":
        split = (
            frame.filter(pl.col("item").is_in(["vehicle_purchase", "vehicle_operation"]))
            .select(*OWN, "measure")
            .unique()
        )
        parts = frame.filter(
            ~pl.col("item").is_in(WHOLES) & ~pl.col("item").str.starts_with("overseas_travel_")
        )
        whole = frame.filter(pl.col("item") == "official_vehicles").join(
            split, on=(*OWN, "measure"), how="anti"
        )
        return pl.concat([parts, whole])
    if code is None:
        return frame
    frame = frame.filter(pl.col(code).is_not_null()).with_columns(
        unit=pl.coalesce("unit_code", "unit_name", pl.lit("")) if "unit_code" in names else pl.lit("")
    )
    frame = frame.filter((pl.col("unit") == "") | (pl.col("unit") == "").any().over(OWN).not_())
    keys = [*OWN, "unit"]
    above = [
        frame.filter(pl.col(code).str.len_chars() > digits).select(*keys, pl.col(code).str.slice(0, digits))
        for digits in (3, 5)
    ]
    return frame.join(pl.concat(above).unique(), on=[*keys, code], how="anti").drop("unit")
