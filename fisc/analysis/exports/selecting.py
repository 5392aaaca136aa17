"""What is handed on: the rows of some documents, table by table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fisc.errors import FiscError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


class NothingSelected(FiscError):
    """No published document fits."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents: by beginning of an id or words of a department, by region, year, stage, level; None: all."""

    words: str | None = None
    region: str | None = None
    year: int | None = None
    stage: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Selected:
    """The tables with rows, in the order in which they are listed, and the address of each document."""

    tables: dict[str, pa.Table]
    urls: dict[str, str] = field(default_factory=dict)


def select(connection: duckdb.DuckDBPyConnection, wanted: Selection) -> Selected:
    """The rows of the documents that fit. Raises :class:`NothingSelected`."""
    from fisc.schemas.contract import MODELS

    where, values = _conditions(wanted)
    found = connection.execute(f"SELECT document_id, url FROM document WHERE {where}", values).fetchall()
    if not found:
        if wanted == Selection():
            raise NothingSelected("Nothing is published yet; start with fisc harvest.")
        raise NothingSelected(f"No published document fits {_asked(wanted)}; fisc status says what there is.")
    ids = [document_id for document_id, _ in found]
    tables = {}
    for name in (*MODELS, "budget_line"):
        query = f'SELECT * FROM "{name}" WHERE document_id IN (SELECT unnest(?)) ORDER BY department, document_id, row'
        rows: pa.Table = connection.sql(query, params=[ids]).to_arrow_table()
        if rows.num_rows:
            tables[name] = rows.drop_columns(
                [key for key in ("year", "kind", "prov") if key in rows.column_names]
            )
    return Selected(tables, {document_id: url for document_id, url in found if url})


def _conditions(wanted: Selection) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    if wanted.words:
        parts.append("(starts_with(document_id, ?) OR contains(department, ?))")
        values += [wanted.words.lower(), wanted.words]
    if wanted.region:
        parts.append("(starts_with(region_code, ?) OR contains(region, ?))")
        values += [wanted.region, wanted.region]
    for name, value in (("fiscal_year", wanted.year), ("stage", wanted.stage), ("level", wanted.level)):
        if value is not None:
            parts.append(f"{name} = ?")
            values.append(value)
    return " AND ".join(parts) or "true", values


def _asked(wanted: Selection) -> str:
    said = (wanted.words, wanted.region, wanted.year, wanted.stage, wanted.level)
    return ", ".join(str(each) for each in said if each is not None)
