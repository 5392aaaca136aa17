"""Two readings of a disclosure: every value that changed is said once, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from fisc.schemas.contract import arrow_schema
from fisc.schemas.differences import Difference, differences

COMMON = {
    "document_id": "0" * 16, "region_code": "130302", "region": "河北省秦皇岛市海港区", "department": "教育局",
    "level": "department", "fiscal_year": 2025, "stage": "budget", "page": 3, "is_total": False,
}  # fmt: skip


def tables(*rows: tuple[str, str | None], **other: Any) -> dict[str, pa.Table]:
    """An expenditure table of names and totals."""
    schema = arrow_schema("expenditure")
    full = [
        {**dict.fromkeys(schema.names), **COMMON, "row": i, "function_name": name, **other}
        | {"total": None if total is None else Decimal(total)}
        for i, (name, total) in enumerate(rows, 1)
    ]
    return {"expenditure": pa.Table.from_pylist(full, schema=schema)}


def test_the_same_reading_has_no_difference() -> None:
    assert differences(tables(("合计", "1.00")), tables(("合计", "1.00"))) == []


def test_a_value_that_changed_is_said_with_its_row_column_and_page() -> None:
    before, after = tables(("合计", "1.00"), ("教育", "1.00")), tables(("合计", "2.00"), ("教育", "1.00"))
    assert differences(before, after) == [
        Difference("expenditure", "合计", "total", Decimal("1.00"), Decimal("2.00"), 3)
    ]


def test_blank_is_not_zero() -> None:
    (found,) = differences(tables(("合计", None)), tables(("合计", "0.00")))
    assert (found.before, found.after) == (None, Decimal("0.00"))


def test_an_inserted_row_is_one_difference_and_moves_no_other() -> None:
    before = tables(("合计", "3.00"), ("教育", "1.00"), ("卫生", "2.00"))
    after = tables(("合计", "3.00"), ("文化", "0.50"), ("教育", "1.00"), ("卫生", "2.00"))
    assert differences(before, after) == [Difference("expenditure", "文化", None, None, "0.50", 3)]
    assert [d.before for d in differences(after, before)] == ["0.50"]


def test_a_name_that_changed_is_a_difference_of_its_column() -> None:
    (found,) = differences(tables(("合 计", "1.00")), tables(("合计", "1.00")))
    assert (found.column, found.before, found.after) == ("function_name", "合 计", "合计")


def test_where_a_number_stands_on_the_page_is_no_difference() -> None:
    assert differences(tables(("合计", "1.00")), tables(("合计", "1.00"), page=9)) == []


def test_a_table_that_is_gone_goes_row_by_row() -> None:
    assert [d.after for d in differences(tables(("合计", "1.00"), ("教育", "1.00")), {})] == [None, None]


ROWS = st.lists(st.tuples(st.sampled_from("合教卫文"), st.sampled_from(["1.00", "2.00", None])), max_size=6)


@given(ROWS, ROWS)
def test_no_difference_is_said_where_and_only_where_both_are_alike(
    before: list[tuple[str, str | None]], after: list[tuple[str, str | None]]
) -> None:
    assert (differences(tables(*before), tables(*after)) == []) == (before == after)
