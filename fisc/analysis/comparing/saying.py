"""The sentences of comparisons: Chinese, then English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from fisc.analysis.comparing.rules import rules

NO_OTHER = (
    "未找到可对照的公开文件，未作核对。",
    "The document to compare with is not among those published, so this was not checked.",
)


def messages(rows: pl.DataFrame) -> Iterator[str | None]:
    """A sentence a row; nothing where it passed."""
    wanted = [
        "rule", "outcome", "label", "value", "other_value", "difference", "ratio", "fiscal_year", "other_fiscal_year",
    ]  # fmt: skip
    for row in rows.select(wanted).iter_rows(named=True):
        if row["outcome"] == "fail":
            yield _failure(row)
        else:
            yield " ".join(NO_OTHER) if row["outcome"] == "not_run" else None


def _failure(row: Mapping[str, Any]) -> str:
    rule = rules()[row["rule"]]
    words = {
        "label": row["label"],
        "value": _figure(row["value"]),
        "other_value": _figure(row["other_value"]),
        "difference": _figure(row["difference"]),
        "ratio": _figure(row["ratio"]),
        "year": row["fiscal_year"],
        "other_year": row["other_fiscal_year"],
    }
    return f"{rule.zh.format(**words)} {rule.en.format(**words)}"


def _figure(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"
