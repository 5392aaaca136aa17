"""Where a header ends: ends of labels that hang into a blank line belong to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fisc.extractors.grids import GridCell
from fisc.extractors.tables.headers import header_of
from fisc.extractors.tables.printed import TableCell
from fisc.schemas.forms import forms

HEAD = ["功能分类科目", "科目名称", "合计", "基本支出", "项目支出"]


def rows(*lines: list[str]) -> list[list[TableCell | None]]:
    return [
        [
            TableCell(i, j, 1, 1, text, 1, GridCell(i, j, 1, 1, text, (90.0 * j, 20.0 * i, 90.0 * j + 90, 20.0 * i + 20)))
            for j, text in enumerate(line)
        ]
        for i, line in enumerate(lines)
    ]  # fmt: skip


def heights(table: list[list[TableCell | None]]) -> set[int]:
    """Where the header of a table ends, by the list layouts of a form with codes."""
    form = next(form for form in forms() if form.table == "state_capital")
    return {header_of(layout, table).height for layout in form.layouts if layout.shape == "list"}


@pytest.mark.parametrize(
    ("below", "height"),
    [
        (["编码", "", "", "", ""], 2),  # 功能分类科目编码 is the label
        (["", "合计", "", "", ""], 1),  # a line without figures, as empty tables print it
        (["", "教育支出", "", "", ""], 1),
        (["编码", "", "1.00", "1.00", ""], 1),
    ],
)
def test_the_end_of_a_label_in_a_blank_line_is_no_row(below: list[str], height: int) -> None:
    assert heights(rows(HEAD, below)) == {height}


@pytest.mark.parametrize(
    ("below", "height"),
    [
        (["1", "2", "3", "拨款4", "5"], 2),
        (["1", "2", "3", "拨款6", "5"], 1),  # counts no columns
        (["1", "金2", "款3", "拨款4", "5"], 2),
        (["金1", "款2", "拨款3", "款4", "5"], 1),  # hardly a number by itself
    ],
)
def test_the_end_of_a_label_in_the_number_of_its_column(below: list[str], height: int) -> None:
    assert heights(rows(HEAD, below)) == {height}


@pytest.mark.parametrize(
    ("beside", "height"),
    [("（含本级）", 2), ("", 2), ("教育支出", 1), ("一、教育支出", 1), ("205", 1)],
)
def test_a_label_that_reaches_down_takes_no_line_beside_it(beside: str, height: int) -> None:
    tall = rows(HEAD, ["", beside, "", "", ""])
    for j in (0, 2, 3, 4):
        cell = tall[0][j]
        assert cell is not None
        tall[0][j] = tall[1][j] = replace(cell, rows=2)
    assert heights(tall) == {height}
