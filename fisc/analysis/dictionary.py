"""The data dictionary, from the declarations: for the terminal, for programs and as ``docs/dictionary.md``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from fisc.schemas.contract import arrow_schema
from fisc.schemas.model import COMMON

HEAD = """\
# Data dictionary 数据字典

Made from the declarations by `fisc dictionary --markdown`; the same words stand in the metadata of the Parquet files and in
`datapackage.json`. Amounts are yuan. Blank is null, a printed `0.00` is 0. **Two things never to add: levels** (a department
holds its units) **and stages** (budget and final accounts of one year). Where more would count twice, the table says so.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column in words. ``type`` is the Arrow type."""

    column: str
    zh: str
    en: str
    type: str
    unit: str | None
    nullable: bool
    example: str | None
    warning: str | None


@dataclass(frozen=True, slots=True)
class Described:
    """One table in words; ``title`` is the printed form that it comes from."""

    name: str
    title: str
    description: str
    adding_zh: str
    adding_en: str
    columns: tuple[Column, ...]


def described(table: str) -> Described:
    """A published table in the words of its schema."""
    schema = arrow_schema(table)
    words = {key.decode(): value.decode() for key, value in schema.metadata.items()}
    title, description = words.get("title", ""), words.get("description", "")
    columns = tuple(_column(field) for field in schema)
    return Described(
        table, title, description, words.get("adding_zh", ""), words.get("adding_en", ""), columns
    )


def as_markdown(tables: Sequence[Described]) -> str:
    """The dictionary as a page; the columns that all tables carry stand once."""
    parts = [
        HEAD,
        "## Columns of every table\n",
        _columns(c for c in tables[0].columns if c.column in COMMON),
    ]
    for table in tables:
        parts.append(f"## {table.name}\n\n**{table.title}** · {table.description}\n")
        if table.adding_en:
            parts.append(f"> {table.adding_zh}\n>\n> {table.adding_en}\n")
        parts.append(_columns(c for c in table.columns if c.column not in COMMON))
    return "\n".join(parts)


def _columns(columns: Iterable[Column]) -> str:
    lines = ["| column | 含义 | type | unit | meaning | example |", "|---|---|---|---|---|---|"]
    for c in columns:
        kind = c.type + ("" if c.nullable else ", never null")
        cells = (f"`{c.column}`", c.zh, kind, c.unit or "", c.en, f"`{c.example}`" if c.example else "")
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _column(field: pa.Field) -> Column:
    words = {key.decode(): value.decode() for key, value in field.metadata.items()}
    return Column(
        field.name, words["zh"], words["en"], str(field.type), words.get("unit"), field.nullable,
        words.get("example"), words.get("warning"),
    )  # fmt: skip
