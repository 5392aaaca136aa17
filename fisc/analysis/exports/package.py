"""A selection as files: an Excel workbook, or a folder of CSV with a ``datapackage.json`` whose fields have fiscal types."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from fisc.analysis.asking import views
from fisc.analysis.exports.answers import as_csv
from fisc.analysis.exports.selecting import Selected
from fisc.analysis.exports.workbook import Sheet, write_workbook
from fisc.schemas.contract import MODELS, arrow_schema
from fisc.warehouse.datapackage import field_type

TAXONOMY = "https://frictionlessdata.io/taxonomies/fiscal/budgets.json"
HIDDEN = ("budget_line",)
"""Tables that a workbook leaves out, as its sheets hold their figures."""


def write_selection(selected: Selected, target: Path) -> list[Path]:
    """Write an ``.xlsx`` workbook, or a data package into a folder; returns the files."""
    if target.suffix.lower() == ".xlsx":
        write_workbook([_sheet(name, selected) for name in selected.tables if name not in HIDDEN], target)
        return [target]
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, rows in selected.tables.items():
        written.append(target / f"{name}.csv")
        written[-1].write_text(as_csv(rows), encoding="utf-8", newline="")
    written.append(target / "datapackage.json")
    text = json.dumps(_package(selected), ensure_ascii=False, indent=2) + "\n"
    written[-1].write_text(text, encoding="utf-8")
    return written


def _sheet(name: str, selected: Selected) -> Sheet:
    """A table under the name of its printed form, with Chinese heads, its pages leading to the file on the portal."""
    rows = selected.tables[name].to_pylist()
    words = {field.name: field.metadata[b"zh"].decode() for field in arrow_schema(name)}
    links = {
        (number, "page"): f"{selected.urls[row['document_id']]}#page={row['page']}"
        for number, row in enumerate(rows)
        if row.get("page") and row["document_id"] in selected.urls
    }
    title = str(MODELS[name].to_schema().title).split(" / ")[0]
    safe = "".join(char for char in title if char not in "[]:*?/\\")
    heads = {column: f"{zh} {column}" for column, zh in words.items()}
    return Sheet(safe, list(words), rows, heads, links=links)


def _package(selected: Selected) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "fisc-selection",
        "title": "部门预算与部门决算公开（选取） / Disclosed budgets and final accounts, a selection",
        "taxonomies": [TAXONOMY],
        "resources": [_resource(name, rows) for name, rows in selected.tables.items()],
    }


def _resource(name: str, rows: pa.Table) -> dict[str, Any]:
    declared = arrow_schema(name) if name in MODELS else None
    words = (
        {} if declared is None else {key.decode(): value.decode() for key, value in declared.metadata.items()}
    )
    view = views().get(name)
    return {
        "name": name.replace("_", "-"),
        "path": f"{name}.csv",
        "title": view.zh if view else words["title"],
        "description": view.en
        if view
        else " ".join((words["description"], words.get("adding_en", ""))).strip(),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": [_field(name, field, declared) for field in rows.schema], "missingValues": [""]},
    }


def _field(table: str, field: pa.Field, declared: pa.Schema | None) -> dict[str, Any]:
    words = {}
    if declared is not None:
        words = {key.decode(): value.decode() for key, value in declared.field(field.name).metadata.items()}
    said = {
        "name": field.name,
        "type": field_type(field.type),
        "title": words.get("zh"),
        "description": words.get("en"),
    }
    said |= {
        "columnType": column_type(table, field.name),
        "unit": words.get("unit"),
        "warning": words.get("warning"),
    }
    said |= {"trueValues": ["True"], "falseValues": ["False"]} if said["type"] == "boolean" else {}
    return {key: value for key, value in said.items() if value}


def column_type(table: str, column: str) -> str | None:
    """The type of a column in the Fiscal Data Package's taxonomy; None where it has none."""
    if _taxonomy()["value"].get(table) == column:
        return "value"
    kind: str | None = _taxonomy()["columns"].get(column)
    return kind


@cache
def _taxonomy() -> dict[str, dict[str, str]]:
    text = files("fisc.analysis.exports").joinpath("fiscal.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
