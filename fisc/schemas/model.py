"""What every table declares: one pandera model a table, with the words a reader needs beside each column."""

from __future__ import annotations

from typing import Annotated, Any

import pandera.polars as pa
import polars as pl

Yuan = Annotated[pl.Decimal, 18, 2]
"""An amount in yuan; ``decimal128(18, 2)`` in Arrow."""

Number = Annotated[pl.Decimal, 20, 4]
"""A figure that may be an amount in yuan, a count, a percentage or a difference of such."""


def field(zh: str, en: str, *, unit: str | None = None, null: bool = True, **checks: Any) -> Any:
    """A column with its Chinese label, its English meaning and, for figures, its unit."""
    words = {"zh": zh, "en": en} | ({"unit": unit} if unit else {})
    return pa.Field(nullable=null, metadata=words, **checks)


def amount(zh: str, en: str) -> Any:
    """A column of amounts in yuan; null where the document prints a blank."""
    return field(zh, en, unit="CNY")


def is_total() -> Any:
    """Marks 合计, 总计 and the like, so that nobody adds them to their parts."""
    return field("是否合计", "row repeats the sum of other rows; leave it out of sums", null=False)


class Model(pa.DataFrameModel):
    """The columns that every published table carries."""

    document_id: str = field(
        "文件编号", "first 16 hex digits of the file's SHA-256", null=False, str_matches=r"^[0-9a-f]{16}$"
    )
    region_code: str = field("行政区划代码", "GB/T 2260 code, 6 digits", str_matches=r"^\d{6}$")
    region: str = field("行政区划", "full administrative name")
    department: str = field("部门（单位）", "department or unit as printed, without its number", null=False)
    level: str = field(
        "层级", "department (部门) or unit (单位); never add the two", null=False, isin=["department", "unit"]
    )
    fiscal_year: pl.Int16 = field(
        "年度", "fiscal year", null=False, in_range={"min_value": 1990, "max_value": 2100}
    )
    stage: str = field(
        "阶段", "budget (预算) or final_accounts (决算)", null=False, isin=["budget", "final_accounts"]
    )
    row: pl.Int32 = field("行号", "printed order, from 1", null=False, ge=1)
    page: pl.Int32 = field("页码", "page of the file, from 1", ge=1)

    class Config:
        strict = True
        ordered = True


COMMON = (
    "document_id",
    "region_code",
    "region",
    "department",
    "level",
    "fiscal_year",
    "stage",
    "row",
    "page",
)
"""The names of the columns of :class:`Model`, in order."""
