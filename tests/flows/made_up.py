"""A reader of made-up documents: ``expenditure 教育局 2025 budget 12.50`` is a document with one amount.

``broken …`` cannot be read; anything else raises something that a reader should not raise.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fisc.errors import DocumentError
from fisc.extractors.document import Extracted, Hints, Identity
from fisc.flows.reading import Job, Read, read_with
from fisc.schemas.contract import arrow_schema


def content(department: str, amount: str, year: int = 2025) -> bytes:
    return f"expenditure {department} {year} budget {amount}".encode()


def extract(file: bytes, hints: Hints) -> Extracted:
    kind, department, year, stage, amount = file.decode().split()
    if kind == "broken":
        raise DocumentError("encrypted", f"{hints.file_name} is encrypted; ask for an open copy.")
    sha256 = hashlib.sha256(file).hexdigest()
    identity = Identity("130302", "河北省秦皇岛市海港区", department, "department", int(year), stage)
    common = {
        "document_id": sha256[:16], "region_code": identity.region_code, "region": identity.region,
        "department": department, "level": "department", "fiscal_year": int(year), "stage": stage, "row": 1, "page": 1,
    }  # fmt: skip
    document = {
        "sha256": sha256, "url": hints.url, "source": hints.source, "file_name": hints.file_name,
        "title": hints.title, "published_on": hints.published_on, "fetched_at": hints.fetched_at, "pages": 1,
        "scanned_pages": 0, "extractor_version": "1", "numbers": 1, "numbers_accounted": 1, "cells": 1,
        "cells_proven": 0, "cells_refuted": 0, "findings": 0, "errors": 0,
    }  # fmt: skip
    line = {"function_name": "合计", "total": Decimal(amount), "is_total": True}
    return Extracted(
        sha256[:16], identity,
        {"document": _table("document", common | document), "expenditure": _table("expenditure", common | line)},
    )  # fmt: skip


def read(job: Job) -> Read:
    return read_with(extract, job)


class Here:
    """An isolation that isolates nothing: the work is done at once in this process."""

    def submit(self, function: Any, job: Any, name: str) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(job))
        except DocumentError as error:
            future.set_exception(error)
        return future


def _table(name: str, row: dict[str, Any]) -> pa.Table:
    schema = arrow_schema(name)
    return pa.Table.from_pylist([{field: row.get(field) for field in schema.names}], schema=schema)
