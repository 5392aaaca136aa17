"""An answer as a file: the ending of its name says in what form."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fisc.errors import FiscError

if TYPE_CHECKING:
    import pyarrow as pa

FORMS = (".csv", ".json", ".parquet", ".xlsx")


class UnknownForm(FiscError):
    """A file name whose ending says no form that fisc writes."""

    def __init__(self, target: Path) -> None:
        super().__init__(
            f"{target.name} does not say in what form to write it; end it in {', '.join(FORMS)}."
        )


def write_answer(answer: pa.Table, target: Path) -> None:
    """Write a table to a file; text that begins with = stays text. Raises :class:`UnknownForm`."""
    if target.suffix.lower() not in FORMS:
        raise UnknownForm(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    match target.suffix.lower():
        case ".csv":
            # Excel takes a file for UTF-8 only with the mark.
            target.write_text("\ufeff" + as_csv(answer), encoding="utf-8", newline="")
        case ".json":
            target.write_text(as_json(answer) + "\n", encoding="utf-8")
        case ".parquet":
            import pyarrow.parquet as pq

            pq.write_table(answer, target, compression="zstd", store_decimal_as_integer=True)
        case _:
            from fisc.analysis.exports.workbook import Sheet, write_workbook

            write_workbook([Sheet("fisc", answer.column_names, answer.to_pylist())], target)


def as_csv(answer: pa.Table) -> str:
    """Comma-separated values with a head line; amounts with their two decimals, blank for null."""
    import csv
    import io

    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(answer.column_names)
    writer.writerows(zip(*(column.to_pylist() for column in answer.columns), strict=True))
    return sink.getvalue()


def as_json(answer: pa.Table) -> str:
    """A list of objects; amounts are numbers, days and moments ISO 8601."""
    return json.dumps(answer.to_pylist(), ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
