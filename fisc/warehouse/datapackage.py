"""``datapackage.json`` beside the tables: labels and units survive in Arrow only, here they are for everybody."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from fisc.schemas.contract import MODELS, arrow_schema
from fisc.warehouse.home import Home
from fisc.warehouse.read import FILES
from fisc.warehouse.store import store

KEY = "warehouse/datapackage.json"

TYPES = (
    (pa.types.is_string, "string"),
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "integer"),
    (pa.types.is_decimal, "number"),
    (pa.types.is_floating, "number"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "datetime"),
)


def write_datapackage(home: Home) -> None:
    """Write the declarations of all tables as a Frictionless data package.

    It follows from the declarations alone; where it stands already, nothing is written.
    """
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "fisc",
        "title": "部门预算与部门决算公开 / Disclosed budgets and final accounts of government departments",
        "description": "Amounts are yuan with two decimals. Rows with is_total repeat the sum of other rows. "
        "The keys year, kind and prov of a path repeat fiscal_year, stage and the first digits of region_code.",
        "resources": [_resource(table) for table in MODELS],
    }
    content = (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()
    if not store(home).holds(KEY, content):
        store(home).write(KEY, content)


def _resource(table: str) -> dict[str, Any]:
    schema = arrow_schema(table)
    words = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
    fields = [_field(field) for field in schema]
    key = ["document_id"] if table == "document" else ["document_id", "row"]
    of_document = {
        "fields": ["document_id"],
        "reference": {"resource": "document", "fields": ["document_id"]},
    }
    foreign = {} if table == "document" else {"foreignKeys": [of_document]}
    return {
        "name": table,
        "title": words.get("title", ""),
        "description": " ".join(filter(None, (words.get("description"), words.get("adding_en")))),
        "path": f"{table}/{FILES}",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": {"fields": fields, "primaryKey": key, **foreign},
    }


def _field(field: pa.Field) -> dict[str, Any]:
    words = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
    described = {
        "name": field.name,
        "type": field_type(field.type),
        "arrowType": str(field.type),
        "title": words.get("zh", ""),
        "description": words.get("en", ""),
    }
    more = {name: words[name] for name in ("unit", "example", "warning") if name in words}
    return described | more | ({} if field.nullable else {"constraints": {"required": True}})


def field_type(kind: pa.DataType) -> str:
    """The Frictionless type of an Arrow type."""
    return next(name for is_type, name in TYPES if is_type(kind))
