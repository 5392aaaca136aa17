"""Grids: camelot's lattice over known rules, open sides closed, spans kept, nearly empty tables kept."""

from __future__ import annotations

import pytest

from fisc.extractors.grids import grids_of, text_of
from fisc.extractors.page import Page, Rule, Word
from fisc.extractors.tables.tabular import tabular


def word(text: str, x: float, y: float) -> Word:
    return Word(text, x, y - 5, x + 8 * len(text), y + 5)


def page(rules: list[Rule], words: list[Word]) -> Page:
    return Page(1, 400, 400, tuple(words), tuple(rules))


def frame(xs: list[float], ys: list[float], *, top: bool = True, sides: bool = True) -> list[Rule]:
    """Rules of a full grid, without its top line or its outer verticals if asked."""
    across = [Rule(xs[0], y, xs[-1], y) for y in (ys if top else ys[1:])]
    down = [Rule(x, ys[0], x, ys[-1]) for x in (xs if sides else xs[1:-1])]
    return across + down


XS, YS = [50.0, 150.0, 250.0, 350.0], [100.0, 130.0, 160.0, 190.0]


@pytest.mark.parametrize("top", [True, False])
@pytest.mark.parametrize("sides", [True, False])
def test_a_table_cut_or_open_at_its_sides_is_whole(top: bool, sides: bool) -> None:
    texts = [[f"r{i}c{j}" for j in range(3)] for i in range(3)]
    words = [word(texts[i][j], XS[j] + 10, YS[i] + 15) for i in range(3) for j in range(3)]
    (grid,) = grids_of(page(frame(XS, YS, top=top, sides=sides), words))
    assert [[c.text for c in grid.cells if c.row == i] for i in range(3)] == texts
    assert grid.box == pytest.approx((50, 100, 350, 190), abs=1)


def test_a_span_holds_its_text_once() -> None:
    rules = [
        *(Rule(50, y, 350, y) for y in (100, 130, 190)), Rule(150, 160, 350, 160), Rule(50, 100, 50, 190),
        Rule(350, 100, 350, 190), Rule(150, 100, 150, 190), Rule(250, 130, 250, 190),
    ]  # fmt: skip
    (grid,) = grids_of(page(rules, [word("head", 220, 115), word("name", 60, 160), word("1.00", 160, 145)]))
    spans = {cell.text: (cell.rows, cell.columns) for cell in grid.cells if cell.text}
    assert spans == {"head": (1, 2), "name": (2, 1), "1.00": (1, 1)}


def test_an_empty_table_is_a_grid_and_one_box_is_none() -> None:
    assert len(grids_of(page(frame(XS, YS), []))) == 1
    assert grids_of(page(frame([50, 350], [100, 190]), [word("a box round a note", 60, 140)])) == ()


def test_a_header_line_and_a_footer_line_make_no_table() -> None:
    assert grids_of(page([Rule(50, 60, 350, 60), Rule(50, 360, 350, 360), Rule(50, 200, 350, 200)], [])) == ()


def test_wrapped_text_joins_without_a_blank_and_a_line_keeps_its_blanks() -> None:
    assert (
        text_of([word("机关事业单位基本养老", 10, 20), word("保险缴费支出", 10, 32)])
        == "机关事业单位基本养老保险缴费支出"
    )
    assert text_of([word("合", 10, 20), word("计", 40, 20)]) == "合 计"
    assert text_of([word("1,234,", 10, 20), word("567.89", 10, 32)]) == "1,234,567.89"


def test_a_label_with_more_lines_than_its_cell_has_room_for_stays_whole() -> None:
    """Its last line hangs over the rule below it, wider than the narrow cells that begin there."""
    rules = [
        *(Rule(50, y, 350, y) for y in (100.0, 130.0, 160.0, 190.0)),
        *(Rule(x, 100, x, 190) for x in (50.0, 250.0, 350.0)),
        Rule(150, 130, 150, 190),
    ]
    label = (Word("科目", 140, 118, 160, 128), Word("编码与名", 110, 129, 190, 139))
    lower = (Word("类", 95, 140, 105, 150), Word("款", 195, 140, 205, 150))
    (grid,) = grids_of(page(rules, [*label, *lower]))
    assert {(c.row, c.column): c.text for c in grid.cells if c.text} == {
        (0, 0): "科目编码与名", (1, 0): "类", (1, 1): "款",
    }  # fmt: skip


@pytest.mark.parametrize(("edges", "kept"), [((50.0, 150.0, 350.0), True), ((60.0, 200.0, 350.0), False)])
def test_two_cells_with_one_text_are_the_rest_of_a_cut_line_or_no_table(
    edges: tuple[float, ...], kept: bool
) -> None:
    words = [word(f"r{i}c{j}", XS[j] + 10, YS[i] + 15) for i in range(3) for j in range(3)]
    (before,) = grids_of(page(frame(XS, YS), words))
    (rest,) = grids_of(page(frame(list(edges), [20.0, 40.0]), [word("其余", edges[1] + 5, 30)]))
    assert bool(tabular([rest], before)) is kept
    assert not tabular([rest])


def test_lines_that_hang_over_a_rule_go_back_to_their_text() -> None:
    """A label of two lines in a cell with room for one; the cell below holds the number of the column."""
    rules = [
        *(Rule(50, y, 350, y) for y in (100.0, 112.0, 124.0)),
        *(Rule(x, 100, x, 124) for x in (50.0, 200.0, 350.0)),
    ]
    label = (Word("一般公共预算", 90, 98, 160, 105), Word("拨款", 115, 108, 135, 115))
    (grid,) = grids_of(page(rules, [*label, Word("3", 123, 115, 127, 122), Word("合计", 265, 103, 285, 110)]))
    assert [c.text for c in grid.cells if c.text] == ["一般公共预算拨款", "合计", "3"]


def test_lines_of_one_row_in_close_rows_stay_where_they_stand() -> None:
    """Rows as high as their text, the text a little low in them."""
    edges = [100.0, 108.0, 116.0, 124.0]
    rules = [*(Rule(50, y, 350, y) for y in edges), *(Rule(x, 100, x, 124) for x in (50.0, 200.0, 350.0))]
    words = [
        Word(f"r{i}c{j}", 60 + 150 * j, y + 2, 90 + 150 * j, y + 10)
        for i, y in enumerate(edges[:-1])
        for j in (0, 1)
    ]
    (grid,) = grids_of(page(rules, words))
    assert [c.text for c in grid.cells] == [word.text for word in words]
