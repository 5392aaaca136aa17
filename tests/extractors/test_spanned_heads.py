"""A head that spans columns parts into the labels under it, known or not; two figures side by side are never one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fisc.extractors.grids import Grid, GridCell
from fisc.extractors.page import Page
from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.headers import header_of
from fisc.extractors.tables.printed import PrintedTable, TableCell, printed_tables
from fisc.schemas.forms import forms

LAYOUT = next(form for form in forms() if form.name == "three_public").layouts[0]


def grid(*cells: tuple[int, int, int, int, str]) -> Grid:
    """Cells as row, column, rows, columns and text."""
    edges = tuple(100.0 * n for n in range(4)), tuple(20.0 * n for n in range(6))
    made = tuple(
        GridCell(i, j, rows, columns, text, (100.0 * j, 20.0 * i, 100.0 * (j + columns), 20.0 * (i + rows)))
        for i, j, rows, columns, text in cells
    )
    return Grid(1, (0.0, 0.0, 300.0, 100.0), *edges, made)


def table(*cells: tuple[int, int, int, int, str]) -> PrintedTable:
    (made,) = printed_tables([Page(1, 400, 600, (), ())], {1: (grid(*cells),)})
    return made


HEAD = ((0, 0, 2, 1, "项目"), (0, 1, 1, 2, "2025年预算数"))
LINES = ((2, 0, 1, 1, "“三公”经费合计"), (2, 1, 1, 1, "21"), (2, 2, 1, 1, "20"))


@pytest.mark.parametrize("second", ["其中：一般公共预算安排数", "其中：上级安排数", "当年安排", "备用"])
def test_labels_under_a_span_are_heads_though_one_is_unknown(second: str) -> None:
    printed = table(*HEAD, (1, 1, 1, 1, "小计"), (1, 2, 1, 1, second), *LINES)
    header = header_of(LAYOUT, printed.by_row())
    assert header.height == 2
    assert [len(path) for path in header.paths] == [1, 2, 2]


@pytest.mark.parametrize(
    "line",
    [
        ((1, 0, 1, 1, "因公出国（境）费"), (1, 1, 1, 1, "无"), (1, 2, 1, 1, "无")),
        ((1, 0, 1, 1, "“三公”经费合计"), (1, 1, 1, 1, "21"), (1, 2, 1, 1, "20")),
    ],
)
def test_the_first_line_of_data_is_no_head(line: tuple[tuple[int, int, int, int, str], ...]) -> None:
    printed = table((0, 0, 1, 1, "项目"), (0, 1, 1, 2, "2025年预算数"), *line)
    assert header_of(LAYOUT, printed.by_row()).height == 1


def cells(*texts: str) -> list[TableCell]:
    box = (0.0, 0.0, 1.0, 1.0)
    return [TableCell(0, j, 1, 1, text, 1, GridCell(0, j, 1, 1, text, box)) for j, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("texts", "value"),
    [
        (("21", "20"), None),
        (("21.00", "21.00"), None),
        (("-", "5.00"), None),
        (("", "5.00"), "50000.00"),
        (("5.00", ""), "50000.00"),
    ],
)
def test_two_figures_in_one_column_are_not_joined(texts: tuple[str, ...], value: str | None) -> None:
    figures = Figures("three_public", table(*HEAD, *LINES), "万元", "budget")
    amount = figures.amount("total", cells(*texts))
    assert amount is not None
    assert amount.value == (Decimal(value) if value else None)
    assert [finding.rule for finding in figures.findings] == ([] if value else ["number.unreadable"])
