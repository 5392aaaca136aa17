"""A department of the sample city over two years, published, with figures changed as a test says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fisc.analysis.comparing.run import Compared, compare_all
from fisc.extractors.document import extract
from fisc.schemas.identity import Hints
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Disclosure, Ledger, Link
from fisc.warehouse.publish import publish
from fisc.warehouse.read import scan
from fisc.warehouse.stage import stage
from samples import demo

Tables = dict[str, pa.Table]
URL = "http://portal.invalid/"


@cache
def read(department: str = "306") -> Mapping[tuple[int, str], Tables]:
    """Budgets of two years and the final accounts of the years before them, by year and stage."""
    found = {}
    for posting in demo.postings(departments=(department,), years=(2024, 2025)):
        hints = Hints(title=posting.title, source="sample", published_on=posting.posted_on)
        tables = dict(extract(posting.content, hints).tables)
        (document,) = tables["document"].to_pylist()
        found[document["fiscal_year"], document["stage"]] = tables
    return found


def named(tables: Tables, **common: Any) -> Tables:
    """The same tables as another document: its id from what changed, columns that every row carries as given."""
    (document,) = tables["document"].to_pylist()
    identity = hashlib.sha256(repr((document["document_id"], sorted(common.items()))).encode()).hexdigest()
    return {
        name: _with(table, {"document_id": identity[:16], "sha256": identity, **common})
        for name, table in tables.items()
    }


def _with(table: pa.Table, values: Mapping[str, Any]) -> pa.Table:
    for name, value in values.items():
        if name in table.schema.names:
            at = table.schema.get_field_index(name)
            field = table.schema.field(at)
            table = table.set_column(at, field, pa.repeat(pa.scalar(value, field.type), table.num_rows))
    return table


def changed(
    tables: Tables, table: str, column: str, which: Callable[[Mapping[str, Any]], bool], by: Decimal
) -> Tables:
    """The same tables with one figure moved by so much, in its table and in ``cell``."""
    rows = tables[table].to_pylist()
    (at,) = (row["row"] for row in rows if which(row))
    for row in rows:
        if row["row"] == at:
            row[column] += by
    cells = tables["cell"].to_pylist()
    for cell in cells:
        if (cell["table"], cell["column"], cell["row"]) == (table, column, at):
            cell["value"] += by
    new = {
        table: pa.Table.from_pylist(rows, schema=tables[table].schema),
        "cell": pa.Table.from_pylist(cells, schema=tables["cell"].schema),
    }
    return {**tables, **new}


def put(home: Home, ledger: Ledger, tables: Tables, url: str | None = None) -> str:
    """Let a document arrive under an address of its own, or under one given; it is published by :func:`settle`."""
    (document,) = tables["document"].to_pylist()
    address = URL + (url or document["document_id"])
    ledger.discovered(Link(address, "sample", title=document["title"]))
    # The archive names a file by its bytes; here the bytes stand for the tables.
    sha256 = archive.put(home, document["sha256"].encode())
    document_id = ledger.fetched(address, sha256)
    words = ("region_code", "department", "level", "fiscal_year", "stage")
    ledger.extracted(document_id, Disclosure(**{word: document[word] for word in words}), "1")
    stage(
        home,
        document_id,
        {name: _with(table, {"document_id": document_id}) for name, table in tables.items()},
    )
    ledger.validated(document_id)
    return document_id


def settle(home: Home, ledger: Ledger) -> Compared:
    """Publish what arrived and compare."""
    publish(home, ledger)
    return compare_all(home)


@contextmanager
def opened(root: Path) -> Iterator[tuple[Home, Ledger]]:
    home = Home(root).create()
    with Ledger.open(home) as ledger:
        yield home, ledger


def compared(home: Home, rule: str, outcome: str | None = None) -> list[dict[str, Any]]:
    """The rows of a rule, in their order."""
    frame = scan(home, "comparison").collect().sort("document_id", "row").to_dicts()
    return [row for row in frame if row["rule"] == rule and outcome in (None, row["outcome"])]


def total(tables: Tables, table: str, column: str = "total") -> Decimal:
    """The figure of the 合计 line."""
    whole = tables[table].filter(pc.field("is_total"))
    return Decimal(whole.column(column)[0].as_py())
