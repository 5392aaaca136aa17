"""The row that numbers the columns, also where a recogniser saw dirt in it."""

from __future__ import annotations

import pytest

from fisc.extractors.grids import GridCell
from fisc.extractors.page import Word
from fisc.extractors.tables.headers import header_of
from fisc.extractors.tables.printed import TableCell
from fisc.schemas.forms import forms

LAYOUT = next(form for form in forms() if form.table == "general_public_budget").layouts[0]
HEAD = ("科目名称", "合计", "基本支出", "项目支出")


def row(number: int, texts: tuple[str, ...], method: str = "text") -> list[TableCell | None]:
    box = (0.0, 0.0, 1.0, 1.0)
    return [
        TableCell(
            number, j, 1, 1, text, 1, GridCell(number, j, 1, 1, text, box, (Word(text, *box, method=method),))
        )
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


@pytest.mark.parametrize(
    ("second", "height"),
    [
        (("1", "2", "|", "4", "5"), 2),
        (("1", "2", "4", "5", "6", "7"), 2),
        (("栏饮", "1", "2", "3", "4"), 2),
        (("2", "3", "4", "S", "6"), 2),
        (("1", "2", "3", "5", "6"), 2),
        (("1", "2", "9", "4", "5"), 2),
        (("3", "1", "2", "2", "0"), 1),
        (("1", "2", "|", "l", "5"), 1),
        (("1", "2", "4"), 1),
        (("1", "2", "3.00", "4", "5"), 1),
        (("201", "2", "3", "4", "5"), 1),
    ],
)
def test_a_recognised_row_that_mostly_numbers_the_columns_is_no_data(
    second: tuple[str, ...], height: int
) -> None:
    head = ("科目编码", "科目名称", "合计", "基本支出", "项目支出", "备注")[: len(second)]
    assert header_of(LAYOUT, [row(0, head, "ocr"), row(1, second, "ocr")]).height == height
