"""Made-up documents for the tests of the warehouse, in a few words each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from fisc.schemas.contract import arrow_schema
from fisc.warehouse import archive
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Disclosure, Ledger, Link
from fisc.warehouse.stage import stage

URL = "http://portal.invalid/"


def disclosure(department: str = "财政局", **other: Any) -> Disclosure:
    said = {"region_code": "130302", "level": "department", "fiscal_year": 2025, "stage": "budget"}
    return Disclosure(department=department, **{**said, **other})


def rows(table: str, document_id: str, of: Disclosure, count: int, /, **values: Any) -> pa.Table:
    """``count`` rows of a table, the same for the same arguments."""
    common = {
        "document_id": document_id,
        "region_code": of.region_code,
        "region": "秦皇岛市海港区",
        "department": of.department,
        "level": of.level,
        "fiscal_year": of.fiscal_year,
        "stage": of.stage,
        "page": 1,
    }
    lines = [{**common, "row": number, **values} for number in range(1, count + 1)]
    return pa.Table.from_pylist(lines, schema=arrow_schema(table))


def tables(document_id: str, of: Disclosure, *, count: int = 3, amount: str = "10.00") -> dict[str, pa.Table]:
    total = Decimal(amount)
    return {
        "expenditure": rows("expenditure", document_id, of, count, total=total, is_total=False),
        "glossary": rows("glossary", document_id, of, 1, term="部门预算", definition=f"{amount}元"),
        "fixed_asset": rows("fixed_asset", document_id, of, 0),
    }


def arrive(
    home: Home, ledger: Ledger, url: str, content: str, of: Disclosure | None = None, **how: Any
) -> str:
    """A link gives a text; it is archived, extracted, staged and valid. Returns the document_id."""
    of = of or disclosure()
    document_id = fetch(home, ledger, url, content)
    ledger.extracted(document_id, of, "1")
    restage(home, ledger, document_id, tables(document_id, of, **how))
    return document_id


def fetch(home: Home, ledger: Ledger, url: str, content: str, source: str = "haigang") -> str:
    ledger.discovered(Link(URL + url, source, title=f"{url}公开"))
    return ledger.fetched(URL + url, archive.put(home, content.encode()))


def restage(home: Home, ledger: Ledger, document_id: str, staged: Mapping[str, pa.Table]) -> None:
    stage(home, document_id, staged)
    ledger.validated(document_id)


def bytes_below(root: Path) -> dict[str, str]:
    """Every file below the data root and the hash of its bytes."""
    files = sorted(file for file in root.rglob("*") if file.is_file())
    return {str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@contextmanager
def opened(root: Path) -> Iterator[tuple[Home, Ledger]]:
    home = Home(root).create()
    with Ledger.open(home) as ledger:
        yield home, ledger
