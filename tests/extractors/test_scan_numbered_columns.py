"""The row that numbers the columns, also where a recogniser saw dirt in it."""

from __future__ import annotations

import pytest

from fisc.extractors.grids import GridCell
from fisc.extractors.tables.headers import header_of
from fisc.extractors.tables.printed import TableCell
from fisc.schemas.forms import forms

LAYOUT = next(form for form in forms() if form.table == "general_public_budget").layouts[0]
HEAD = ("科目名称", "合计", "基本支出", "项目支出")


def row(number: int, texts: tuple[str, ...]) -> list[TableCell | None]:
    box = (0.0, 0.0, 1.0, 1.0)
    return [
        TableCell(number, j, 1, 1, text, 1, GridCell(number, j, 1, 1, text, box))
        for j, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("second", "height"),
    [
        (("栏次", "1", "2", "3"), 2),
        ((":._栏次", "1", "2", "3"), 2),
        (("栏次.", "'1", "2,", "3"), 2),
        (("栏次", "1", "2", "|"), 2),
        (("栏次", "1", "2", "3.50"), 1),
        (("公安", "1", "2", "3,"), 1),
        (("合计", "1.00", "2.00", "3.00"), 1),
    ],
)
def test_dirt_makes_no_data_of_the_numbers_of_columns(second: tuple[str, ...], height: int) -> None:
    assert header_of(LAYOUT, [row(0, HEAD), row(1, second)]).height == height
