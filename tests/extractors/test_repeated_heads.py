"""A header that a page repeats is no data, though a recogniser read one of its long labels otherwise."""

from __future__ import annotations

import pytest

from fisc.extractors.grids import Grid, GridCell
from fisc.extractors.page import Page
from fisc.extractors.tables.printed import printed_tables

HEAD = ("科目编码", "科目名称", "一般公共预算财政拨款", "政府性基金预算财政拨款")
ROWS = (("201", "一般公共服务支出", "12.50", ""), ("206", "科学技术支出", "7.00", ""))


def grid(page: int, lines: tuple[tuple[str, ...], ...]) -> Grid:
    cells = tuple(
        GridCell(i, j, 1, 1, text, (100.0 * j, 20.0 * i, 100.0 * (j + 1), 20.0 * (i + 1)))
        for i, line in enumerate(lines)
        for j, text in enumerate(line)
    )
    rows = tuple(20.0 * n for n in range(len(lines) + 1))
    return Grid(page, (0.0, 0.0, 400.0, rows[-1]), (0.0, 100.0, 200.0, 300.0, 400.0), rows, cells)


@pytest.mark.parametrize(
    ("again", "repeated"),
    [
        (HEAD, True),
        (("科目编码", "科目名称", "一般公共预算财政拔款", "政府性基金预算财政拨款"), True),
        (("科目编码", "科目各称", "一般公共预算财政拨款", "政府性基金预算财政拨款"), False),
        (("科目编码", "科目名称", "国有资本经营预算", "政府性基金预算财政拨款"), False),
    ],
)
def test_a_misread_character_in_a_long_label_makes_no_other_header(
    again: tuple[str, ...], repeated: bool
) -> None:
    pages = [Page(number, 400, 600, (), ()) for number in (1, 2)]
    tables = printed_tables(pages, {1: (grid(1, (HEAD, ROWS[0])),), 2: (grid(2, (again, ROWS[1])),)})
    heights = [table.height for table in tables]
    assert heights == [3] if repeated else heights != [3]


@pytest.mark.parametrize(
    ("again", "repeated"),
    [(("栏次", "", "1", "2"), True), (("栏次", "", "", "2"), True), (("201", "", "", "2"), False)],
)
def test_numbers_of_columns_are_repeated_though_one_is_unread(again: tuple[str, ...], repeated: bool) -> None:
    first, second = (HEAD, ("栏次", "", "1", "2"), ROWS[0]), (HEAD, again, ROWS[1])
    pages = [Page(number, 400, 600, (), ()) for number in (1, 2)]
    (table,) = printed_tables(pages, {1: (grid(1, first),), 2: (grid(2, second),)})
    assert table.height == (4 if repeated else 5)


def parts(page: int, edges: tuple[float, ...], lines: tuple[tuple[str, ...], ...]) -> Grid:
    """A fragment whose columns have these edges."""
    cells = tuple(
        GridCell(i, j, 1, 1, text, (edges[j], 20.0 * i, edges[j + 1], 20.0 * (i + 1)))
        for i, line in enumerate(lines)
        for j, text in enumerate(line)
    )
    rows = tuple(20.0 * n for n in range(len(lines) + 1))
    return Grid(page, (edges[0], 0.0, edges[-1], rows[-1]), edges, rows, cells)


SIDES = ("项目", "预算数", "项目", "预算数")


@pytest.mark.parametrize(
    ("upper", "tables"),
    [
        ((("收入", "支出"),), 1),  # the upper half of the header
        ((("收入", "支出"), ("一、税收收入", "12.50")), 2),  # a table with a figure is no header
    ],
)
def test_a_header_that_the_page_break_cut_goes_on(upper: tuple[tuple[str, ...], ...], tables: int) -> None:
    pages = [Page(number, 400, 600, (), ()) for number in (1, 2)]
    above = parts(1, (0.0, 200.0, 400.0), upper)
    below = parts(
        2,
        (0.0, 100.0, 200.0, 300.0, 400.0),
        (SIDES, ("一、财政拨款", "1.00", "一、一般公共服务支出", "2.00")),
    )
    assert len(printed_tables(pages, {1: (above,), 2: (below,)})) == tables
