"""The staging area: what each document last gave, one immutable file a document.

A file is a zip with one Arrow stream a table; its checksums tell damage. It is replaced whole when the document
is extracted again, and kept after publishing: the tables can be folded anew from it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

import pyarrow as pa

from fisc.errors import DocumentError
from fisc.schemas.contract import MODELS, arrow_schema
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Document
from fisc.warehouse.store import store

DOCUMENT_ID = re.compile(r"[0-9a-f]{16}")
IDENTITY = ("region_code", "department", "level", "fiscal_year", "stage")
NO_TIME = (1980, 1, 1, 0, 0, 0)
"""Zip files carry times; ours do not, so that the same tables give the same bytes."""


def stage(home: Home, document_id: str, tables: Mapping[str, pa.Table]) -> str:
    """Put a document's tables into the staging area, replacing what it staged before; returns the key."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(tables):
            archive.writestr(zipfile.ZipInfo(name, NO_TIME), _arrow_stream(tables[name]))
    key = _key(document_id)
    store(home).write(key, content.getvalue())
    return key


def staged(home: Home, document_id: str) -> dict[str, pa.Table]:
    """The tables that a document staged last, without the labels of their columns.

    Raises :class:`DocumentError` with reason ``not_staged`` or ``staged_damaged``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(store(home).read(_key(document_id)))) as archive:
            return {name: pa.ipc.open_stream(archive.read(name)).read_all() for name in archive.namelist()}
    except FileNotFoundError:
        raise DocumentError(
            "not_staged",
            f"Document {document_id} has nothing staged; run it again with fisc rerun {document_id}.",
        ) from None
    except (zipfile.BadZipFile, pa.ArrowInvalid, OSError) as error:
        raise DocumentError(
            "staged_damaged",
            f"The staged tables of document {document_id} cannot be read ({error}); "
            f"run it again with fisc rerun {document_id}.",
        ) from error


def check_staged(document: Document, tables: Mapping[str, pa.Table]) -> None:
    """See that staged tables are what the contract declares, and all of this document and its disclosure.

    Raises :class:`DocumentError` with reason ``staged_invalid``.
    """
    document_id = document.document_id
    expected = {"document_id": document_id}
    expected |= {name: getattr(document.disclosure, name) for name in IDENTITY}
    for name, table in tables.items():
        wrong = _wrong_columns(name, table) or _wrong_identity(table, expected)
        if wrong:
            raise DocumentError(
                "staged_invalid",
                f"Document {document_id} cannot be published: its table {name} {wrong}; "
                f"run it again with fisc rerun {document_id}.",
            )


def _wrong_columns(name: str, table: pa.Table) -> str | None:
    if name not in MODELS:
        return "is not declared"
    declared = arrow_schema(name)
    if table.schema.names != declared.names:
        strange = sorted(set(table.schema.names) ^ set(declared.names))
        return f"has other columns than declared ({', '.join(strange) or 'in another order'})"
    for field in declared:
        column = table.column(field.name)
        if column.type != field.type:
            return f"holds {field.name} as {column.type} where {field.type} is declared"
        if column.null_count and not field.nullable:
            return f"has rows without {field.name}"
    return None


def _wrong_identity(table: pa.Table, expected: Mapping[str, object]) -> str | None:
    for name, value in expected.items():
        found = table.column(name).unique().to_pylist()
        if found not in ([], [value]):
            return f"says {name} {', '.join(map(str, found))} where the document is of {value}"
    return None


def _arrow_stream(table: pa.Table) -> bytes:
    plain = pa.schema([field.remove_metadata() for field in table.schema])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, plain, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(pa.table(table.columns, schema=plain).combine_chunks())
    return bytes(sink.getvalue())


def _key(document_id: str) -> str:
    if not DOCUMENT_ID.fullmatch(document_id):
        raise ValueError(f"{document_id!r} is not a document_id: 16 hex digits.")
    return f"staging/{document_id[:2]}/{document_id}.zip"
