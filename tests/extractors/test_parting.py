"""Two tables printed as one grid are parted where the header of the second one stands."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from fisc.extractors.grids import Grid, GridCell
from fisc.extractors.tables.parting import parted

Line = Sequence[tuple[str, int]]
"""Texts and how many columns each takes up."""

SHEET: list[Line] = [
    [("项目编码", 1), ("13030225P001", 2), ("项目名称", 1), ("科普活动", 2)],
    [("预算数", 1), ("20.00", 2), ("其他资金", 1), ("", 2)],
]
HEADER: Line = [("一级指标", 1), ("二级指标", 1), ("三级指标", 2), ("指标值", 2)]
INDICATORS: list[Line] = [[("产出指标", 1), ("数量指标", 1), ("培训次数", 2), ("4次", 2)]]


def grid(lines: Sequence[Line]) -> Grid:
    """A grid of six columns of 50 points and rows of 20."""
    cells = []
    for i, line in enumerate(lines):
        column = 0
        for text, columns in line:
            box = (50.0 * column, 20.0 * i, 50.0 * (column + columns), 20.0 * (i + 1))
            cells.append(GridCell(i, column, 1, columns, text, box))
            column += columns
    edges = tuple(50.0 * n for n in range(7))
    rows = tuple(20.0 * n for n in range(len(lines) + 1))
    return Grid(1, (0.0, 0.0, 300.0, rows[-1]), edges, rows, tuple(cells))


def texts(part: Grid) -> list[str]:
    return [cell.text for cell in part.cells]


def test_a_list_below_a_sheet_is_a_table_of_its_own() -> None:
    sheet, listed = parted([grid([*SHEET, HEADER, *INDICATORS])])
    assert texts(sheet) == [text for line in SHEET for text, _ in line]
    assert texts(listed) == [text for line in (HEADER, *INDICATORS) for text, _ in line]
    assert sheet.box[3] == listed.box[1] == 40.0
    assert listed.column_edges == (0.0, 50.0, 100.0, 200.0, 300.0)
    assert [(cell.row, cell.column, cell.columns) for cell in listed.cells[:4]] == [
        (0, 0, 1), (0, 1, 1), (0, 2, 1), (0, 3, 1),
    ]  # fmt: skip


def test_projects_printed_without_a_gap_are_parted_at_each_sheet_and_each_list() -> None:
    one = [*SHEET, HEADER, *INDICATORS]
    assert [len(part.row_edges) - 1 for part in parted([grid([*one, *one])])] == [2, 2, 2, 2]


def test_a_header_at_the_top_and_rows_that_only_speak_of_it_part_nothing() -> None:
    whole = grid([HEADER, *INDICATORS, [("一级指标", 1), ("说明", 1), ("三级指标", 2), ("4次", 2)]])
    assert parted([whole]) == (whole,)


def test_a_cell_that_goes_over_the_line_keeps_the_grid_whole() -> None:
    joined = grid([*SHEET, HEADER, *INDICATORS])
    tall = GridCell(1, 0, 2, 1, "预算数", (0.0, 20.0, 50.0, 60.0))
    cells = (tall, *(cell for cell in joined.cells if (cell.row, cell.column) not in ((1, 0), (2, 0))))
    whole = Grid(1, joined.box, joined.column_edges, joined.row_edges, cells)
    assert parted([whole]) == (whole,)


@given(st.lists(st.sampled_from([*SHEET, HEADER, *INDICATORS]), min_size=1, max_size=12))
def test_no_cell_is_lost_or_doubled(lines: list[Line]) -> None:
    whole = grid(lines)
    parts = parted([whole])
    assert [text for part in parts for text in texts(part)] == texts(whole)
    assert [cell.box for part in parts for cell in part.cells] == [cell.box for cell in whole.cells]
