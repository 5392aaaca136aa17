"""What lies in the published folder, in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from fisc.errors import FiscError
from fisc.warehouse.home import Home


class NotCounted(FiscError):
    """A published table whose files cannot all be read."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Documents and rows by table, amounts by proof, findings by severity, comparisons across documents by outcome."""

    documents: int
    rows: Mapping[str, int]
    proofs: Mapping[str, int]
    findings: Mapping[str, int]
    comparisons: Mapping[str, int]


def totals(home: Home) -> Totals:
    """Count what is published; reads no amounts. Raises :class:`NotCounted`."""
    from fisc.schemas.contract import MODELS

    rows = {table: count_rows(home, table) for table in MODELS}
    return Totals(
        documents=rows["document"],
        rows=rows,
        proofs=_by(home, "cell", "proof", ("proven", "refuted", "unchecked")),
        findings=_by(home, "finding", "severity", ("error", "warning", "info")),
        comparisons=_by(home, "comparison", "outcome", ("pass", "fail", "not_run")),
    )


def count_rows(home: Home, table: str) -> int:
    """Rows of a published table, as its files' footers say. Raises :class:`NotCounted`."""
    from fisc.warehouse.read import dataset

    with _readable(table):
        return int(dataset(home, table).count_rows())


def _by(home: Home, table: str, column: str, values: tuple[str, ...]) -> dict[str, int]:
    from fisc.warehouse.read import dataset

    with _readable(table):
        counted = dataset(home, table).to_table(columns=[column]).column(column).value_counts().to_pylist()
    found = {each["values"]: each["counts"] for each in counted}
    return {value: found.get(value, 0) for value in values}


@contextmanager
def _readable(table: str) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except pa.ArrowException as error:
        said = " ".join(str(error).split())[:300].rstrip(".")
        raise NotCounted(
            f"What is published in {table} cannot be counted ({said}); move the damaged file away and run "
            "fisc rerun --year Y --force with the year of its folder."
        ) from error
